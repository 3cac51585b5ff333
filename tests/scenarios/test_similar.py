"""Similar papers: `=` lists them, and esc returns to the previous list."""

from __future__ import annotations

from tests.scenarios.conftest import OpenReader


async def test_similar_papers_are_listed_and_esc_returns(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("neural")
        await screen.press("enter")
        before = screen.titles
        await screen.press("j")
        paper = screen.main.list.paper
        await screen.press("=")
        assert str(screen.main.search.view) == "all"
        assert len(screen.titles) == 1
        assert "similar to" in screen.status
        await screen.press("escape")
        assert (screen.titles, screen.main.list.paper) == (before, paper)
        assert screen.main.filter_line.input.value == "neural"


async def test_each_step_from_one_similar_paper_to_the_next_is_taken_back(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("neural")
        await screen.press("enter", "=", "=")
        assert screen.main.filter_line.input.value.startswith("like:")
        await screen.press("escape", "escape")
        assert screen.main.filter_line.input.value == "neural"


async def test_changing_the_view_forgets_the_list_before_similar_papers(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("=", "3", "2", "escape")
        assert screen.count == "24 papers"
        assert str(screen.main.search.view) == "all"


async def test_several_selected_papers_are_named_and_too_many_are_refused(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("v", "j", "=")
        assert screen.main.filter_line.input.value.count("like:") == 2
        await screen.press("escape", "v", "G", "=")
        assert "select at most 10 papers" in screen.status
