"""A paper that was postponed until a similar one arrives returns when a similar one is imported from the inbox."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from store.library.library import Library
from store.marks import stored_marks
from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader
from tests.scenarios.papers import Printed
from tests.scenarios.test_inbox import short_settling_time as short_settling_time

_POSTPONED = "Hydrofoil Control by Reinforcement Learning"
_ARRIVED = "Reinforcement Learning of Hydrofoil Control in Waves"


@pytest.mark.usefixtures("short_settling_time")
async def test_the_dialog_takes_similar_and_the_paper_comes_back_with_the_reason(
    reader: OpenReader, library: Path, inbox: Path
) -> None:
    async with reader((120, 30)) as screen:
        await screen.press("2", "j")
        assert screen.paper == _POSTPONED
        await screen.press("l")
        await screen.sees("Until when?", "similar (paper arrives)")
        await screen.type("similar")
        await screen.press("enter")
        await screen.sees("until similar")
        await screen.sees("postponed until a similar paper arrives")
        papers.write(
            inbox, [Printed(_ARRIVED, date(2025, 11, 20)), Printed("Bees", date(2025, 11, 20))], date(2025, 11, 21)
        )
        await screen.until(lambda: any("back: " in text for text in screen.toasts), "the paper that came back")
        text = f"back: “{_POSTPONED}”, because “{_ARRIVED}” arrived"
        assert text in screen.toasts
        await screen.sees("back because “Reinforcement Learning of")
        await screen.press("1")
        await screen.until(lambda: _POSTPONED in screen.titles, "the paper among the new ones")
        await screen.sees(f"back: “{_ARRIVED[:20]}")
    with Library.open(library) as opened:
        marks = stored_marks.read(opened.reader(), 2)
        assert (marks.later, marks.later_because) == (date.today().isoformat(), _ARRIVED)
