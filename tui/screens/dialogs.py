"""Dialogs that cover the library screen for a moment: a question, a choice, a page of text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from store.text.clean import clean
from tui.screens.direct_keys import DirectKeys
from tui.terminal.textual_internals import run_binding

_T = TypeVar("_T")
# A choice is made with one digit.
_MAX_CHOICES = 9


class _Line(Input):
    """One line of text without control characters: pasted text may contain anything."""

    def validate_value(self, value: str) -> str:
        return clean(value).replace("\n", " ").replace("\t", " ")


class _Dialog(ModalScreen[_T], DirectKeys):
    """A screen over the library screen. Its result is None when the reader cancels it.

    Textual would send it the next key although the key before has closed it.
    """

    async def take(self, event: events.Key) -> bool:
        return await run_binding(self.app, event.key)


class Typing(_Dialog[str | None]):
    """A question that is answered by typing into `field`."""

    # The key that ends the dialog with the text as its result.
    saves: ClassVar[str]

    def __init__(self, question: str, field: Widget, hint: str) -> None:
        super().__init__()
        self._question = question
        self._field = field
        self._hint = hint

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="dialog-title")
            yield self._field
            yield Static(Content(self._hint), classes="dialog-hint")

    async def take(self, event: events.Key) -> bool:
        # Letters are handled here too, so that the last one is part of the result.
        if event.key == "escape":
            self.dismiss(None)
        elif event.key == self.saves:
            self.dismiss(self.text)
        elif event.is_printable and event.character:
            self.put(event.character)
        else:
            return False
        return True

    def paste(self, text: str) -> None:
        self.put(text)

    @property
    def text(self) -> str:
        """The text typed so far. For a subclass."""
        raise NotImplementedError

    def put(self, text: str) -> None:
        """Insert a letter, or what was pasted, at the cursor. For a subclass."""
        raise NotImplementedError


class Ask(Typing):
    """A question with one line of text as its answer."""

    saves = "enter"

    def __init__(self, question: str, value: str = "", hint: str = "enter saves · esc cancels") -> None:
        self._input = _Line(value, select_on_focus=False, compact=True)
        super().__init__(question, self._input, hint)

    @property
    def text(self) -> str:
        return self._input.value

    def put(self, text: str) -> None:
        self._input.replace(text, *self._input.selection)

    def paste(self, text: str) -> None:
        # The field has one line.
        super().paste(text.partition("\n")[0])


class Choose(_Dialog[int | None]):
    """A choice between a few things by their number. The result is an index into `choices`."""

    BINDINGS = [Binding("escape,q", "dismiss(None)", "Cancel", show=False)]

    def __init__(self, question: str, choices: Sequence[Content]) -> None:
        super().__init__()
        self._question = question
        self._choices = choices[:_MAX_CHOICES]

    def compose(self) -> ComposeResult:
        lines = [
            Content.assemble((f" {number} ", "bold $key"), choice) for number, choice in enumerate(self._choices, 1)
        ]
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="dialog-title")
            yield Static(Content("\n").join(lines), id="choices")
            yield Static(Content("the number opens it · esc cancels"), classes="dialog-hint")

    async def take(self, event: events.Key) -> bool:
        numbers = [str(number) for number, _ in enumerate(self._choices, 1)]
        if event.character in numbers:
            self.dismiss(numbers.index(event.character))
            return True
        return await super().take(event)


class Page(_Dialog[None]):
    """A text to read: the help or the import log."""

    BINDINGS = [
        Binding("escape,q,question_mark,L,enter", "dismiss(None)", "Back", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("space,ctrl+d,pagedown", "page(1)", show=False),
        Binding("ctrl+u,pageup", "page(-1)", show=False),
        Binding("g,home", "end(-1)", show=False),
        Binding("G,end", "end(1)", show=False),
    ]

    def __init__(self, title: str, text: Content) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -page"):
            yield Static(Content(self._title), classes="dialog-title")
            with VerticalScroll(id="page-scroll"):
                yield Static(self._text, id="page-text")
            yield Static(Content("j k scroll · esc closes"), classes="dialog-hint")

    def action_scroll(self, lines: int) -> None:
        self._scroll(lambda view: view.scroll_relative(y=lines, animate=False))

    def action_page(self, pages: int) -> None:
        self._scroll(lambda view: view.scroll_relative(y=pages * max(1, view.size.height - 1), animate=False))

    def action_end(self, direction: int) -> None:
        self._scroll(lambda view: view.scroll_end(animate=False) if direction > 0 else view.scroll_home(animate=False))

    def _scroll(self, scroll: Callable[[VerticalScroll], None]) -> None:
        """Scroll the text; when the key came before the first layout, after that."""
        view = next(iter(self.query(VerticalScroll)), None)
        if view is not None and view.size:
            scroll(view)
        else:
            self.call_after_refresh(self._scroll, scroll)
