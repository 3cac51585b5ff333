"""Listings in the inbox are imported automatically, each once and completely, and the list does not jump."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader
from tests.scenarios.reader import Reader

# A file in the inbox counts as complete when it has not changed for this time (s). The time is shorter than in the real
# program.
SETTLE_SECONDS = 0.4


@pytest.fixture(autouse=True)
def short_settling_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the time after which an unchanged file in the inbox counts as complete, so that tests are fast."""
    monkeypatch.setattr("store.importing.folders.SETTLE_SECONDS", SETTLE_SECONDS)
    monkeypatch.setattr("tui.workers.folder_watch.SETTLE_SECONDS", SETTLE_SECONDS)


def imports(library: Path) -> list[tuple[str, str, int]]:
    """The import log: for each import the name of the file, its state, and the number of papers."""
    with sqlite3.connect(library) as connection:
        rows = connection.execute("SELECT path, state, entries FROM log ORDER BY id").fetchall()
    connection.close()
    return [(path.rsplit("/", 1)[-1], state, entries) for path, state, entries in rows if "inbox" in path]


async def shown(screen: Reader) -> list[str]:
    """The lines of the list without the second line of each paper, which contains counts that may have changed."""
    await screen.settle()
    return screen.rows[:: screen.main.list.item_height]


async def test_a_listing_is_imported_with_a_toast_and_the_list_does_not_jump(reader: OpenReader, inbox: Path) -> None:
    async with reader((100, 20)) as screen:
        await screen.press("2", *"jjjjjjjjjjjjjjjjjjjj", "k", "k")
        before = (await shown(screen), screen.paper, screen.cursor_line)
        assert screen.main.list.first > 0
        papers.write(inbox, papers.WINTER, papers.WINTER_DAY)
        await screen.sees("26 papers")
        await screen.until(lambda: screen.toasts, "a toast")
        text = "papers-2025-11-21.txt: 2 new, 1 known, listed 21 Nov 2025: enter shows them"
        assert screen.toasts == [text]
        assert (await shown(screen), screen.paper, screen.cursor_line) == before
        await screen.press("g")
        assert screen.titles[:3] == [
            "Avalanche Warnings by Infrasound",
            "Snowflake Growth in Latent Space",
            "Persimmon Orchards Seen from Orbit",
        ]


async def test_a_list_at_its_top_does_not_jump_either(reader: OpenReader, inbox: Path) -> None:
    async with reader((100, 20)) as screen:
        await screen.press("2")
        before = (await shown(screen), screen.paper, screen.cursor_line)
        papers.write(inbox, papers.WINTER, papers.WINTER_DAY)
        await screen.sees("26 papers")
        assert (await shown(screen), screen.paper, screen.cursor_line) == before


async def test_an_import_into_the_view_of_new_papers_does_not_move_the_list(reader: OpenReader, inbox: Path) -> None:
    async with reader((160, 30)) as screen:
        await screen.press("j", "j")
        before = (await shown(screen), screen.paper, screen.cursor_line)
        papers.write(inbox, papers.WINTER, papers.WINTER_DAY)
        await screen.sees("26 papers")
        assert (await shown(screen), screen.paper, screen.cursor_line) == before
        await screen.press("g")
        # The papers of the newest listing are first, in the order of that listing.
        assert screen.titles[:3] == [paper.title for paper in papers.WINTER]


async def test_an_import_keeps_the_selection_and_the_scroll_position(reader: OpenReader, inbox: Path) -> None:
    async with reader((100, 20)) as screen:
        await screen.press("2", "j", "v", "j", "j")
        await screen.wheel(10, 10, 2)
        before = await shown(screen)
        papers.write(inbox, papers.WINTER, papers.WINTER_DAY)
        await screen.sees("26 papers")
        assert await shown(screen) == before
        assert "3 selected" in screen.status
        await screen.press("b", "4")
        assert len(screen.titles) == 3


async def test_a_file_that_is_still_being_written_is_read_once_and_completely(
    reader: OpenReader, inbox: Path, library: Path
) -> None:
    text = papers.listing(papers.WINTER).encode()
    async with reader() as screen:
        with (inbox / "papers-2025-11-21.txt").open("wb", buffering=0) as file:
            for start in range(0, 900, 36):
                file.write(text[start : start + 36])
                await screen.pause(SETTLE_SECONDS / 10)
            # The file stops growing for less than the time after which it counts as complete, and then grows again. It
            # must not be imported in between.
            await screen.pause(SETTLE_SECONDS * 0.7)
            assert imports(library) == []
            file.write(text[900:])
        await screen.sees("2 new, 1 known")
        # If the file were imported a second time, that would happen within this pause.
        await screen.pause(SETTLE_SECONDS * 2)
    assert imports(library) == [("papers-2025-11-21.txt", "read", 3)]


async def test_a_file_that_is_renamed_into_place_is_read_under_its_own_name(
    reader: OpenReader, inbox: Path, library: Path
) -> None:
    async with reader() as screen:
        part = inbox / "papers-2025-11-21.txt.part"
        part.write_text(papers.listing(papers.WINTER)[:700], "utf-8")
        await screen.pause(SETTLE_SECONDS * 1.8)
        part.write_text(papers.listing(papers.WINTER), "utf-8")
        part.rename(inbox / "papers-2025-11-21.txt")
        await screen.sees("2 new, 1 known")
    assert imports(library) == [("papers-2025-11-21.txt", "read", 3)]


async def test_listings_that_arrived_while_the_reader_was_closed_are_imported_at_the_start(
    reader: OpenReader, inbox: Path
) -> None:
    papers.write(inbox, papers.WINTER, papers.WINTER_DAY)
    async with reader() as screen:
        await screen.sees("2 new, 1 known")
    async with reader() as screen:
        await screen.press("g")
        assert screen.titles[:3] == [paper.title for paper in papers.WINTER]
        await screen.pause(SETTLE_SECONDS * 1.5)
        assert screen.toasts == []


async def test_a_file_that_is_no_listing_is_reported_once_and_the_others_are_imported(
    reader: OpenReader, inbox: Path, library: Path
) -> None:
    (inbox / "holiday.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8)
    papers.write(inbox, papers.WINTER, papers.WINTER_DAY)
    async with reader() as screen:
        await screen.sees("holiday.jpg: not read:", "2 new, 1 known")
        await screen.pause(SETTLE_SECONDS * 2)
        assert len(screen.toasts) == 2
    assert sorted(state for _, state, _ in imports(library)) == ["read", "refused"]


async def test_many_listings_share_a_toast_instead_of_covering_the_list(reader: OpenReader, inbox: Path) -> None:
    for number in range(1, 8):
        written = papers.write(inbox, papers.WINTER[:1], papers.WINTER_DAY)
        written.rename(inbox / f"{number}-{written.name}")
    async with reader() as screen:
        await screen.sees("7 listings, 1 new: enter shows them")
        assert len(screen.toasts) == 1


@pytest.mark.parametrize(
    ("files", "message"), [(1, "2 new, 1 known"), (4, "4 listings, 2 new, 1 known: enter shows them")]
)
async def test_on_a_small_screen_all_listings_that_were_read_share_one_toast(
    reader: OpenReader, inbox: Path, files: int, message: str
) -> None:
    for number in range(files):
        written = papers.write(inbox, papers.WINTER, papers.WINTER_DAY)
        written.rename(inbox / f"{number}-{written.name}")
    if files > 1:
        (inbox / "1-papers-2025-11-21.txt").write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8)
        papers.write(inbox, papers.WINTER, papers.WINTER_DAY)
    async with reader((80, 24)) as screen:
        await screen.until(lambda: screen.toasts, "a toast")
        await screen.until(lambda: not screen.main.imports.is_running, "the end of the import")
        await screen.pause(SETTLE_SECONDS)
        assert len(screen.toasts) == (2 if files > 1 else 1)
        assert message in " ".join(screen.toasts[-1].split())


@pytest.mark.parametrize("is_noticed", [True, False])
async def test_enter_shows_what_arrived_if_it_was_pressed_after_the_offer(
    reader: OpenReader, inbox: Path, monkeypatch: pytest.MonkeyPatch, is_noticed: bool
) -> None:
    monkeypatch.setattr("tui.screens.notices._NOTICED_SECONDS", 0.0 if is_noticed else 1e6)
    # The next key removes the message about the import, even if it is pressed immediately.
    monkeypatch.setattr("tui.widgets.notice_bar._LEAST_SECONDS", 0.0)
    async with reader() as screen:
        await screen.press("/")
        await screen.type("orbit")
        await screen.press("enter", "2")
        papers.write(inbox, papers.WINTER, papers.WINTER_DAY)
        await screen.sees("2 new, 1 known, listed 21 Nov 2025: enter shows them")
        await screen.press("enter")
        assert screen.toasts == []
        if is_noticed:
            assert screen.titles[:3] == [paper.title for paper in papers.WINTER]
            assert screen.status.startswith("New · 1 of 26") and screen.count == "26 papers"
        else:
            # The key ended the offer and also acted on the paper under the cursor.
            assert screen.main.detail.has_focus
            assert screen.detail.startswith("Persimmon")
        # Any key ends the offer.
        await screen.press("escape", "enter")
        assert screen.main.detail.has_focus


async def test_a_lost_search_index_is_made_again_and_the_status_line_shows_the_progress(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Let no search index papers by itself. In the program, a search indexes papers if only a few are missing in the
    # index.
    monkeypatch.setattr("store.search.search._MAX_AWAITED", 0)
    async with reader() as screen:
        await screen.until(lambda: "the rest is found by title" in screen.text, "the share of the papers in the index")
        await screen.until(lambda: not screen.main.imports.is_running, "the index is complete")
        await screen.press("/")
        await screen.type("tree rings")
        await screen.sees("1 paper", "Interpretable Weather from Tree Rings")


async def test_a_file_that_arrives_before_the_watch_is_active_is_imported(
    reader: OpenReader, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def late(*folders: Path, **options: bool) -> AsyncIterator[None]:
        await asyncio.Event().wait()
        yield

    monkeypatch.setattr("watchfiles.awatch", late)
    async with reader() as screen:
        await screen.until(inbox.is_dir, "the first scan")
        await screen.pause(SETTLE_SECONDS / 2)
        papers.write(inbox, papers.WINTER, papers.WINTER_DAY)
        await screen.sees("2 new, 1 known")
