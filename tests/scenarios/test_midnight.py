"""recto stays open past midnight: postponed papers return, and days are named anew (today becomes yesterday)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from store.papers import view_table
from tests.scenarios.conftest import OpenReader
from tui.widgets import row_cache

TOMORROW = date.today() + timedelta(days=1)


class TomorrowsDate(date):
    """A `date` whose `today` is tomorrow."""

    @classmethod
    def today(cls) -> date:  # type: ignore[override]
        return TOMORROW


async def test_a_postponed_paper_names_its_day_and_returns_at_midnight(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reader() as screen:
        title = screen.titles[0]
        await screen.press("l")
        await screen.type("tomorrow")
        await screen.press("enter", "j", "9")
        assert screen.titles == [title]
        assert f"until {TOMORROW.day} " in " ".join(screen.rows[:2])
        await screen.press("1")
        assert title not in screen.titles
        for module in (view_table, row_cache):
            monkeypatch.setattr(module, "date", TomorrowsDate)
        monkeypatch.setattr(screen.main.changes, "_today", TomorrowsDate.today)
        screen.main.changes.look()
        await screen.settle()
        await screen.press("g")
        assert screen.titles[0] == title
        assert "until" not in " ".join(screen.rows[:2])
