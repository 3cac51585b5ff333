"""What lies over the reader for a moment: a question, a choice, pages of help and log."""

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

_T = TypeVar("_T")


class _Line(Input):
    """One line; what is pasted may hold anything, what is shown has no controls."""

    def validate_value(self, value: str) -> str:
        return clean(value).replace("\n", " ").replace("\t", " ")


class _Overlay(ModalScreen[_T]):
    """A screen over the reader's own. It takes keys one after another, as that one does.

    Textual would send a key to this screen, and the key after it too, though the first one closes the screen.
    """

    async def take(self, event: events.Key) -> bool:
        """Do what a key is for, before the next key is looked at; False when it is none of this screen's."""
        return await self.app._check_bindings(event.key)


class Typing(_Overlay[str | None]):
    """A question that is answered by typing into `field`; None when the reader thinks better of it."""

    # The key that ends it.
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
        # The last letter belongs to what is saved.
        if event.key == "escape":
            self.dismiss(None)
        elif event.key == self.saves:
            self.dismiss(self.text)
        elif event.is_printable and event.character:
            self.put(event.character)
        else:
            return False
        return True

    @property
    def text(self) -> str:
        """What was typed. For a subclass."""
        raise NotImplementedError

    def put(self, letter: str) -> None:
        """Type a letter. For a subclass."""
        raise NotImplementedError


class Ask(Typing):
    """One line of text."""

    saves = "enter"

    def __init__(self, question: str, value: str = "", hint: str = "enter saves · esc cancels") -> None:
        self._input = _Line(value, select_on_focus=False, compact=True)
        super().__init__(question, self._input, hint)

    @property
    def text(self) -> str:
        return self._input.value

    def put(self, letter: str) -> None:
        self._input.replace(letter, *self._input.selection)


class Choose(_Overlay[int | None]):
    """One of a few, by its number; None for none."""

    BINDINGS = [Binding("escape,q", "dismiss(None)", "Cancel", show=False)]

    def __init__(self, question: str, choices: Sequence[Content]) -> None:
        super().__init__()
        self._question = question
        self._choices = choices[:9]

    def compose(self) -> ComposeResult:
        lines = [
            Content.assemble((f" {number} ", "bold $key"), choice) for number, choice in enumerate(self._choices, 1)
        ]
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="dialog-title")
            yield Static(Content("\n").join(lines), id="choices")
            yield Static(Content("its number opens it · esc cancels"), classes="dialog-hint")

    async def take(self, event: events.Key) -> bool:
        numbers = [str(number) for number, _ in enumerate(self._choices, 1)]
        if event.character in numbers:
            self.dismiss(numbers.index(event.character))
            return True
        return await super().take(event)


class Page(_Overlay[None]):
    """Something to read: help, the import log."""

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
        self._turn(lambda view: view.scroll_relative(y=lines, animate=False))

    def action_page(self, pages: int) -> None:
        self._turn(lambda view: view.scroll_relative(y=pages * max(1, view.size.height - 1), animate=False))

    def action_end(self, way: int) -> None:
        self._turn(lambda view: view.scroll_end(animate=False) if way > 0 else view.scroll_home(animate=False))

    def _turn(self, turn: Callable[[VerticalScroll], None]) -> None:
        """Turn the page; when it is there, if the key was faster."""
        view = next(iter(self.query(VerticalScroll)), None)
        if view is not None and view.size:
            turn(view)
        else:
            self.call_after_refresh(self._turn, turn)
