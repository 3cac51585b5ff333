"""The list: an array of ids, and the rows of those that are on the screen."""

from __future__ import annotations

import contextlib
import textwrap
import threading
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip

from store.library.library import Library
from store.papers import queries
from store.papers.queries import ListRow
from store.search.highlighting import Highlights
from tui.render import styled
from tui.render.styled import Line, Piece
from tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from store.search.window import PaperIds

# Rows kept, at the most; then all are asked for again.
_MOST_ROWS = 2_000
# So many rows around those on the screen are read with them when the list is scrolled (one query either way).
_MARGIN = 20
# From these sizes on a paper has two lines.
_TALL_WIDTH = 50
_TALL_HEIGHT = 30
# So far around its place in the old list a paper is looked for in the new one.
NEIGHBOURS = 500
# Where the list is scrolled to, papers are waited for this long (s): less than anybody sees. Then dots stand for them.
_WAITED = 0.01


class Place(NamedTuple):
    """A paper, and how far below the top of the list it is (in papers); below 0 or far down it is out of sight.

    Without a line the list is not scrolled more than it takes to see the paper.
    """

    paper: int
    line: int | None = None


class PaperList(LineList):
    """The papers of a view that the filter finds. The cursor follows its paper when the list changes."""

    COMPONENT_CLASSES = LineList.COMPONENT_CLASSES | {
        "lines--match",
        "lines--organization",
        "lines--tag",
        "lines--star",
        "lines--place",
        "lines--status-new",
        "lines--status-reading",
        "lines--status-done",
    }

    class Read(Message, bubble=False):
        """PaperIds far down a list of millions have been read; `failed` when they could not be."""

        def __init__(self, papers: PaperIds, failed: bool) -> None:
            super().__init__()
            self.papers = papers
            self.failed = failed

    def __init__(self, library: Library, *, id: str) -> None:
        super().__init__(id=id)
        self._library = library
        self._ids: PaperIds = array("q")
        # Whether a part of the list is being read beside, and the list of which none could be.
        self._is_reading = False
        self._unreadable: PaperIds | None = None
        self._rows: dict[int, ListRow] = {}
        self._highlights = Highlights()
        self._anchor: int | None = None
        # What stands in the list when it has no papers; none before the first answer.
        self.nothing = ""
        # The paper that the reader last went to: a filter that is taken away leads back there.
        self.chosen: Place | None = None

    @property
    def paper(self) -> int | None:
        """The id of the paper under the cursor."""
        return self._ids[self.cursor] if self.cursor < len(self._ids) else None

    @property
    def place(self) -> Place | None:
        """The paper under the cursor, and where on the screen it is."""
        return Place(self.paper, self.cursor - self.first) if self.paper is not None else None

    def choose(self) -> None:
        """The paper under the cursor is the one that the reader wants."""
        self.chosen = self.place

    def move(self, to: int, step: int = 1) -> None:
        super().move(to, step)
        self.choose()

    @property
    def selected(self) -> list[int]:
        """The papers that an action is for: the selection, or the one under the cursor."""
        if self._anchor is None:
            return [self.paper] if self.paper is not None else []
        low, high = sorted((self._anchor, self.cursor))
        return list(self._ids[low : high + 1])

    @property
    def selected_count(self) -> int:
        """How many papers are selected; 0 when none was selected."""
        return 0 if self._anchor is None else abs(self._anchor - self.cursor) + 1

    @property
    def highlights(self) -> Highlights:
        """What the filter looked for, to light it up elsewhere."""
        return self._highlights

    @property
    def selecting(self) -> bool:
        return self._anchor is not None

    def select_from_here(self, on: bool) -> None:
        """Start a selection at the cursor, or end it."""
        self._anchor = self.cursor if on and self._ids else None
        self.refresh()

    def show_papers(self, ids: PaperIds, highlights: Highlights, *, at: Place | None) -> None:
        """Show these papers, the cursor on the paper of `at` and on that line of the screen; at the top for None.

        When that paper is not in the list, the cursor stays on its own, and when that has gone too, it goes to the
        neighbour. A cursor that was scrolled out of sight stays there.
        """
        before, cursor, first = self._ids, self.cursor, self.first
        anchor = before[self._anchor] if self._anchor is not None and at is not None else None
        follow = True
        # By itself a paper stays on its line, unless the list is not to be scrolled.
        own = self.place._replace(line=None) if self.place and at and at.line is None else self.place
        wanted = [place for place in (at, own) if place is not None]
        found = next(
            ((index, place.line) for place in wanted if (index := _index(ids, place.paper, cursor)) is not None), None
        )
        if at is None:
            cursor = first = 0
        elif found is not None:
            index, line = found
            cursor = index
            if line is not None:
                first = index - line
                follow = not self.size.height or 0 <= line < self.page
        else:
            below, above = before[cursor + 1 : cursor + NEIGHBOURS], before[max(0, cursor - NEIGHBOURS) : cursor]
            near = (_near(ids, below, cursor), _near(ids, above[::-1], cursor))
            cursor = next((each for each in near if each is not None), cursor)
        # The whole of an answer often begins as its first part did: drawing that again takes longer than finding it.
        shown = slice(self.first, self.first + self.page + 1)
        same = (
            (cursor, max(0, first), anchor, self._anchor) == (self.cursor, self.first, None, None)
            and highlights == self._highlights
            and before[shown] == ids[shown]
        )
        self._ids = ids
        self._highlights = highlights
        self._anchor = _index(ids, anchor, cursor) if anchor is not None else None
        if not same:
            # What was lit is in the first line.
            self.forget_lines(0)
        self.set_count(len(ids), cursor=cursor, first=max(0, first), follow=follow, redraw=not same)

    def say_nothing(self, text: str) -> None:
        """What stands in the list when it has no papers is this from now on."""
        if self.nothing and text != self.nothing:
            self.nothing = text
            if not self.count:
                self.refresh()

    def forget(self) -> None:
        """Read every row again when it is next drawn."""
        self._rows.clear()
        self.forget_lines()
        self.refresh()

    def on_resize(self, event: object) -> None:
        roomy = self.size.width >= _TALL_WIDTH and self.size.height >= _TALL_HEIGHT
        self.set_item_height(2 if roomy else 1)

    def is_selected(self, index: int) -> bool:
        if self._anchor is None:
            return False
        low, high = sorted((self._anchor, self.cursor))
        return low <= index <= high

    def strip(self, line: int, width: int) -> Strip:
        if self.count:
            index = line // self.item_height
            if self._is_here(index):
                return super().strip(line, width)
            text = " …" if line % self.item_height == 0 else ""
            under = self._under(index)
            return Strip([Segment(text, self._style("muted", under))]).adjust_cell_length(width, self._style("", under))
        lines = ["", *textwrap.wrap(self.nothing, max(1, width - 2))]
        text = f" {lines[line]}" if line < len(lines) else ""
        return Strip([Segment(text, self._style("muted"))]).adjust_cell_length(width, self._style("plain"))

    def item_key(self, index: int) -> int:
        return self._ids[index]

    def item_line(self, index: int, part: int, width: int) -> Line:
        row = self._rows.get(self._ids[index]) or self._read(index)
        if row is None:
            return (Piece(" " * width),)
        if part:
            return styled.second_line(row, width)
        title = styled.title(row.title)
        return styled.first_line(row, width, self._highlights.spans(title), tall=self.item_height == 2, shown=title)

    def on_paper_list_read(self, message: Read) -> None:
        self._is_reading = False
        if message.failed:
            self._unreadable = message.papers
        self.refresh()

    def _is_here(self, index: int) -> bool:
        """Whether the paper at `index` can be drawn; if not, it is read beside, and those around it on the screen."""
        ids = self._ids
        # What cannot be read beside is read where it is drawn, and whatever is wrong is said.
        if isinstance(ids, array) or index >= len(ids) or ids.has(index) or ids is self._unreadable:
            return True
        if not self._is_reading:
            shown = slice(self.first, self.first + self.page + 1)
            done = threading.Event()

            def read() -> None:
                failed = False
                try:
                    ids[shown]
                except Exception:  # who draws it meets it again, where it can be said
                    failed = True
                done.set()
                # The reader may have ended meanwhile.
                with contextlib.suppress(RuntimeError):
                    self.post_message(self.Read(ids, failed))

            try:
                self._library.aside(read, "reading where the list is")
            except RuntimeError:
                # No thread is to be had.
                return True
            self._is_reading = True
            done.wait(_WAITED)
        return ids.has(index)

    def _known(self, start: int, stop: int) -> Sequence[int]:
        """The papers of these places that nothing has to be waited for."""
        ids, start = self._ids, max(0, start)
        if isinstance(ids, array):
            return ids[start:stop]
        return [ids[at] for at in range(start, min(stop, len(ids))) if ids.has(at)]

    def _read(self, index: int) -> ListRow | None:
        """Read the row at `index`, with its neighbours on the screen."""
        if len(self._rows) > _MOST_ROWS:
            self._rows.clear()
        # Who scrolls goes on; a list that has just come is looked at as it stands.
        margin = _MARGIN if any(number in self._rows for number in self._known(index - 1, index + 2)) else 0
        start = min(self.first, index) - margin
        end = max(self.first + self.page, index) + 1 + margin
        wanted = [number for number in self._known(start, end) if number not in self._rows]
        for row in queries.list_rows(self._library.reader(), wanted):
            self._rows[row.id] = row
        return self._rows.get(self._ids[index])


def _index(ids: PaperIds, paper: int, near: int = 0) -> int | None:
    """Where in `ids` a paper is; around `near` first: millions of ids take a while."""
    start = max(0, near - NEIGHBOURS)
    with contextlib.suppress(ValueError):
        return start + ids[start : near + NEIGHBOURS].index(paper)
    with contextlib.suppress(ValueError):
        return ids.index(paper)
    return None


def _near(ids: PaperIds, wanted: array[int], place: int) -> int | None:
    """Where in `ids` the first of the `wanted` is that is there at all, not far from `place`."""
    start = max(0, place - NEIGHBOURS)
    near = {number: start + at for at, number in enumerate(ids[start : place + NEIGHBOURS])}
    return next((near[number] for number in wanted if number in near), None)
