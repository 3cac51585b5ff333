"""The dialog with the statistics. They are computed in another thread, because this takes up to a second."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date

from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from store.library.library import Library
from store.model.errors import LibraryError
from store.statistics import reading
from store.statistics.reading import Statistics
from tui.render.statistics_page import statistics_text
from tui.screens.dialogs import DEFAULT_KEYS
from tui.screens.page_dialog import Page
from tui.workers.messages import WorkFailed

# The part of the width that the text cannot use (cells): the scrollbar and the gap before it.
_SCROLLBAR = 3


class StatisticsDialog(Page):
    """A page of charts. They are drawn again when the size of the terminal changes."""

    class Computed(Message):
        """The thread that computes the statistics has finished."""

        def __init__(self, found: Statistics) -> None:
            super().__init__()
            self.found = found

    def __init__(self, library: Library, keymap: Mapping[str, str] = DEFAULT_KEYS) -> None:
        super().__init__("Statistics", Content.styled("counting …", "$muted"), keymap, "statistics")
        self._library = library
        self._found: Statistics | None = None
        self._static = Static("counting …", id="page-text")

    def body(self) -> Iterable[Widget]:
        yield VerticalScroll(self._static, id="page-scroll", can_focus=False)

    def on_mount(self) -> None:
        self._library.read_in_background(self._compute, "statistics")

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def on_statistics_dialog_computed(self, message: StatisticsDialog.Computed) -> None:
        self._found = message.found
        self._draw()

    def on_work_failed(self, message: WorkFailed) -> None:
        message.stop()
        self.say(message.text, error=True)

    def _compute(self) -> None:
        try:
            found = reading.read(self._library.reader(), date.today())
        except (LibraryError, sqlite3.Error) as error:
            self.post_message(WorkFailed(f"the statistics could not be computed: {error}"))
        else:
            self.post_message(self.Computed(found))

    def _draw(self) -> None:
        # There is no widget for the text if the dialog was closed before its widgets were created.
        view = self._view
        if self._found is not None and view is not None and view.size.width:
            self._static.update(statistics_text(self._found, view.size.width - _SCROLLBAR))
