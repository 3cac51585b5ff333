"""The difference between two texts as plain text, for the command `recto text --compare`."""

from __future__ import annotations

import bisect
import re
import sys
from collections.abc import Iterator, Sequence

from store.texts.blocks import Block
from store.texts.comparison import Range, Row
from tui.render.cell_width import wrapped
from tui.render.display_text import safe

_INDENT = 2
_WORD = re.compile(r"\S+")
_REMOVED, _ADDED = ("[-", "-]"), ("{+", "+}")


def lines(before: Sequence[Block], after: Sequence[Block], rows: Sequence[Row], width: int) -> Iterator[str]:
    """The changed paragraphs, each below the heading of its section.

    A removed paragraph begins with "-", a new one with "+", and a paragraph with changed words with "~". In a paragraph
    with changed words, removed words are shown as [-word-] and new words as {+word+}.
    """
    section = shown = ""
    for row in rows:
        block = after[row.after] if row.after is not None else before[row.before or 0]
        if block.kind == "heading":
            section = safe(block.text)
        if not row.is_changed:
            continue
        if section != shown and block.kind != "heading":
            shown = section
            yield from ("", f"== {section}")
        yield ""
        yield from _paragraph(_sign(row), _text(before, after, row), width)


def _sign(row: Row) -> str:
    return "+" if row.before is None else "-" if row.after is None else "~"


def _text(before: Sequence[Block], after: Sequence[Block], row: Row) -> str:
    if row.before is None or row.after is None:
        return before[row.before].text if row.before is not None else after[row.after or 0].text
    old, new = before[row.before].text, after[row.after].text
    return _merged(old, row.removed, new, row.added)


def _merged(old: str, removed: Sequence[Range], new: str, added: Sequence[Range]) -> str:
    """The newer text with its new words marked, and with the removed words inserted where the older text has them.

    `removed` and `added` are the ranges of changed words in `old` and in `new`. Outside these ranges, both texts have
    the same words in the same order. So a removed range that follows n unchanged words in `old` is inserted after the
    first n unchanged words of `new`.
    """
    gone = _by_place(old, removed)
    come = _by_place(new, added)
    unchanged = [word for word, start in _words(new) if not _is_inside(start, added)]
    parts: list[str] = []
    for place in range(len(unchanged) + 1):
        parts += [f"{_REMOVED[0]}{text}{_REMOVED[1]}" for text in gone.get(place, ())]
        parts += [f"{_ADDED[0]}{text}{_ADDED[1]}" for text in come.get(place, ())]
        parts += unchanged[place : place + 1]
    return " ".join(parts)


def _by_place(text: str, ranges: Sequence[Range]) -> dict[int, list[str]]:
    """Maps a number n to the texts of those ranges before which there are n words outside any range."""
    found: dict[int, list[str]] = {}
    starts = [start for _, start in _words(text) if not _is_inside(start, ranges)]
    for start, end in ranges:
        found.setdefault(bisect.bisect_left(starts, start), []).append(text[start:end])
    return found


def _is_inside(place: int, ranges: Sequence[Range]) -> bool:
    at = bisect.bisect_right(ranges, (place, sys.maxsize)) - 1
    return at >= 0 and place < ranges[at][1]


def _words(text: str) -> list[tuple[str, int]]:
    """The words of a text, each with the index of its first character."""
    return [(match[0], match.start()) for match in _WORD.finditer(text)]


def _paragraph(sign: str, text: str, width: int) -> Iterator[str]:
    drawn = safe(text)
    for number, (start, end) in enumerate(wrapped(drawn, max(20, width - _INDENT))):
        yield f"{sign if number == 0 else ' '} {drawn[start:end]}".rstrip()
