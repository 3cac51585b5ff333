"""The filter line above, the status line and the keys below."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from store.query import MOST_CHARACTERS
from tui.actions import ACTIONS, Action, shown

# News are old after this (s).
_NEWS_SECONDS = 10.0
# The two halves of the status line are so far apart at the least.
_APART = 2


class FilterInput(Input):
    """The filter's text. Arrows and page keys go to the list, so that a hit is reached without leaving the text."""

    class Left(Message):
        """The reader is through with typing: `cleared` when all is to be as before."""

        def __init__(self, cleared: bool) -> None:
            super().__init__()
            self.cleared = cleared

    class Moving(Message):
        """The list should move by so many lines, or pages."""

        def __init__(self, lines: int = 0, pages: int = 0) -> None:
            super().__init__()
            self.lines = lines
            self.pages = pages

    _MOVES = {"down": (1, 0), "up": (-1, 0), "pagedown": (0, 1), "pageup": (0, -1)}

    def __init__(self) -> None:
        super().__init__(
            id="filter-input",
            compact=True,
            max_length=MOST_CHARACTERS,
            placeholder='type to filter: words, "a phrase", author:, is:queued, date:>=2026-06 …',
            select_on_focus=False,
        )

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            self.post_message(self.Left(cleared=True))
        elif event.key in ("enter", "tab"):
            self.post_message(self.Left(cleared=False))
        elif event.key in self._MOVES:
            self.post_message(self.Moving(*self._MOVES[event.key]))
        else:
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()


class FilterLine(Horizontal):
    """The filter and how many papers it leaves."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.input = FilterInput()

    def compose(self) -> ComposeResult:
        yield Static("/", id="filter-sign")
        yield self.input
        yield Static(id="filter-count")

    def show_count(self, found: int, exact: int, filtered: bool) -> None:
        """How many papers are in the list; those with mistyped words are said apart."""
        text = f"{found:,} paper{'' if found == 1 else 's'}"
        if filtered and exact < found:
            text = f"{exact:,} exact, {found - exact:,} alike" if exact else f"{found:,} alike"
        self.query_one("#filter-count", Static).update(Content(text), layout=False)


class StatusLine(Static):
    """What the list shows at the left; what goes on, or went wrong, at the right."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._where = ""
        self._news = ""
        self._error = False
        self._timer: Timer | None = None

    def show_where(self, text: str) -> None:
        """The view, the sort, the selection."""
        self._where = text
        self._draw()

    def show_news(self, text: str, *, error: bool = False, stays: bool = False) -> None:
        """What goes on; "" for nothing. It goes after a while unless it `stays`."""
        self._news, self._error = text, error
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_NEWS_SECONDS, lambda: self.show_news("")) if text and not stays else None
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        width = self.content_size.width
        # Where both do not fit, the news get two thirds at the least.
        room = max(width // 3, width - cell_len(self._news) - _APART)
        where = Content(self._where).truncate(room, ellipsis=True)
        news = Content(self._news).truncate(max(0, width - where.cell_length - _APART), ellipsis=True)
        gap = " " * (width - where.cell_length - news.cell_length)
        self.update(Content.assemble(where, gap, news.stylize("$error" if self._error else "$muted")), layout=False)


class KeyBar(Static):
    """As many keys as fit, the most useful first. A click does what its key does."""

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._places: list[tuple[int, int, Action]] = []
        self._keymap: dict[str, str] = {}

    def show_keys(self, keymap: dict[str, str]) -> None:
        """Show the keys as they are mapped now."""
        self._keymap = keymap
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def on_click(self, event: events.Click) -> None:
        for start, end, action in self._places:
            if start <= event.x < end:
                self.run_worker(self.screen.run_action(f"do('{action.id}')"))
                return

    def _draw(self) -> None:
        self._places = []
        parts: list[Content] = []
        at = 0
        hinted = sorted((each for each in ACTIONS if each.hint is not None), key=lambda each: each.hint or 0)
        for action in hinted:
            key = shown(self._keymap.get(action.id, action.keys[0]).split(",")[0])
            width = cell_len(key) + cell_len(action.label) + 3
            if at + width > self.size.width:
                break
            parts.append(Content.assemble((f" {key}", "bold $key"), (f" {action.label} ", "$muted")))
            self._places.append((at, at + width, action))
            at += width
        self.update(Content("").join(parts), layout=False)
