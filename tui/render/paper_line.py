"""Papers as lines of the list. Pure functions.

A line is a tuple of `Piece` objects. Each has a text and the name of a style, which the widget looks up when it draws.
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
    """A text and the name of its style."""

    __slots__ = ()
    text: str
    style: str


Line = tuple[Piece, ...]

_STATUS_MARK = {"new": "●", "seen": " ", "reading": "◐", "done": "✓", "hidden": "∅"}
# The width of the marks before a title: status, bookmark, queue position of up to two digits, and a space (cells).
MARKS_WIDTH = 5
_DATE_WIDTH = 10
_MONTH_WIDTH = 7
# The width of a count: a space, a sign, three digits, and a unit such as "k" (cells).
_COUNT_WIDTH = 6
# The smallest width of a line that shows the month beside the title (cells).
_MONTH_ROOM = 56
# The smallest width of a line that shows the whole date and the counts beside the title (cells).
_DATE_ROOM = 70
# The words for the announcement types that a line shows. There is no word for a newly announced paper.
_ANNOUNCED: dict[str | None, str] = {"cross": "cross-listed", "replaced": "replaced"}


def paper_lines(
    row: ListRow, width: int, spans: Sequence[tuple[int, int]], *, tall: bool, shown: str
) -> tuple[Line, ...]:
    """The lines that show a paper in the list: one line, or two lines if `tall` is set, each `width` cells wide.

    `shown` is the title as `display_text.title` returns it. `spans` are the ranges of `shown` that match the filter.
    """
    first = first_line(row, width, spans, tall=tall, shown=shown)
    return (first, second_line(row, width)) if tall else (first,)


def first_line(row: ListRow, width: int, spans: Sequence[tuple[int, int]], *, tall: bool, shown: str) -> Line:
    """The line with the title. If there is no second line (`tall` is false), dates and counts are added if they fit."""
    if tall:
        return fit((*_marks(row), *_highlighted(shown, spans)), width)
    facts = _facts(row, width)
    announced = _announced(row)
    room = width - MARKS_WIDTH - sum(width_of(piece.text) for piece in (*announced, *facts))
    return fit((*_marks(row), *announced, *fit(_highlighted(shown, spans), room), *facts), width)


def second_line(row: ListRow, width: int) -> Line:
    """The line below the title, for a paper that has two lines. This line does not depend on the filter."""
    return fit((Piece(" " * MARKS_WIDTH), *_about(row)), width)


def _marks(row: ListRow) -> Line:
    position = str(row.queue_position) if row.queue_position else ""
    if len(position) > 2:
        position = "+"
    return (
        Piece(_STATUS_MARK[row.status], f"status-{row.status}"),
        Piece("★" if row.bookmarked else " ", "star"),
        Piece(f"{position:>2} ", "place"),
    )


def _announced(row: ListRow) -> Line:
    """The sign before the title of a cross-listed or replaced paper. Papers with two lines have a word instead."""
    sign = {"cross": "⤳ ", "replaced": "↻ "}.get(row.announce_type or "")
    return (Piece(sign, "heading"),) if sign else ()


def _facts(row: ListRow, width: int) -> Line:
    """The date and the counts at the right end, for a paper that has one line. Parts that do not fit are left out."""
    if width < _MONTH_ROOM:
        return (Piece(" "),)
    if width < _DATE_ROOM:
        return (Piece(f" {_day(row)[:_MONTH_WIDTH]:<{_MONTH_WIDTH}} ", "muted"),)
    counts = f"{_count(row.upvotes, '▲'):>{_COUNT_WIDTH}}{_count(row.comment_count, '✎'):>{_COUNT_WIDTH}}"
    return (Piece(f" {counts} {_day(row):<{_DATE_WIDTH}} ", "muted"),)


def _day(row: ListRow) -> str:
    """The day, month or year of publication as stored; "" when it is unknown."""
    return safe(row.published or "", _DATE_WIDTH)


def _count(number: int | None, sign: str) -> str:
    """A sign and a count in fewer than _COUNT_WIDTH cells, for example "▲12k" for 12,345. Returns "" for 0 and None."""
    if not number:
        return ""
    for unit in ("", "k", "M", "G", "T", "P"):
        if number < 1000:
            return f"{sign}{number}{unit}"
        number //= 1000
    return f"{sign}+"


def _about(row: ListRow) -> Line:
    """The text of a paper's second line: date, organization, authors, decision, score, counts and tags."""
    parts: list[Piece] = []
    # The date comes first, so that the dates of all papers are aligned in one column.
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
    if row.decision:
        parts.append(Piece(safe(row.decision, 40), "heading"))
    if row.score is not None:
        parts.append(Piece(f"score {row.score / 100:g}", "muted"))
    if row.upvotes:
        parts.append(Piece(f"▲ {row.upvotes}", "muted"))
    if row.comment_count:
        parts.append(Piece(f"{row.comment_count} comment{'s' if row.comment_count != 1 else ''}", "muted"))
    parts.extend(Piece(f"#{safe(tag, 40)}", "tag") for tag in row.tags)
    pieces: list[Piece] = []
    for part in parts:
        if pieces:
            pieces.append(Piece(" · ", "muted"))
        pieces.append(part)
    return tuple(pieces)


def _highlighted(text: str, spans: Sequence[tuple[int, int]]) -> Line:
    """`text` with the ranges `spans` in the style "match"."""
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
    """`pieces` truncated or padded to exactly `width` cells. Truncated text ends with "…"."""
    pieces = tuple(pieces)
    total = sum(width_of(piece.text) for piece in pieces)
    if total <= width:
        return (*pieces, Piece(" " * (width - total))) if total < width else pieces
    fitted: list[Piece] = []
    room = width - 1
    for piece in pieces:
        size = width_of(piece.text)
        if size > room:
            if room >= 0:
                fitted.append(Piece(cut(piece.text, room) + "…", piece.style))
            break
        fitted.append(piece)
        room -= size
    return tuple(fitted)
