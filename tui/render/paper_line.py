"""Makes the lines of the list that show papers. The functions have no side effects.

A line is a tuple of `Piece` objects. Each has a text and the name of a style, which the widget looks up when it draws
the line.

The title gets the space that it needs. If a paper has two lines, a long title continues on the second line. The date
and the counts at the right end of a line are left out if the title needs their space. This module only arranges the
parts of a line. Which values a line shows is decided in tui/render/list_columns.py.
"""

from __future__ import annotations

from tui.render import list_columns
from tui.render.cell_width import first_break
from tui.render.cell_width import width as width_of
from tui.render.pieces import Line, Piece, fit, highlighted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.papers.list_rows import ListRow
    from tui.render.list_columns import Columns

# Maps the status of a paper to the style of its title. A new paper has a bright title. A paper with a status that is
# not in this table has a muted title.
_TITLE_STYLE = {"new": "title-new", "reading": "title"}
# This word precedes the title of a retracted paper, so that the user sees it in every list, even without colours.
RETRACTED = "RETRACTED "
# The authors are shown behind the title, in the same line, if at least this much room is left (cells). In less room,
# not even one name would fit.
_LEAST_BYLINE = 16
# A title of two lines is broken between two words. If that would fill less than this fraction of the first line, it is
# broken inside a word.
_LEAST_FILLED = 0.5


def paper_lines(
    row: ListRow,
    width: int,
    columns: Columns,
    *,
    title: str,
    title_spans: Sequence[tuple[int, int]] = (),
    byline: str | None = None,
    byline_spans: Sequence[tuple[int, int]] = (),
) -> tuple[Line, ...]:
    """The lines that show a paper in the list, each `width` cells wide: two lines if `byline` is given, else one.

    `title` is a result of `display_text.title`, and `byline` a result of `byline_of`. `title_spans` and `byline_spans`
    are the ranges of these texts that match the filter, each as a pair of start and end.
    """
    style = _TITLE_STYLE.get(row.status, "title-seen")
    if row.is_retracted:
        title = f"{RETRACTED}{title}"
        title_spans = [(start + len(RETRACTED), end + len(RETRACTED)) for start, end in title_spans]
    left_end = list_columns.marks(row, columns)
    facts = list_columns.facts(row, columns)
    room = width - columns.marks_width - 1
    if byline is None:
        text = (*list_columns.announced(row), *highlighted(title, title_spans, style))
        return (fit((*left_end, *_beside(text, facts, room)), width),)
    first, rest = first_break(title, room, least_filled=_LEAST_FILLED) if len(title) > room // 2 else (len(title),) * 2
    text = list_columns.about(row, byline, byline_spans, columns)
    if rest < len(title):
        more = title[rest:]
        end = highlighted(more, [(start - rest, end - rest) for start, end in title_spans if end > rest], style)
        left = room - width_of(more) - sum(width_of(piece.text) + 1 for piece in facts) - 3
        text = (*end, Piece(" · ", "muted"), *fit(text, left)) if text and left >= _LEAST_BYLINE else end
        second = _beside(text, facts, room)
    else:
        second = _beside(text, facts, room, whole=False)
    head = highlighted(title[:first], [span for span in title_spans if span[0] < first], style)
    return fit((*left_end, *head), width), fit((Piece(" " * columns.marks_width), *second), width)


def _beside(text: Line, facts: Line, room: int, *, whole: bool = True) -> Line:
    """`text` on the left and `facts` (date, counts, …) at the right end, `room` cells wide in total.

    If `text` and `facts` do not both fit and `whole` is set, facts are left out, the leftmost first, until all of
    `text` fits. Before a fact such as "7 Feb" itself is left out, the blanks before it in its column are. The position
    in the queue, the rating, the day of return and the person who added the paper are never left out. If `whole` is not
    set, all facts stay and `text` is truncated.
    """
    needed = sum(width_of(piece.text) for piece in text)
    kept = list(facts)
    while whole and kept and needed + sum(width_of(piece.text) + 1 for piece in kept) + 1 > room:
        at = next((index for index, piece in enumerate(kept) if piece.style != "place"), None)
        if at is None:
            break
        narrower = kept[at].text.lstrip()
        kept[at : at + 1] = [kept[at]._replace(text=narrower)] if 0 < len(narrower) < len(kept[at].text) else []
    if not kept:
        return fit(text, room)
    end = [part for piece in kept for part in (Piece(" "), piece)]
    return (*fit(text, room - sum(width_of(piece.text) for piece in end)), *end)
