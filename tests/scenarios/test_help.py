"""The help, the command palette and the import log: their content, and moving in them."""

from __future__ import annotations

import re
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content
from textual.widget import Widget

from store.marks.stored_marks import STATUSES
from store.papers.list_rows import ListRow
from store.search.filter_fields import FILTER_HELP
from store.search.parser import parse
from tests.scenarios.conftest import OpenReader
from tests.scenarios.reader import Reader, shown
from tests.thorough import examples
from tui.actions.actions_and_keys import ACTIONS, Action
from tui.actions.other_words import OTHER_WORDS
from tui.render.list_columns import SIGNS_HELP, Columns
from tui.render.paper_line import paper_lines
from tui.screens.help_page import help_page
from tui.screens.page_dialog import Page


async def status_begins(screen: Reader, text: str) -> None:
    await screen.until(lambda: screen.status.startswith(text), text)


def words(widget: Widget) -> str:
    """The text of a widget, with one blank for each gap and line break."""
    return " ".join(" ".join(shown(widget)).split())


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
async def test_the_help_has_every_key_and_the_filter_language(reader: OpenReader, size: tuple[int, int]) -> None:
    async with reader(size) as screen:
        await screen.press("?")
        await screen.sees("Help", "Moving", "go one line down")
        page = help_page({}, 58)
        text = " ".join(page.plain.split())
        for action in ACTIONS:
            assert f"{action.shown_keys} {action.help}" in text
        for example, means in (*FILTER_HELP, *SIGNS_HELP):
            assert f"{' '.join(example.split())} {' '.join(means.split())}" in text
        await screen.press("end")
        scroll = screen.app.screen.query_one("#page-scroll")
        await screen.until(lambda: scroll.is_vertical_scroll_end, "the end of the longer column")
        await screen.press("home", "escape")
        assert "Moving" not in screen.text


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_the_help_finds_every_action_by_its_name(action: Action) -> None:
    assert f"{action.shown_keys} {action.help}" in " ".join(help_page({}, 58, action.label).plain.split())


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("undo", "take back the last mark"),
        ("delete", "hide it from every list"),
        ("favourite", "set or remove the bookmark"),
        ("snooze", "postpone it to a day"),
        ("exit", "quit"),
        ("search", "filter the list as you type"),
        ("label", "edit its tags"),
        ("clipboard", "copy its citation"),
        ("colours", "switch between the dark and the light theme"),
    ],
)
async def test_help_and_palette_find_an_action_by_the_word_of_another_program(
    reader: OpenReader, words: str, found: str
) -> None:
    assert found in " ".join(help_page({}, 58, words).plain.split())
    async with reader((140, 30)) as screen:
        await screen.press("ctrl+p", *words)
        assert found in screen.text


def test_other_words_belong_to_actions() -> None:
    assert set(OTHER_WORDS) <= {action.id for action in ACTIONS}


@examples(20, 250)
@given(st.integers(24, 250))
def test_every_line_of_the_help_fits(width: int) -> None:
    page = help_page({"down": ",".join(["ctrl+n", "down"] * 20)}, width)
    assert max(line.cell_length for line in page.split("\n")) <= width


async def test_the_help_is_filtered_as_letters_are_typed(reader: OpenReader) -> None:
    async with reader((120, 36)) as screen:
        await screen.press("?")
        await screen.type("reading queue")
        await screen.sees("put it in the reading queue")
        assert "go one line down" not in screen.text
        # A mistyped word is found as well as a correct one.
        await screen.press("ctrl+u")
        await screen.type("fitler")
        await screen.sees("filter the list as you type")
        await screen.press("ctrl+u")
        await screen.type("xylophone")
        await screen.sees("Nothing in the help has these words.")
        await screen.press("ctrl+u")
        await screen.sees("go one line down")
        await screen.press("escape")
        assert screen.app.screen is screen.main


def test_a_key_that_is_typed_into_the_help_comes_first() -> None:
    lines = [line.split() for line in help_page({"bookmark": "Z"}, 60, "Z").plain.splitlines()]
    assert lines[0] == ["The", "key", "Z"]
    assert lines[1][:3] == ["Z", "set", "or"]


async def test_the_key_of_the_help_closes_it_again(reader: OpenReader) -> None:
    async with reader() as screen:
        for key in ("?", "enter", "escape"):
            await screen.press("?")
            await screen.sees("Moving")
            await screen.press(key)
            assert screen.app.screen is screen.main


async def test_a_page_that_is_scrolled_before_its_first_layout_scrolls_after_it(reader: OpenReader) -> None:
    async with reader((100, 30)) as screen:
        page = Page("Numbers", Content("\n".join(f"number {number}" for number in range(200))))
        screen.app.push_screen(page)
        # Press keys before Textual has laid out the page, as a fast user does.
        page.move(1)
        page.move(-3)
        page.move(1000)
        await screen.sees("number 199")
        await screen.press("g")
        await screen.sees("number 0 ")


async def test_the_palette_finds_an_action_by_its_name_and_runs_it(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("ctrl+p")
        await screen.type("bookm")
        await screen.sees("Bookmark", "set or remove the bookmark")
        await screen.press("enter")
        await screen.until(lambda: screen.rows[0].startswith("●★"), "the bookmark")


async def test_the_palette_opens_views_days_and_tags(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("t")
        await screen.type("fish")
        await screen.press("enter")
        await screen.counts("#fish", 1)
        for typed, name in (("view fish", "#fish"), ("view sep", "30 Sep 2025"), ("view queue", "Queue")):
            await screen.press("ctrl+p")
            await screen.type(typed)
            await screen.sees("View " + name)
            await screen.press("enter")
            await status_begins(screen, name)


async def test_escape_closes_the_palette(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("ctrl+p")
        await screen.type("hid")
        await screen.press("escape")
        assert screen.count == "24 papers"
        assert screen.main.list.has_focus


def test_the_help_explains_every_sign_of_the_list_and_every_example_of_the_filter_is_valid() -> None:
    row = ListRow(
        id=1,
        title="A title",
        byline=None,
        author_count=None,
        organization=None,
        published=None,
        last_listed=None,
        upvotes=1,
        comment_count=1,
        bookmarked=True,
        status="new",
        queue_position=None,
        tags=(),
        announce_type=None,
    )
    drawn = ""
    for status in STATUSES:
        for announced in ("new", "cross", "replaced"):
            each = msgspec.structs.replace(row, status=status, announce_type=announced)
            columns = Columns.none(date(2026, 7, 2)).including([each])
            (line,) = paper_lines(each, 120, columns, title="")
            drawn += "".join(piece.text for piece in line)
    signs = {letter for letter in drawn if not letter.isalnum() and not letter.isspace()}
    explained = "".join(sign for sign, _ in SIGNS_HELP)
    assert signs
    assert [sign for sign in signs if sign not in explained] == []
    for example, _ in FILTER_HELP:
        for part in re.split(r" {2,}", example):
            assert parse(part, date(2026, 7, 2)).misread == ()


async def test_keys_typed_while_a_page_closes_go_to_the_screen_below(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.type("??ixy")
        await screen.sees("Import a file or folder", " xy ")
        await screen.press("escape")
        await screen.type("Lq/jazz")
        await screen.until(lambda: len(screen.titles) == 1, "the filter has all the letters")
        assert screen.app.screen is screen.main
