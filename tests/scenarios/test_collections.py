"""Collections and saved filters on the screen: making, showing, renaming and counting them."""

from __future__ import annotations

from pathlib import Path

from store.library import settings
from store.library.library import Library
from store.marks import collections, saved_filters
from store.papers.views import View
from tests.scenarios.conftest import OpenReader

FIRST = "Persimmon Orchards Seen from Orbit"
SECOND = "Hydrofoil Control by Reinforcement Learning"
THIRD = "Cartography of Attention Heads"


async def test_papers_are_put_into_a_collection_and_keep_their_order_there(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("2", "j", "B", *"Thesis chapter 2", "enter")
        assert "into “Thesis chapter 2”" in screen.status
        await screen.press("g", "B")
        await screen.sees("Collection to put it into", "Thesis chapter 2")
        await screen.press("t", "tab", "enter")
        await screen.counts("Thesis chapter 2", 2)
        await screen.press("shift+tab")
        while screen.where != "Thesis chapter 2":
            await screen.press("j")
        await screen.press("tab")
        assert screen.titles == [SECOND, FIRST]
        await screen.press("g", "J")
        assert screen.titles == [FIRST, SECOND]
        await screen.press("_")
        assert screen.listed == [FIRST]
        await screen.press("u")
        assert screen.listed == [FIRST, SECOND]


async def test_a_selection_is_put_in_and_taken_out_at_once(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("2", "v", "j", "j", "B")
        await screen.sees("Put 3 papers into which collection?")
        await screen.press(*"Slides", "enter")
        await screen.counts("Slides", 3)
        await screen.press("v", "k", "B", *"-slides", "enter")
        await screen.counts("Slides", 1)
        assert "took 2 papers out of “Slides”" in screen.status


async def test_S_saves_the_filter_as_a_view_with_a_key_and_a_count_of_new_papers(
    reader: OpenReader, library: Path
) -> None:
    async with reader() as screen:
        await screen.press("S")
        assert "type a filter with / first" in screen.status
        await screen.press("2", "/", *"attention", "enter", "S")
        await screen.sees("Name for this filter as a view")
        await screen.press(*"Heads", "enter")
        await screen.sees("A key that shows “Heads”, or nothing")
        await screen.press("ctrl+u", *"f2", "enter")
        assert "saved the view “Heads”" in screen.status
        await screen.until(lambda: screen.count_of("Heads"), "the new papers are counted")
        new = screen.count_of("Heads")
        await screen.press("escape", "1", "f2")
        assert screen.where == "Heads"
        assert THIRD in screen.titles
        assert len(screen.titles) == new
        await screen.press("m")
        await screen.until(lambda: screen.count_of("Heads") == new - 1, "one is not new any more")  # type: ignore[operator]
    async with reader() as screen:
        await screen.press("f2")
        assert screen.where == "Heads"
        await screen.press("W", "ctrl+u", "enter")
        assert screen.where == "All"
    with Library.open(library) as opened:
        assert saved_filters.read_all(opened.reader()) == []


async def test_a_key_that_has_an_action_is_refused(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("2", "/", *"attention", "enter", "S", *"Heads", "enter", "j", "enter")
        assert "'j' has an action already" in screen.status
        await screen.counts("Heads", None)


async def test_a_saved_filter_with_a_misspelt_word_counts_the_papers_that_it_shows(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("2", "/", *"atention", "enter", "S", *"Heads", "enter", "enter", "escape")
        await screen.until(lambda: screen.count_of("Heads"), "the new papers are counted")
        counted = screen.count_of("Heads")
        await screen.press("ctrl+p", *"view heads", "enter")
        assert (screen.where, len(screen.titles)) == ("Heads", counted)
        # When all papers that the corrected filter finds are seen, papers with merely similar words are not counted
        # instead.
        await screen.press("ctrl+a", "m")
        await screen.until(lambda: not screen.count_of("Heads"), "none is new")


async def test_a_collection_that_another_program_renames_stays_on_the_screen(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("2", "B", *"Thesis", "enter")
        await screen.counts("Thesis", 1)
        screen.main.search.show_view(View("collection", "Thesis"))
        await screen.settle()
        with Library.open(library) as opened:
            collections.rename(opened, "Thesis", "Book")
        await screen.until(lambda: screen.where == "Book", "the new name")
        assert screen.listed == [FIRST]
    # The stored session of another machine may still contain the earlier name, which must then be found too.
    with Library.open(library) as opened, opened.writing() as connection:
        settings.put(connection, "session", '{"view":"collection:Thesis","filter":"in:thesis"}')
    async with reader() as screen:
        assert screen.where.startswith("Book")
        assert screen.main.search.query.text == "in:Book"
