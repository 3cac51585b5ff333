"""The filter line above, the status line and the keys below."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.timer import Timer
from textual.widgets import Input, Static

from store.query import MOST_CHARACTERS
from tui.actions import ACTIONS, BY_ID, Action, shown
from tui.cells import is_simple

# News are old after this (s).
_NEWS_SECONDS = 10.0
# The two halves of the status line are so far apart at the least.
_APART = 2


class FilterInput(Input):
    """The filter's text."""

    # As in Input, but for `layout`: its place does not depend on its text, and laying out the whole screen at every
    # key takes as long as looking for the papers.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)

    def __init__(self) -> None:
        super().__init__(
            id="filter-input",
            compact=True,
            max_length=MOST_CHARACTERS,
            placeholder='type to filter: words, "a phrase", author:, is:queued, date:>=2026-06 …',
            select_on_focus=False,
            # Any filter is valid: looking whether it is styles the line anew.
            validate_on=(),
        )

    def validate_value(self, value: str) -> str:
        """What is pasted may hold anything; what is shown, and looked for, is one line without controls."""
        if is_simple(value):
            return value
        # Imported here: most of what is typed is clean.
        from store.clean import clean

        return clean(value).replace("\n", " ").replace("\t", " ")

    def put(self, letter: str) -> None:
        """Put a letter at the cursor, or in the place of what is selected. Whoever does knows that it has changed."""
        with self.prevent(Input.Changed):
            self.replace(letter, *self.selection)


class FilterLine(Horizontal):
    """The filter and how many papers it leaves."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.input = FilterInput()

    def compose(self) -> ComposeResult:
        yield Static("/", id="filter-sign")
        yield self.input
        yield Static(id="filter-count")

    def show_count(self, found: int, exact: int, filtered: bool, *, more: bool = False) -> None:
        """How many papers are in the list, and whether more are to come; those with mistyped words are said apart."""
        text = f"{found:,}{'+' if more else ''} paper{'' if found == 1 else 's'}"
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
    """As many keys as fit, the most useful first; the way to all of them always. A click does what its key does."""

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._places: list[tuple[int, int, Action]] = []
        self._keymap: dict[str, str] = {}
        self._back = False

    def show_keys(self, keymap: dict[str, str]) -> None:
        """Show the keys as they are mapped now."""
        self._keymap = keymap
        self._draw()

    def show_back(self, on: bool) -> None:
        """Whether the key that leads back to the list comes first."""
        if on != self._back:
            self._back = on
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
        for action in self._fitting():
            width = self._width(action)
            key = shown(self._key(action))
            parts.append(Content.assemble((f" {key}", "bold $key"), (f" {action.label} ", "$muted")))
            self._places.append((at, at + width, action))
            at += width
        self.update(Content("").join(parts), layout=False)

    def _fitting(self) -> list[Action]:
        hinted = sorted((each for each in ACTIONS if each.hint is not None), key=lambda each: each.hint or 0)
        wanted = [BY_ID["back"], *hinted] if self._back else hinted
        last = BY_ID["help"]
        left = self.size.width - self._width(last)
        fitting: list[Action] = []
        for action in wanted:
            left -= self._width(action) if action is not last else 0
            if left < 0:
                break
            fitting.append(action)
        return fitting if last in fitting else [*fitting, last]

    def _width(self, action: Action) -> int:
        return cell_len(shown(self._key(action))) + cell_len(action.label) + 3

    def _key(self, action: Action) -> str:
        return self._keymap.get(action.id, action.keys[0]).split(",")[0]
