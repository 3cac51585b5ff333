"""Every private name of Textual that recto uses: all are checked here, once, when this module is imported.

When Textual has all of them (`MISSING` is empty) recto reads keys, draws and ends in the ways of its own that the
classes and functions below serve. When one is missing, or takes other parameters, recto leaves all of this to stock
Textual: it is slower then, prints no first page at the start, and does everything else. A new version of Textual can
therefore cost speed, but cannot break recto here.

Other modules of `tui` use no private name of Textual; a test holds them to it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from rich.text import Text
from textual.app import App
from textual.driver import Driver
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget

# Classes and tables, as "module:name", each with the names that recto uses of it. A name with parentheses is a method
# that takes these parameters; any other is an attribute, of the class or set when an object is made.
EXPECTED = {
    "textual._ansi_sequences:ANSI_SEQUENCES_KEYS": "",
    "textual._keyboard_protocol:FUNCTIONAL_KEYS": "",
    "textual._xterm_parser:XTermParser": "mouse_pixels terminal_size terminal_pixel_size feed(data)",
    "textual.drivers._writer_thread:WriterThread": "write(text) flush()",
    "textual.drivers.linux_driver:LinuxDriver": (
        "_app _debug _file _key_thread _writer_thread _must_signal_resume _mouse_pixels fileno attrs_before"
        " write(data) close() start_application_mode() suspend_application_mode() resume_application_mode()"
        " run_input_thread() disable_input() _run_input_thread() _disable_mouse_support() _get_terminal_size()"
        " _sigcont_application()"
    ),
    "textual._compositor:ChopsUpdate": "__init__(chops,spans,chop_ends)",
    "textual._compositor:Compositor": (
        "_dirty_regions _full_map _visible_map full_map cuts size visible_widgets _regions_to_spans(regions)"
        " _render_chops(crop,is_rendered_line) render_partial_update() render_full_update(simplify)"
    ),
    "textual.screen:Screen": (
        "_compositor _dirty_widgets _layout_required _scroll_required _repaint_required"
        " _compositor_refresh() _on_timer_update()"
    ),
    "textual.widget:Widget": "_repaint_required _vertical_scrollbar _refresh_scrollbars() _scroll_update(virtual_size)",
    "textual.app:App": (
        "_driver _batch_count _start_widget(parent,widget) _check_bindings(key,priority) _handle_exception(error)"
        " _fatal_error()"
    ),
}


def _object(place: str) -> Any:
    """The class or table at "module:name"; None when Textual has none there."""
    module, _, name = place.partition(":")
    try:
        return getattr(importlib.import_module(module), name, None)
    except ImportError:
        return None


def _has(owner: Any, name: str) -> bool:
    """Whether a class has an attribute, or a method that takes the parameters in the parentheses behind its name."""
    name, is_method, parameters = name.rstrip(")").partition("(")
    if is_method:
        code = getattr(getattr(owner, name, None), "__code__", None)
        return code is not None and ",".join(code.co_varnames[1 : code.co_argcount]) == parameters
    constructors = (base.__dict__["__init__"] for base in owner.__mro__[:-1] if "__init__" in base.__dict__)
    return hasattr(owner, name) or any(
        name in code.co_names for each in constructors if (code := getattr(each, "__code__", None))
    )


def missing() -> list[str]:
    """The names in `EXPECTED` that this version of Textual lacks."""
    lacking: list[str] = []
    for place, names in EXPECTED.items():
        owner = _object(place)
        lacking += [place] if owner is None else [f"{place}.{name}" for name in names.split() if not _has(owner, name)]
    return lacking


MISSING = missing()

if TYPE_CHECKING:
    from textual._ansi_sequences import ANSI_SEQUENCES_KEYS as ANSI_SEQUENCES_KEYS
    from textual._compositor import ChopsUpdate, Compositor
    from textual._keyboard_protocol import FUNCTIONAL_KEYS as FUNCTIONAL_KEYS
    from textual._xterm_parser import XTermParser as XTermParser
    from textual.drivers.linux_driver import LinuxDriver
else:
    # What stands in for a missing name is never used.
    ANSI_SEQUENCES_KEYS = _object("textual._ansi_sequences:ANSI_SEQUENCES_KEYS") or {}
    FUNCTIONAL_KEYS = _object("textual._keyboard_protocol:FUNCTIONAL_KEYS") or {}
    XTermParser = _object("textual._xterm_parser:XTermParser") or object
    ChopsUpdate = _object("textual._compositor:ChopsUpdate") or object
    Compositor = _object("textual._compositor:Compositor") or object
    LinuxDriver = _object("textual.drivers.linux_driver:LinuxDriver") or Driver

# The pieces of the screen's lines, by the column that each starts at; None for a piece that is not to be drawn.
Pieces = Sequence[Mapping[int, Strip | None]]
# What is to be drawn: line, first column, column behind the last.
Spans = Sequence[tuple[int, int, int]]
# Draws pieces: the columns at which the pieces of each line start and end, the widgets from front to back with region
# and clip, and the spans.
Draw = Callable[[Sequence[Sequence[int]], Mapping[Widget, tuple[Region, Region]], Spans], Pieces]


class PiecewiseCompositor(Compositor):
    """Textual's compositor, which has its pieces drawn by a function."""

    def __init__(self, draw: Draw) -> None:
        super().__init__()
        self._draw_pieces = draw
        # The part of the terminal that is left as it is; None for none.
        self.kept: Region | None = None

    @property
    def full_map(self) -> Any:
        """The place of each widget. Widgets that have moved since the last time are drawn again.

        Textual arranges the widgets here if a new one must be drawn before the next layout. That layout then finds
        that nothing has changed, and Textual would leave the widgets around the new one as they were.
        """
        before, scrolled = self._full_map, self._visible_map or {}
        places = super().full_map
        if places is not before:
            changed = places.items() ^ {**before, **scrolled}.items()
            self._dirty_regions |= {seen for _, place in changed if (seen := place.clip.intersection(place.region))}
        return places

    def render_partial_update(self) -> ChopsUpdate | None:
        """What has changed; None when nothing has."""
        dirty = [seen for region in self._dirty_regions if (seen := region.intersection(self.size.region))]
        self._dirty_regions.clear()
        if not dirty:
            return None
        spans = list(self._regions_to_spans(dirty))
        return ChopsUpdate(self._pieces(spans), spans, [cuts[1:] for cuts in self.cuts])

    def render_full_update(self, simplify: bool = False) -> Any:
        """The whole screen, without the part that is kept."""
        if self.kept is None:
            return super().render_full_update(simplify)
        self._dirty_regions = {self.size.region}
        return self.render_partial_update()

    def _render_chops(self, crop: Region, is_rendered_line: Callable[[int], bool]) -> Sequence[Mapping[int, Strip]]:
        pieces = self._pieces([(y, *crop.column_span) for y in crop.line_range if is_rendered_line(y)])
        # Textual asks for whole lines here, so that no piece is None.
        return cast("Sequence[Mapping[int, Strip]]", pieces)

    def _pieces(self, spans: Spans) -> Pieces:
        return self._draw_pieces(self.cuts, self.visible_widgets, _without(spans, self.kept))

    def strips(self, without: Collection[Widget]) -> list[Strip]:
        """Every line of the screen as it would be drawn now without some widgets, whose places are blank."""
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
    """The parts of spans outside a region."""
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
    """A screen whose drawing a subclass decides. Each method does nothing where Textual lacks a name (`MISSING`)."""

    def __init__(self, draw: Draw) -> None:
        super().__init__()
        if not MISSING:
            self._compositor = PiecewiseCompositor(draw)

    def is_held_back(self) -> bool:
        """Whether nothing is drawn now, because the terminal shows what the screen will show. For a subclass."""
        return False

    @property
    def has_changed_widgets(self) -> bool:
        """Whether a widget has asked to be drawn again."""
        return not MISSING and bool(self._dirty_widgets)

    def draw_changes(self, *, ask_widgets: bool = False) -> None:
        """Draw what has changed without waiting for Textual's next frame, unless something must be laid out first.

        `ask_widgets`: draw also those widgets whose message about a change is still on its way.
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
        """Leave a part of the terminal as it is while everything else is drawn; None to draw everything."""
        if isinstance(self._compositor, PiecewiseCompositor):
            self._compositor.kept = region

    def drawn_strips(self, without: Collection[Widget] = ()) -> list[Strip]:
        """Every line of the screen as it would be drawn now, without some widgets; no line where that is not known."""
        return self._compositor.strips(without) if isinstance(self._compositor, PiecewiseCompositor) else []

    def _compositor_refresh(self) -> None:
        if not MISSING and self.is_held_back():
            self._compositor._dirty_regions.clear()
            self._dirty_widgets.clear()
            self._repaint_required = False
        else:
            super()._compositor_refresh()


class ListScrollView(ScrollView):
    """A scroll view with a scrollbar of its own, which no layout draws again."""

    def scrollbar(self) -> ScrollBar:
        """A new scrollbar. For a subclass."""
        return ScrollBar(vertical=True, name="vertical", thickness=self.scrollbar_size_vertical)

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        if MISSING:
            return super().vertical_scrollbar
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = bar = self.scrollbar()
            bar.display = False
            self.app._start_widget(self, bar)
        return self._vertical_scrollbar

    def _scroll_update(self, virtual_size: Size) -> None:
        if MISSING:
            super()._scroll_update(virtual_size)
        else:
            # Textual would also draw the bar, after every layout.
            self._refresh_scrollbars()


class OpenDriver(LinuxDriver):
    """Textual's driver for a terminal, with the parts that a subclass changes under public names."""

    @property
    def output(self) -> Any:
        """The file that is drawn on."""
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
        """Whether the thread that reads keys runs."""
        return self._key_thread is not None and self._key_thread.is_alive()

    @property
    def has_started(self) -> bool:
        """Whether the driver has had the terminal."""
        return self._writer_thread is not None

    def limited_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """The size to draw (columns, rows) on a terminal that says it has this one. For a subclass."""
        return size

    def may_continue(self) -> bool:
        """Whether the reader may draw again after it was stopped. For a subclass."""
        return True

    def signal_resume(self) -> None:
        """Tell the application, once the terminal is taken again, that it was given back for a while."""
        self._must_signal_resume = True

    def _get_terminal_size(self) -> tuple[int, int]:
        return self.limited_size(super()._get_terminal_size())

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:
            # Textual would end the reader with exit code 0.
            self._app.call_later(crash, self._app, error)

    def _sigcont_application(self, *_: object) -> None:
        if self.may_continue():
            super()._sigcont_application()

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        if self._mouse_pixels:
            # Textual leaves this mode on: the next program would receive clicks in pixels.
            self.write("\x1b[?1016l")


class CrashReporter(App[None]):
    """An application that words the report of an error which ends it."""

    _error: Exception | None = None
    _is_reported = False

    def crashed(self, error: Exception) -> None:
        """An error ends the application. For a subclass."""

    def crash_report(self, error: BaseException | None) -> str:
        """What is printed when an error has ended the application. For a subclass."""
        raise NotImplementedError

    def _handle_exception(self, error: Exception) -> None:
        self._error = self._error or error
        self.crashed(error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # One report is enough: the first error may have caused the others.
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
    """Run the action that a key is bound to; whether there was one. False where only Textual can find it."""
    return not MISSING and await app._check_bindings(key)


def driver_of(app: App[Any]) -> Driver | None:
    """The driver of an application; None when it has none, or that is not known."""
    return None if MISSING else app._driver
