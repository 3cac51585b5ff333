"""recto shows a collection that several people share, updates it, and shows who added each paper."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.library.library import Library
from store.marks import collections, sharing, stored_registers
from store.papers.views import View
from store.sync import shared_collections
from tests.scenarios.conftest import OpenReader


@pytest.fixture
def bob(tmp_path: Path, autumn: Path, library: Path) -> Iterator[Library]:
    """The library of another person. This person and the user share a collection, but have different names for it."""
    folder = tmp_path / "folder"
    folder.mkdir()
    shutil.copy(autumn, tmp_path / "bob.db")
    with Library.open(library) as own:
        sharing.share(own, "Reading group", folder, "Ada")
    with Library.open(tmp_path / "bob.db") as opened:
        with opened.writing() as connection:
            stored_registers.renew_device(connection)
        sharing.share(opened, "Tuesday", folder, "Bob")
        yield opened


def exchange(library: Library) -> int:
    return sum(result.applied for result in shared_collections.run_all(library))


async def test_a_paper_of_another_person_appears_with_the_name_and_the_reason(reader: OpenReader, bob: Library) -> None:
    async with reader() as screen:
        collections.add(bob, [2], "Tuesday", because="we read this on Tuesday")
        exchange(bob)
        await screen.counts("Reading group", 1)
        await screen.sees("Bob put 1 paper into “Reading group”")
        screen.main.search.show_view(View("collection", "Reading group"))
        await screen.settle()
        await screen.sees("Bob today")
        await screen.sees("we read this on Tuesday")
        await screen.press("enter")
        await screen.sees("no. 1 in Reading group (Bob, today: we read this on Tuesday)")
        # A paper that is removed from the collection here is removed for everybody, and undo restores it for everybody.
        await screen.press("escape", "_")
        await screen.until(lambda: exchange(bob), "the change in the folder")
        assert collections.papers(bob.reader(), "Tuesday") == []
        await screen.press("u")
        await screen.until(lambda: exchange(bob), "the undo in the folder")
    exchange(bob)
    assert collections.papers(bob.reader(), "Tuesday") == [2]


async def test_a_missing_shared_folder_is_reported_and_used_again_when_it_is_back(
    reader: OpenReader, bob: Library
) -> None:
    folder = next(each.folder for each in sharing.shares(bob.reader()))
    assert folder is not None
    async with reader() as screen:
        folder.rename(folder.with_name("away"))
        await screen.sees("the collection “Reading group” is not exchanged")
        folder.with_name("away").rename(folder)
        collections.add(bob, [2], "Tuesday")
        exchange(bob)
        await screen.counts("Reading group", 1)


async def test_a_collection_is_shared_in_the_reader_and_left_again(
    reader: OpenReader, tmp_path: Path, library: Path, autumn: Path
) -> None:
    (tmp_path / "group").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "own" / "recto-sync").mkdir(parents=True)
    async with reader() as screen:
        await screen.press("2", "@", "s", *"Reading group", "enter")
        await screen.sees("Folder through which to share “Reading group”")
        await screen.press(*f"{tmp_path}/missing", "enter")
        await screen.sees("missing")
        await screen.press("ctrl+u", *f"{tmp_path}/file", "enter")
        await screen.sees("file is a file; name a folder that all of you see")
        await screen.press("ctrl+u", *f"{tmp_path}/own", "enter")
        await screen.sees("has the marks of your own machines")
        await screen.press("ctrl+u", *f"{tmp_path}/group", "enter")
        await screen.sees("Your name, which the others see")
        await screen.press("ctrl+u", "enter")
        await screen.sees("type a name, so that the others see who put a paper there")
        await screen.press(*"Ada", "enter")
        await screen.sees("shared “Reading group”")
        await screen.press("B", *"reading group", "enter")
        await screen.sees("Why, for the others?")
        await screen.press(*"the proof", "enter")
        await screen.counts("Reading group", 1)
        await screen.press("@", "l", *"Reading group", "enter")
        await screen.sees("left the shared collection “Reading group”; its papers stay")
        await screen.press("@", "l")
        await screen.sees("you share no collection")
    with Library.open(tmp_path / "bob.db") as bob:
        sharing.share(bob, "Tuesday", tmp_path / "group", "Bob")
        exchange(bob)
        added = bob.reader().execute("SELECT added_by, because FROM collection").fetchall()
    assert added == [("Ada", "the proof")]
