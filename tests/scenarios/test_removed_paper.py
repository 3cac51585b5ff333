"""Another process removes the paper under the cursor: actions report that, and none of them crashes recto."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.importing.undo import withdraw
from store.library.library import Library
from store.marks import marking, stored_marks
from tests.scenarios.conftest import OpenReader
from tests.scenarios.reader import Reader
from tests.thorough import some
from tui.actions.actions_and_keys import ACTIONS, BY_ID
from tui.screens import library_screen
from tui.workers import fetch_process

# Actions that read the paper from the library.
ON_THE_PAPER = (
    "bookmark", "queue", "later", "sooner", "reading", "done", "hide", "seen", "tags", "note", "read", "open_page",
    "open_pdf", "open_link", "cite",
)  # fmt: skip
GONE = "there is no paper 1"


@pytest.fixture(autouse=True)
def unnoticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turn off the check for changes by other processes, so that the list still shows removed papers."""
    monkeypatch.setattr(library_screen, "_LOOK_SECONDS", 3600.0)


def remove_all_papers(path: Path) -> None:
    """Undo the import of every paper, as `recto log undo` does."""
    with Library.open(path) as other:
        assert withdraw(other, 1).removed == 24


async def is_answered(screen: Reader) -> None:
    """Wait until the action and its writes have been handled."""
    await screen.through_the_writer()
    await screen._taken()


@pytest.mark.thorough
@pytest.mark.parametrize("action", some(5, ON_THE_PAPER))
async def test_an_action_on_a_removed_paper_says_that_it_is_gone(
    reader: OpenReader, library: Path, action: str
) -> None:
    async with reader() as screen:
        remove_all_papers(library)
        await screen.press_without_waiting(BY_ID[action].keys[0])
        await is_answered(screen)
        await screen.until(lambda: GONE in screen.status, "the status line says that the paper is gone")
        assert screen.app.screen is screen.main
        # recto still works.
        await screen.press_without_waiting("question_mark")
        await screen.sees("one line down")


async def test_no_other_action_ends_the_reader_when_the_papers_are_removed(
    reader: OpenReader, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fetch_today(path: Path) -> str:
        return "fetched"

    monkeypatch.setattr(fetch_process, "fetch_today", fetch_today)
    async with reader() as screen:
        remove_all_papers(library)
        for action in ACTIONS:
            if action.id not in (*ON_THE_PAPER, "quit"):
                await screen.press_without_waiting(action.keys[0])
                await is_answered(screen)
                while screen.app.screen is not screen.main:
                    await screen.press_without_waiting("escape")
                assert screen.app._exception is None, action.id
        await screen.press_without_waiting("q")
        await screen.until(lambda: screen.app._exit, "the reader ends")
    assert screen.app.return_code == 0


async def test_a_selection_of_removed_papers_is_not_marked(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("v", "j", "j")
        remove_all_papers(library)
        await screen.press_without_waiting("t")
        await screen.sees("Tags to add to 3 papers")
        await screen.press_without_waiting(*"bees", "enter")
        await is_answered(screen)
        await screen.until(lambda: GONE in screen.status, "the status line says that the papers are gone")


async def test_a_link_that_is_chosen_after_its_paper_is_removed_does_not_end_the_reader(
    reader: OpenReader, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER", "true")
    async with reader() as screen:
        await screen.press("j", "j", "j")
        await screen.press_without_waiting("f")
        await screen.sees("or the number opens it")
        remove_all_papers(library)
        await screen.press_without_waiting("1")
        await is_answered(screen)
        await screen.until(lambda: "there is no paper 4" in screen.status, "the status line says that it is gone")


@pytest.mark.parametrize(("key", "saves"), [("t", "enter"), ("n", "ctrl+s")])
async def test_a_dialog_shows_the_marks_of_the_paper_that_another_recto_joined_this_one_to(
    reader: OpenReader, library: Path, key: str, saves: str
) -> None:
    async with reader() as screen:
        with Library.open(library) as other:
            marking.tag(other, [2], ["bees"])
            marking.note(other, 2, "bees")
        remove_all_papers_but_the_second(library)
        await screen.press_without_waiting(key)
        await screen.sees("bees")
        await screen.press_without_waiting(saves)
        await is_answered(screen)
        with Library.open(library) as other:
            kept = stored_marks.read(other.reader(), 2)
            assert (kept.tags, kept.note) == (("bees",), "bees")


def remove_all_papers_but_the_second(path: Path) -> None:
    """Merge the first paper into the second one, and remove all other papers.

    Both ids then lead to the second paper.
    """
    with Library.open(path) as other:
        withdraw(other, 1)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO joined (gone, kept, at) VALUES (1, 2, '')")
