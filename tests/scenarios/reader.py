"""Runs recto in this process, without a terminal: tests send keys and clicks, and read each pane as text."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from textual import events
from textual._compositor import LayoutUpdate
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Size
from textual.keys import _character_to_key
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.widget import Widget

from store.library.config_and_library_paths import places
from store.library.library import Library
from store.marks import stored_marks
from tests.waiting import PATIENCE
from tui.render import styled
from tui.screens.library_screen import LibraryScreen
from tui.settings import config, session
from tui.settings.settings_table import SEEN_AFTER
from tui.startup import handover

# A test looks this often whether the condition that it waits for is true (s).
_POLL_SECONDS = 0.003
# Textual's driver passes an event to the queue of the app in this many steps of the event loop.
_STEPS_OF_DRIVER = 3
# After this many steps of the event loop, a message that is being handled probably waits for a thread.
_STEPS_BEFORE_A_PAUSE = 100


def _share_parsed_css() -> None:
    """Let all applications in this process share the rules that were parsed from the same CSS.

    Otherwise, each application would parse its CSS again, which is an eighth of the processor time of a start.
    """
    parse = Stylesheet._parse_rules
    parsed: dict[object, list[RuleSet]] = {}

    def parse_once(stylesheet: Stylesheet, css: str, **details: Any) -> list[RuleSet]:
        key = css, tuple(details.items()), tuple(stylesheet._variables.items())
        if key not in parsed:
            parsed[key] = parse(stylesheet, css, **details)
        return parsed[key]

    Stylesheet._parse_rules = parse_once  # type: ignore[method-assign]


_share_parsed_css()


@asynccontextmanager
async def opened(path: Path, size: tuple[int, int], first: Sequence[Path] = ()) -> AsyncIterator[Reader]:
    """Open recto on the library at `path`, as the program itself does."""
    here = places(path)
    with Library.open(path) as library:
        loaded = config.load(here.config)
        # Mark a paper as seen as soon as it is opened, so that tests need not wait. The configuration of a test may set
        # a delay.
        loaded = msgspec.structs.replace(loaded, values={SEEN_AFTER.name: 0.0, **loaded.values})
        app = handover.Reader(library, here, loaded, session.load(library.reader()), first)
        async with app.run_test(size=size, notifications=True) as pilot:
            reader = Reader(app, pilot)
            await reader.settle()
            yield reader


class Reader:
    """A running recto. Sends it keys and mouse events, and reads its screen as text."""

    def __init__(self, app: handover.Reader, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def main(self) -> LibraryScreen:
        """The library screen, which contains the panes."""
        return self.app.main_screen

    async def press(self, *keys: str) -> None:
        """Press keys, given by name ("enter", "ctrl+d") or as a letter ("/"), and wait until the screen has settled."""
        await self.press_without_waiting(*keys)
        await self.settle()

    async def press_without_waiting(self, *keys: str) -> None:
        """Press keys, and wait only until each has been handled."""
        for key in keys:
            self._send(key_event(key))
            await self._taken()

    async def type(self, text: str) -> None:
        """Type a text, letter by letter, without waiting for the list to be updated after each letter."""
        for letter in text:
            self._send(key_event(letter))
        await self.settle()

    async def click(self, x: int, y: int, *, times: int = 1) -> None:
        """Click on a cell of the screen."""
        for _ in range(times):
            self._send(_mouse(events.MouseDown, x, y, 1))
            self._send(_mouse(events.MouseUp, x, y, 1))
        await self.settle()

    async def drag(self, x: int, start: int, end: int) -> None:
        """Press the mouse in a column of the screen at the line `start`, and release it at the line `end`."""
        self._send(_mouse(events.MouseDown, x, start, 1))
        self._send(_mouse(events.MouseUp, x, end, 1))
        await self.settle()

    async def wheel(self, x: int, y: int, notches: int) -> None:
        """Turn the mouse wheel over a cell: down, or up if the number is negative."""
        kind = events.MouseScrollDown if notches > 0 else events.MouseScrollUp
        for _ in range(abs(notches)):
            self._send(_mouse(kind, x, y, 0))
        await self.settle()

    async def resize(self, width: int, height: int) -> None:
        """Change the size of the terminal."""
        driver = self.app._driver
        assert isinstance(driver, HeadlessDriver)
        driver._size = (width, height)
        self.app.post_message(events.Resize(Size(width, height), Size(width, height)))
        await self._taken()
        # Textual waits for 8 ms, in which more changes of the size may arrive.
        await self.until(lambda: self.app._resize_timer is None, "the screens get the new size")
        assert self.main.size == (width, height)
        await self.settle()

    async def settle(self) -> None:
        """Wait until every mark is on the disk, and the list and the detail pane are up to date."""
        await self._taken()
        settled = False
        while not settled:
            await self.until(self._list_is_right, "the list has come")
            await self.through_the_writer()
            # When a write is finished, its result may cause recto to load the list again, so wait for the list after
            # the writes.
            settled = self._list_is_right()
        await self.until(self._detail_is_right, "the detail has come")
        await self._taken()

    async def through_the_writer(self) -> None:
        """Wait until every mark so far is on the disk and its result has been handled."""
        through: list[None] = []
        self.main.writer.write(lambda: None, through.append)
        await self.until(lambda: through, "every mark is on the disk")

    def _list_is_right(self) -> bool:
        return self.main.search.is_answered and self.main.key_queue.is_empty and not self.app._input

    def _detail_is_right(self) -> bool:
        if self.app.screen is not self.main and not self.app.screen.is_modal:
            # While the triage screen covers the library screen, do not wait for the list: it shows the decisions only
            # when triage ends.
            return True
        paper_id, shown = self.main.list.paper, self.main.detail.paper
        if paper_id is None or shown is None:
            return paper_id is None and shown is None
        return shown.id == paper_id and shown.marks == stored_marks.read(self.main.library.reader(), paper_id)

    async def pause(self, seconds: float) -> None:
        """Wait for a fixed time, so that the test can check that nothing happened in it."""
        await asyncio.sleep(seconds)

    async def until(self, condition: Callable[[], object], description: str) -> float:
        """Wait until `condition()` is true. Returns how long that took (s).

        `description` is part of the error if it stays false.
        """
        began = time.monotonic()
        ends = began + PATIENCE
        while not condition():
            if self.app._exception is not None:
                raise self.app._exception
            if time.monotonic() > ends:
                raise AssertionError(f"not within {PATIENCE:g} s: {description}. The screen:\n{self.text}")
            await asyncio.sleep(_POLL_SECONDS)
            # Draw only when all messages are handled: drawing takes longer than handling a message.
            if self._is_waiting():
                self.app.screen._on_timer_update()
        return time.monotonic() - began

    async def sees(self, *texts: str) -> None:
        """Wait until the screen shows all of these texts."""
        await self.until(lambda: all(text in self.text for text in texts), f"the screen shows {texts}")

    def _send(self, event: events.Event) -> None:
        event.set_sender(self.app)
        driver = self.app._driver
        assert driver is not None
        driver.send_message(event)

    async def _taken(self) -> None:
        """Wait until the events that were sent have been handled by the app and all widgets. Then draw the screen."""
        ends = time.monotonic() + PATIENCE
        steps = 0
        while self.app._exception is None:
            await asyncio.sleep(0 if steps < _STEPS_BEFORE_A_PAUSE else _POLL_SECONDS)
            steps += 1
            if steps >= _STEPS_OF_DRIVER and self._is_waiting():
                self.app.screen._on_timer_update()
                # A new layout sends messages to widgets.
                if self._is_waiting():
                    return
            if time.monotonic() > ends:
                raise AssertionError(f"messages were not handled within {PATIENCE:g} s. The screen:\n{self.text}")

    def _is_waiting(self) -> bool:
        """Whether the app, its screens and all widgets of the current screen wait for their next message."""
        screens = self.app.screen_stack
        return all(map(_waits, (self.app, *screens, *(screens[-1].walk_children() if screens else ()))))

    @property
    def rows(self) -> list[str]:
        """The lines of the list, without the bar that marks the cursor."""
        return [line[1:] for line in shown(self.main.list)]

    @property
    def titles(self) -> list[str]:
        """The titles in the list, shortened where the list is too narrow."""
        papers = self.main.list
        step = papers.item_height
        lines = self.rows[: papers.count * step : step]
        titles: list[str] = []
        for index, line in enumerate(lines, papers.first):
            # The list shows dots for a paper that it has not loaded yet. Read the title from the screen, because a call
            # of the list would load the paper.
            if line.strip() not in ("", "…"):
                row, columns = papers._rows.get(papers._ids[index]), papers._rows._columns
                # The title begins after the marks, and ends at two or more blanks; counts and dates follow.
                head = line[columns.marks_width if columns else 0 :].split("  ")[0].split("…")[0].strip()
                # A title that is too long for the first line continues in the second line.
                whole = styled.title(row.title) if row else head
                titles.append(whole if step == 2 and whole.startswith(head) else head)
        return titles

    @property
    def listed(self) -> list[str]:
        """The titles in the list.

        A paper that no longer belongs to the list, but stays until the cursor moves, is left out.
        """
        lines = self.main.list
        held = lines.cursor - lines.first if lines.is_holding else -1
        return [title for index, title in enumerate(self.titles) if index != held]

    @property
    def views(self) -> list[str]:
        """The lines of the views pane, without the bar that marks the cursor."""
        return [line[1:] for line in shown(self.main.view_list) if line]

    def count_of(self, view: str) -> int | None:
        """The number of papers that the views pane shows for a view; None when it does not show the view."""
        for line in self.views:
            # Each line has a key, a name and a count; a heading has only a name.
            *name, count = line[2:].split()
            # Some views have a bar (a small chart of block characters) before the count.
            if " ".join(word for word in name if word.strip("█▏▎▍▌▋▊▉")) == view:
                return int(count.replace(",", ""))
        return None

    async def counts(self, view: str, count: int | None) -> float:
        """Wait until the views pane shows `count` for a view, because the views are counted after the list is shown.

        Returns how long that took (s).
        """
        return await self.until(lambda: self.count_of(view) == count, f"the count of {view} is {count}")

    @property
    def detail(self) -> str:
        """The whole text of the detail pane, including the part that must be scrolled to."""
        return "\n".join(shown(self.main.detail.query_one("#detail-text")))

    @property
    def status(self) -> str:
        """The text of the status line."""
        return shown(self.main.status)[0].strip()

    @property
    def where(self) -> str:
        """The part of the status line with the name of the view. It is before the position of the cursor."""
        return re.split(r" · [\d,]+ of | {2,}", self.status.strip())[0]

    @property
    def count(self) -> str:
        """The number of papers that the screen shows at the right of the filter."""
        return shown(self.main.query_one("#filter-count"))[0].strip()

    @property
    def toasts(self) -> list[str]:
        """The messages in the bar at the bottom of the screen, oldest first."""
        return self.main.notices.texts

    @property
    def paper(self) -> str:
        """The title of the paper under the cursor, as the list shows it."""
        lines = self.main.list
        return self.titles[lines.cursor - lines.first]

    @property
    def cursor_line(self) -> int:
        """The line of the list that the cursor is on, counted from 0 at its top."""
        lines = self.main.list
        return lines.cursor * lines.item_height - lines.scroll_offset.y

    @property
    def lines(self) -> list[str]:
        """The lines of the whole screen, including dialogs and toasts (short messages)."""
        screen = self.app.screen
        update = screen._compositor.render_update(full=True, screen_stack=self.app._background_screens)
        assert isinstance(update, LayoutUpdate)
        return ["".join(segment.text for strip in line for segment in strip).rstrip() for line in update.strips]

    @property
    def text(self) -> str:
        """The text of the whole screen."""
        return "\n".join(self.lines)


def shown(widget: Widget) -> list[str]:
    """The text of a widget, line by line, without blanks at the ends of the lines."""
    if widget.is_container and not hasattr(widget, "item_line"):
        height = widget.size.height
        lines = [""] * height
        for child in widget.query(Widget):
            if child.display and not child.is_container:
                offset = child.region.offset - widget.content_region.offset
                for number, line in enumerate(shown(child), offset.y):
                    if 0 <= number < height:
                        lines[number] = lines[number].ljust(offset.x) + line
        return [line.rstrip() for line in lines]
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


def _waits(pump: MessagePump) -> bool:
    """Whether a part of the application has handled all its messages, or has ended."""
    messages = pump._message_queue
    # While a message is handled, nothing waits for the event that says that there is another one.
    has_handled_all = messages.empty() and bool(messages.ready_event._waiters) and not pump._next_callbacks
    return has_handled_all or pump._closing or pump._closed


def key_event(key: str) -> events.Key:
    """The Textual event of a key that is given by its name ("enter", "ctrl+d") or as the character ("/")."""
    return events.Key(_character_to_key(key), key) if len(key) == 1 else events.Key(key, None)


def _mouse(kind: Callable[..., events.MouseEvent], x: int, y: int, button: int) -> events.MouseEvent:
    return kind(
        None, x=x, y=y, delta_x=0, delta_y=0, button=button, shift=False, meta=False, ctrl=False, screen_x=x, screen_y=y
    )
