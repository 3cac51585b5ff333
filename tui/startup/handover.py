"""The application in the form in which it runs in a terminal.

Before the application starts, `tui.startup.splash` has printed a first page, which is a copy of the last screen. The
application takes over the terminal while this page is still on it. At its end it stores a copy of the screen for the
next start.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from store.library.config_and_library_paths import Places
from store.library.library import Library
from store.model.errors import LibraryError
from tui.app import Recto
from tui.screens.library_screen import LibraryScreen
from tui.settings.config import Config
from tui.settings.session import Session
from tui.startup import last_page
from tui.startup.splash import Splash
from tui.terminal import tuning
from tui.terminal.driver import TerminalDriver
from tui.terminal.textual_internals import driver_of
from tui.terminal.textual_names import MISSING
from tui.widgets.status_line import StatusLine
from tui.workers.search_worker import SearchAnswered
from tui.workers.write_worker import changes_of_others

if TYPE_CHECKING:
    from rich.console import RenderableType

# If a file is changed twice within this time, it may get the same modification time from both changes (s).
_TICK_SECONDS = 0.01


class Reader(Recto):
    """The application.

    The first page, which was printed before the start, stays visible until the list can be drawn.
    """

    def __init__(
        self,
        library: Library,
        places: Places,
        config: Config,
        left: Session,
        first: Sequence[Path],
        splash: Splash | None = None,
    ) -> None:
        super().__init__(library, places, config, left, first)
        self._places = places
        self._library = library
        self._splash = splash
        self._waits_for_list = splash is not None
        # Whether the terminal still shows only the first page, which was printed before the application started.
        self._is_untouched = True
        self._commits_at_start = changes_of_others(library, wait=False)
        # The lines of the screen when the application ended, and the value of `changes_of_others` for the data that the
        # lines show. It is None until `exit` is called, and stays None if the screen of the next start will be
        # different.
        self._page: tuple[list[str], int | None] | None = None
        if splash is not None and not MISSING:
            self.driver_class = self.driver(splash)

    def on_search_answered(self, message: SearchAnswered) -> None:
        """Draw the list from now on, if it now contains the answer to the search or the first part of the answer."""
        tuning.collect_garbage()
        if self.main_screen.list.count or not message.answer.partial:
            self._show_list()

    def on_search_failed(self) -> None:
        tuning.collect_garbage()
        self._show_list()

    def crashed(self, error: Exception) -> None:
        # The first page is on the alternate screen of the terminal. Leave that screen before the report of the error is
        # printed on it, because the report would vanish with the screen.
        if self._splash is not None:
            self._splash.close()
        super().crashed(error)

    def _show_list(self) -> None:
        """Draw the list from now on. Until this call, the printed first page stays visible in the area of the list."""
        if self._waits_for_list:
            self._waits_for_list = False
            self.main_screen.keep_on_terminal(None)
            self.screen.refresh()

    def holds_back(self, screen: LibraryScreen) -> bool:
        """Whether `screen` must not draw anything yet, because the printed first page already shows all of it.

        The result is False once a key has opened another screen or moved the focus. Everything except the list is then
        drawn.
        """
        papers = screen.list
        if not self._waits_for_list or not self._is_untouched:
            return False
        if screen is self.screen and papers.region and papers.has_focus:
            return True
        self._is_untouched = False
        screen.keep_on_terminal(papers.region)
        self.call_next(screen.refresh)
        return False

    # The methods below store the page for the next start.

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """End the application. The next start prints the screen as it is now."""
        if self._page is None and self._is_as_after_a_start():
            commits = self.main_screen.changes.shown
            self._page = self._painted(), self._commits_at_start if commits is None else commits
        super().exit(result, return_code, message)

    def store_page(self) -> None:
        """Store the page that the next start prints, if `exit` has made one.

        This must be called after the application has ended, when nothing else in this process uses the library any
        more.
        """
        # Errors are ignored: if no page is stored, the next start prints no first page, and nothing else is lost.
        with contextlib.suppress(OSError, LibraryError, sqlite3.Error):
            if self._page is not None and (conditions := self._conditions_of(self._page[1])):
                last_page.save(str(self._library.path), conditions, self._page[0])

    def _conditions_of(self, commits: int | None) -> str | None:
        """The conditions under which the page may be printed.

        None when the library has changed since the page was drawn.

        `commits` is the value of `changes_of_others` for the data that the page shows.
        """
        reader, path = self._library.reader(), str(self._library.path)
        version = self._library.data_version()
        if commits is None or commits != changes_of_others(self._library, wait=False):
            return None
        if self._library.holds_lock:
            # Write SQLite's write-ahead log back into the library file now. Otherwise that would happen when the
            # library is closed, and would change the file after its state was recorded in the conditions.
            reader.execute("PRAGMA busy_timeout = 0")
            reader.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            # Wait until the clock has advanced, so that a later commit gives the file another modification time.
            time.sleep(min(_TICK_SECONDS, max(0.0, _TICK_SECONDS - (time.time() - self._library.path.stat().st_mtime))))
        conditions = last_page.conditions(path, str(self._places.config), self.size)
        return conditions if self._library.data_version() == version else None

    def _is_as_after_a_start(self) -> bool:
        """Whether the screen shows every change that the user has made, and will look the same after the next start."""
        main = self.main_screen
        return (
            not MISSING
            and not self.is_headless
            and self.screen is main
            and main.list.has_focus
            and bool(main.list.size)
            and main.region.contains_region(main.list.region)
            and _is_settled(main)
            # A long message in the bar below the panes makes the list shorter, but that message will not be shown after
            # the next start.
            and main.panes.region.bottom == main.status.region.y
            and not any(map(main.has_class, ("-empty", "-views", "-reading")))
        )

    def _painted(self) -> list[str]:
        """The lines of the screen with their colours as escape sequences.

        Notices are left out, and the areas of `_filled_later` are blank.
        """
        main = self.main_screen
        # Compute the widths of the columns from the rows on the screen, because the next start will know only these
        # rows.
        main.list.forget_columns()
        lines = main.drawn_strips(set(main.query("ToastRack, ToastRack *, Tooltip, #notice")))
        for region, style in self._filled_later():
            blank = Strip([Segment(" " * region.width, style)])
            for y in region.line_range:
                line = lines[y]
                lines[y] = Strip.join([line.crop(0, region.x), blank, line.crop(region.right, line.cell_length)])
        driver = driver_of(self)
        painted = [line.render(self.console) for line in lines]
        return [driver.as_written(line) for line in painted] if isinstance(driver, TerminalDriver) else painted

    def _filled_later(self) -> Iterator[tuple[Region, Style]]:
        """The areas of the screen that are filled only after the list at a start, each with its background colour."""
        main = self.main_screen
        for widget in (
            main.view_list,
            main.view_strip,
            main.detail,
            main.query_one(StatusLine),
            main.query_one("#filter-count"),
        ):
            region = widget.region.shrink(widget.styles.border.spacing).intersection(main.region)
            if widget.display and region:
                yield region, Style(bgcolor=widget.rich_style.bgcolor)


def _is_settled(main: LibraryScreen) -> bool:
    """Whether the list will be the same after the next start.

    It will be the same if no search, no write and no import that the user requested is running, if no paper is
    selected, and if every shown paper still belongs to the view and the filter.
    """
    is_quiet = main.search.is_answered and main.writer.is_idle and not main.imports.is_awaited
    return is_quiet and not main.list.selected_count and not main.list.is_holding
