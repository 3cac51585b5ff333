"""Tags: completion, colours, counts, renaming and merging."""

from __future__ import annotations

from tests.scenarios.conftest import OpenReader
from tests.scenarios.reader import Reader


async def tag(screen: Reader, *names: str) -> None:
    """Add these tags to the paper under the cursor. Its other tags stay."""
    await screen.press("t", *" ".join(names), "enter")


async def test_tab_completes_the_tags_that_were_used_most(reader: OpenReader) -> None:
    async with reader() as screen:
        await tag(screen, "networks")
        await screen.press("j")
        await tag(screen, "neurons", "networks")
        await screen.press("j", "t")
        await screen.sees("Tags, separated by spaces", "networks", "neurons")
        await screen.press("n", "e", "tab")
        await screen.press(*" #new n", "tab", "enter")
        assert "#networks #neurons #new" in screen.detail
        await screen.counts("#networks", 3)


async def test_tags_that_contain_the_typed_letters_are_offered_too(reader: OpenReader) -> None:
    async with reader() as screen:
        await tag(screen, "deep-learning")
        await screen.press("j", "t", *"learn", "tab", "enter")
        assert "#deep-learning" in screen.detail


async def test_tags_of_a_selection_are_added_and_removed_in_one_step(reader: OpenReader) -> None:
    async with reader() as screen:
        await tag(screen, "old")
        await screen.press("v", "j", "j", "t")
        await screen.sees("Tags to add to 3 papers, or to remove with -")
        await screen.press(*"fresh -old", "enter")
        await screen.counts("#fresh", 3)
        await screen.counts("#old", None)
        await screen.press("u")
        await screen.counts("#fresh", None)
        await screen.counts("#old", 1)


async def test_W_renames_the_tag_of_the_list_and_merges_it(reader: OpenReader) -> None:
    async with reader() as screen:
        await tag(screen, "nets")
        await screen.press("j")
        await tag(screen, "networks")
        await screen.press("W", *"nets", "enter")
        await screen.sees("New name for #nets, or a tag to merge it with")
        await screen.press("ctrl+u", *"networks", "enter")
        assert "renamed #nets to #networks" in screen.status
        await screen.counts("#networks", 2)
        await screen.press("u")
        await screen.counts("#nets", 1)


async def test_after_renaming_the_list_shows_the_papers_under_the_new_name(reader: OpenReader) -> None:
    async with reader() as screen:
        await tag(screen, "nets")
        await screen.press("shift+tab", "G")
        assert screen.where == "#nets"
        await screen.press("W", "ctrl+u", *"graphs", "enter")
        assert screen.where == "#graphs"
        assert len(screen.listed) == 1


async def test_renaming_says_that_no_paper_has_a_tag(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("W")
        assert "no paper has a tag" in screen.status


async def test_keys_that_are_typed_before_the_dialog_is_drawn_are_meant_for_it(reader: OpenReader) -> None:
    async with reader() as screen:
        await tag(screen, "networks")
        await screen.press_without_waiting("j", "t", "n", "tab", "enter", "j", "L", "G", "escape")
        await screen.settle()
        await screen.counts("#networks", 2)
