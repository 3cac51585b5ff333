"""The lines of a Hugging Face page that was copied from a browser, or converted to text by a tool.

Text copied from a browser has only the words of the page. Tools, and browsers that save a page as text, also write a
bullet for each picture of an author, write the addresses of links after the words, or write the page as Markdown.
"""

from __future__ import annotations

import re

from store.formats.hugging_face.markdown import CLOSE, OPEN, SITE, TITLE, is_markdown, paper_named, words
from store.formats.hugging_face.page_parts import DOT, Line
from store.formats.hugging_face.references import numbered

_PAPER_ID = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
# Programs that convert a page to text write a bullet for each picture of an author: one "•" or "*" alone on its line,
# or several bullets in a row.
_PICTURES = re.compile(r"(?:[•*]\s*){2,}|[•*]\s*\Z")
# Possessive quantifiers avoid exponential backtracking: without them, 25 dots with spaces between them take minutes.
_DOTTED = re.compile(rf"(?:[•*\s]*+{DOT})++\s*+")
# The two characters that result when a "·" in UTF-8 is decoded as Windows-1252.
_MISREAD = re.compile(r"^[ \t]*+Â·[ \t\r]*+$", re.M)
_RULE = re.compile(r"(?:[•*] )?[-=_*~—]{3,}")
_CHECKBOX = re.compile(r"\[[-x ]\]\s*(?=[\d-])")
_ADDRESS = re.compile(rf"[(<]({SITE}/[^\s()<>]*)[)>]|(https?://(?:www\.)?(?:huggingface\.co|hf\.co)/[^\s()<>]*)")
_WITH_ADDRESSES = re.compile(rf"(?:[(<]|^[ \t]*+){SITE}/(?:papers/\d{{4}}\.\d|login\?)", re.M)
_ADDRESS_BEHIND = re.compile(rf"\s?[(<]({SITE}/[^\s()<>]*)[)>]")
# In a line longer than this (characters), an address in parentheses belongs to the text of the paper.
_LONGEST_SHORT = 300


def copied(content: str) -> list[Line]:
    """The lines that are not blank, with single spaces, and without the bullets and addresses that a program added."""
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
    # Do not remove a bullet on the last line: it is the start of a byline, so it shows that the file is incomplete.
    return [*out, bullet] if bullet else out


def _mended(line: str) -> str:
    """Decode `line` as UTF-8 if it was wrongly decoded as Windows-1252. Any other line is returned unchanged."""
    if line.isascii():
        return line
    try:
        # Windows-1252 leaves a few bytes undefined. These bytes were decoded to the control characters with the same
        # numbers.
        encoded = b"".join(letter.encode("latin-1" if "\x80" <= letter <= "\x9f" else "cp1252") for letter in line)
        return encoded.decode("utf-8")
    except UnicodeError:
        return line


def _words_and_address(text: str, addressed: bool) -> tuple[str, str]:
    """The words of a line without bullets for pictures, and the Hugging Face address in the line, or "".

    `addressed` is True if the page writes the addresses of links after their words.
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
