"""The filter line above, the status line and the keys below."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from store.query import MOST_CHARACTERS
from tui.actions import ACTIONS, Action, shown


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

    def compose(self) -> ComposeResult:
        yield Static("/", id="filter-sign")
        yield FilterInput()
        yield Static(id="filter-count")

    @property
    def input(self) -> FilterInput:
        return self.query_one(FilterInput)

    def show_count(self, found: int, exact: int, filtered: bool) -> None:
        """How many papers are in the list; those with mistyped words are said apart."""
        text = f"{found:,} paper{'' if found == 1 else 's'}"
        if filtered and exact < found:
            text = f"{exact:,} exact, {found - exact:,} alike"
        self.query_one("#filter-count", Static).update(Content(text), layout=False)


class StatusLine(Horizontal):
    """What the list shows at the left; what goes on, or went wrong, at the right."""

    def compose(self) -> ComposeResult:
        yield Static(id="status-where")
        yield Static(id="status-news")

    def show_where(self, text: str) -> None:
        """The view, the sort, the selection."""
        self.query_one("#status-where", Static).update(Content(text), layout=False)

    def show_news(self, text: str, *, error: bool = False) -> None:
        """What goes on; "" for nothing."""
        news = self.query_one("#status-news", Static)
        news.set_class(error, "-error")
        news.update(Content(text), layout=False)


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
