"""Views, days and headings as styled text. Pure functions.

Foreign strings reach the screen only through this package. A line of a list is a tuple of pieces, each a text and the
name of a style that the widget looks up. Text that Textual lays out itself (the detail pane, dialogs, toasts) is
`Content` made of plain strings, so that Textual never parses a foreign string as markup.
"""

from __future__ import annotations

from datetime import date

from store.model.partial_date import Precision
from store.papers.views import CountedView, View
from tui.actions.view_texts import VIEWS
from tui.render.cell_width import width as width_of
from tui.render.display_text import LONGEST_LINE, LONGEST_TEXT, LONGEST_TITLE, drawable, safe, safe_text, title
from tui.render.paper_line import Line, Piece, first_line, fit, paper_lines, second_line

__all__ = (
    "LONGEST_LINE",
    "LONGEST_TEXT",
    "LONGEST_TITLE",
    "Line",
    "Piece",
    "day_name",
    "drawable",
    "first_line",
    "heading_line",
    "paper_lines",
    "safe",
    "safe_text",
    "second_line",
    "shortened",
    "title",
    "view_line",
    "view_name",
)


def shortened(text: str, width: int) -> str:
    """Foreign text on one line of at most `width` cells."""
    return "".join(piece.text for piece in fit((Piece(safe(text)),), width)).rstrip()


def view_name(view: View) -> str:
    """The name of a view on the screen: "Queue", "2 Jul 2026", "#nlp"."""
    if view.kind == "day":
        return day_name(date.fromisoformat(view.key))
    if view.kind == "tag":
        return f"#{safe(view.key, 60)}"
    return VIEWS[view.kind].name


def day_name(day: date, to: Precision = "day") -> str:
    """A day such as "2 Jul 2026", in every locale; "Jul 2026" or "2026" for a date of lower precision."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    if to == "year":
        return f"{day.year}"
    month = f"{months[day.month - 1]} {day.year}"
    return month if to == "month" else f"{day.day} {month}"


def view_line(counted: CountedView, key: str, width: int) -> Line:
    """A line of the views pane: the key that opens the view, its name, its number of papers."""
    count = f"{counted.count:,}"
    room = max(1, width - len(count) - max(1, width_of(key)) - 3)
    name = fit((Piece(view_name(counted.view), "title"),), room)
    return fit((Piece(f" {key:<1} ", "key"), *name, Piece(f"{count} ", "muted")), width)


def heading_line(text: str, width: int) -> Line:
    """A heading of the views pane."""
    return fit((Piece(f" {text}", "heading"),), width)
