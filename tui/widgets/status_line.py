"""The status line. Its left half describes the list, and its right half shows messages and the progress of work."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from tui.render.cell_width import cut

# A message disappears after _NEWS_SECONDS (s). If it covers the progress of some work or leaves no room for a part of
# the left half, it disappears after _NEWS_ABOVE_SECONDS.
_NEWS_SECONDS = 10.0
_NEWS_ABOVE_SECONDS = 4.0
# The smallest gap between the two halves of the line (cells).
_GAP = 2
_SEPARATOR = " · "
# The blank cells at both ends of the line.
_MARGIN = 1


# The rank (see `WherePart`) of a part that is shown with its short text.
_SHORT_RANK = 2


class WherePart(NamedTuple):
    """One part of the left half, such as the name of the view.

    If not all parts fit, the part with the highest `rank` is left out first.

    A part with a text `short` is not left out at once: it is first shown with that text, and has the rank _SHORT_RANK
    from then on. A part with a width `least` (cells) is truncated as long as at least that width is available.
    """

    rank: int
    text: str
    short: str = ""
    least: int = 0


class StatusLine(Widget):
    """The status line.

    The left half shows the view, the position of the cursor, the order and the number of selected papers. The right
    half shows the first of these that exists: the keys of an unfinished sequence, the latest message, a note about the
    filter, the progress of work.
    """

    COMPONENT_CLASSES = {"status--view", "status--news", "status--error"}

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._styles: dict[str, Style] = {}
        self._where: Sequence[WherePart] = ()
        self._news = ""
        self._is_error = False
        self._is_until_key = False
        self._note = ""
        self._progress: dict[str, str] = {}
        # The keys of an unfinished key sequence such as "g g", with those that may follow.
        self._keys = ""
        self._timer: Timer | None = None

    def show_where(self, parts: Sequence[WherePart]) -> None:
        """Show `parts` in the left half of the line, as many as fit."""
        if parts != self._where:
            self._where = parts
            self._draw()

    def show_news(self, text: str, *, error: bool = False, until_key: bool = False) -> None:
        """Show a message for a few seconds. The time is shorter if the message covers other text.

        An `error` is shown in another colour, and always for the longer time. Set `until_key` if the message is about
        the last key only, so that `key_pressed` removes it.
        """
        self._news, self._is_error, self._is_until_key = text, error, until_key
        if self._timer is not None:
            self._timer.stop()
        covers = bool(self._progress) or self._leaves_out()
        seconds = _NEWS_ABOVE_SECONDS if covers and not error else _NEWS_SECONDS
        self._timer = self.set_timer(seconds, lambda: self.show_news("")) if text else None
        self._draw()

    def key_pressed(self) -> None:
        """Remove a message that was only about the previous key. This must be called before each key is handled."""
        if self._is_until_key:
            self.show_news("")

    def show_note(self, text: str) -> None:
        """Show a note about the filter, for example that its spelling was corrected; "" removes the note."""
        if text == self._note:
            return
        if text and not self._is_error:
            # The note is about the last key, so remove an earlier message, unless it is an error.
            self.show_news("")
        self._note = text
        self._draw()

    def show_keys(self, text: str) -> None:
        """Show the keys of an unfinished sequence instead of any other text; "" when there is no such sequence."""
        if text != self._keys:
            self._keys = text
            self._draw()

    def show_progress(self, name: str, text: str) -> None:
        """Show `text` as the progress of the work called `name`. The caller must pass "" when the work has ended."""
        self._progress.pop(name, None)
        if text:
            self._progress[name] = text
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def notify_style_update(self) -> None:
        self._styles.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Draw the line. Textual's layout is not used, because the line changes at every move of the cursor."""
        left, right = self._halves()
        name, separator, rest = left.partition(_SEPARATOR)
        gap = " " * (self.size.width - 2 * _MARGIN - cell_len(left) - cell_len(right))
        margin = " " * _MARGIN
        news_style = "error" if self._news and self._is_error and not self._keys else "news"
        parts = [(margin + name, "view"), (separator + rest + gap, ""), (right + margin, news_style)]
        return Strip([Segment(text, self._style(style)) for text, style in parts]).adjust_cell_length(self.size.width)

    def _draw(self) -> None:
        self.refresh()

    @property
    def activity(self) -> str:
        """The text of the right half: the keys of a sequence, the latest message, the note, or the progress of work."""
        return self._keys or self._news or self._note or next(reversed(self._progress.values()), "")

    @property
    def room(self) -> int:
        """The number of cells for a message: all except those that are reserved for the left half."""
        return max(0, self.size.width - 2 * _MARGIN - self._least_left - _GAP)

    @property
    def _least_left(self) -> int:
        """The smallest width of the left half: that of its most important part, but at most a third of the line."""
        if not self._where:
            return 0
        most_important = min(self._where, key=lambda part: part.rank)
        return min(max(0, self.size.width - 2 * _MARGIN) // 3, cell_len(most_important.text))

    def _halves(self) -> tuple[str, str]:
        """The texts of both halves, shortened if they do not fit."""
        width, right = max(0, self.size.width - 2 * _MARGIN), self.activity
        room = max(self._least_left, width - cell_len(right) - _GAP)
        left = _cut(fitting(self._where, room), room)
        return left, _cut(right, max(0, width - cell_len(left) - _GAP))

    def _leaves_out(self) -> bool:
        """Whether the right half leaves no room for a part of the left half."""
        shown = self._halves()[0].split(_SEPARATOR)
        return len(shown) < len(self._where) or shown[:1] != [part.text for part in self._where[:1]]

    def _style(self, name: str) -> Style:
        style = self._styles.get(name)
        if style is None:
            component = self.get_component_rich_style(f"status--{name}", partial=True) if name else Style.null()
            style = self._styles[name] = self.rich_style + component
        return style


def _cut(text: str, cells: int) -> str:
    """`text` with at most `cells` cells. Truncated text ends with "…"."""
    return text if cell_len(text) <= cells else cut(text, cells - 1).rstrip() + "…" if cells > 0 else ""


def fitting(parts: Sequence[WherePart], room: int) -> str:
    """The texts of `parts`, joined in their order.

    Parts of the highest ranks are shortened or left out if `room` is too small.
    """
    text = _SEPARATOR.join(part.text for part in parts)
    if cell_len(text) <= room or len(parts) < 2:
        return text
    least_important = max(parts, key=lambda part: part.rank)
    left = cell_len(least_important.text) - (cell_len(text) - room)
    if 0 < least_important.least <= left:
        return _SEPARATOR.join(_cut(part.text, left) if part is least_important else part.text for part in parts)
    instead = [WherePart(_SHORT_RANK, least_important.short)] if least_important.short else []
    kept = ([part] if part is not least_important else instead for part in parts)
    return fitting([*chain.from_iterable(kept)], room)
