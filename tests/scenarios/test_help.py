"""The help, the palette and the import log."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import msgspec
from textual.content import Content

from store.marks.stored_marks import STATUSES
from store.papers.queries import ListRow
from store.search.parser import parse
from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader
from tests.scenarios.reader import Reader, shown
from tests.scenarios.terminal import run
from tui.actions.registry import ACTIONS, FILTER_HELP, SIGNS_HELP
from tui.render.paper_line import first_line
from tui.screens.dialogs import Page


async def status_begins(screen: Reader, text: str) -> None:
    await screen.until(lambda: screen.status.startswith(text), text)


async def test_the_help_has_every_key_and_the_filter_language(reader: OpenReader) -> None:
    async with reader((100, 30)) as screen:
        await screen.press("?")
        await screen.sees("Help", "Moving", "one line down")
        text = "\n".join(shown(screen.app.screen.query_one("#page-text")))
        for action in ACTIONS:
            assert action.help in text
            assert action.shown_keys in text
        for example, means in (*FILTER_HELP, *SIGNS_HELP):
            assert example in text
            assert means in text
        await screen.press("G")
        await screen.sees("Anything else is searched for as words.")
        await screen.press("g", "escape")
        assert "Moving" not in screen.text


async def test_a_page_that_is_scrolled_before_its_first_layout_scrolls_after_it(reader: OpenReader) -> None:
    async with reader((100, 30)) as screen:
        page = Page("Numbers", Content("\n".join(f"number {number}" for number in range(200))))
        screen.app.push_screen(page)
        # Keys that arrived before the layout.
        page.action_scroll(1)
        page.action_page(-1)
        page.action_end(1)
        await screen.sees("number 199")
        await screen.press("g")
        await screen.sees("number 0 ")


async def test_the_palette_finds_an_action_by_its_name_and_runs_it(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("ctrl+p")
        await screen.type("bookm")
        await screen.sees("Bookmark", "(b)")
        await screen.press("enter")
        await screen.until(lambda: screen.rows[0].startswith("●★"), "the bookmark")


async def test_the_palette_opens_views_days_and_tags(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("t")
        await screen.type("fish")
        await screen.press("enter")
        await screen.until(lambda: screen.count_of("#fish") == 1, "the tag")
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


async def test_the_log_shows_what_was_imported_merged_and_refused_and_why(
    reader: OpenReader, library: Path, tmp_path: Path
) -> None:
    winter = papers.write(tmp_path / "more", papers.WINTER, papers.WINTER_DAY)
    picture = tmp_path / "more" / "holiday.jpg"
    picture.write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8)
    assert run("--library", library, "import", winter, picture).returncode == 1
    async with reader((120, 30)) as screen:
        await screen.press("L")
        await screen.sees("Import log")
        text = " ".join("\n".join(shown(screen.app.screen.query_one("#page-text"))).split())
        assert "papers-2025-11-21.txt: 3 papers (2 added, 1 merged, 0 unchanged)" in text
        assert "holiday.jpg: not read:" in text
        # The newest comes first.
        assert text.index("holiday.jpg") < text.index("papers-2025-11-21.txt") < text.index("papers-2025-09-30.txt")
        await screen.press("L")
        assert "Import log" not in screen.text


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
            drawn += "".join(piece.text for piece in first_line(each, 120, (), tall=False, shown=""))
    signs = {letter for letter in drawn if not letter.isalnum() and not letter.isspace()}
    explained = "".join(sign for sign, _ in SIGNS_HELP)
    assert signs
    assert [sign for sign in signs if sign not in explained] == []
    for example, _ in FILTER_HELP:
        for part in re.split(r" {2,}", example):
            assert parse(part, date(2026, 7, 2)).misread == ()


async def test_keys_typed_while_a_page_closes_go_to_the_screen_below(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.type("?qixy")
        await screen.sees("Import a file or folder", " xy ")
        await screen.press("escape")
        await screen.type("Lq/jazz")
        await screen.until(lambda: len(screen.titles) == 1, "the filter has all the letters")
        assert screen.app.screen is screen.main
