"""Views and headings as styled text. The functions have no side effects.

Text from listings is untrusted and must reach the screen only through this package. A line of a list is a tuple of
`Piece` objects. Each has a text and the name of a style, which the widget looks up. Text that Textual lays out itself
(in the detail pane, in dialogs and in notices) must be a `Content` that is built from plain strings. Otherwise Textual
would parse text from a listing as markup.
"""

from __future__ import annotations

from store.papers.views import CountedView, View
from store.text.dates import day_name, recent_name
from tui.render.cell_width import width as width_of
from tui.render.display_text import LONGEST_LINE, LONGEST_TEXT, LONGEST_TITLE, drawable, safe, safe_text, title
from tui.render.paper_line import Columns, Line, Piece, byline_of, fit, paper_lines

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
    "title",
    "view_line",
    "view_name",
)


def shortened(text: str, width: int) -> str:
    """Text from a listing on one line, safe to display and truncated to at most `width` cells."""
    return "".join(piece.text for piece in fit((Piece(safe(text)),), width)).rstrip()


def view_name(view: View) -> str:
    """The name of a view as the screen shows it, for example "Queue", "2 Jul", "today" or "#nlp"."""
    return safe(view.name, 60)


def view_line(counted: CountedView, key: str, width: int) -> Line:
    """A line of the views pane: the key that opens the view, the name of the view, and its number of papers."""
    count = f"{counted.count:,}"
    room = max(1, width - len(count) - max(1, width_of(key)) - 3)
    name = fit((Piece(view_name(counted.view), "title"),), room)
    return fit((Piece(f"{key:<1} ", "key"), *name, Piece(f" {count} ", "muted")), width)


def heading_line(text: str, width: int) -> Line:
    """A heading of the views pane."""
    return fit((Piece(text, "heading"),), width)
