"""Keys that are pressed before a list or dialog is ready have the same effect as when it is ready."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual import events

from store.library.library import Library
from store.marks import stored_marks
from tests.scenarios.conftest import OpenReader, OpenTerminal
from tests.scenarios.reader import key_event
from tui.terminal.input_messages import TypedKeys
from tui.workers.search_worker import SearchFailed, SearchRequest


@pytest.mark.parametrize("arrives", [True, False])
async def test_keys_typed_after_one_that_opens_a_dialog_wait_for_the_dialog(
    reader: OpenReader, library: Path, monkeypatch: pytest.MonkeyPatch, arrives: bool
) -> None:
    async with reader() as screen:
        worker = screen.main.search.worker
        requests: list[SearchRequest] = []
        with monkeypatch.context() as patched:
            # The search for the new list cannot finish yet.
            patched.setattr(worker, "search", requests.append)
            # With the old list still on the screen, "b", "a" and "d" would bookmark its paper, queue it and mark it as
            # done.
            await screen.press_without_waiting("2", "n", *"bad", "ctrl+s", "j")
            assert screen.app.screen is screen.main
        if arrives:
            worker.search(requests[-1])
        else:
            screen.main.post_message(SearchFailed(requests[-1], "the search failed"))
        await screen.settle()
        with Library.open(library) as other:
            assert stored_marks.read(other.reader(), 1) == stored_marks.Marks(note="bad" if arrives else None)
        assert screen.paper.startswith("Hydrofoil" if arrives else "Persimmon")
        # recto handles keys again.
        await screen.press("G")
        assert screen.paper.startswith("Ambient")


@pytest.mark.parametrize(("key", "seen"), [("/", " / jaz"), ("t", " jaz "), ("n", " jaz "), ("i", " jaz ")])
def test_a_paste_keeps_its_place_among_the_keys(terminal: OpenTerminal, key: str, seen: str) -> None:
    screen = terminal(size=(80, 24))
    screen.shows("24 papers", "Persimmon")
    screen.press(key, "\x1b[200~ja\x1b[201~", "z")
    screen.shows(seen)
    screen.press("escape", "q")
    assert screen.ends() == 0


async def test_letters_that_wait_together_go_into_the_filter_in_one_step(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reader() as screen:
        inserted: list[str] = []
        put = screen.main.filter_typing.put
        monkeypatch.setattr(screen.main.filter_typing, "put", lambda text: (inserted.append(text), put(text)))
        # "j" moves the cursor before "/" is pressed, and is a letter of the filter after it. The keys between the texts
        # move the text cursor.
        keys = TypedKeys(key_event("j"))
        for each in ("/", *"jaz solos", "home", "right", "right", "right", "z"):
            keys.add(key_event(each))
        screen.app.post_message(keys)
        await screen.until(lambda: "z" in inserted, "all keys have been handled")
        await screen.settle()
        assert inserted == ["jaz solos", "z"]
        assert screen.main.filter_line.input.value == "jazz solos"
        assert screen.count == "1 paper"


async def test_a_paste_of_several_lines_is_one_line_as_far_as_it_fits(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        screen._send(events.Paste("jazz\nsolos"))
        await screen.settle()
        assert screen.main.filter_line.input.value == "jazz solos"
        assert screen.count == "1 paper"
        screen._send(events.Paste("x" * 10_000))
        await screen.settle()
        limit = screen.main.filter_line.input.max_length
        assert screen.main.filter_line.input.value == ("jazz solos" + "x" * 10_000)[:limit]
        assert f"the filter holds {limit:,} characters: the rest was left out" in screen.status


async def test_a_paste_where_no_text_is_typed_does_nothing(reader: OpenReader) -> None:
    async with reader() as screen:
        before = screen.text
        screen._send(events.Paste("bad\nx"))
        await screen.settle()
        assert screen.text == before
        await screen.press("L")
        before = screen.text
        screen._send(events.Paste("q"))
        await screen.settle()
        assert screen.text == before


def test_escape_and_a_letter_in_one_go_are_both_carried_out(terminal: OpenTerminal) -> None:
    screen = terminal(size=(80, 24))
    screen.shows("24 papers", "Persimmon")
    screen.press("2", "/", "j", "a", "z", "z", "enter")
    screen.shows("1 paper", "Jazz Solos")
    screen.send_bytes(b"\x1bj\x1ba")
    screen.shows("24 papers", "q1 ")
    screen.press("q")
    assert screen.ends() == 0


@pytest.mark.parametrize("keys", ["a3d", "a 2 / i s : q u e u e d enter d"])
async def test_a_list_by_marks_contains_a_paper_that_was_marked_just_before(reader: OpenReader, keys: str) -> None:
    """The keys are pressed faster than a mark is written to the disk."""
    async with reader() as screen:
        title = screen.titles[0]
        for key in keys.split(" ") if " " in keys else keys:
            screen._send(key_event(key))
        await screen.settle()
        await screen.counts("Queue", 0)
        await screen.press("escape", "6")
        assert screen.titles[:1] == [title]


async def test_the_statistics_contain_a_mark_that_was_made_just_before(reader: OpenReader) -> None:
    async with reader((160, 50)) as screen:
        disk_is_free = threading.Event()
        screen.main.writer.write(disk_is_free.wait, lambda _: None)
        await screen.press_without_waiting("d", "percent_sign")
        is_waiting = screen.app.screen is screen.main
        disk_is_free.set()
        assert is_waiting
        await screen.sees("1 paper read")
