"""Papers and other values become styled text: pure functions, and the only place where foreign strings get there.

A list line is a tuple of pieces, each a text and the name of a style that the widget looks up. What Textual lays out
itself (the detail, dialogs, toasts) is `Content`, made of plain strings only: nothing foreign is read as markup.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from store.clean import clean
from store.papers import Row
from store.views import Shelf, View
from tui import latex

# A paper's title is shown up to this length, any other single line up to the second, running text up to the third
# (letters): ten times what the longest abstract has, and no more than can be laid out while a key is pressed.
LONGEST_TITLE = 1_000
LONGEST_LINE = 4_000
LONGEST_TEXT = 30_000
# More accents than this on one letter climb into the lines above; more signs without a width of their own, which
# some scripts need several of, are no writing.
_MOST_ACCENTS = 4
_MOST_SIGNS = 8
# What one terminal draws in a cell and the next in two or none: joiners and selectors between emoji, skin tones, and
# letters that are blank. Columns shift by them.
_UNSTEADY = re.compile("[\u200d\ufe0e\ufe0f\u3164\uffa0\U0001f3fb-\U0001f3ff]")


class Piece(NamedTuple):
    """A text and the name of the style it is drawn in."""

    text: str
    style: str = "plain"


Line = tuple[Piece, ...]

_STATUS_MARK = {"new": "●", "seen": " ", "reading": "◐", "done": "✓", "hidden": "∅"}
# Marks take: status, bookmark, queue number of up to two digits, a space.
MARKS_WIDTH = 5
_DATE_WIDTH = 10
_MONTH_WIDTH = 7
# A blank, a sign, three digits, a unit.
_COUNT_WIDTH = 6
# From these widths on a line has room beside the title for the month, and for whole dates and counts.
_MONTH_ROOM = 56
_DATE_ROOM = 70
# Categories of letters that take no cell: marks of three kinds, and formatting.
_SIGNS = frozenset(("Mn", "Mc", "Me", "Cf"))
_VIEW_NAMES = {
    "new": "New",
    "all": "All",
    "queue": "Queue",
    "bookmarks": "Bookmarks",
    "reading": "Reading",
    "done": "Done",
    "hidden": "Hidden",
    "trending": "Trending",
    "undated": "Undated",
}
# What a mailing announced a paper as, where it is not simply new.
_ANNOUNCED: dict[str | None, str] = {"cross": "cross-listed", "replaced": "replaced"}


def safe(text: str, longest: int = LONGEST_LINE) -> str:
    """Any foreign text as one line that can only be seen: no controls, no towers of accents, not endless."""
    plain = " ".join(drawable(text[:longest]).split())
    return plain + ("…" if len(text) > longest else "")


def safe_text(text: str) -> str:
    """As `safe` for running text: line ends stay."""
    cut = drawable(text[:LONGEST_TEXT]).replace("\t", " ")
    return cut + ("…" if len(text) > LONGEST_TEXT else "")


def title(text: str) -> str:
    """A title on one line, its LaTeX as Unicode."""
    return safe(latex.unicode(text[: LONGEST_TITLE + 1]), LONGEST_TITLE)


def drawable(text: str) -> str:
    """Cleaned text in which every letter has the width that it seems to have."""
    safe = clean(text)
    if safe.isascii():
        return safe
    kept: list[str] = []
    accents = signs = 0
    for letter in _UNSTEADY.sub("", safe):
        if unicodedata.category(letter) not in _SIGNS:
            accents = signs = 0
        else:
            signs += 1
            accents += unicodedata.combining(letter) != 0 or unicodedata.category(letter) == "Me"
        if accents <= _MOST_ACCENTS and signs <= _MOST_SIGNS:
            kept.append(letter)
    return "".join(kept)


def paper_lines(row: Row, width: int, spans: Sequence[tuple[int, int]], *, tall: bool, shown: str) -> tuple[Line, ...]:
    """A paper in the list: one line, or two when `tall`, each `width` cells wide.

    `shown` is the title as `title` gives it, `spans` where letters of it matched the filter.
    """
    if tall:
        return (
            _fit((*_marks(row), *_lit(shown, spans)), width),
            _fit((Piece(" " * MARKS_WIDTH), *_about(row)), width),
        )
    facts = _facts(row, width)
    announced = _announced(row)
    room = width - MARKS_WIDTH - sum(cell_len(piece.text) for piece in (*announced, *facts))
    return (_fit((*_marks(row), *announced, *_fit(_lit(shown, spans), room), *facts), width),)


def _marks(row: Row) -> Line:
    place = str(row.queue_position) if row.queue_position else ""
    if len(place) > 2:
        place = "+"
    return (
        Piece(_STATUS_MARK[row.status], f"status-{row.status}"),
        Piece("★" if row.bookmarked else " ", "star"),
        Piece(f"{place:>2} ", "place"),
    )


def _announced(row: Row) -> Line:
    """A sign before the title of a paper that is cross-listed or replaced, where there is no second line to say it."""
    sign = {"cross": "⤳ ", "replaced": "↻ "}.get(row.announce_type or "")
    return (Piece(sign, "heading"),) if sign else ()


def _facts(row: Row, width: int) -> Line:
    """What stands at the right of a one-line row."""
    if width < _MONTH_ROOM:
        return (Piece(" "),)
    if width < _DATE_ROOM:
        return (Piece(f" {_day(row)[:_MONTH_WIDTH]:>{_MONTH_WIDTH}} ", "muted"),)
    counts = f"{_count(row.upvotes, '▲'):>{_COUNT_WIDTH}}{_count(row.comment_count, '✎'):>{_COUNT_WIDTH}}"
    return (Piece(f" {counts} {_day(row):>{_DATE_WIDTH}} ", "muted"),)


def _day(row: Row) -> str:
    """The day a paper was published, as it is stored; "" when that is unknown."""
    return safe(row.published or "", _DATE_WIDTH)


def _count(number: int | None, sign: str) -> str:
    """A count and its sign in at most _COUNT_WIDTH cells; nothing for none. 12,345 is "12k"."""
    if not number:
        return ""
    for unit in ("", "k", "M", "G", "T", "P"):
        if number < 1000:
            return f"{sign}{number}{unit}"
        number //= 1000
    return f"{sign}+"


def _about(row: Row) -> Line:
    """The second line of a tall row: when, who, how received, tags."""
    parts: list[Piece] = []
    # Dates first: they stand in a column.
    if row.published or row.last_listed:
        parts.append(Piece(_day(row) or f"listed {safe(row.last_listed or '', _DATE_WIDTH)}", "muted"))
    if row.announce_type in _ANNOUNCED:
        parts.append(Piece(_ANNOUNCED[row.announce_type], "heading"))
    if row.organization:
        parts.append(Piece(safe(row.organization, 60), "organization"))
    if row.byline:
        parts.append(Piece(safe(row.byline, 120), "muted"))
    elif row.author_count:
        parts.append(Piece(f"{row.author_count} author{'s' if row.author_count != 1 else ''}", "muted"))
    if row.upvotes:
        parts.append(Piece(f"▲ {row.upvotes}", "muted"))
    if row.comment_count:
        parts.append(Piece(f"{row.comment_count} comment{'s' if row.comment_count != 1 else ''}", "muted"))
    parts.extend(Piece(f"#{safe(tag, 40)}", "tag") for tag in row.tags)
    line: list[Piece] = []
    for part in parts:
        if line:
            line.append(Piece(" · ", "muted"))
        line.append(part)
    return tuple(line)


def _lit(text: str, spans: Sequence[tuple[int, int]]) -> Line:
    """`text` with the letters in `spans` in the style "match"."""
    pieces: list[Piece] = []
    at = 0
    for start, end in spans:
        if start > at:
            pieces.append(Piece(text[at:start], "title"))
        pieces.append(Piece(text[start:end], "match"))
        at = end
    pieces.append(Piece(text[at:], "title"))
    return tuple(pieces)


def _fit(pieces: Iterable[Piece], width: int) -> Line:
    """Pieces cut or filled to exactly `width` cells; "…" says that something was cut."""
    pieces = tuple(pieces)
    taken = sum(cell_len(piece.text) for piece in pieces)
    if taken <= width:
        return (*pieces, Piece(" " * (width - taken))) if taken < width else pieces
    fitted: list[Piece] = []
    left = width - 1
    for piece in pieces:
        size = cell_len(piece.text)
        if size > left:
            if left >= 0:
                fitted.append(Piece(set_cell_size(piece.text, left) + "…", piece.style))
            break
        fitted.append(piece)
        left -= size
    return tuple(fitted)


def shortened(text: str, width: int) -> str:
    """Foreign text on one line of at most `width` cells."""
    return "".join(piece.text for piece in _fit((Piece(safe(text)),), width)).rstrip()


def view_name(view: View) -> str:
    """A view as a reader calls it: "Queue", "2 Jul 2026", "#nlp"."""
    if view.kind == "day":
        return day_name(date.fromisoformat(view.key))
    if view.kind == "tag":
        return f"#{safe(view.key, 60)}"
    return _VIEW_NAMES[view.kind]


def day_name(day: date) -> str:
    """ "2 Jul 2026", in every locale."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{day.day} {months[day.month - 1]} {day.year}"


def shelf_line(shelf: Shelf, key: str, width: int) -> Line:
    """A view in the views pane: the key that opens it, its name, its count."""
    count = f"{shelf.count:,}"
    room = max(1, width - len(count) - max(1, cell_len(key)) - 3)
    name = _fit((Piece(view_name(shelf.view), "title"),), room)
    return _fit((Piece(f" {key:<1} ", "key"), *name, Piece(f"{count} ", "muted")), width)


def heading_line(text: str, width: int) -> Line:
    """A heading in the views pane."""
    return _fit((Piece(f" {text}", "heading"),), width)
