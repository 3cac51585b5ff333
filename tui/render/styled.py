"""Views and headings as styled text. The functions have no side effects.

Text from listings is untrusted: show it only after a function of this package has cleaned it. A line of a list is a
tuple of `Piece` objects. Each has a text and the name of a style, which the widget looks up. Text that Textual lays out
itself (in the detail pane, in dialogs and in notices) must be a `Content` that is built from plain strings. Otherwise
Textual would parse text from a listing as markup.
"""

from __future__ import annotations

from store.papers.views import CountedView, View
from store.text.dates import day_name, recent_name
from tui.render.cell_width import width as width_of
from tui.render.display_text import LONGEST_LINE, LONGEST_TEXT, LONGEST_TITLE, drawable, safe, safe_text, title
from tui.render.list_columns import Columns, byline_of, tag_style
from tui.render.paper_line import paper_lines
from tui.render.pieces import Line, Piece, fit

# The width of the bars in the views pane (cells), and the block characters that are 0 to 8 eighths of a cell wide.
_BAR_WIDTH = 5
_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")

__all__ = (
    "LONGEST_LINE",
    "LONGEST_TEXT",
    "LONGEST_TITLE",
    "Columns",
    "Line",
    "Piece",
    "byline_of",
    "day_name",
    "drawable",
    "heading_line",
    "paper_lines",
    "recent_name",
    "safe",
    "safe_text",
    "shortened",
    "tag_style",
    "title",
    "view_line",
    "view_name",
)


def shortened(text: str, width: int) -> str:
    """Text from a listing on one line, safe to display and truncated to at most `width` cells."""
    return "".join(piece.text for piece in fit((Piece(safe(text)),), width)).rstrip()


def view_name(view: View) -> str:
    """The name of a view as it is shown on the screen, for example "Queue", "2 Jul", "today" or "#nlp"."""
    return safe(view.name, 60)


def view_line(counted: CountedView, key: str, width: int, most: int = 0) -> Line:
    """A line of the views pane: the key that opens the view, the name of the view, and its number of papers.

    If `most` is not 0, the line also has a bar. `most` is then the largest number of papers of a view in the same
    group.
    """
    count = f"{counted.count:,}".rjust(len(f"{most:,}") if most else 0)
    bar = f" {bar_of(counted.count, most):<{_BAR_WIDTH}}" if most else ""
    room = max(1, width - len(count) - len(bar) - max(1, width_of(key)) - 3)
    style = tag_style(counted.view.argument) if counted.view.kind == "tag" else "title"
    name = fit((Piece(view_name(counted.view), style),), room)
    return fit((Piece(f"{key:<1} ", "key"), *name, Piece(bar, "bar"), Piece(f" {count} ", "muted")), width)


def bar_of(count: int, most: int) -> str:
    """A bar of at most _BAR_WIDTH cells for a count between 0 and `most`; blank only for 0."""
    eighths = -(-count * _BAR_WIDTH * 8 // most) if most else 0
    whole, rest = divmod(eighths, 8)
    return "█" * whole + _EIGHTHS[rest]


def heading_line(text: str, width: int) -> Line:
    """A heading of the views pane, as a line of `width` cells."""
    return fit((Piece(text, "heading"),), width)
