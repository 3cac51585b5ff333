"""A result that was computed for a dialog arrives after the dialog was closed, even before the dialog was complete."""

from __future__ import annotations

from datetime import date

from store.statistics import reading
from tests.scenarios.conftest import OpenReader
from tui.screens.statistics_dialog import StatisticsDialog


async def test_statistics_for_a_dialog_that_was_closed_before_it_was_complete_are_dropped(reader: OpenReader) -> None:
    async with reader() as shown:
        library = shown.main.library
        dialog = StatisticsDialog(library)
        shown.app.push_screen(dialog)
        shown.app.pop_screen()
        found = reading.read(library.reader(), date.today())
        await shown.until(lambda: not dialog.is_attached, "the dialog is closed")
        dialog.on_statistics_dialog_computed(StatisticsDialog.Computed(found))
        dialog.on_resize()
        await shown.press("j")
        assert shown.app.screen is shown.main
