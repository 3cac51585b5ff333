"""Drawing a screen: at once when something has changed, and only the widgets and lines that have changed.

On a terminal of 120 columns and 36 lines, drawing the list and the count above it takes 0.5 ms instead of 0.9 with
Textual's own compositor, and drawing two lines after a move of the cursor 0.13 instead of 0.24. Drawing at once saves
the wait for Textual's next frame, up to 4 ms at 240 frames a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from itertools import pairwise

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.terminal.driver import TerminalDriver
from tui.terminal.textual_internals import DrawnScreen, Spans, driver_of


class PromptScreen(DrawnScreen):
    """A screen that draws changes at once, without waiting for the next frame."""

    def __init__(self) -> None:
        super().__init__(pieces)

    def on_idle(self) -> None:
        """Draw what has changed, before Textual sets its timer for it."""
        if self.has_changed_widgets:
            self.draw_changes()

    def draw(self, then: Callable[[], object]) -> None:
        """Draw what has changed, now.

        `then` is called, in any thread, when the terminal has received it.
        """
        self.draw_changes(ask_widgets=True)
        driver = driver_of(self.app)
        if isinstance(driver, TerminalDriver):
            driver.when_written(then)
        else:
            self.call_after_refresh(then)


def pieces(
    cuts: Sequence[Sequence[int]], widgets: Mapping[Widget, tuple[Region, Region]], spans: Spans
) -> list[dict[int, Strip | None]]:
    """Each line of the screen in pieces, by the column at which they start; None for those that no span touches.

    Only the widgets that these spans touch draw, and only the lines that have a span. Textual asks every widget that
    touches the smallest rectangle around all spans: for a list and a count above another pane that is the whole screen.

    `cuts` are the columns at which the pieces of each line begin and end; no widget begins or ends inside a piece.
    `widgets` are those that are visible, from front to back, each with its region and the region that it is clipped to.
    """
    lines: list[dict[int, Strip | None]] = [dict.fromkeys(line[:-1]) for line in cuts]
    missing: dict[int, set[int]] = {}
    for y, left, right in spans:
        touched = {start for start, end in pairwise(cuts[y]) if start < right and end > left}
        missing[y] = missing.get(y, set()) | touched
    # From front to back: a piece that is drawn hides what is behind it.
    for widget, (region, clip) in widgets.items():
        for y, start, strip in _drawn(widget, region, region.intersection(clip), cuts, missing):
            lines[y][start] = strip
            missing[y].discard(start)
    return lines


def _drawn(
    widget: Widget, region: Region, seen: Region, cuts: Sequence[Sequence[int]], missing: Mapping[int, Set[int]]
) -> Iterator[tuple[int, int, Strip]]:
    """The missing pieces that lie in the visible part of a widget: line, start, piece."""
    left, right = seen.column_span
    lines = [y for y in seen.line_range if any(left <= start < right for start in missing.get(y, ()))]
    if not lines:
        return
    top = lines[0]
    strips = widget.render_lines(Region(left - region.x, top - region.y, seen.width, lines[-1] + 1 - top))
    for y in lines:
        inside = [cut for cut in cuts[y] if left <= cut <= right]
        for start, strip in zip(inside, _divided(strips[y - top], [cut - left for cut in inside[1:]]), strict=False):
            if start in missing[y]:
                yield y, start, strip


def _divided(strip: Strip, cuts: list[int]) -> Sequence[Strip]:
    """A strip cut at these places.

    A strip that stays whole is not given to `Strip.divide`, which would cache the strip in itself: a reference cycle,
    which only the garbage collector frees.
    """
    return [strip] if cuts[:1] == [strip.cell_length] else strip.divide(cuts)
