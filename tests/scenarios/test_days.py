"""The pages with the papers of a day, week or month: moving to the next page, and choosing one in the calendar."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader
from tests.scenarios.terminal import run
from tui.screens.calendar_dialog import CalendarDialog

SECOND = "Hydrofoil Control by Reinforcement Learning"


def import_winter(library: Path, tmp_path: Path) -> None:
    """Import a listing of 21 November 2025. The library already contains one of 30 September 2025."""
    winter = papers.write(tmp_path / "more", papers.WINTER, papers.WINTER_DAY)
    assert run("--library", library, "import", winter).returncode == 0


async def test_brackets_go_from_day_to_day_and_elsewhere_from_paper_to_paper(
    reader: OpenReader, library: Path, tmp_path: Path
) -> None:
    import_winter(library, tmp_path)
    async with reader() as screen:
        await screen.press("2", "]")
        assert (screen.where, screen.main.list.cursor) == ("All", 1)
        await screen.press("D", "enter")
        assert (screen.where, screen.main.list.count) == ("21 Nov 2025", 3)
        assert "Earlier" in screen.lines[-1] and "Later" in screen.lines[-1]
        await screen.press("[")
        assert (screen.where, screen.main.list.count) == ("30 Sep 2025", 24)
        await screen.press("right")
        assert screen.paper == SECOND
        await screen.press("enter", "]")
        assert screen.main.list.cursor == 2 and screen.where == "30 Sep 2025"
        await screen.press("escape", "[")
        assert screen.status.endswith("no earlier papers")
        await screen.press("]")
        assert screen.where == "21 Nov 2025"
        # The message was about the previous key, so this key removes it.
        assert "no earlier papers" not in screen.status
        await screen.press("]")
        assert screen.status.endswith("no later papers")


async def test_the_calendar_shows_how_many_papers_each_day_has_and_opens_days_weeks_and_months(
    reader: OpenReader, library: Path, tmp_path: Path
) -> None:
    import_winter(library, tmp_path)
    async with reader((80, 24)) as screen:
        await screen.press("D")
        await screen.sees("Nov 2025: 3 listed papers", "[21]", "█   3")
        await screen.press("h", "k", "left", "down", "l")
        await screen.sees("[20]")
        await screen.press("enter")
        await screen.sees("no paper was listed on 20 Nov 2025")
        await screen.press("[", "[")
        await screen.sees("Sep 2025: 24 listed papers", "[20]", "█  24")
        await screen.press("j", "j", "l")
        await screen.sees("Oct 2025: 0 listed papers", "[5]")
        await screen.press("g")
        await screen.sees("[30]", "█  24")
        await screen.press("w")
        assert screen.where == "Week 40, 29 Sep – 5 Oct 2025"
        assert screen.main.list.count == 24
        await screen.press("]")
        assert screen.where == "Week 47, 17 Nov – 23 Nov 2025"
        await screen.press("D", "m")
        assert (screen.where, screen.main.list.count) == ("Nov 2025", 3)
        await screen.press("D")
        await screen.sees("Nov 2025")
        await screen.press("D")
        assert screen.app.screen is screen.main


async def test_a_click_in_the_calendar_chooses_a_day(reader: OpenReader) -> None:
    async with reader((80, 24)) as screen:
        await screen.press("D")
        await screen.sees("Sep 2025: 24 listed papers")
        row, line = next((y, line) for y, line in enumerate(screen.lines) if " 15 " in line and "W38" in line)
        await screen.click(line.index(" 15 ") + 1, row)
        await screen.sees("[15]")
        row, line = next((y, line) for y, line in enumerate(screen.lines) if " 30 " in line)
        await screen.click(line.index(" 30 ") + 1, row, times=2)
        await screen.until(lambda: screen.where == "30 Sep 2025", "the page of the day")


async def test_the_views_pane_shows_the_page_and_bars_for_days(
    reader: OpenReader, library: Path, tmp_path: Path
) -> None:
    import_winter(library, tmp_path)
    async with reader() as screen:
        assert "  21 Nov 2025  ▋      3" in screen.views
        assert "  30 Sep 2025  █████ 24" in screen.views
        await screen.press("D", "m")
        await screen.until(lambda: " This page" in [f" {line.strip()}" for line in screen.views], "the heading")
        await screen.counts("Nov 2025", 3)


async def test_the_next_start_shows_the_week_that_was_left(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("D", "w")
        await screen.press("j")
    async with reader() as screen:
        assert (screen.where, screen.paper) == ("Week 40, 29 Sep – 5 Oct 2025", SECOND)


async def test_the_statistics_are_drawn_for_the_size_of_the_terminal(reader: OpenReader) -> None:
    async with reader((60, 20)) as screen:
        await screen.press("d")
        await screen.press("percent_sign")
        await screen.sees("1 paper read of 24, 0 in the queue", "─ Papers read per week ─")
        await screen.resize(120, 36)
        await screen.sees("Papers that you decided on, day by day")
        await screen.press("percent_sign")
        assert screen.app.screen is screen.main


async def test_papers_that_are_counted_after_the_calendar_was_closed_open_nothing(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("D")
        calendar = screen.app.screen
        assert isinstance(calendar, CalendarDialog)
        calendar._counts, calendar._opens = None, True
        await screen.press("escape")
        calendar.on_calendar_dialog_counted(CalendarDialog.Counted(calendar._month, {calendar.day: 1}))
        await screen.press("j")
        assert screen.app.screen is screen.main
