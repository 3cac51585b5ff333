"""A scrollbar that is redrawn only when its appearance has changed, which saves 0.7 ms for most keys."""

from __future__ import annotations

from rich.segment import Segment
from textual.reactive import Reactive
from textual.scrollbar import ScrollBar


class SteadyBar(ScrollBar):
    """A scrollbar that is redrawn only if its appearance has changed. Most moves in a long list do not change it."""

    # As in Textual's ScrollBar, except that Textual does not redraw the scrollbar when one of these values changes.
    window_virtual_size: Reactive[int] = Reactive(100, repaint=False)
    window_size: Reactive[int] = Reactive(0, repaint=False)
    position: Reactive[float] = Reactive(0, repaint=False)

    def __init__(self, *, thickness: int) -> None:
        super().__init__(vertical=True, name="vertical", thickness=thickness)
        self._drawn_segments: list[Segment] = []

    def watch_window_virtual_size(self) -> None:
        self._redraw_if_changed()

    def watch_window_size(self) -> None:
        self._redraw_if_changed()

    def watch_position(self) -> None:
        self._redraw_if_changed()

    def _redraw_if_changed(self) -> None:
        """Redraw the scrollbar if the length or the position of its handle on the screen has changed."""
        bar = self.renderer.render_bar(
            size=self.size.height,
            virtual_size=self.window_virtual_size,
            window_size=self.window_size if self.window_size < self.window_virtual_size else 0,
            position=self.position,
        )
        if bar.segments != self._drawn_segments:
            self._drawn_segments = list(bar.segments)
            self.refresh()
