"""Importing by hand: a path typed into the dialog, or a file given on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.importing import log
from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader
from tui.screens.dialogs import Line


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


@pytest.mark.parametrize("size", [(60, 20), (120, 36)])
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("/no/such/listing.txt", "there is no folder “no” in /"),
        ("/dev/null", "null is neither a file nor a folder"),
        ("-", "there is no file or folder “-” here"),
        ("", "type the path of a file or folder"),
        ("~nobody-of-that-name/papers.txt", "there is no home folder ~nobody-of-that-name"),
    ],
)
async def test_a_wrong_path_is_answered_inside_the_dialog(
    reader: OpenReader, typed: str, message: str, size: tuple[int, int]
) -> None:
    async with reader(size) as screen:
        await screen.press("i")
        await screen.type(typed)
        await screen.press("enter")
        await screen.sees("Import a file or folder", message)
        # After the next letter, the line shows the keys of the dialog again.
        await screen.press("x")
        await screen.sees("enter imports")
        await screen.press("escape")
        await screen.until(lambda: not screen.main.imports.is_running, "the imports of the start have ended")
        assert len(log.read(screen.main.library.reader())) == 1
        assert screen.toasts == []


async def test_a_mistyped_path_names_the_nearest_one_and_can_be_corrected(reader: OpenReader, tmp_path: Path) -> None:
    winter = papers.write(tmp_path / "more", papers.WINTER, papers.WINTER_DAY)
    async with reader() as screen:
        await screen.press("i")
        await screen.type(str(winter).replace("papers-", "papesr-"))
        await screen.press("enter")
        await screen.sees(f"the nearest name is {winter.name}")
        await screen.press("ctrl+u")
        await screen.type(str(winter))
        await screen.press("enter")
        await screen.sees("2 new, 1 known")


async def test_tab_completes_a_path(reader: OpenReader, home: Path) -> None:
    winter = papers.write(home / "listings", papers.WINTER, papers.WINTER_DAY)
    for name in ("alpha.txt", "alphabet.txt", ".hidden"):
        (winter.parent / name).write_text("x")
    async with reader((80, 24)) as screen:
        await screen.press("i")
        line = screen.app.screen.query_one("#dialog-input", Line)
        await screen.type("~/lis")
        await screen.press("tab")
        assert line.value == "~/listings/"
        await screen.press("tab")
        await screen.sees("alpha.txt", "alphabet.txt", winter.name)
        assert ".hidden" not in screen.text
        await screen.press("a", "tab")
        assert line.value == "~/listings/alpha"
        # Another Tab selects the next name, and Shift+Tab the previous one.
        await screen.press("tab")
        assert line.value == "~/listings/alpha.txt"
        await screen.press("tab")
        assert line.value == "~/listings/alphabet.txt"
        await screen.press("shift+tab")
        assert line.value == "~/listings/alpha.txt"
        await screen.press("ctrl+u")
        await screen.type("~/listings/PAP")
        await screen.press("tab")
        assert line.value == f"~/listings/{winter.name}"
        await screen.press("enter")
        await screen.sees("2 new, 1 known")


async def test_tab_reports_that_no_name_begins_like_the_typed_one(reader: OpenReader, home: Path) -> None:
    async with reader() as screen:
        await screen.press("i")
        await screen.type("~/zebra")
        await screen.press("tab")
        await screen.sees("no name begins like this")
        await screen.press("ctrl+u")
        await screen.type("/no/such/folder/x")
        await screen.press("tab")
        await screen.sees("/no/such/folder: No such file or directory")


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
        expected = [paper.title for paper in papers.WINTER]
        await screen.until(lambda: screen.titles[:3] == expected, "the newest listing comes first")


async def test_a_crash_of_the_import_process_is_reported(
    reader: OpenReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    winter = papers.write(tmp_path / "more", papers.WINTER, papers.WINTER_DAY)
    async with reader() as screen:
        # A crash prints a traceback and exits with code 1, which is also the code for a file that was not read
        # completely. So check the output too.
        monkeypatch.setenv("PYTHONHASHSEED", "not a number")
        await screen.press("i")
        await screen.type(str(winter))
        await screen.press("enter")
        await screen.until(lambda: screen.toasts, "a toast")
        assert "the import failed: " in screen.toasts[0]
