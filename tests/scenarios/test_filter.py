"""Typing a filter: what narrows, what comes back, where the cursor is."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from textual.geometry import Region

from store.papers.views import Sort, View
from store.search import query
from store.search.answer import Answer
from store.search.highlighting import Highlights
from store.search.search import Search
from store.search.window import PaperIds
from tests.scenarios.conftest import OpenReader
from tests.scenarios.terminal import PATIENCE
from tui.widgets.filter_line import FilterInput
from tui.widgets.paper_list import PaperList, Place


async def test_every_letter_narrows_the_list_and_the_count_follows(reader: OpenReader) -> None:
    async with reader() as screen:
        assert screen.count == "24 papers"
        await screen.press("/")
        seen = []
        for letter in "gla":
            await screen.press(letter)
            seen.append((len(screen.titles), screen.count))
        assert seen == [(2, "2 papers"), (2, "2 papers"), (1, "1 paper")]
        assert screen.titles[0] == "Glaciers as Slow Neural Networks"
        await screen.press("c")
        assert (screen.titles, screen.count) == (["Glaciers as Slow Neural Networks"], "1 paper")


async def test_a_title_with_mistyped_letters_is_found_and_said_to_be_alike(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("persimon orchads orbot")
        assert screen.titles == ["Persimmon Orchards Seen from Orbit"]
        assert screen.count == "1 paper, spelling corrected"


async def test_what_is_alike_comes_behind_what_is_exact_and_is_counted_apart(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("antenn")
        assert screen.count == "1 exact, 2 corrected"
        assert "Antenn" in screen.titles[0]
        assert len(screen.titles) == 3


async def test_the_letters_that_matched_are_lit(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("tremor vol")
        lit = [segment.text for segment in screen.main.list.render_line(0) if segment.style and segment.style.bold]
        assert lit == ["Vol", "Tremor"]


async def test_escape_gives_everything_back_as_it_was(reader: OpenReader) -> None:
    async with reader((80, 16)) as screen:
        await screen.press("G", *"kkkk")
        before = (screen.rows, screen.paper, screen.cursor_line)
        assert screen.main.list.first > 0
        await screen.press("/")
        await screen.type("glaciers")
        assert screen.titles == ["Glaciers as Slow Neural Networks"]
        await screen.press("escape")
        assert (screen.rows, screen.paper, screen.cursor_line) == before
        assert screen.count == "24 papers"
        assert screen.main.filter_line.input.value == ""


async def test_escape_keeps_the_paper_that_was_chosen_under_the_filter(reader: OpenReader) -> None:
    async with reader((80, 16)) as screen:
        await screen.press("/")
        await screen.type("for")
        await screen.press("down", "down")
        chosen = screen.paper
        assert chosen not in ("Persimmon Orchards Seen from Orbit", screen.titles[0])
        await screen.press("escape")
        assert screen.count == "24 papers"
        assert screen.paper == chosen


async def test_a_chosen_paper_that_was_filtered_away_is_under_the_cursor_again(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("glac")
        await screen.press("backspace", "backspace", "down")
        assert screen.paper == "Lighthouses for Underwater Gliders"
        await screen.type("aciers qqqqqqqqq")
        assert screen.titles == []
        await screen.press("escape")
        assert screen.paper == "Lighthouses for Underwater Gliders"


async def test_escape_after_nothing_was_found_gives_the_paper_from_before(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "j", "/")
        await screen.type("qqqqqqqqq")
        assert (screen.titles, screen.count, screen.detail.strip()) == ([], "0 papers", "")
        await screen.press("escape")
        assert screen.paper == "Cartography of Attention Heads"


async def test_taking_the_letters_back_gives_the_paper_from_before(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "j", "/")
        await screen.type("gl")
        await screen.press("backspace", "backspace")
        assert (screen.paper, screen.count) == ("Cartography of Attention Heads", "24 papers")


async def test_enter_goes_to_the_list_and_the_filter_stays(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("gl")
        await screen.press("enter", "j", "b")
        assert screen.main.focused is screen.main.list
        assert (screen.count, screen.main.filter_line.input.value) == ("2 papers", "gl")
        assert screen.rows[2].startswith("●★   Lighthouses")
        await screen.press("escape")
        assert (screen.count, screen.paper) == ("24 papers", "Lighthouses for Underwater Gliders")


async def test_the_first_hit_is_chosen_by_enter(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("gliders")
        await screen.press("enter", "escape")
        assert (screen.count, screen.paper) == ("24 papers", "Lighthouses for Underwater Gliders")


async def test_arrows_and_page_keys_move_the_list_while_typing(reader: OpenReader) -> None:
    async with reader((80, 16)) as screen:
        await screen.press("/", "down", "down", "up")
        assert screen.paper == "Hydrofoil Control by Reinforcement Learning"
        await screen.press("pagedown")
        below = screen.main.list.cursor
        await screen.press("pageup")
        assert (below, screen.main.list.cursor) == (1 + screen.main.list.page, 1)
        await screen.type("o")
        assert screen.main.filter_line.input.value == "o"


async def test_a_hit_that_is_hidden_gives_way_to_its_neighbour(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("for")
        await screen.press("enter", "j")
        titles, hidden = screen.titles, screen.paper
        await screen.press("x")
        assert screen.titles[:3] == [titles[0], *titles[2:4]]
        assert hidden not in screen.titles
        assert screen.paper == titles[2]


async def test_what_cannot_be_read_as_syntax_is_said(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("date:soon")
        assert "date:soon is not a date; read as words" in screen.status
        await screen.press("escape")
        assert "date" not in screen.status


async def test_fast_typing_never_shows_an_older_answer(reader: OpenReader, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = {text: threading.Event() for text in ("g", "glaciers")}
    go_on = {text: threading.Event() for text in begun}
    answer = Search.answer

    def slow(
        self: Search,
        view: View,
        asked: query.Query,
        sort: Sort = "best",
        should_stop: Callable[[], bool] = bool,
        on_first: Callable[[Answer], object] = lambda first: None,
    ) -> Answer:
        if asked.text in begun:
            begun[asked.text].set()
            assert go_on[asked.text].wait(PATIENCE)
        # It does not look whether it is still wanted: the list must not show it all the same.
        found = answer(self, view, asked, sort)
        made.append((asked.text, found.ids))
        return found

    made: list[tuple[str, PaperIds]] = []
    shown: list[str] = []
    show_papers = PaperList.show_papers

    def recorded(self: PaperList, ids: PaperIds, highlights: Highlights, *, at: Place | None) -> None:
        shown.append(next(text for text, found in made if found is ids))
        show_papers(self, ids, highlights, at=at)

    async with reader() as screen:
        monkeypatch.setattr(Search, "answer", slow)
        monkeypatch.setattr(PaperList, "show_papers", recorded)
        await screen.press_without_waiting("/", "g")
        await screen.until(begun["g"].is_set, "the first letter is being looked for")
        await screen.press_without_waiting(*"laciers")
        go_on["g"].set()
        await screen.until(begun["glaciers"].is_set, "the first answer is there")
        await screen.through_the_writer()
        assert "g" not in shown
        go_on["glaciers"].set()
        await screen.settle()
        assert screen.titles == ["Glaciers as Slow Neural Networks"]
        # Others between them may have been answered while the first one was held up.
        assert shown == sorted(shown, key=len)
        assert "g" not in shown and shown[-1] == "glaciers"


async def test_typing_in_the_filter_lays_nothing_out_again(reader: OpenReader, monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out: list[str] = []
    refresh = FilterInput.refresh

    def recorded(self: FilterInput, *regions: Region, **how: bool) -> FilterInput:
        if how.get("layout"):
            laid_out.append(self.value)
        return refresh(self, *regions, **how)

    async with reader() as screen:
        await screen.press("/")
        monkeypatch.setattr(FilterInput, "refresh", recorded)
        await screen.type("glaciers and a good deal more than the line has room for, so that it has to scroll")
        assert screen.main.filter_line.input.value.endswith("to scroll")
        assert laid_out == []


async def test_the_filter_is_there_again_after_a_restart(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("gl")
        await screen.press("enter", "j")
    async with reader() as screen:
        assert (screen.main.filter_line.input.value, screen.count) == ("gl", "2 papers")
        assert screen.paper == "Lighthouses for Underwater Gliders"
        await screen.press("escape")
        assert (screen.count, screen.paper) == ("24 papers", "Lighthouses for Underwater Gliders")


async def test_a_filter_that_finds_nothing_says_what_leads_on(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("zzqx zzqy")
        assert screen.count == "0 papers"
        # While letters are typed a key of one letter leads nowhere.
        assert "No paper matches the filter. enter, then 2 searches" in screen.text
        await screen.press("enter")
        assert "No paper matches the filter. 2 searches all papers, esc" in screen.text
        await screen.press("escape")
        assert "No paper matches" not in screen.text


async def test_the_last_line_has_only_keys_that_do_something(reader: OpenReader) -> None:
    async with reader() as screen:
        assert "esc" not in screen.text.splitlines()[-1]
        await screen.press("/")
        await screen.type("gl")
        assert screen.text.splitlines()[-1].rstrip() == " esc Clear  enter To the list  ↓ Down  ↑ Up  ctrl+p Palette"
        await screen.click(screen.text.splitlines()[-1].index("To the"), 39)
        assert screen.main.focused is screen.main.list
        assert screen.text.splitlines()[-1].startswith(" esc Back  / Filter")
        await screen.press("/")
        await screen.click(screen.text.splitlines()[-1].index("Clear"), 39)
        assert (screen.count, screen.main.focused) == ("24 papers", screen.main.list)
        assert "esc" not in screen.text.splitlines()[-1]
