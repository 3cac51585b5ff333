"""Typing a filter: which papers are in the list, and where the cursor is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from textual.geometry import Region
from textual.widgets import Static

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.papers.views import Sort, View
from store.search import query
from store.search.answer import Answer
from store.search.highlighting import Highlights
from store.search.search import Search
from store.search.window import PaperIds
from tests.scenarios.conftest import OpenReader
from tests.scenarios.terminal import PATIENCE
from tui.widgets.filter_line import FilterInput
from tui.widgets.list_position import Place
from tui.widgets.paper_list import PaperList


async def test_every_letter_narrows_the_list_and_changes_the_count(reader: OpenReader) -> None:
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


async def test_a_title_with_mistyped_letters_is_found_and_the_count_says_corrected(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("persimon orchads orbot")
        assert screen.titles == ["Persimmon Orchards Seen from Orbit"]
        assert screen.count == "1 paper, spelling corrected"


async def test_a_word_in_another_form_is_found_and_the_status_line_names_the_form(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("orbits persimmons")
        assert screen.titles == ["Persimmon Orchards Seen from Orbit"]
        assert screen.count == "1 paper"
        assert "1 paper, as " in screen.status
        assert "orbit" in screen.status
        assert "persimmon" in screen.status


async def test_a_key_leaves_only_exact_matches_and_shows_all_again(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("antenn")
        assert len(screen.titles) == 3
        await screen.press("enter", '"')
        assert (len(screen.titles), screen.count) == (1, "1 paper")
        assert "exact only" in screen.status
        await screen.press('"')
        assert len(screen.titles) == 3
        assert "exact only" not in screen.status


async def test_exact_matches_come_before_corrected_ones_and_are_counted_separately(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("antenn")
        assert screen.count == "1 exact, 2 corrected"
        assert "Antenn" in screen.titles[0]
        assert len(screen.titles) == 3


async def test_the_filter_key_selects_the_last_filter_so_that_letters_replace_it_and_arrows_edit_it(
    reader: OpenReader,
) -> None:
    async with reader() as screen:
        typed = screen.main.filter_line.input
        await screen.press("/")
        await screen.type("glaciers")
        await screen.press("enter", "/")
        assert typed.selected_text == "glaciers"
        await screen.type("persimmon")
        assert typed.value == "persimmon"
        assert screen.titles == ["Persimmon Orchards Seen from Orbit"]
        await screen.press("enter", "/", "right", *" or glaciers")
        assert typed.value == "persimmon or glaciers"
        await screen.press("enter", "/", "left", *"no")
        assert typed.value == "nopersimmon or glaciers"


async def test_matching_letters_are_highlighted(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("tremor vol")
        papers = screen.main.list
        style = papers.style_of("match", "cursor")
        lit = [segment.text for segment in papers.render_line(0) if segment.style == style]
        assert lit == ["Vol", "Tremor"]


async def test_escape_restores_the_list_and_the_cursor(reader: OpenReader) -> None:
    async with reader((80, 16)) as screen:
        await screen.press("G", *"kkkk")
        before = (screen.titles, screen.paper, screen.cursor_line)
        assert screen.main.list.first > 0
        await screen.press("/")
        await screen.type("glaciers")
        assert screen.titles == ["Glaciers as Slow Neural Networks"]
        await screen.press("escape")
        assert (screen.titles, screen.paper, screen.cursor_line) == before
        assert screen.count == "24 papers"
        assert screen.main.filter_line.input.value == ""


async def test_escape_keeps_the_cursor_on_the_paper_chosen_in_the_filtered_list(reader: OpenReader) -> None:
    async with reader((80, 16)) as screen:
        await screen.press("/")
        await screen.type("for")
        await screen.press("down", "down")
        chosen = screen.paper
        assert chosen not in ("Persimmon Orchards Seen from Orbit", screen.titles[0])
        await screen.press("escape")
        assert screen.count == "24 papers"
        assert screen.paper == chosen


async def test_a_paper_chosen_in_the_filtered_list_is_shown_among_the_papers_above_it(reader: OpenReader) -> None:
    async with reader((80, 16)) as screen:
        await screen.press("/")
        await screen.type("counterfactual")
        await screen.press("enter")
        assert screen.paper == "Counterfactual Cooking Recipes"
        assert screen.cursor_line == 0
        await screen.press("escape")
        assert (screen.count, screen.paper) == ("24 papers", "Counterfactual Cooking Recipes")
        assert screen.cursor_line == screen.main.list.page // 3 * screen.main.list.item_height > 0


async def test_a_jump_shows_the_papers_above_it_and_a_small_step_scrolls_nothing(reader: OpenReader) -> None:
    async with reader((80, 16)) as screen:
        await screen.press(*(14 * "j"), "b")
        bookmarked, papers = screen.paper, screen.main.list
        first = papers.first
        await screen.press("k", "u")
        assert (screen.paper, papers.first) == (bookmarked, first)
        await screen.press("b", "g", "u")
        assert (screen.paper, papers.cursor - papers.first) == (bookmarked, papers.page // 3)


async def test_escape_returns_to_a_chosen_paper_that_the_filter_had_removed(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("glac")
        await screen.press("backspace", "backspace", "down")
        assert screen.paper == "Lighthouses for Underwater Gliders"
        await screen.type("aciers qqqqqqqqq")
        assert screen.titles == []
        await screen.press("escape")
        assert screen.paper == "Lighthouses for Underwater Gliders"


async def test_escape_after_a_filter_without_matches_returns_to_the_paper_before(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "j", "/")
        await screen.type("qqqqqqqqq")
        assert (screen.titles, screen.count, screen.detail.strip()) == ([], "0 papers", "")
        await screen.press("escape")
        assert screen.paper == "Cartography of Attention Heads"


async def test_deleting_the_filter_returns_to_the_paper_before(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "j", "/")
        await screen.type("gl")
        await screen.press("backspace", "backspace")
        assert (screen.paper, screen.count) == ("Cartography of Attention Heads", "24 papers")


async def test_enter_moves_the_focus_to_the_list_and_keeps_the_filter(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("2", "/")
        await screen.type("gl")
        await screen.press("enter", "j", "b")
        assert screen.main.focused is screen.main.list
        assert (screen.count, screen.main.filter_line.input.value) == ("2 papers", "gl")
        assert screen.rows[2].startswith("●★ Lighthouses")
        await screen.press("escape")
        assert (screen.count, screen.paper) == ("24 papers", "Lighthouses for Underwater Gliders")


async def test_enter_chooses_the_first_match(reader: OpenReader) -> None:
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


async def test_a_match_that_was_hidden_leaves_the_list_when_the_cursor_moves(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("for")
        await screen.press("enter", "j")
        titles, hidden = screen.titles, screen.paper
        await screen.press("x")
        assert (screen.titles, screen.paper) == (titles, hidden)
        await screen.press("j")
        assert screen.titles[:3] == [titles[0], *titles[2:4]]
        assert hidden not in screen.titles
        assert screen.paper == titles[2]


async def test_the_status_line_says_what_was_not_understood(reader: OpenReader) -> None:
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
        parsed: query.Query,
        sort: Sort = "best",
        should_stop: Callable[[], bool] = bool,
        on_first: Callable[[Answer], object] = lambda first: None,
        *,
        exact_only: bool = False,
    ) -> Answer:
        if parsed.text in begun:
            begun[parsed.text].set()
            assert go_on[parsed.text].wait(PATIENCE)
        # Finish the first search although its result is outdated by then. The list must not show that result.
        result = answer(self, view, parsed, sort, exact_only=exact_only)
        made.append((parsed.text, result.ids))
        return result

    made: list[tuple[str, PaperIds]] = []
    shown: list[str] = []
    show_papers = PaperList.show_papers

    def recorded(
        self: PaperList, ids: PaperIds, highlights: Highlights, *, at: Place | None, holds: bool = False
    ) -> None:
        shown.append(next(text for text, made_ids in made if made_ids is ids))
        show_papers(self, ids, highlights, at=at, holds=holds)

    async with reader() as screen:
        monkeypatch.setattr(Search, "answer", slow)
        monkeypatch.setattr(PaperList, "show_papers", recorded)
        await screen.press_without_waiting("/", "g")
        await screen.until(begun["g"].is_set, "the search for the first letter has begun")
        await screen.press_without_waiting(*"laciers")
        go_on["g"].set()
        await screen.until(begun["glaciers"].is_set, "the search for the whole word has begun")
        await screen.through_the_writer()
        assert "g" not in shown
        go_on["glaciers"].set()
        await screen.settle()
        assert screen.titles == ["Glaciers as Slow Neural Networks"]
        # Filters typed between the first and the last one may have been searched for while the result of the first one
        # was delayed.
        assert shown == sorted(shown, key=len)
        assert "g" not in shown and shown[-1] == "glaciers"


async def test_typing_a_filter_causes_no_new_layout(reader: OpenReader, monkeypatch: pytest.MonkeyPatch) -> None:
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


async def test_the_filter_is_restored_after_a_restart(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("gl")
        await screen.press("enter", "j")
    async with reader() as screen:
        assert (screen.main.filter_line.input.value, screen.count) == ("gl", "2 papers")
        assert screen.paper == "Lighthouses for Underwater Gliders"
        await screen.press("escape")
        assert (screen.count, screen.paper) == ("24 papers", "Lighthouses for Underwater Gliders")


async def test_an_empty_list_says_which_keys_search_elsewhere_or_remove_the_filter(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("zzqx zzqy")
        assert screen.count == "0 papers"
        # While a filter is typed, a letter is added to the filter and does not run its action.
        assert "No paper matches the filter. enter, then 2 searches" in screen.text
        await screen.press("enter")
        assert "No paper matches the filter. 2 searches all papers; esc" in screen.text
        await screen.press("escape")
        assert "No paper matches" not in screen.text


async def test_the_key_bar_shows_only_keys_that_work_at_the_moment(reader: OpenReader) -> None:
    async with reader() as screen:
        assert "esc" not in screen.text.splitlines()[-1]
        await screen.press("/")
        await screen.type("gl")
        assert screen.text.splitlines()[-1].rstrip() == " esc Clear  enter To the list  ↓ Down  ↑ Up  ctrl+p Palette"
        await screen.click(screen.text.splitlines()[-1].index("To the"), 39)
        assert screen.main.focused is screen.main.list
        assert screen.text.splitlines()[-1].startswith(" esc Clear filter  enter Read")
        await screen.press("/")
        await screen.click(screen.text.splitlines()[-1].index("Clear"), 39)
        assert (screen.count, screen.main.focused) == ("24 papers", screen.main.list)
        assert "esc" not in screen.text.splitlines()[-1]


async def test_an_acronym_with_several_meanings_offers_them(reader: OpenReader, library: Path, tmp_path: Path) -> None:
    table = tmp_path / "acronyms.csv"
    table.write_text(
        "title\nRetrieval augmented generation (RAG) of maps\nRoughly averaged gradients (RAG) in soil\n"
        "Why retrieval augmented generation fails\nPeat and roughly averaged gradients\n",
        "utf-8",
    )
    with Library.open(library) as opened:
        list(take_in(opened, [table], Options(today=date(2026, 7, 2))))
    async with reader() as screen:
        await screen.until(lambda: not screen.main.search.unindexed, "the index is complete")
        await screen.press("2", "/")
        await screen.type("rag ")
        await screen.press("enter")
        assert "~ chooses one" in screen.status
        await screen.press("~", "1")
        assert screen.main.filter_line.input.value in (
            '"retrieval augmented generation"',
            '"roughly averaged gradients"',
        )
        assert len(screen.titles) == 2


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (100, 30), (200, 50)])
async def test_the_number_of_papers_beside_the_filter_is_never_cut(reader: OpenReader, size: tuple[int, int]) -> None:
    async with reader(size) as screen:
        assert "words" in screen.lines[0]
        label = screen.main.query_one("#filter-count", Static)
        for count, exact in ((24, 24), (0, 0), (1, 0), (187, 0), (234, 1), (12_345, 17), (1_234_567, 0)):
            screen.main.filter_line.show_count(count, exact, True)
            text = str(label.visual)
            assert len(text) <= label.content_size.width
            assert text.startswith((f"{count:,} paper", f"{exact:,} exact, "))
            assert "corrected" in text or count in (0, exact, 12_345, 1_234_567)
