"""The lines of a page of Hugging Face as they were copied: by a browser, or by a tool that turns pages into text.

A browser copies words. Tools, and browsers that save a page as text, put a bullet where a picture of an author was,
and addresses below the words of a link or behind them, or write the page as Markdown.
"""

from __future__ import annotations

import re

from store.formats.hugging_face.markdown import CLOSE, OPEN, SITE, TITLE, is_markdown, paper_named, words
from store.formats.hugging_face.page_parts import DOT, Line
from store.formats.hugging_face.references import numbered

_NAMED = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
# "•" alone or several in a row are pictures of authors. One "-" is a paper that nobody voted for yet.
_PICTURES = re.compile(r"(?:[•*]\s*){2,}|[•*]\s*\Z")
# Possessive: spaces between dots could otherwise be split in two ways each, and 25 dots take minutes.
_DOTTED = re.compile(rf"(?:[•*\s]*+{DOT})++\s*+")
# "·", read as Windows-1252.
_MISREAD = re.compile(r"^[ \t]*+Â·[ \t\r]*+$", re.M)
_RULE = re.compile(r"(?:[•*] )?[-=_*~—]{3,}")
_CHECKBOX = re.compile(r"\[[-x ]\]\s*(?=[\d-])")
_ADDRESS = re.compile(rf"[(<]({SITE}/[^\s()<>]*)[)>]|(https?://(?:www\.)?(?:huggingface\.co|hf\.co)/[^\s()<>]*)")
_WITH_ADDRESSES = re.compile(rf"(?:[(<]|^[ \t]*+){SITE}/(?:papers/\d{{4}}\.\d|login\?)", re.M)
_ADDRESS_BEHIND = re.compile(rf"\s?[(<]({SITE}/[^\s()<>]*)[)>]")
# In a line that is longer, such an address is the paper's own.
_LONGEST_SHORT = 300


def copied(content: str) -> list[Line]:
    """The lines that hold something, the space in them folded, without what a tool put there."""
    if _MISREAD.search(content):
        content = "\n".join(map(_mended, content.split("\n")))
    markdown = is_markdown(content)
    said = words(content) if markdown else numbered(content)
    addressed = markdown or _WITH_ADDRESSES.search(content) is not None
    out: list[Line] = []
    bullet: Line | None = None
    for number, raw in enumerate((content if said is None else said).split("\n"), 1):
        text = " ".join(raw.split())
        if not text or _RULE.fullmatch(text):
            continue
        bullet = Line(number, text) if text in "•*" else None
        paper_id = None
        if said is not None:
            ids = _NAMED.findall(text)
            paper_id = ids[0] if ids else None
            text = " ".join(_NAMED.sub(" ", text).split()) if ids else text
        title = text.startswith(TITLE)
        text, address = _words_and_address(text.removeprefix(TITLE).strip(), addressed)
        paper_id = paper_id or paper_named(address)
        if text:
            indented = raw[:2].isspace()
            out.append(Line(number, text, paper_id=paper_id, is_title=title and markdown, is_indented=indented))
        elif paper_id and out and not out[-1].paper_id:
            out[-1] = out[-1]._replace(paper_id=paper_id)
    # A file that ends in a bullet was cut there.
    return [*out, bullet] if bullet else out


def _mended(line: str) -> str:
    """A line of UTF-8 that was once read as Windows-1252; as it is, if it is none."""
    if line.isascii():
        return line
    try:
        # The bytes that Windows-1252 does not know were kept as they were.
        said = b"".join(sign.encode("latin-1" if "\x80" <= sign <= "\x9f" else "cp1252") for sign in line)
        return said.decode("utf-8")
    except UnicodeError:
        return line


def _words_and_address(text: str, addressed: bool) -> tuple[str, str]:
    """The words of a line without bullets that stand for pictures, and the address on the site in it or "".

    `addressed` is whether the page has addresses behind the words of links.
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
