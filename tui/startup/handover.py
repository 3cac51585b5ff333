"""The reader as it takes the terminal over from the first page, and leaves a frame for the next one."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import cast

from rich.console import Console, RenderableType
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual._compositor import CompositorUpdate, LayoutUpdate
from textual._context import visible_screen_stack
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

from store import __version__
from store.library import schema
from store.library.library import Library
from store.library.paths import Places
from tui.app import Recto
from tui.screens.library_screen import MainScreen
from tui.settings import themes
from tui.settings.config import Config
from tui.settings.session import Session
from tui.startup import frame
from tui.startup.frame import Frame
from tui.startup.splash import Door
from tui.terminal.driver import TerminalDriver
from tui.widgets.status_line import StatusLine
from tui.workers.search_worker import SearchAnswered

# How often it is looked whether the frame is as it was kept (s).
_EVERY = 1.0


class Reader(Recto):
    """The reader. What it draws before it has papers is not shown over a page that has them."""

    def __init__(
        self,
        library: Library,
        places: Places,
        config: Config,
        left: Session,
        first: Sequence[Path],
        door: Door | None = None,
    ) -> None:
        super().__init__(library, places, config, left, first)
        self.driver_class = cast(type[TerminalDriver], partial(TerminalDriver, door=door))
        self._library = library
        self._config = str(places.config)
        self._fresh_theme = config.theme if config.theme in self.available_themes else themes.DARK.name
        self._door = door
        self._holds = door is not None
        self._is_untouched = True
        self._kept = ""

    def on_ready(self) -> None:
        self.set_interval(_EVERY, self._keep_frame)

    def on_search_answered(self, message: SearchAnswered) -> None:
        """The list has come, or the first part of it where that is shown."""
        _collect()
        if self.main_screen.list.count or not message.answer.partial:
            self._show()
            self.call_after_refresh(self._keep_frame)

    def on_search_failed(self) -> None:
        _collect()
        self._show()

    def _handle_exception(self, error: Exception) -> None:
        # What is said must not go with the first page.
        if self._door is not None:
            self._door.close()
        super()._handle_exception(error)

    def _show(self) -> None:
        """From now on the list is shown as it is drawn."""
        if self._holds:
            self._holds = False
            self.screen.refresh()

    def holds_back(self, screen: MainScreen) -> bool:
        """Whether the first page stays as it is. What the reader does elsewhere than in the list is drawn around it."""
        if not self._holds:
            return False
        papers = screen.list
        if screen is self.screen and papers.region:
            if self._is_untouched and papers.has_focus:
                # All of it is on the terminal already.
                screen._compositor._dirty_regions.clear()
                screen._dirty_widgets.clear()
                screen._repaint_required = False
            else:
                self._is_untouched = False
                around = self._around(papers.region)
                if around.pieces:
                    self._draw(around)
        return True

    def _around(self, region: Region) -> _Around:
        """What has changed around a region since it was last drawn."""
        compositor = self.main_screen._compositor
        whole = compositor.size.region
        above, rest = whole.split_horizontal(region.y)
        beside, below = rest.split_horizontal(region.height)
        left, rest = beside.split_vertical(region.x)
        right = rest.split_vertical(region.width)[1]
        dirty = [*compositor._dirty_regions]
        compositor._dirty_regions.clear()
        visible_screen_stack.set(self._background_screens)
        pieces = []
        for piece in (above, below, left, right):
            if piece and any(map(piece.overlaps, dirty)):
                chops = compositor._render_chops(piece, lambda y: True)
                strips = [Strip.join(chops[y].values()).crop(piece.x, piece.right) for y in piece.line_range]
                pieces.append((piece, strips))
        return _Around(pieces)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if self._holds and screen is self.main_screen:
            return
        self._show()
        super()._display(screen, renderable)

    def _draw(self, around: _Around) -> None:
        super()._display(cast(Screen[object], self.main_screen), cast(RenderableType, around))

    def _drawn(self) -> list[Strip]:
        """The whole screen as it would be drawn now, line by line."""
        update = self.main_screen._compositor.render_update(full=True, screen_stack=self._background_screens)
        assert isinstance(update, LayoutUpdate)
        return [Strip.join(list(line)) for line in update.strips]

    # The frame

    def _keep_frame(self) -> None:
        """Keep the frame for the next start, when there is another than was kept and nothing else on the screen."""
        main = self.main_screen
        papers = main.list
        if self.screen is not main or self.is_headless or main.filtered or not papers.has_focus:
            return
        if len(self._notifications) or any(map(main.has_class, ("-empty", "-views", "-reading"))):
            return
        theme = self.theme_left or self._fresh_theme
        made_for = frame.made_for(__version__, schema.version(), self._config, theme, main.list_share)
        name = frame.key(*self.size)
        if self._kept == name + made_for or not self._has_room():
            return
        self._kept = name + made_for
        text = frame.dump(self._frame(made_for))
        main.writer.write(lambda: _keep(self._library, name, text), lambda _: None, quiet=True)

    def _has_room(self) -> bool:
        """Whether every pane is whole on the screen; on a terminal of a few lines or columns there is no frame."""
        whole = self.main_screen.region
        return bool(self.main_screen.list.scrollable_content_region.size) and all(
            region.size and whole.contains_region(region) for region, _ in self._panes()
        )

    def _frame(self, made_for: str) -> Frame:
        """The screen as it is drawn now without what is in its panes."""
        main = self.main_screen
        papers = main.list
        lines = self._drawn()
        for region, style in self._panes():
            for y in region.line_range:
                left, right = _beside(lines[y], region)
                lines[y] = Strip.join([left, Strip([Segment(" " * region.width, style)]), right])
        region = papers.scrollable_content_region
        place = papers.content_region
        assert region.size
        return Frame(
            made_for=made_for,
            theme=self._fresh_theme,
            column=place.x,
            row=place.y,
            width=region.width,
            height=place.height,
            tall=papers.item_height == 2,
            styles=self._styles(),
            lines=tuple(tuple(self._runs(line)) for line in lines),
        )

    def _panes(self) -> Iterator[tuple[Region, Style]]:
        """What is in the frame, with the colours it has when it is empty."""
        main = self.main_screen
        count = main.query_one("#filter-count")
        for widget in (main.list, main.view_list, main.detail, main.query_one(StatusLine), count):
            if widget.display and widget.region:
                region = widget.region.shrink(widget.styles.border.spacing) if widget is main.detail else widget.region
                yield region, Style(bgcolor=widget.rich_style.bgcolor)

    def _styles(self) -> dict[str, tuple[str, str]]:
        """The styles of the list's pieces: by themselves, and under the cursor."""
        papers = self.main_screen.list
        cursor = papers.get_component_rich_style("lines--cursor", partial=True)
        styles = {"plain": papers.rich_style}
        for name in papers.COMPONENT_CLASSES:
            if name not in ("lines--cursor", "lines--selected"):
                style = papers.rich_style + papers.get_component_rich_style(name, partial=True)
                styles[name.removeprefix("lines--")] = style
        return {name: (self._sgr(style), self._sgr(style + cursor)) for name, style in styles.items()}

    def _sgr(self, style: Style) -> str:
        strip = Strip([Segment("x", style)])
        for each in self.main_screen.list.get_line_filters():
            strip = strip.apply_filter(each, self.main_screen.list.background_colors[1])
        return next(self._runs(strip))[0]

    def _runs(self, strip: Strip) -> Iterator[tuple[str, str]]:
        for text, style, _ in strip:
            system = self.console._color_system
            yield (style._make_ansi_codes(system) if style and system else ""), text


class _Around(CompositorUpdate):
    """Parts of the screen around one where another page stays."""

    def __init__(self, pieces: Sequence[tuple[Region, Sequence[Strip]]]) -> None:
        self.pieces = pieces

    def render_segments(self, console: Console) -> str:
        return "".join(
            Control.move_to(region.x, y).segment.text + strip.render(console)
            for region, strips in self.pieces
            for y, strip in zip(region.line_range, strips, strict=True)
        )


def _collect() -> None:
    """Look for garbage from now on, where that was put off."""
    if not gc.isenabled():
        # What is there by now stays: the reader would stop for 20 ms each time to look through it.
        gc.freeze()
        gc.enable()


def _beside(line: Strip, region: Region) -> tuple[Strip, Strip]:
    """What is before a region and behind it on a line."""
    return line.crop(0, region.x), line.crop(region.right, line.cell_length)


def _keep(library: Library, name: str, text: str) -> None:
    with library.writing(durable=False) as connection:
        connection.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (name, text))
        connection.execute(
            "DELETE FROM setting WHERE key GLOB ? AND rowid NOT IN"
            " (SELECT rowid FROM setting WHERE key GLOB ? ORDER BY rowid DESC LIMIT ?)",
            (f"{frame.KEY} *", f"{frame.KEY} *", frame.MOST),
        )
