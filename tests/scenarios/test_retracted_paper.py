"""When a paper with marks is retracted, recto reports it once, and the list and the paper's page show it."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.library.library import Library
from store.marks import marking
from store.papers import retractions
from tests.scenarios.conftest import OpenReader
from tui.screens import background_work

FIRST = "Persimmon Orchards Seen from Orbit"


async def test_a_retracted_paper_of_the_reader_is_named_once_when_no_dialog_covers_the_list(
    reader: OpenReader, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background_work, "_UPKEEP_BEGINS_SECONDS", 0.01)
    with Library.open(library) as opened:
        marking.queue(opened, [1])
        with opened.writing(durable=False) as connection:
            connection.execute(
                "INSERT INTO retraction (record, title_key, names, year, day, reasons, shown)"
                " SELECT 7, title_key, '', 2025, '2026-05-24', 'Error in Data', 0 FROM paper WHERE id = 1"
            )
        assert retractions.match(opened) == 1
    async with reader((120, 36)) as screen:
        await screen.until(lambda: screen.toasts, "the message")
        assert screen.toasts == [f"1 paper of yours was retracted: “{FIRST}”: enter shows them"]
        await screen.until(lambda: screen.main.list.count, "the list")
        await screen.press("2")
        assert screen.rows[0].lstrip(" ●★").startswith(f"RETRACTED {FIRST}"[:30])
        assert screen.detail.startswith("RETRACTED: retracted on 2026-05-24: Error in Data")
        with Library.open(library) as opened:
            await screen.until(lambda: retractions.not_shown(opened.reader()) == [], "the note that it was shown")
    async with reader((120, 36)) as screen:
        await screen.press("j")
        assert screen.toasts == []
