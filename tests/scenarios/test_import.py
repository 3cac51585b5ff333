"""Importing by hand: a path that is typed, a file that is named at the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.importing import log
from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader


async def test_i_imports_the_path_that_is_typed(reader: OpenReader, tmp_path: Path) -> None:
    winter = papers.write(tmp_path / "more", papers.WINTER, papers.WINTER_DAY)
    async with reader() as screen:
        await screen.press("2", "i")
        await screen.sees("Import a file or folder", "files put into")
        await screen.type(str(winter))
        await screen.press("enter")
        await screen.sees("2 new, 1 known, listed 21 Nov 2025", "26 papers")


async def test_a_folder_a_home_and_quotes_are_understood(reader: OpenReader, home: Path, library: Path) -> None:
    papers.write(home / "my papers", papers.WINTER, papers.WINTER_DAY)
    async with reader() as screen:
        await screen.press("i")
        await screen.type("'~/my papers'")
        await screen.press("enter")
        await screen.sees("2 new, 1 known")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/no/such/listing.txt", "listing.txt: not read: no such file"),
        ("/dev/null", "null: not read: "),
        ("-", "-: not read: no such file"),
    ],
)
async def test_a_path_that_leads_nowhere_gets_one_clear_error(reader: OpenReader, typed: str, said: str) -> None:
    async with reader() as screen:
        await screen.press("i")
        await screen.type(typed)
        await screen.press("enter")
        await screen.until(lambda: screen.toasts, "a toast")
        (toast,) = screen.toasts
        assert said in toast
        await screen.until(lambda: not screen.main.imports.is_running, "the end of the import")
        # By then it may have gone.
        assert screen.toasts in ([toast], [])
        assert screen.count == "24 papers"


async def test_a_home_that_there_is_not_is_said(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("i")
        await screen.type("~nobody-of-that-name/papers.txt")
        await screen.press("enter")
        await screen.sees("there is no home folder ~nobody-of-that-name/papers.txt")
        await screen.until(lambda: not screen.main.imports.is_running, "what the start imports is through")
        assert len(log.read(screen.main.library.reader())) == 1
        await screen.press("j", "b")
        assert screen.rows[2].startswith("●★   Hydrofoil")


async def test_nothing_is_imported_when_the_reader_thinks_better_of_it(reader: OpenReader, tmp_path: Path) -> None:
    winter = papers.write(tmp_path / "more", papers.WINTER, papers.WINTER_DAY)
    async with reader() as screen:
        await screen.press("i")
        await screen.type(str(winter))
        await screen.press("escape", "i", "enter")
        await screen.until(lambda: not screen.main.imports.is_running, "what the start imports is through")
        assert len(log.read(screen.main.library.reader())) == 1
        assert screen.toasts == []


async def test_a_listing_that_is_known_says_so(reader: OpenReader, tmp_path: Path) -> None:
    autumn = papers.write(tmp_path / "again", papers.AUTUMN, papers.AUTUMN_DAY)
    async with reader() as screen:
        await screen.press("i")
        await screen.type(str(autumn))
        await screen.press("enter")
        await screen.sees("nothing new, all 24 papers known")


async def test_files_named_at_the_start_are_what_new_shows(reader: OpenReader, tmp_path: Path) -> None:
    winter = papers.write(tmp_path / "more", papers.WINTER, papers.WINTER_DAY)
    async with reader(first=(winter,)) as screen:
        await screen.sees("New · 21 Nov 2025")
        assert "newer" not in screen.status
        await screen.until(lambda: screen.titles == [paper.title for paper in papers.WINTER], "the newest day")


async def test_an_import_process_that_falls_over_is_said(
    reader: OpenReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    winter = papers.write(tmp_path / "more", papers.WINTER, papers.WINTER_DAY)
    async with reader() as screen:
        # Its start would be a traceback and the code 1, as for a file that was not read whole.
        monkeypatch.setenv("PYTHONHASHSEED", "not a number")
        await screen.press("i")
        await screen.type(str(winter))
        await screen.press("enter")
        await screen.until(lambda: screen.toasts, "a toast")
        assert "the import failed: " in screen.toasts[0]
