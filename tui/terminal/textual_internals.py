"""The classes and functions of recto that use private names of Textual.

If Textual lacks one of these names, `MISSING` (textual_names.py) is not empty, and the classes of this module behave
like Textual's public ones.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import signal
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, cast

from rich.text import Text
from textual.app import App
from textual.driver import Driver
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget

from tui.terminal.textual_names import MISSING, ChopsUpdate, Compositor, LinuxDriver, has, named


def _free_removed_widgets() -> None:
    """Make Textual free the memory of removed widgets and of the lines that were drawn for them.

    Textual caches the last 1,024 results of the method `StylesCache.get_inner_outer`. This cache refers to the
    `StylesCache` objects, which contain drawn lines of widgets, so the lines of removed widgets stay in memory. The
    results depend only on the two colours. So this function replaces the method by one that caches results by colours
    only.
    """
    owner = named("textual._styles_cache:StylesCache")
    method = getattr(getattr(owner, "get_inner_outer", None), "__wrapped__", None)
    if method is not None and has(owner, "get_inner_outer(base_background,background)"):
        owner.get_inner_outer = staticmethod(functools.lru_cache(1024)(functools.partial(method, None)))


_free_removed_widgets()

# For each line of the screen, a dict from the column at which a piece of the line starts to the piece; None for a piece
# that must not be drawn.
Pieces = Sequence[Mapping[int, Strip | None]]
# The parts of lines that must be drawn: the number of the line, the first column, and the column after the last one.
Spans = Sequence[tuple[int, int, int]]
# A function that draws pieces of lines. Its arguments are the columns at which the pieces of each line start and end;
# the widgets from front to back, each with its region and the region that it is clipped to; and the spans to draw.
Draw = Callable[[Sequence[Sequence[int]], Mapping[Widget, tuple[Region, Region]], Spans], Pieces]


class PiecewiseCompositor(Compositor):
    """Textual's compositor, except that the function `draw` draws the pieces of lines."""

    def __init__(self, draw: Draw) -> None:
        super().__init__()
        self._draw_pieces = draw
        # The region of the terminal in which nothing is drawn; None when everything is drawn.
        self.kept: Region | None = None

    @property
    def full_map(self) -> Any:
        """The region of each widget and the region that it is clipped to. Widgets that have moved will be drawn again.

        When a new widget must be drawn before the next layout, Textual arranges all widgets here. The next layout then
        finds that nothing has changed, so Textual would not draw the widgets that had to make room for the new one.
        """
        before, scrolled = self._full_map, self._visible_map or {}
        places = super().full_map
        if places is not before:
            changed = places.items() ^ {**before, **scrolled}.items()
            self._dirty_regions |= {seen for _, place in changed if (seen := place.clip.intersection(place.region))}
        return places

    def render_partial_update(self) -> ChopsUpdate | None:
        """The parts of the screen that have changed; None when nothing has changed."""
        dirty = [seen for region in self._dirty_regions if (seen := region.intersection(self.size.region))]
        self._dirty_regions.clear()
        if not dirty:
            return None
        # An update writes a line feed after each line but the last one. If it draws nothing in a line, the line feed
        # starts from wherever the cursor is, and could scroll the terminal. So leave such lines out.
        spans = list(_without(list(self._regions_to_spans(dirty)), self.kept))
        if not spans:
            return None
        return ChopsUpdate(self._pieces(spans), spans, [cuts[1:] for cuts in self.cuts])

    def render_full_update(self, simplify: bool = False) -> Any:
        """The whole screen except the region `kept`."""
        if self.kept is None:
            return super().render_full_update(simplify)
        self._dirty_regions = {self.size.region}
        return self.render_partial_update()

    def _render_chops(self, crop: Region, is_rendered_line: Callable[[int], bool]) -> Sequence[Mapping[int, Strip]]:
        pieces = self._pieces([(y, *crop.column_span) for y in crop.line_range if is_rendered_line(y)])
        # Textual calls this with complete lines only, so no piece of these lines is None.
        return cast("Sequence[Mapping[int, Strip]]", pieces)

    def _pieces(self, spans: Spans) -> Pieces:
        return self._draw_pieces(self.cuts, self.visible_widgets, _without(spans, self.kept))

    def strips(self, without: Collection[Widget]) -> list[Strip]:
        """Every line of the screen as it would be drawn now if the widgets `without` did not exist."""
        width, height = self.size
        widgets = {widget: place for widget, place in self.visible_widgets.items() if widget not in without}
        lines = self._draw_pieces(self.cuts, widgets, [(y, 0, width) for y in range(height)])
        return [
            Strip.join(
                strip or Strip.blank(end - start) for (start, strip), end in zip(line.items(), cuts[1:], strict=True)
            )
            for line, cuts in zip(lines, self.cuts, strict=True)
        ]


def _without(spans: Spans, kept: Region | None) -> Spans:
    """The parts of the spans that lie outside the region `kept`."""
    if kept is None:
        return spans
    outside: list[tuple[int, int, int]] = []
    for y, start, end in spans:
        if y in kept.line_range:
            outside += [(y, start, min(end, kept.x)), (y, max(start, kept.right), end)]
        else:
            outside.append((y, start, end))
    return [(y, start, end) for y, start, end in outside if start < end]


class DrawnScreen(Screen[None]):
    """A screen whose lines the function `draw` draws, and that can be drawn without waiting for Textual's timer.

    If Textual lacks one of the private names (see `MISSING`), this is an ordinary screen, and the methods that it adds
    do nothing.
    """

    def __init__(self, draw: Draw) -> None:
        super().__init__()
        if not MISSING:
            self._compositor = PiecewiseCompositor(draw)

    def is_held_back(self) -> bool:
        """Whether to draw nothing now, because the terminal still shows the screen copy printed at the start.

        A subclass may override this.
        """
        return False

    @property
    def has_changed_widgets(self) -> bool:
        """Whether a widget of the screen must be drawn again."""
        return not MISSING and bool(self._dirty_widgets)

    def draw_changes(self, *, ask_widgets: bool = False) -> None:
        """Draw what has changed, without waiting for Textual's next frame. Do nothing if a layout is needed first.

        With `ask_widgets`, also draw those changed widgets whose message about the change has not arrived yet.
        """
        if MISSING or not self.is_current:
            return
        if ask_widgets:
            changed = {widget for widget in self._compositor.visible_widgets if widget._repaint_required}
            for widget in changed:
                widget._repaint_required = False
            self._dirty_widgets |= changed
        if not (self._layout_required or self._scroll_required or self.app._batch_count):
            self._on_timer_update()

    def keep_on_terminal(self, region: Region | None) -> None:
        """Draw nothing in `region` from now on, so that the terminal keeps what it shows there; with None, draw all."""
        if isinstance(self._compositor, PiecewiseCompositor):
            self._compositor.kept = region

    def drawn_strips(self, without: Collection[Widget] = ()) -> list[Strip]:
        """Every line of the screen as it would be drawn now if the widgets `without` did not exist.

        Returns an empty list if Textual lacks one of the private names.
        """
        return self._compositor.strips(without) if isinstance(self._compositor, PiecewiseCompositor) else []

    def _compositor_refresh(self) -> None:
        if not MISSING and self.is_held_back():
            self._compositor._dirty_regions.clear()
            self._dirty_widgets.clear()
            self._repaint_required = False
        else:
            super()._compositor_refresh()


class ListScrollView(ScrollView):
    """A scroll view whose scrollbar a subclass can replace, and that does not redraw the scrollbar after a layout."""

    def scrollbar(self) -> ScrollBar:
        """Make the scrollbar. A subclass may override this."""
        return ScrollBar(vertical=True, name="vertical", thickness=self.scrollbar_size_vertical)

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        if MISSING:
            return super().vertical_scrollbar
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = bar = self.scrollbar()
            bar.display = False
            # Make no scrollbar for a widget that is being removed: nothing would remove the scrollbar.
            if self.is_attached:
                self.app._start_widget(self, bar)
        return self._vertical_scrollbar

    def _scroll_update(self, virtual_size: Size) -> None:
        if MISSING:
            super()._scroll_update(virtual_size)
        else:
            # Textual's own method would also draw the scrollbar again after every layout.
            self._refresh_scrollbars()


class OpenDriver(LinuxDriver):
    """Textual's driver for a terminal, with public names for the private parts that a subclass needs or overrides."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._loop = asyncio.get_running_loop()
        super().__init__(*args, **options)

    @property
    def output(self) -> Any:
        """The file that the driver writes the screen to."""
        return self._file

    @output.setter
    def output(self, file: Any) -> None:
        self._file = file

    @property
    def app(self) -> App[Any]:
        return self._app

    @property
    def debug(self) -> bool:
        return self._debug

    @property
    def is_reading(self) -> bool:
        """Whether the thread that reads keys is running."""
        return self._key_thread is not None and self._key_thread.is_alive()

    @property
    def has_started(self) -> bool:
        """Whether the driver has prepared the terminal at least once."""
        return self._writer_thread is not None

    def limited_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """The size of the screen to draw on a terminal that reports `size` (both as columns, rows).

        A subclass may override this.
        """
        return size

    def may_continue(self) -> bool:
        """Whether to draw again when the stopped process continues. A subclass may override this."""
        return True

    def call_on_loop(self, function: Callable[[], object]) -> None:
        """Call a function on the event loop, from any thread. Nothing is called when the loop has ended."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function)

    def signal_resume(self) -> None:
        """Make the driver inform the application that a suspension has ended, once the terminal is prepared again."""
        self._must_signal_resume = True

    def _get_terminal_size(self) -> tuple[int, int]:
        return self.limited_size(super()._get_terminal_size())

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:
            # Report the error as a crash. Textual would end the application with exit code 0.
            self._app.call_later(crash, self._app, error)

    def _sigtstp_application(self, *_: object) -> None:
        if self._is_handled_on_loop(self._stop):
            return
        os.kill(os.getpid(), signal.SIGSTOP)

    def _stop(self) -> None:
        """Restore the terminal, and stop every process of the job, as the terminal itself does for ctrl+z.

        If only this process stopped, a program that has started recto, such as make or a script, would still wait for
        it, and the shell would not get the terminal back.
        """
        self.suspend_application_mode()
        self.signal_resume()
        # This process stops last, so it ignores the signal that stops the others.
        handler = signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        os.killpg(os.getpgrp(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, handler)
        os.kill(os.getpid(), signal.SIGSTOP)

    def _sigcont_application(self, *_: object) -> None:
        self._is_handled_on_loop(self._continue)

    def _is_handled_on_loop(self, handler: Callable[[], object]) -> bool:
        """Call the handler of a signal on the event loop.

        Return False when the application does not use the terminal now.

        Textual's handlers write to the terminal. If it is called at once, a handler may interrupt the main thread while
        that thread holds the lock of the queue of writes. The handler would wait for this lock forever.
        """
        if not self._auto_restart or not self._loop.is_running():
            return False
        self._loop.call_soon_threadsafe(handler)
        return True

    def _continue(self) -> None:
        if self.may_continue():
            super()._sigcont_application()

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        if self._mouse_pixels:
            # Turn off the reports of the mouse position in pixels. Textual leaves them on, so the next program in the
            # terminal would receive them.
            self.write("\x1b[?1016l")


class CrashReporter(App[None]):
    """An application that writes its own report when an error ends it."""

    _error: Exception | None = None
    _is_reported = False

    def crashed(self, error: Exception) -> None:
        """Called when an error is about to end the application. A subclass may override this."""

    def crash_report(self, error: BaseException | None) -> str:
        """The text to print when `error` has ended the application. A subclass must override this."""
        raise NotImplementedError

    def _handle_exception(self, error: Exception) -> None:
        self._error = self._error or error
        self.crashed(error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Report only the first error, because it may have caused the others.
        if not self._is_reported:
            self._is_reported = True
            self.panic(Text(self.crash_report(sys.exc_info()[1] or self._error), overflow="fold"))


def crash(app: App[Any], error: Exception) -> None:
    """End an application because of an error that no message handler raised."""
    if MISSING:
        app.panic(Text(repr(error)))
    else:
        app._handle_exception(error)


async def run_binding(app: App[Any], key: str) -> bool:
    """Run the action to which Textual has bound a key, and return whether there was one.

    Runs nothing and returns False if Textual lacks one of the private names. Only Textual can find the action in that
    case.
    """
    return not MISSING and await app._check_bindings(key)


def driver_of(app: App[Any]) -> Driver | None:
    """The driver of an application; None when it has none, or if Textual lacks one of the private names."""
    return None if MISSING else app._driver
