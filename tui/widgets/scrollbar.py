"""A scrollbar that is drawn again only when it would look otherwise."""

from __future__ import annotations

from rich.segment import Segment
from textual.reactive import Reactive
from textual.scrollbar import ScrollBar


class SteadyBar(ScrollBar):
    """The scrollbar of a long list: most of what changes there does not move it by as much as can be seen."""

    # As in ScrollBar, but that drawing again is decided below.
    window_virtual_size: Reactive[int] = Reactive(100, repaint=False)
    window_size: Reactive[int] = Reactive(0, repaint=False)
    position: Reactive[float] = Reactive(0, repaint=False)

    def __init__(self, *, thickness: int) -> None:
        super().__init__(vertical=True, name="vertical", thickness=thickness)
        self._seen: list[Segment] = []

    def watch_window_virtual_size(self) -> None:
        self._look()

    def watch_window_size(self) -> None:
        self._look()

    def watch_position(self) -> None:
        self._look()

    def _look(self) -> None:
        """Draw the bar again if it has another length or place."""
        bar = self.renderer.render_bar(
            size=self.size.height,
            virtual_size=self.window_virtual_size,
            window_size=self.window_size if self.window_size < self.window_virtual_size else 0,
            position=self.position,
        )
        if bar.segments != self._seen:
            self._seen = list(bar.segments)
            self.refresh()
