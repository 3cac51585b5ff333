"""The filter line above, the status line and the keys below."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.timer import Timer
from textual.widgets import Input, Static

from store.search.parser import MAX_CHARACTERS
from tui.actions.registry import ACTIONS, BY_ID, Action, shown
from tui.render.cell_width import is_simple

# News are old after this (s); while something goes on, which they cover, after this.
_NEWS_SECONDS = 10.0
_NEWS_ABOVE_SECONDS = 3.0
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
            max_length=MAX_CHARACTERS,
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
        from store.text.clean import clean

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
    """What the list shows at the left. At the right the latest news, else what could not be read in the filter, else
    what goes on."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._where = ""
        self._news = ""
        self._error = False
        self._note = ""
        self._going: dict[str, str] = {}
        self._timer: Timer | None = None

    def show_where(self, text: str) -> None:
        """The view, the sort, the selection."""
        self._where = text
        self._draw()

    def show_news(self, text: str, *, error: bool = False) -> None:
        """What has happened. It goes after a while, sooner where it covers what goes on."""
        self._news, self._error = text, error
        if self._timer is not None:
            self._timer.stop()
        seconds = _NEWS_ABOVE_SECONDS if self._going and not error else _NEWS_SECONDS
        self._timer = self.set_timer(seconds, lambda: self.show_news("")) if text else None
        self._draw()

    def show_note(self, text: str) -> None:
        """What could not be read in the filter; "" when all of it could."""
        if text:
            # It is about the key that was pressed last; what happened before is old.
            self.show_news("")
        self._note = text
        self._draw()

    def show_going(self, name: str, text: str) -> None:
        """How far something is that goes on behind, by a name of its own; "" when it has ended."""
        self._going.pop(name, None)
        if text:
            self._going[name] = text
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    @property
    def _right(self) -> str:
        return self._news or self._note or next(reversed(self._going.values()), "")

    def _draw(self) -> None:
        width = self.content_size.width
        right = self._right
        # Where both do not fit, the right half gets two thirds at the least.
        room = max(width // 3, width - cell_len(right) - _APART)
        where = Content(self._where).truncate(room, ellipsis=True)
        said = Content(right).truncate(max(0, width - where.cell_length - _APART), ellipsis=True)
        gap = " " * (width - where.cell_length - said.cell_length)
        style = "$error" if self._news and self._error else "$muted"
        self.update(Content.assemble(where, gap, said.stylize(style)), layout=False)


class _Hint(NamedTuple):
    """A key, what it is for, and what a click on it does."""

    key: str
    label: str
    does: str

    @property
    def width(self) -> int:
        return cell_len(self.key) + cell_len(self.label) + 3


# What keys are for while a filter is typed: letters are letters then.
_TYPING = (
    _Hint("esc", "Clear", "type('escape')"),
    _Hint("enter", "To the list", "type('enter')"),
    _Hint("↓", "Down", "type('down')"),
    _Hint("↑", "Up", "type('up')"),
)


class KeyBar(Static):
    """As many keys as fit, the most useful first, and the way to all of them. A click does what its key does."""

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._places: list[tuple[int, int, _Hint]] = []
        self._keymap: dict[str, str] = {}
        self._back = False
        self._typing = False

    def show_keys(self, keymap: dict[str, str]) -> None:
        """Show the keys as they are mapped now."""
        self._keymap = keymap
        self._draw()

    def show_for(self, *, back: bool, typing: bool) -> None:
        """Whether there is something to come back from, and whether letters are typed into the filter."""
        if (back, typing) != (self._back, self._typing):
            self._back, self._typing = back, typing
            self._draw()

    def on_resize(self) -> None:
        self._draw()

    def on_click(self, event: events.Click) -> None:
        for start, end, hint in self._places:
            if start <= event.x < end:
                self.run_worker(self.screen.run_action(hint.does))
                return

    def _draw(self) -> None:
        self._places = []
        parts: list[Content] = []
        at = 0
        for hint in self._fitting():
            parts.append(Content.assemble((f" {hint.key}", "bold $key"), (f" {hint.label} ", "$muted")))
            self._places.append((at, at + hint.width, hint))
            at += hint.width
        self.update(Content("").join(parts), layout=False)

    def _fitting(self) -> list[_Hint]:
        if self._typing:
            palette = self._hint(BY_ID["palette"])
            # A key of one letter is typed like the others.
            return _first((*_TYPING, *([palette] if len(palette.key) > 1 else [])), self.size.width)
        hinted = sorted((each for each in ACTIONS if each.hint is not None), key=lambda each: each.hint or 0)
        actions = [BY_ID["back"], *hinted] if self._back else hinted
        last = self._hint(BY_ID["help"])
        fitting = _first(map(self._hint, actions), self.size.width - last.width, free=last)
        return fitting if last in fitting else [*fitting, last]

    def _hint(self, action: Action) -> _Hint:
        key = self._keymap.get(action.id, action.keys[0]).split(",")[0]
        return _Hint(shown(key), action.label, f"do('{action.id}')")


def _first(hints: Iterable[_Hint], width: int, free: _Hint | None = None) -> list[_Hint]:
    """As many of the first hints as fit; one that is `free` has its place already."""
    fitting: list[_Hint] = []
    for hint in hints:
        width -= hint.width if hint != free else 0
        if width < 0:
            break
        fitting.append(hint)
    return fitting
