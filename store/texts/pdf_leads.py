"""Divides lines of a PDF that begin with a heading and continue with text: "2.1. Roots. We now …", "Abstract—We show
…".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from store.texts import pdf_numbers
from store.texts.pdf_headings import REFERENCES, STATEMENT
from store.texts.pdf_lines import Line, divided
from store.texts.pdf_outline import Found
from store.texts.pdf_pages import Page

_ABSTRACT = re.compile(r"(abstract|summary|zusammenfassung|résumé)\s*[.:—–-]+\s*(?=\w)", re.IGNORECASE)
# The heading "Abstract" is searched for only on the first pages: this many.
_FIRST_PAGES = 2
_THANKS = re.compile(r"(acknowledge?ments?)\s*[.:—–-]+\s*(?=\w)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_MOSTLY = 0.75
_SENTENCE_END = re.compile(r"[.:](?=\s+[A-Z])")
_LONGEST_REST = 60
_LEAST_PARAGRAPHS, _PARAGRAPH_LEVEL = 3, 5


def find(known: Found) -> Found:
    """Add headings at the start of lines, "Abstract", "Acknowledgements" and numbered ones, to the headings `known`.

    Numbered headings are added only if at least two of them are emphasized and their numbers are in sequence.
    """
    return _paragraphs(_usual(_numbered(known)))


def _numbered(known: Found) -> Found:
    leads: list[tuple[Line, tuple[int, ...], int]] = []
    for page in known.pages:
        for line in page.lines:
            number = pdf_numbers.match(line.text) if line.lead and id(line) not in known.levels else None
            parts = pdf_numbers.parts(number)
            if number is None or len(parts) < 2 or STATEMENT.match(line.text[number.end() :]):
                continue
            end = _end_of_title(line)
            if end and _WORD.search(line.text[number.end() : end]):
                leads.append((line, parts, end))
    kept = pdf_numbers.in_sequence([parts for _, parts, _ in leads])
    found = {
        id(line): (end, len(parts) + 1) for (line, parts, end), is_kept in zip(leads, kept, strict=True) if is_kept
    }
    return _with_divided(known, lambda number, line: found.get(id(line))) if len(found) > 1 else known


def _end_of_title(line: Line) -> int:
    """The length of the heading at the start of a line.

    Words in another font, such as the name of a command, may follow its emphasized words.
    """
    if line.text[: line.lead].rstrip()[-1:] in (".", ":", "—", "–"):
        return line.lead
    end = _SENTENCE_END.search(line.text, line.lead, line.lead + _LONGEST_REST)
    return end.end() if end else 0


def _usual(known: Found) -> Found:
    def heading(number: int, line: Line) -> tuple[int, int] | None:
        if id(line) in known.levels:
            return None
        lead = (_ABSTRACT.match(line.text) if number < _FIRST_PAGES else None) or _THANKS.match(line.text)
        is_emphasized = lead is not None and (line.lead or line.bold >= _MOSTLY or lead[1].isupper())
        return (lead.end(), 2) if lead is not None and is_emphasized else None

    return _with_divided(known, heading)


def _paragraphs(known: Found) -> Found:
    """Add bold words with a period at the start of paragraphs to the headings `known`, if at least three paragraphs
    begin so.
    """
    found: set[int] = set()
    for page in known.pages:
        if any(REFERENCES.fullmatch(line.text.strip(" .:")) for line in page.lines):
            # Stop here, because the references follow, and in some journals the names of authors in them are bold.
            break
        for before, line in zip([None, *page.lines], page.lines, strict=False):
            lead = line.text[: line.lead].strip()
            if (
                line.lead
                and line.bold
                and lead[-1] == "."
                and lead[0].isupper()
                and _WORD.search(lead)
                and not STATEMENT.match(lead)
                and (before is None or id(before) in known.levels or _is_apart(before, line))
            ):
                found.add(id(line))
    if len(found) < _LEAST_PARAGRAPHS:
        return known
    return _with_divided(known, lambda number, line: (line.lead, _PARAGRAPH_LEVEL) if id(line) in found else None)


def _is_apart(before: Line, line: Line) -> bool:
    """Whether a line begins a paragraph: it is indented, or has a space above it."""
    if before.text[-1] not in ".:?!" or before.bottom < line.bottom:
        return False
    return line.left > before.left + 0.6 * line.size or before.bottom - line.top > 0.3 * line.size


def _with_divided(known: Found, heading: Callable[[int, Line], tuple[int, int] | None]) -> Found:
    """Add the headings at the start of lines to the headings `known`, and divide these lines. `heading` is called with
    the index of a page and a line. It returns the length and the level of the heading at the start of the line, or
    None.
    """
    levels = dict(known.levels)
    pages: list[Page] = []
    for number, page in enumerate(known.pages):
        lines: list[Line] = []
        for line in page.lines:
            if (found := heading(number, line)) is None:
                lines.append(line)
            else:
                length, level = found
                lines += divided(line, length)
                levels[id(lines[-2])] = min(level, 6)
        pages.append(Page(lines, page.width, page.height))
    return Found(pages, levels, known.is_complete)
