"""The calendar: a dialog that shows a month with the number of papers of each day, and opens a day, week or month."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from store.library.library import Library
from store.model.errors import LibraryError
from store.papers import listing_days, periods
from store.papers.views import View
from store.text.dates import day_name, shifted
from tui.render import wording
from tui.render.calendar_grid import day_at, grid
from tui.screens.dialogs import DEFAULT_KEYS, Reading
from tui.workers.messages import WorkFailed

# Keys that move the cursor and are not bound to an action of the list of papers, each with the number of days to move.
_DAYS = {"left": -1, "right": 1, "h": -1, "l": 1}
_MONTHS = {"left_square_bracket": -1, "right_square_bracket": 1, "pageup": -1, "pagedown": 1}
_OPENING = "enter opens the day · w its week · m its month"
_MOVING = "[ ] other months · t newest day · esc closes"


class CalendarDialog(Reading[View]):
    """A month as a grid of days. The result is the view of the day, week or month that the user chose."""

    shape = "-calendar"

    class Counted(Message):
        """The thread that counts the papers of each day of `month` has finished."""

        def __init__(self, month: str, counts: Mapping[date, int]) -> None:
            super().__init__()
            self.month = month
            self.counts = counts

    def __init__(self, library: Library, day: date, keymap: Mapping[str, str] = DEFAULT_KEYS) -> None:
        """`day` is the day under the cursor at first."""
        super().__init__("Calendar", f"{_OPENING}\n{_MOVING}", keymap, "calendar")
        self._library = library
        self.day = day
        # The days of the month that have papers; None while the papers are being counted.
        self._counts: Mapping[date, int] | None = None
        self._month = ""
        # Whether to open the day under the cursor as soon as its papers are counted, because the user has pressed
        # enter.
        self._opens = False
        self._grid = Static(id="calendar")

    def body(self) -> Iterable[Widget]:
        yield self._grid

    def on_mount(self) -> None:
        self._show()

    @property
    def page(self) -> int:
        # In other dialogs, these keys move by a page. In this dialog, `take` makes them move by a month.
        return 1

    async def take(self, event: events.Key) -> bool:
        if event.key in _DAYS:
            self._move_to(self.day, _DAYS[event.key])
        elif event.key in _MONTHS:
            self._move_months(_MONTHS[event.key])
        else:
            return await super().take(event)
        return True

    def move(self, lines: int) -> None:
        """Move the cursor one week down or up if `lines` is 1 or -1.

        For any other number, move it to the newest listing day, or to the oldest one if `lines` is negative.
        """
        if abs(lines) == 1:
            self._move_to(self.day, 7 * lines)
            return
        connection = self._library.reader()
        found = listing_days.after(connection, "") if lines < 0 else listing_days.latest(connection)
        if found:
            self._move_to(date.fromisoformat(found))

    def do(self, action_id: str | None, event: events.Key) -> bool:
        match event.key:
            case "enter":
                self._open()
            case "w":
                self.dismiss(View("week", periods.containing("week", self.day)))
            case "m":
                self.dismiss(View("month", periods.containing("month", self.day)))
            case "t":
                self.move(2)
            case _:
                return False
        return True

    def _open(self) -> None:
        if self._counts is None:
            self._opens = True
        elif self._counts.get(self.day):
            self.dismiss(View("day", self.day.isoformat()))
        else:
            # The message replaces the hint, which has two lines. So the message has two lines as well, and the dialog
            # does not change its height.
            self.say(f"no paper was listed on {day_name(self.day)}\n{_MOVING}")

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to a day that was clicked, and open it if it was clicked twice."""
        offset = event.get_content_offset(self._grid)
        day = day_at(self._month, offset.x, offset.y) if offset is not None else None
        if day is not None:
            self._move_to(day)
            if event.chain == 2:
                self._open()

    def _move_to(self, day: date, days: int = 0) -> None:
        try:
            self.day = day + timedelta(days=days)
        except OverflowError:
            return
        self.say()
        self._show()

    def _move_months(self, months: int) -> None:
        first = self.day.replace(day=1)
        # The date 45 days after the first day of a month is always in the next month, and the day before the first day
        # is in the previous month.
        other = shifted(first, 45 if months > 0 else -1)
        last = periods.period("month", periods.containing("month", other)).last
        self._move_to(last.replace(day=min(self.day.day, last.day)))

    def _show(self) -> None:
        month = periods.containing("month", self.day)
        if month != self._month:
            self._month = month
            self._counts = None
            self._opens = False
            # Count in another thread, because a month may have tens of thousands of papers.
            self._library.read_in_background(lambda: self._count(month), "calendar")
        else:
            self._draw()

    def _count(self, month: str) -> None:
        first, last = periods.period("month", month)
        try:
            counts = listing_days.counts(self._library.reader(), first.isoformat(), last.isoformat())
        except (LibraryError, sqlite3.Error) as error:
            self.post_message(WorkFailed(f"the papers could not be counted: {error}"))
        else:
            self.post_message(self.Counted(month, {date.fromisoformat(day): papers for day, papers in counts}))

    def on_calendar_dialog_counted(self, message: CalendarDialog.Counted) -> None:
        if message.month == self._month:
            self._counts = message.counts
            self._draw()
            if self._opens:
                self._opens = False
                self._open()

    def on_work_failed(self, message: WorkFailed) -> None:
        message.stop()
        self.say(message.text, error=True)

    def _draw(self) -> None:
        month = day_name(self.day, "month")
        title = (
            month if self._counts is None else f"{month}: {wording.count(sum(self._counts.values()), 'listed paper')}"
        )
        for label in self.query(".dialog-title").results(Static):
            label.update(Content(title))
        self._grid.update(grid(self._month, self._counts or {}, self.day, date.today()))
