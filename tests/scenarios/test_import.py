"""Importing by hand: a path typed into the dialog, a file named on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.importing import log
from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader


async def test_i_imports_the_typed_path(reader: OpenReader, tmp_path: Path) -> None:
    winter = papers.write(tmp_path / "more", papers.WINTER, papers.WINTER_DAY)
    async with reader() as screen:
        await screen.press("2", "i")
        await screen.sees("Import a file or folder", "files put into")
        await screen.type(str(winter))
        await screen.press("enter")
        await screen.sees("2 new, 1 known, listed 21 Nov 2025", "26 papers")


async def test_a_typed_path_may_be_a_folder_begin_with_a_tilde_or_have_quotes(
    reader: OpenReader, home: Path, library: Path
) -> None:
    papers.write(home / "my papers", papers.WINTER, papers.WINTER_DAY)
    async with reader() as screen:
        await screen.press("i")
        await screen.type("'~/my papers'")
        await screen.press("enter")
        await screen.sees("2 new, 1 known")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("/no/such/listing.txt", "listing.txt: not read: no such file"),
        ("/dev/null", "null: not read: "),
        ("-", "-: not read: no such file"),
    ],
)
async def test_a_path_that_cannot_be_imported_gives_one_clear_error(
    reader: OpenReader, typed: str, message: str
) -> None:
    async with reader() as screen:
        await screen.press("i")
        await screen.type(typed)
        await screen.press("enter")
        await screen.until(lambda: screen.toasts, "a toast")
        (toast,) = screen.toasts
        assert message in toast
        await screen.until(lambda: not screen.main.imports.is_running, "the end of the import")
        # The toast may have disappeared meanwhile.
        assert screen.toasts in ([toast], [])
        assert screen.count == "24 papers"


async def test_an_unknown_home_folder_is_reported(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("i")
        await screen.type("~nobody-of-that-name/papers.txt")
        await screen.press("enter")
        await screen.sees("there is no home folder ~nobody-of-that-name/papers.txt")
        await screen.until(lambda: not screen.main.imports.is_running, "the imports of the start have ended")
        assert len(log.read(screen.main.library.reader())) == 1
        await screen.press("j", "b")
        assert screen.rows[2].startswith("●★   Hydrofoil")


async def test_escape_cancels_an_import(reader: OpenReader, tmp_path: Path) -> None:
    winter = papers.write(tmp_path / "more", papers.WINTER, papers.WINTER_DAY)
    async with reader() as screen:
        await screen.press("i")
        await screen.type(str(winter))
        await screen.press("escape", "i", "enter")
        await screen.until(lambda: not screen.main.imports.is_running, "the imports of the start have ended")
        assert len(log.read(screen.main.library.reader())) == 1
        assert screen.toasts == []


async def test_a_known_listing_is_reported_as_known(reader: OpenReader, tmp_path: Path) -> None:
    autumn = papers.write(tmp_path / "again", papers.AUTUMN, papers.AUTUMN_DAY)
    async with reader() as screen:
        await screen.press("i")
        await screen.type(str(autumn))
        await screen.press("enter")
        await screen.sees("nothing new, all 24 papers known")


async def test_new_shows_the_files_named_on_the_command_line(reader: OpenReader, tmp_path: Path) -> None:
    winter = papers.write(tmp_path / "more", papers.WINTER, papers.WINTER_DAY)
    async with reader(first=(winter,)) as screen:
        await screen.sees("New · 21 Nov 2025")
        assert "newer" not in screen.status
        await screen.until(lambda: screen.titles == [paper.title for paper in papers.WINTER], "the newest day")


async def test_a_crash_of_the_import_process_is_reported(
    reader: OpenReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    winter = papers.write(tmp_path / "more", papers.WINTER, papers.WINTER_DAY)
    async with reader() as screen:
        # A crash gives a traceback and exit code 1, the same code as for a file that was not read completely.
        monkeypatch.setenv("PYTHONHASHSEED", "not a number")
        await screen.press("i")
        await screen.type(str(winter))
        await screen.press("enter")
        await screen.until(lambda: screen.toasts, "a toast")
        assert "the import failed: " in screen.toasts[0]
