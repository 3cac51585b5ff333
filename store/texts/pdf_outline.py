"""Finds the headings of a PDF by its outline: the bookmarks that programs such as LaTeX create for its sections."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from rapidfuzz import fuzz

from store.text import folding
from store.texts.pdf_lines import Line, divided
from store.texts.pdf_numbers import without_number
from store.texts.pdf_pages import Page

# The largest number of outline entries that are read, and the deepest level of entries that are read.
_MOST_ENTRIES, _DEEPEST = 5_000, 6
_LONGEST_TITLE = 400
# A heading is searched for only within this distance of the place to which its outline entry leads (points).
_NEAR = 60.0
# A heading has at most this many lines.
_MOST_LINES = 4
# A line may differ from the title of its outline entry, for example in a formula. It counts as the heading only if the
# two are at least this similar (percent).
_ALIKE = 80.0

# Matches the end of a word, with the signs that may follow the heading of a paragraph, such as "." or "—".
_WORD_END = re.compile(r"(?<=\w)\W*?[.:—–]*(?=\s)")


class Entry(NamedTuple):
    """An entry of an outline: the letters of its title, its level from 0, and the page (from 1) and the height on this
    page to which it leads.
    """

    letters: str
    level: int
    page: int
    height: float | None


class Found(NamedTuple):
    """The headings that were found by the outline of a PDF.

    `pages` are the pages of the PDF. In them, a line that begins with a heading is divided into the heading and the
    rest. `levels` maps the `id` of each line of a heading to its level. `is_complete` is true if the outline contains
    most of the headings.
    """

    pages: list[Page]
    levels: dict[int, int]
    is_complete: bool


def entries(document: Any) -> list[Entry]:
    """The entries of the outline of a document of pypdfium2 that have a title and lead to a page."""
    found: list[Entry] = []
    for bookmark in itertools.islice(document.get_toc(max_depth=_DEEPEST), _MOST_ENTRIES):
        destination = bookmark.get_dest()
        page = destination.get_index() if destination is not None else None
        title = folding.letters(without_number(bookmark.get_title()[:_LONGEST_TITLE]))
        if page is None or len(title) < 2:
            continue
        _, place = destination.get_view()
        found.append(Entry(title, bookmark.level, page + 1, place[1] if len(place) > 1 else None))
    return found


def headings(pages: Sequence[Page], entries: Sequence[Entry]) -> Found:
    """Find the heading to which each entry of an outline leads."""
    of_page: defaultdict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        of_page[entry.page].append(entry)
    first = _first_level(entries)
    levels: dict[int, int] = {}
    result: list[Page] = []
    count = 0
    for page in pages:
        lines = list(page.lines)
        for entry in of_page.get(lines[0].page, ()) if lines else ():
            if (place := _place(lines, entry, levels)) is None:
                continue
            start, end, rest = place
            if rest:
                lines[end - 1 : end] = divided(lines[end - 1], rest)
            for line in lines[start:end]:
                levels[id(line)] = min(max(0, entry.level - first) + 2, 6)
            count += 1
        result.append(Page(lines, page.width, page.height))
    return Found(result, levels, is_complete=count >= 3 and count >= 0.7 * len(entries))


def _first_level(entries: Sequence[Entry]) -> int:
    """The level of sections: 1 if all entries are below one entry, which is the title of the paper, otherwise 0."""
    tops = [entry for entry in entries if entry.level == 0]
    return 1 if len(tops) == 1 and len(entries) > 3 else 0


def _place(lines: Sequence[Line], entry: Entry, taken: Mapping[int, int]) -> tuple[int, int, int] | None:
    """Find the heading of an outline entry. Returns the index of its first line, the index of the line after its last
    one, and how many characters of the last line belong to it (0 for all). None when no line has the title.
    """
    best: tuple[int, int, int] | None = None
    least = _NEAR if entry.height is not None else float("inf")
    for index, line in enumerate(lines):
        distance = abs(line.top - entry.height) if entry.height is not None else -line.size
        if distance >= least or id(line) in taken:
            continue
        if (found := _match(lines, index, entry.letters)) is not None:
            best, least = (index, *found), distance
    return best


def _match(lines: Sequence[Line], start: int, title: str) -> tuple[int, int] | None:
    """If the lines from `start` on begin with a title: the index of the line after the title, and how many characters
    of its last line belong to it (0 for all).
    """
    so_far = ""
    for index in range(start, min(start + _MOST_LINES, len(lines))):
        line = lines[index]
        text = without_number(line.text) if index == start else line.text
        whole = so_far + folding.letters(text)
        if not whole or (index > start and line.top > lines[index - 1].top):
            return None
        if whole == title:
            return index + 1, 0
        if line.lead and whole.startswith(title) and (end := _end(text, title[len(so_far) :])):
            return index + 1, len(line.text) - len(text) + end
        if not title.startswith(whole):
            is_alike = len(title) > 8 and abs(len(whole) - len(title)) < 8 and fuzz.ratio(whole, title) >= _ALIKE
            return (index + 1, 0) if is_alike else None
        so_far = whole
    return None


def _end(text: str, title: str) -> int:
    """The length of the beginning of `text` that consists of the letters of `title` and the sign after them. 0 if the
    title ends inside a word of `text`.
    """
    for match in _WORD_END.finditer(text):
        letters = folding.letters(text[: match.start()])
        if letters == title:
            return match.end()
        if len(letters) > len(title):
            break
    return 0
