"""Papers as lines of the list: pure functions, and no import that the first page would wait for.

A line is a tuple of pieces, each a text and the name of a style that is looked up where it is drawn.
"""

from __future__ import annotations

from collections import namedtuple

from tui.render.cell_width import cut
from tui.render.cell_width import width as width_of
from tui.render.display_text import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from store.papers.queries import ListRow


class Piece(namedtuple("_Piece", ("text", "style"), defaults=("plain",))):
    """A text and the name of the style it is drawn in."""

    __slots__ = ()
    text: str
    style: str


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
# What a mailing announced a paper as, where it is not simply new.
_ANNOUNCED: dict[str | None, str] = {"cross": "cross-listed", "replaced": "replaced"}


def paper_lines(
    row: ListRow, width: int, spans: Sequence[tuple[int, int]], *, tall: bool, shown: str
) -> tuple[Line, ...]:
    """A paper in the list: one line, or two when `tall`, each `width` cells wide.

    `shown` is the title as `title` gives it, `spans` where letters of it matched the filter.
    """
    first = first_line(row, width, spans, tall=tall, shown=shown)
    return (first, second_line(row, width)) if tall else (first,)


def first_line(row: ListRow, width: int, spans: Sequence[tuple[int, int]], *, tall: bool, shown: str) -> Line:
    """The line with the title; where there is no second one, with what matters most of that."""
    if tall:
        return fit((*_marks(row), *_lit(shown, spans)), width)
    facts = _facts(row, width)
    announced = _announced(row)
    room = width - MARKS_WIDTH - sum(width_of(piece.text) for piece in (*announced, *facts))
    return fit((*_marks(row), *announced, *fit(_lit(shown, spans), room), *facts), width)


def second_line(row: ListRow, width: int) -> Line:
    """The line below the title, where there is room for two. No filter changes it."""
    return fit((Piece(" " * MARKS_WIDTH), *_about(row)), width)


def _marks(row: ListRow) -> Line:
    place = str(row.queue_position) if row.queue_position else ""
    if len(place) > 2:
        place = "+"
    return (
        Piece(_STATUS_MARK[row.status], f"status-{row.status}"),
        Piece("★" if row.bookmarked else " ", "star"),
        Piece(f"{place:>2} ", "place"),
    )


def _announced(row: ListRow) -> Line:
    """A sign before the title of a paper that is cross-listed or replaced, where there is no second line to say it."""
    sign = {"cross": "⤳ ", "replaced": "↻ "}.get(row.announce_type or "")
    return (Piece(sign, "heading"),) if sign else ()


def _facts(row: ListRow, width: int) -> Line:
    """What stands at the right of a one-line row."""
    if width < _MONTH_ROOM:
        return (Piece(" "),)
    if width < _DATE_ROOM:
        return (Piece(f" {_day(row)[:_MONTH_WIDTH]:<{_MONTH_WIDTH}} ", "muted"),)
    counts = f"{_count(row.upvotes, '▲'):>{_COUNT_WIDTH}}{_count(row.comment_count, '✎'):>{_COUNT_WIDTH}}"
    return (Piece(f" {counts} {_day(row):<{_DATE_WIDTH}} ", "muted"),)


def _day(row: ListRow) -> str:
    """When a paper was published, as it is stored: a day, a month or a year; "" when that is unknown."""
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


def _about(row: ListRow) -> Line:
    """The second line of a tall row: when, who, how received, tags."""
    parts: list[Piece] = []
    # Dates first: they stand in a column.
    if row.published or row.last_listed:
        day = f"{_day(row):<{_DATE_WIDTH}}" if row.published else f"listed {safe(row.last_listed or '', _DATE_WIDTH)}"
        parts.append(Piece(day, "muted"))
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


def fit(pieces: Iterable[Piece], width: int) -> Line:
    """Pieces cut or filled to exactly `width` cells; "…" says that something was cut."""
    pieces = tuple(pieces)
    taken = sum(width_of(piece.text) for piece in pieces)
    if taken <= width:
        return (*pieces, Piece(" " * (width - taken))) if taken < width else pieces
    fitted: list[Piece] = []
    left = width - 1
    for piece in pieces:
        size = width_of(piece.text)
        if size > left:
            if left >= 0:
                fitted.append(Piece(cut(piece.text, left) + "…", piece.style))
            break
        fitted.append(piece)
        left -= size
    return tuple(fitted)
