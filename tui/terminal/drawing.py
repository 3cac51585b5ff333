"""Drawing a screen: at once when something has changed, and nothing but that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from itertools import pairwise
from typing import cast

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tui.terminal.driver import TerminalDriver


class PromptScreen(Screen[None]):
    """A screen that does not wait for Textual's next frame when there is nothing to be laid out."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = Sparing()

    def on_idle(self) -> None:
        """Draw what has changed, before Textual would set its timer for it."""
        if self._dirty_widgets:
            self._draw()

    def draw(self, then: Callable[[], object]) -> None:
        """Draw what has changed, now: not when its widgets have told so one by one.

        `then` is called, in any thread, when it is on the terminal.
        """
        changed = {widget for widget in self._compositor.visible_widgets if widget._repaint_required}
        for widget in changed:
            widget._repaint_required = False
        self._dirty_widgets |= changed
        self._draw()
        driver = self.app._driver
        if isinstance(driver, TerminalDriver):
            driver.when_written(then)
        else:
            then()

    def _draw(self) -> None:
        if self.is_current and not (self._layout_required or self._scroll_required or self.app._batch_count):
            self._on_timer_update()


class Sparing(Compositor):
    """Textual's own, but that it asks only those widgets for lines that are to be drawn, and only for these lines.

    Textual asks every widget that touches the smallest rectangle around all changes: for a list and a count above
    another pane that is the whole screen.
    """

    def render_partial_update(self) -> ChopsUpdate | None:
        """What has changed; None when nothing has."""
        dirty = [seen for region in self._dirty_regions if (seen := region.intersection(self.size.region))]
        self._dirty_regions.clear()
        if not dirty:
            return None
        spans = list(self._regions_to_spans(dirty))
        return ChopsUpdate(self._pieces(spans), spans, [cuts[1:] for cuts in self.cuts])

    def _render_chops(self, crop: Region, is_rendered_line: Callable[[int], bool]) -> Sequence[Mapping[int, Strip]]:
        found = self._pieces([(y, *crop.column_span) for y in crop.line_range if is_rendered_line(y)])
        # As Textual's own: of whole lines every piece is there.
        return cast("Sequence[Mapping[int, Strip]]", found)

    def _pieces(self, spans: Sequence[tuple[int, int, int]]) -> Sequence[Mapping[int, Strip | None]]:
        """Each line of the screen in pieces, by where they start; None where they are in none of the `spans`.

        No widget begins or ends within a piece. Spans are line, start, end.
        """
        pieces: list[dict[int, Strip | None]] = [dict.fromkeys(cuts[:-1]) for cuts in self.cuts]
        missing: dict[int, set[int]] = {}
        for y, left, right in spans:
            touched = {start for start, end in pairwise(self.cuts[y]) if start < right and end > left}
            missing[y] = missing.get(y, set()) | touched
        # From the front to the back: what is drawn already hides what is behind it.
        for widget, (region, clip) in self.visible_widgets.items():
            for y, start, strip in self._drawn(widget, region, region.intersection(clip), missing):
                pieces[y][start] = strip
                missing[y].discard(start)
        return pieces

    def _drawn(
        self, widget: Widget, region: Region, seen: Region, missing: Mapping[int, Set[int]]
    ) -> Iterator[tuple[int, int, Strip]]:
        """What a widget has of the `missing` pieces: line, start, piece."""
        left, right = seen.column_span
        lines = [y for y in seen.line_range if any(left <= start < right for start in missing.get(y, ()))]
        if not lines:
            return
        top = lines[0]
        strips = widget.render_lines(Region(left - region.x, top - region.y, seen.width, lines[-1] + 1 - top))
        for y in lines:
            cuts = [cut for cut in self.cuts[y] if left <= cut <= right]
            for start, strip in zip(cuts, _divided(strips[y - top], [cut - left for cut in cuts[1:]]), strict=False):
                if start in missing[y]:
                    yield y, start, strip


def _divided(strip: Strip, cuts: list[int]) -> Sequence[Strip]:
    """A strip cut at these places.

    One that stays whole is not asked: it would remember itself, and be garbage that is found only by a search for it.
    """
    return [strip] if cuts[:1] == [strip.cell_length] else strip.divide(cuts)
