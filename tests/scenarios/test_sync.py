"""recto keeps its library equal to that of another machine through a shared folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.library.library import Library
from store.marks import marking, stored_marks, stored_registers
from store.sync import positions, rounds, segment_files
from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader
from tests.scenarios.reader import Reader

# A change of another machine is on the screen after this time (s); on a busy machine it may take longer.
_SOON = 2.0
_BUSY = 6.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shared folder, which the test's library already uses."""
    path = tmp_path / "shared"
    path.mkdir()
    return path


@pytest.fixture
def other(tmp_path: Path, autumn: Path, library: Path, folder: Path) -> Iterator[Library]:
    """The library of another machine with the same papers. Both libraries already use the shared folder."""
    shutil.copy(autumn, tmp_path / "other.db")
    with Library.open(library) as own:
        rounds.run(own, folder)
    with Library.open(tmp_path / "other.db") as opened:
        with opened.writing() as connection:
            # Both libraries are copies of the same one.
            stored_registers.renew_device(connection)
        yield opened


def set_folder(library: Path, folder: Path) -> None:
    """Store the path of the shared folder in the library's settings, as `recto sync FOLDER` does."""
    with Library.open(library) as opened, opened.writing() as connection:
        positions.set_folder(connection, folder)


def followed(screen: Reader) -> Path | None:
    """The shared folder that recto last synchronized with. None before the first time, or if the folder is missing."""
    shared = screen.main.background._shared_folder
    return shared.folder if shared else None


async def test_a_change_of_another_machine_is_soon_on_the_screen(
    reader: OpenReader, other: Library, folder: Path
) -> None:
    async with reader() as screen:
        await screen.until(lambda: followed(screen) == folder, "the folder is followed")
        marking.queue(other, [2])
        marking.bookmark(other, [2])
        rounds.run(other, folder)
        seconds = await screen.counts("Queue", 1)
        assert seconds < _SOON + _BUSY
        await screen.sees("changes from your other machines")
        await screen.press("4")
        await screen.sees("★ bookmarked")


async def test_an_own_mark_is_soon_in_the_folder_and_undo_follows(
    reader: OpenReader, other: Library, folder: Path
) -> None:
    async with reader() as screen:
        await screen.until(lambda: followed(screen) == folder, "the folder is followed")
        await screen.press("b")
        await screen.until(lambda: rounds.run(other, folder).applied, "the mark is in the folder")
        assert stored_marks.read(other.reader(), 1).bookmarked
        await screen.press("u")
        await screen.until(lambda: rounds.run(other, folder).applied, "the undo is in the folder")
        assert not stored_marks.read(other.reader(), 1).bookmarked
        # A mark that is set just before recto ends is still written into the shared folder.
        await screen.press("b")
    rounds.run(other, folder)
    assert stored_marks.read(other.reader(), 1).bookmarked


async def test_a_paper_that_this_machine_never_imported_is_shown_and_found(
    reader: OpenReader, other: Library, folder: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "laptop" / "library.db"
    empty.parent.mkdir()
    set_folder(empty, folder)
    marking.queue(other, [5, 2])
    rounds.run(other, folder)
    async with reader(library=empty) as screen:
        await screen.counts("Queue", 2)
        await screen.press("3")
        assert screen.titles == ["Benchmarking Bicycle Brakes", "Hydrofoil Control by Reinforcement Learning"]
        await screen.press("/")
        await screen.type("hydrofoil")
        await screen.until(lambda: screen.titles == ["Hydrofoil Control by Reinforcement Learning"], "the paper")


async def test_a_missing_sync_folder_is_reported_once_and_used_again_when_it_is_back(
    reader: OpenReader, other: Library, folder: Path
) -> None:
    away = folder.with_name("away")
    async with reader() as screen:
        await screen.until(lambda: followed(screen) == folder, "the folder is followed")
        folder.rename(away)
        await screen.sees("not kept equal with your other machines")
        await screen.press("b")
        await screen.until(lambda: followed(screen) is None, "the folder is away")
        away.rename(folder)
        await screen.until(lambda: rounds.run(other, folder).applied, "the mark is in the folder")


async def test_a_hostile_file_in_the_folder_changes_nothing_on_the_screen_but_marks(
    reader: OpenReader, other: Library, folder: Path
) -> None:
    marking.note(other, 1, "\x1b]52;c;ZXZpbA==\x07[@click=app.quit]quit[/]")
    rounds.run(other, folder)
    (folder / segment_files.NAME / "noise.rj").write_bytes(bytes(range(256)) * 100 + b"\n" * 1_000)
    async with reader() as screen:
        await screen.sees("[@click=app.quit]quit[/]")
        assert "\x1b" not in screen.text
        assert screen.titles[0] == papers.AUTUMN[0].title
