"""The status line shows results, notes on the filter and progress. None of these hides another one for long."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.scenarios.conftest import OpenReader
from tui.widgets import status_line
from tui.workers import fetch_process


async def test_a_message_replaces_the_progress_only_briefly(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_line, "_NEWS_ABOVE_SECONDS", 0.3)
    async with reader() as screen:
        status = screen.main.status
        status.show_progress("import", "reading papers.txt 10%")
        await screen.press("b")
        status.show_progress("import", "reading papers.txt 20%")
        assert "bookmarked “Persimmon" in screen.status
        await screen.until(lambda: screen.status.endswith("reading papers.txt 20%"), "the progress is back")
        status.show_progress("import", "")
        assert screen.where == "New"


async def test_each_kind_of_work_has_its_own_progress(reader: OpenReader) -> None:
    async with reader() as screen:
        status = screen.main.status
        status.show_progress("fetch", "fetching")
        status.show_progress("import", "reading papers.txt 10%")
        assert screen.status.endswith("reading papers.txt 10%")
        status.show_progress("import", "")
        assert screen.status.endswith("fetching")


async def test_the_end_of_a_filter_that_means_nothing_yet_is_named(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("title:orbit or (")
        assert screen.status.endswith("“or (” waits for more")
        await screen.type("soil")
        assert "waits" not in screen.status
        await screen.press("escape")
        await screen.press("/")
        # This word alone does not change the list, so the list does not show that the filter is incomplete.
        await screen.type("week:44")
        assert screen.status.endswith("“week:44” waits for more")
        await screen.press("escape")
        assert "waits" not in screen.status
        await screen.press("/")
        await screen.type("is:quued")
        assert "is:quued is not a state; read as words; did you mean is:queued?" in screen.status


async def test_a_note_on_the_filter_stays_while_an_import_runs(reader: OpenReader) -> None:
    async with reader() as screen:
        status = screen.main.status
        await screen.press("b", "/")
        await screen.type("is:foo")
        status.show_progress("import", "reading papers.txt 10%")
        assert "is:foo is not a state; read as words" in screen.status
        status.show_progress("import", "")
        assert "is:foo is not a state; read as words" in screen.status
        await screen.press("escape")
        assert screen.where == "New"


async def test_a_second_fetch_replaces_the_first(reader: OpenReader, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []

    async def slow(_: Path) -> str:
        try:
            await asyncio.sleep(60)
        finally:
            # Simulate a process that takes a moment to end.
            await asyncio.sleep(0.01)
            ended.append(1)
        return ""

    monkeypatch.setattr(fetch_process, "fetch_today", slow)
    async with reader() as screen:
        await screen.press("F")
        await screen.until(
            lambda: screen.status.endswith("fetching today's Daily Papers …"), "the progress of the fetch is shown"
        )
        await screen.press("F")
        await screen.until(lambda: ended, "the first has ended")
        await screen.pause(0.05)
        assert screen.status.endswith("fetching today's Daily Papers …")


async def test_with_no_color_the_theme_key_says_why_nothing_changes(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with reader() as screen:
        await screen.press("T")
        assert screen.status.endswith("NO_COLOR is set, so the colours are the terminal's own")


async def test_a_failed_fetch_says_why_on_a_small_screen_too(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_: Path) -> str:
        raise fetch_process.FetchError(
            "could not fetch https://huggingface.co/api/daily_papers?date=2026-11-21&limit=100: huggingface.co was not"
            " found (Name or service not known); try again later"
        )

    monkeypatch.setattr(fetch_process, "fetch_today", fails)
    async with reader((60, 20)) as screen:
        await screen.press("F")
        await screen.sees("huggingface.co was not", "try again later")
