"""Keys are drawn immediately, only what has changed is drawn, and the screen is the same as if Textual drew it."""

from __future__ import annotations

import copy
import gc
import re
import sqlite3
import time
from array import array
from collections.abc import Iterable, Sequence
from random import Random

import pytest
from rich.segment import Segment
from textual import events
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from store.papers import list_rows
from store.search.highlighting import Highlights
from tests.scenarios.conftest import OpenReader
from tests.scenarios.reader import PATIENCE, Reader
from tests.thorough import some
from tui.screens.library_changes import LibraryChanges
from tui.widgets.detail import Body
from tui.widgets.line_list import LineList

# Move the cursor twice, so that the second move is handled before the first one is drawn.
_MOVED_FOR_NOTHING = re.compile(r"\x1b\[\d+;\d+H(?=\x1b\[\d+;\d+H|\n|$)")
# Keys that change lines of the list: marks, sorts, views, filters, themes, a selection, sizes of the panes.
_KEYS = [*"bajJKrdxumvvtT", "enter", "escape", "down", "G", "g", "tab", "<", ">", "2", "s", "ctrl+r"]


@pytest.fixture(autouse=True)
def undisturbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turn off the check for changes by other programs, which runs every second and could redraw the whole screen."""
    monkeypatch.setattr(LibraryChanges, "look", lambda changes: None)


async def test_lines_look_as_textual_draws_them(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("b", "j", "a", "v", "j")
        for theme in ("dark", "light"):
            for lines in (screen.main.list, screen.main.view_list):
                own = cells(lines.render_lines(lines.size.region))
                assert own == cells(by_textual(lines)), theme
                assert any(text.strip() for line in own for text, *_ in line)
            body = screen.main.detail.query_one(Body)
            whole = Region(0, 0, *body.region.size)
            own = cells(body.render_lines(whole))
            body._styles_cache.clear()
            assert own == cells(Static.render_lines(body, whole)), theme
            part = Region(3, 2, 20, 4)
            assert cells(body.render_lines(part)) == [line[3:23] for line in own[2:6]]
            await screen.press("T")


async def test_a_redrawn_screen_writes_nothing_in_lines_that_the_terminal_keeps(reader: OpenReader) -> None:
    async with reader() as screen:
        compositor, console = screen.main._compositor, screen.app.console
        width, height = screen.app.size
        screen.main.keep_on_terminal(Region(0, 2, width, height - 5))
        update = compositor.render_full_update()
        assert isinstance(update, ChopsUpdate)
        lines = update.render_segments(console).split("\n")
        # A line feed in a line that is not drawn would start from anywhere on the terminal, and could scroll it.
        moves = [re.match(r"\x1b\[(\d+);1H", line) for line in lines]
        assert [int(move[1]) for move in moves if move] == [1, 2, height - 2, height - 1, height]
        assert len(moves) == 5
        screen.main.keep_on_terminal(Region(0, 0, width, height))
        assert compositor.render_full_update() is None
        screen.main.keep_on_terminal(None)


@pytest.mark.thorough
@pytest.mark.parametrize("size", [(160, 40), (70, 24)])
async def test_no_line_is_out_of_date_after_a_key(reader: OpenReader, size: tuple[int, int]) -> None:
    random = Random(7)
    async with reader(size) as screen:
        await screen.press("b", "/")
        await screen.type("gl")
        await is_fresh(screen, "a filter")
        await screen.type("i")
        await is_fresh(screen, "one letter more")
        await screen.press("escape", "escape")
        await is_fresh(screen, "no filter")
        for key in some(20, random.choices(_KEYS, k=60)):
            if screen.main.focused is screen.main.filter_line.input or screen.app.screen is not screen.main:
                await screen.press("escape")
            await screen.press(key)
            await is_fresh(screen, key)
        for width, height in ((100, 36), (60, 20), (160, 40)):
            await screen.resize(width, height)
            await is_fresh(screen, f"{width} x {height}")


async def test_a_part_of_the_screen_is_drawn_as_textual_draws_it(reader: OpenReader) -> None:
    random = Random(3)
    async with reader() as screen:
        # A toast (short message) covers a part of the panes.
        screen.main.notices.toast("A toast")
        await screen.sees("A toast")
        for _ in range(50):
            regions = [
                Region(random.randrange(160), random.randrange(40), random.randrange(1, 90), random.randrange(1, 30))
                for _ in range(random.randrange(1, 4))
            ]
            regions = [region.intersection(screen.app.size.region) for region in regions]
            assert drawn(screen, screen.main._compositor, regions) == drawn(screen, textuals(screen), regions)
        whole = [screen.app.size.region]
        assert drawn(screen, screen.main._compositor, whole) == drawn(screen, textuals(screen), whole)


async def test_a_new_list_does_not_draw_the_panes_beside_it(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Widget] = []
    render_lines = Widget.render_lines

    def recorded(self: Widget, crop: Region) -> list[Strip]:
        asked.append(self)
        return render_lines(self, crop)

    async with reader() as screen:
        monkeypatch.setattr(Widget, "render_lines", recorded)
        regions = [screen.main.list.region, screen.main.query_one("#filter-count").region]
        drawn(screen, screen.main._compositor, regions)
        assert screen.main.query_one("#filter-count") in asked
        assert screen.main.query_one("#detail-text") not in asked
        assert screen.main not in asked


async def test_a_change_is_drawn_without_waiting_for_a_frame(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []
    refresh = Screen._compositor_refresh

    def recorded(self: Screen[object]) -> None:
        counts.append(screen.main.list.count)
        refresh(self)

    async with reader() as screen:
        await screen.press("/")
        # Textual's frame timer never fires in this test, and the test itself draws no frame.
        monkeypatch.setattr(Timer, "resume", lambda self: None)
        monkeypatch.setattr(Screen, "_compositor_refresh", recorded)
        for letter in "lighthouses":
            screen._send(events.Key(letter, letter))
        ends = time.monotonic() + PATIENCE
        while 1 not in counts and time.monotonic() < ends:
            await screen.pause(0.005)
        assert 1 in counts


async def test_drawing_a_list_leaves_no_reference_cycles(reader: OpenReader) -> None:
    async with reader() as screen:
        lines = screen.main.list
        drawn(screen, screen.main._compositor, [lines.region])
        gc.collect()
        gc.set_debug(gc.DEBUG_SAVEALL)
        try:
            for _ in range(3):
                lines.forget_lines()
                drawn(screen, screen.main._compositor, [lines.region])
            lines.forget_lines()
            gc.collect()
            left = [each for each in gc.garbage if isinstance(each, Strip)]
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
        assert left == []


async def test_the_scrollbar_is_drawn_again_only_when_it_looks_different(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_again: list[int] = []

    async with reader() as screen:
        lines = screen.main.list
        bar = lines.vertical_scrollbar
        monkeypatch.setattr(bar, "refresh", lambda *_: drawn_again.append(lines.count))
        for count in (24, 30, 30, 100_000, 90_000, 70, 0):
            lines.show_papers(array("q", range(1, count + 1)), Highlights(), at=None)
            own, textuals_own = bar.render(), textuals_bar(bar).render()
            assert vars(own) == vars(textuals_own)
        # With 100,000 papers and with 90,000, the scrollbar has its minimum length, so it does not change.
        assert drawn_again == [30, 100_000, 70, 0]


async def test_a_layout_does_not_draw_the_scrollbars_again(reader: OpenReader, monkeypatch: pytest.MonkeyPatch) -> None:
    async with reader() as screen:
        await screen.press("j")
        drawn_again: list[str] = []
        for lines in (screen.main.list, screen.main.view_list):
            monkeypatch.setattr(lines.vertical_scrollbar, "refresh", lambda *_: drawn_again.append("bar"))
        await screen.press("j")
        screen.main._refresh_layout()
        await screen.pause(0.05)
        assert drawn_again == []


async def test_a_new_list_reads_the_rows_on_the_screen_and_a_scrolled_list_reads_rows_around_them_too(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    rows = list_rows.read

    def recorded(connection: sqlite3.Connection, ids: Sequence[int]) -> list[list_rows.ListRow]:
        read.append(len(ids))
        return rows(connection, ids)

    async with reader((60, 10)) as screen:
        monkeypatch.setattr(list_rows, "read", recorded)
        page = screen.main.list.page
        assert page < 10
        screen.main.list.forget()
        await screen.press("G")
        assert read and max(read) <= page + 1
        read.clear()
        screen.main.list.forget()
        await screen.press("g")
        assert read and max(read) <= page + 1
        read.clear()
        await screen.press(*"j" * (page + 2))
        assert len(read) == 1 and read[0] > page + 1


async def test_opening_another_paper_causes_one_layout_and_details_found_later_cause_a_second(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[int | None] = []
    refresh_layout = Screen._refresh_layout

    def recorded(self: Screen[object], size: Size | None = None, scroll: bool = False) -> None:
        laid_out.append(screen.main.list.paper)
        refresh_layout(self, size, scroll)

    async with reader() as screen:
        await screen.press("j", "k")
        # When the imports that run at the start are finished, the status line and the counts change.
        await screen.until(lambda: "_importer" in vars(screen.main.imports), "imports have begun")
        await screen.until(lambda: not screen.main.imports.is_running, "imports are through")
        await screen.settle()
        monkeypatch.setattr(Screen, "_refresh_layout", recorded)
        papers: list[int | None] = []
        for _ in range(5):
            await screen.press("j")
            papers.append(screen.main.list.paper)
            await screen.until(lambda: papers[-1] in laid_out, "the page of the paper is laid out")
            await screen.pause(0.1)
        layouts = [laid_out.count(paper) for paper in papers]
        # Background work, such as counting the papers of the views, may cause another frame at any time. For example,
        # the papers that are similar to the one on the page are found in the background, and then added to the page.
        assert min(layouts) <= 2


async def test_a_line_that_is_drawn_before_the_list_knows_its_new_width_has_that_width(reader: OpenReader) -> None:
    async with reader() as screen:
        for lines in (screen.main.list, screen.main.view_list):
            for width in (40, 90, 40):
                assert lines.strip(0, width).cell_length == width


async def test_widgets_around_one_that_is_drawn_before_the_layout_are_drawn_at_their_new_places(
    reader: OpenReader,
) -> None:
    async with reader((200, 50)) as screen:
        main = screen.main
        compositor = main._compositor
        main.view_list.display = False
        await screen.until(lambda: main.list.region.x == 0, "the layout")
        await screen.settle()
        compositor._dirty_regions.clear()
        main.view_list.display = True
        # A message of the views pane and a message of the mouse are handled before the message that causes the layout.
        compositor.update_widgets({main.view_list})
        assert main.view_list in compositor.full_map
        compositor.reflow(main, main.size)
        places = [compositor.visible_widgets[pane][0] for pane in (main.view_list, main.list, main.detail)]
        assert places[1].x == places[0].right
        assert [place for place in places if place not in compositor._dirty_regions] == []


async def is_fresh(screen: Reader, after: str) -> None:
    """Assert that the cached lines of the lists are equal to newly rendered lines."""
    for lines in (screen.main.list, screen.main.view_list):
        if lines.size:
            kept = cells(lines.render_lines(lines.size.region))
            lines._forget_styles()
            assert kept == cells(lines.render_lines(lines.size.region)), after


def cells(strips: Iterable[Strip]) -> list[list[tuple[str, str, str, bool, bool, bool]]]:
    """The cells of each line: the character, and its colours, bold, reverse and underline."""
    return [
        [
            (letter, str(style.color), str(style.bgcolor), bool(style.bold), bool(style.reverse), bool(style.underline))
            for text, style, _ in strip
            for letter in text
            if style is not None
        ]
        for strip in strips
    ]


def by_textual(lines: LineList) -> Sequence[Strip]:
    """The lines as Textual's own `ScrollView` renders them."""
    width = lines.scrollable_content_region.width
    lines._styles_cache.clear()
    strips = ScrollView.render_lines(lines, lines.size.region)
    assert strips
    return [strip.crop(0, width) for strip in strips]


def textuals(screen: Reader) -> Compositor:
    """Textual's own compositor, with the state of the screen's compositor."""
    compositor = copy.copy(screen.main._compositor)
    compositor.__class__ = Compositor
    return compositor


def drawn(screen: Reader, compositor: Compositor, regions: Iterable[Region]) -> str:
    """The text that a compositor writes to draw these regions of the screen."""
    compositor._dirty_regions = set(regions)
    update = compositor.render_update(screen_stack=screen.app._background_screens)
    assert update is not None
    if isinstance(update, ChopsUpdate):
        return _MOVED_FOR_NOTHING.sub("", update.render_segments(screen.app.console))
    return "".join(str(Segment(*each)) for each in screen.app.console.render(update))


def textuals_bar(bar: ScrollBar) -> ScrollBar:
    """Textual's own scrollbar, with the state of `bar`."""
    other = copy.copy(bar)
    other.__class__ = ScrollBar
    return other
