"""The lines of a page of Hugging Face that a browser, or a tool that turns pages into text, has copied.

A browser copies words only. Tools, and browsers that save a page as text, put bullets in place of the pictures of
authors and addresses below or behind the words of a link, or write the page as Markdown.
"""

from __future__ import annotations

import re

from store.formats.hugging_face.markdown import CLOSE, OPEN, SITE, TITLE, is_markdown, paper_named, words
from store.formats.hugging_face.page_parts import DOT, Line
from store.formats.hugging_face.references import numbered

_PAPER_ID = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
# A "•" alone, or several in a row, replace pictures of authors. One "-" is the upvotes of a paper without any.
_PICTURES = re.compile(r"(?:[•*]\s*){2,}|[•*]\s*\Z")
# Possessive: spaces between dots could otherwise be split in two ways each, and 25 dots take minutes.
_DOTTED = re.compile(rf"(?:[•*\s]*+{DOT})++\s*+")
# A "·" in UTF-8 that was decoded as Windows-1252.
_MISREAD = re.compile(r"^[ \t]*+Â·[ \t\r]*+$", re.M)
_RULE = re.compile(r"(?:[•*] )?[-=_*~—]{3,}")
_CHECKBOX = re.compile(r"\[[-x ]\]\s*(?=[\d-])")
_ADDRESS = re.compile(rf"[(<]({SITE}/[^\s()<>]*)[)>]|(https?://(?:www\.)?(?:huggingface\.co|hf\.co)/[^\s()<>]*)")
_WITH_ADDRESSES = re.compile(rf"(?:[(<]|^[ \t]*+){SITE}/(?:papers/\d{{4}}\.\d|login\?)", re.M)
_ADDRESS_BEHIND = re.compile(rf"\s?[(<]({SITE}/[^\s()<>]*)[)>]")
# In a longer line such an address belongs to the text of the paper.
_LONGEST_SHORT = 300


def copied(content: str) -> list[Line]:
    """The lines that are not blank, with single spaces and without the additions of a tool."""
    if _MISREAD.search(content):
        content = "\n".join(map(_mended, content.split("\n")))
    markdown = is_markdown(content)
    plain = words(content) if markdown else numbered(content)
    addressed = markdown or _WITH_ADDRESSES.search(content) is not None
    out: list[Line] = []
    bullet: Line | None = None
    for number, raw in enumerate((content if plain is None else plain).split("\n"), 1):
        text = " ".join(raw.split())
        if not text or _RULE.fullmatch(text):
            continue
        bullet = Line(number, text) if text in "•*" else None
        paper_id = None
        if plain is not None:
            ids = _PAPER_ID.findall(text)
            paper_id = ids[0] if ids else None
            text = " ".join(_PAPER_ID.sub(" ", text).split()) if ids else text
        title = text.startswith(TITLE)
        text, address = _words_and_address(text.removeprefix(TITLE).strip(), addressed)
        paper_id = paper_id or paper_named(address)
        if text:
            indented = raw[:2].isspace()
            out.append(Line(number, text, paper_id=paper_id, is_title=title and markdown, is_indented=indented))
        elif paper_id and out and not out[-1].paper_id:
            out[-1] = out[-1]._replace(paper_id=paper_id)
    # A bullet at the end of a file shows that the file was cut there.
    return [*out, bullet] if bullet else out


def _mended(line: str) -> str:
    """A line of UTF-8 that was decoded as Windows-1252, decoded as UTF-8; any other line unchanged."""
    if line.isascii():
        return line
    try:
        # The bytes that Windows-1252 does not define became the characters with the same numbers.
        encoded = b"".join(letter.encode("latin-1" if "\x80" <= letter <= "\x9f" else "cp1252") for letter in line)
        return encoded.decode("utf-8")
    except UnicodeError:
        return line


def _words_and_address(text: str, addressed: bool) -> tuple[str, str]:
    """The words of a line without bullets in place of pictures, and the address on the site in it or "".

    `addressed` says whether the page has addresses behind the words of links.
    """
    first = text[:1]
    if first in "•*" or first == DOT:
        if _DOTTED.fullmatch(text):
            return DOT, ""
        if pictures := _PICTURES.match(text):
            text = text[pictures.end() :]
    elif first == "[":
        text = _CHECKBOX.sub("", text, count=1)
    elif addressed and first in "(<h" and (alone := _ADDRESS.fullmatch(text)):
        return "", alone[1] or alone[2]
    if (
        addressed
        and ("(" in text or "<" in text)
        and len(text) <= _LONGEST_SHORT
        and (behind := _ADDRESS_BEHIND.search(text))
    ):
        return _ADDRESS_BEHIND.sub("", text).strip(), behind[1]
    return text, ""
