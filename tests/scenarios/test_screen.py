"""The screen shows the name of the view and the most useful keys in it; links and keywords of a paper can be chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.message import Message

from store.model.paper import Author, Link, Organization, Paper
from tests.scenarios.conftest import OpenReader
from tests.scenarios.reader import Reader, _mouse, shown
from tests.store.search.sample_library import SampleLibrary
from tui.widgets import notice_bar
from tui.widgets.detail import Body
from tui.widgets.status_line import WherePart, fitting
from tui.workers import browser

FIRST = "Persimmon Orchards Seen from Orbit"
BEES = "Bees Count to Four"


@pytest.fixture
def bees(tmp_path: Path) -> Path:
    """A library of two papers that have keywords, authors and links."""
    path = tmp_path / "bees" / "library.db"
    path.parent.mkdir(mode=0o700)
    sample = SampleLibrary(path)
    for title, keyword in ((BEES, "numerical cognition"), ("Wasps Do Not Count", "insect memory")):
        sample.put(
            Paper(
                title=title,
                abstract=f"On {keyword}, at length.",
                authors=(Author("Ada Lovelace"),),
                organization=Organization("KAIST AI"),
                links=(Link("code", f"https://example.org/{len(title)}"),),
                ai_summary="They do, or they do not.",
                ai_keywords=(keyword, "insects"),
            )
        )
    sample.library.close()
    return path


def keys(screen: Reader) -> list[str]:
    """The labels of the keys in the key bar."""
    return [hint.label for _, _, hint in screen.main.query_one("KeyBar")._places]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("pressed", "labels"),
    [
        ("", ["Triage", "Read", "Filter", "Keep", "Drop"]),
        ("/", ["Clear", "To the list", "Down", "Up", "Palette"]),
        ("/ g enter", ["Clear filter", "Read", "Filter", "Queue", "Hide"]),
        ("enter", ["Back", "Full text", "Next", "Queue", "Bookmark"]),
        ("v", ["Select none", "Queue", "Bookmark", "Hide", "Tags"]),
        ("a 3", ["Read", "Down", "Up", "Done", "Take out"]),
        ("shift+tab", ["Back", "Show", "Down", "Up", "Next pane"]),
    ],
)
async def test_the_key_bar_shows_the_five_keys_that_matter_in_a_place(
    reader: OpenReader, pressed: str, labels: list[str]
) -> None:
    async with reader() as screen:
        await screen.press(*pressed.split())
        assert keys(screen) == [*labels, *([] if pressed == "/" else ["Help"])]


async def test_an_empty_library_shows_how_to_fill_it(reader: OpenReader, empty: Path) -> None:
    empty.parent.mkdir()
    async with reader((80, 24), library=empty) as screen:
        assert keys(screen) == ["Import", "Samples", "Fetch today", "Palette", "Quit", "Help"]


async def test_the_status_line_says_where_the_cursor_is_and_what_the_last_action_did(reader: OpenReader) -> None:
    async with reader() as screen:
        assert screen.status == "New · 1 of 24"
        await screen.press("2")
        await screen.until(lambda: screen.status == "All · 1 of 24 · 24 new", "the new ones are counted")
        await screen.press("m", "j", "s", "v", "j")
        await screen.until(lambda: "23 new" in screen.status, "one paper was seen")
        assert screen.status.startswith("All · 3 of 24 · 23 new · by date · 2 selected")
        await screen.press("x")
        assert screen.status.endswith("hid 2 papers")
        await screen.press("u")
        assert screen.status.endswith("undone: hid 2 papers")
        await screen.press("g", "b")
        assert screen.status.endswith(f"bookmarked “{FIRST}”")


def test_a_narrow_status_line_leaves_out_the_least_important_parts_first() -> None:
    parts = [WherePart(0, "New"), WherePart(4, "2 Jul"), WherePart(1, "1 of 9"), WherePart(3, "7 new")]
    assert fitting(parts, 30) == "New · 2 Jul · 1 of 9 · 7 new"
    assert fitting(parts, 27) == "New · 1 of 9 · 7 new"
    assert fitting(parts, 14) == "New · 1 of 9"
    assert fitting(parts, 2) == "New"


def test_a_part_that_does_not_fit_is_shortened_before_it_is_left_out() -> None:
    parts = [WherePart(0, "Trending"), WherePart(4, "by rise of votes", "by rise"), WherePart(3, "7 new")]
    assert fitting(parts, 40) == "Trending · by rise of votes · 7 new"
    assert fitting(parts, 30) == "Trending · by rise · 7 new"
    assert fitting(parts, 20) == "Trending · by rise"
    assert fitting(parts, 10) == "Trending"


async def test_a_message_that_needs_the_status_line_leaves_only_the_view_beside_it(reader: OpenReader) -> None:
    async with reader((66, 24)) as screen:
        await screen.press("_")
        assert screen.status.startswith("New  ")
        assert screen.status.endswith("this works in a collection; B puts a paper into one")


async def test_a_message_keeps_what_follows_the_title_of_a_paper(reader: OpenReader) -> None:
    async with reader((60, 24)) as screen:
        await screen.press("j", "B")
        await screen.type("Thesis chapter 2")
        await screen.press("enter")
        assert screen.status.endswith(" into “Thesis chapter 2”")
        await screen.press("u")
        assert screen.status.endswith(" into “Thesis chapter 2”") and "undone: put “Hydro" in screen.status


async def test_a_screen_of_medium_width_has_the_views_on_one_line(reader: OpenReader) -> None:
    async with reader((120, 36)) as screen:
        await screen.until(lambda: " 1 New (24)  2 All (24)  3 Queue (0) " in screen.lines[1], "the views")
        await screen.click(screen.lines[1].index("Queue"), 1)
        assert screen.where == "Queue"
        await screen.press("shift+tab")
        assert not screen.main.view_strip.display
        await screen.resize(80, 24)
        assert not screen.main.view_strip.display


async def test_the_terminals_cursor_follows_the_cursor_of_the_list_and_the_caret(reader: OpenReader) -> None:
    async with reader((80, 24)) as screen:
        assert screen.app.cursor_position == (1, 1)
        await screen.press("j", "j")
        assert screen.app.cursor_position == (1, 3)
        await screen.press("G")
        assert screen.app.cursor_position == (1, 21)
        await screen.press("/", "g")
        assert screen.app.cursor_position == (4, 0)
        await screen.press("escape", "g", "?", "escape")
        assert screen.app.cursor_position == (1, 1)
        await screen.press("enter")
        await screen.until(lambda: screen.app.cursor_position == (2, 1), "the cursor is at the top of the paper")
        await screen.press("escape")
        await screen.until(lambda: screen.app.cursor_position == (1, 1), "the cursor is in the list again")


async def test_a_keyword_filters_when_it_is_clicked_or_chosen(reader: OpenReader, bees: Path) -> None:
    async with reader(library=bees) as screen:
        await screen.press("2", "j")
        await screen.sees("numerical cognition · insects")
        line = next(number for number, text in enumerate(screen.lines) if "numerical cognition ·" in text)
        await screen.click(screen.lines[line].index("numerical") + 2, line)
        assert (screen.main.filter_line.input.value, screen.titles) == ("numerical cognition", [BEES])
        assert screen.main.list.has_focus
        await screen.press("escape", "#")
        await screen.sees("Filter by", "KAIST AI")
        await screen.press("4")
        assert screen.main.filter_line.input.value == 'author:"Ada Lovelace"'
        assert len(screen.titles) == 2


async def test_a_click_counts_while_the_page_of_the_same_paper_is_made_again(
    reader: OpenReader, bees: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reader(library=bees) as screen:
        await screen.press("2", "j")
        await screen.sees("numerical cognition · insects")
        body = screen.main.detail.query_one(Body)
        line = next(number for number, text in enumerate(shown(body)) if text.startswith("numerical cognition"))
        clicked: list[Message] = []
        with monkeypatch.context() as patched:
            patched.setattr(body, "post_message", clicked.append)
            # Replace the page, as happens when similar papers were found. Textual lays out the new page only later.
            screen.main.detail.show(screen.main.detail.paper, screen.main.list.highlights)
            body.on_click(_mouse(events.Click, 2, line, 1))
        assert [message.choice.value for message in clicked if isinstance(message, Body.Clicked)] == [
            "numerical cognition"
        ]


async def test_a_link_opens_when_it_is_clicked(reader: OpenReader, bees: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_in_browser(url: str) -> object:
        opened.append(url)
        return lambda: False

    monkeypatch.setattr(browser, "open_in_browser", open_in_browser)
    async with reader(library=bees) as screen:
        await screen.press("2", "g")
        await screen.sees("https://example.org/")
        line = next(number for number, text in enumerate(screen.lines) if "https://example.org/" in text)
        address = screen.lines[line].split()[-1]
        await screen.click(screen.lines[line].index("https"), line)
        await screen.until(lambda: opened, "the browser")
        assert opened == [address]


async def test_a_notice_covers_no_paper_and_goes_with_the_next_key(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reader((80, 24)) as screen:
        papers = screen.lines[1:22]
        screen.main.notices.toast("papers.txt: 2 new, 1 known")
        screen.main.notices.toast("[b]more.txt[/b]: not read", "error")
        await screen.sees("papers.txt: 2 new, 1 known", "[b]more.txt[/b]: not read")
        assert screen.lines[1:22] == papers
        screen.main.notices.toast("a long story " * 12, "warning")
        await screen.until(lambda: screen.main.list.size.height < 21, "the list makes room for more lines")
        await screen.press_without_waiting("j")
        assert len(screen.toasts) == 3
        monkeypatch.setattr(notice_bar, "_LEAST_SECONDS", 0)
        await screen.press("G")
        assert screen.toasts == []
        await screen.until(lambda: screen.main.list.size.height == 21, "the list has all lines again")
        assert screen.paper == "Ambient Occlusion for Blind Mice"
