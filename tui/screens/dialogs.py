"""Dialogs that cover the library screen for a moment: a question, a choice, a page of text.

All have a title, what they are about, and a hint that names their keys. Where nothing is typed, the configured keys of
the list move and close them too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.css.query import NoMatches
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.widgets.input import Selection

from store.text.clean import clean
from tui.render import styled
from tui.render.paper_line import Line as Pieces
from tui.render.paper_line import Piece, fit
from tui.screens.direct_keys import DirectKeys, KeyActions
from tui.terminal.textual_internals import run_binding
from tui.widgets.choice_list import ChoiceList
from tui.widgets.line_list import LineList

_T = TypeVar("_T")
# A keymap without configured keys.
DEFAULT_KEYS: Mapping[str, str] = MappingProxyType({})
# More lines than any dialog has: the way to its first or last one.
_ALL = 1 << 30
# The lines of a list that is as high as its choices allow.
_MOST_CHOICES_SHOWN = 12


def lines_of(action_id: str | None, page: int) -> int | None:
    """By how many lines an action moves in a dialog that shows `page` lines; None for one that does not move."""
    moves = {
        "down": 1,
        "up": -1,
        "half_down": max(1, page // 2),
        "half_up": -max(1, page // 2),
        "page_down": max(1, page - 1),
        "page_up": -max(1, page - 1),
        "top": -_ALL,
        "bottom": _ALL,
    }
    return moves.get(action_id or "")


class Line(Input):
    """One line of text without control characters: pasted text may contain anything."""

    def __init__(self, value: str = "", placeholder: str = "") -> None:
        super().__init__(value, placeholder, select_on_focus=False, compact=True, id="dialog-input")

    def validate_value(self, value: str) -> str:
        return clean(value).replace("\n", " ").replace("\t", " ")


class Dialog(ModalScreen[_T], DirectKeys):
    """A screen over the library screen. Its result is None when the reader cancels it.

    Textual would send it the next key although the key before has closed it.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (26, "-high")]
    # The CSS class that gives the dialog its size.
    shape: ClassVar[str] = "-question"

    def __init__(self, title: str, hint: str) -> None:
        super().__init__()
        self._title = title
        self._hint = hint

    def body(self) -> Iterable[Widget]:
        """The widgets between the title and the hint. For a subclass."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        with Vertical(classes=f"dialog {self.shape}"):
            yield Static(Content(styled.safe(self._title)), classes="dialog-title")
            yield from self.body()
            yield Static(Content(styled.safe_text(self._hint)), classes="dialog-hint")

    def say(self, text: str = "", *, error: bool = False) -> None:
        """Show a message in place of the hint; "" shows the hint again."""
        # A message may come before the dialog has been made, or after it was closed.
        for label in self.query(".dialog-hint").results(Static):
            label.set_class(error and bool(text), "-error")
            label.update(Content(styled.safe_text(text or self._hint)))

    async def take(self, event: events.Key) -> bool:
        return await run_binding(self.app, event.key)


class Typing(Dialog[_T]):
    """A dialog with a field that is typed into, whichever widget has the focus."""

    async def take(self, event: events.Key) -> bool:
        # Letters are handled here too, so that the last one is part of the result.
        if event.key == "escape":
            self.dismiss(None)
        elif event.is_printable and event.character:
            self.put(event.character)
            self.changed()
        else:
            is_bound = await run_binding(self.app, event.key)
            self.changed()
            return is_bound
        return True

    def paste(self, text: str) -> None:
        self.put(text)
        self.changed()

    @property
    def text(self) -> str:
        """The text typed so far. For a subclass."""
        raise NotImplementedError

    def put(self, text: str) -> None:
        """Insert a letter, or what was pasted, at the cursor. For a subclass."""
        raise NotImplementedError

    def changed(self) -> None:
        """A key may have changed the text. For a subclass."""


class TypingLine(Typing[_T]):
    """A dialog with one line that is typed into."""

    # The longest text (characters). The longest path that Linux takes has 4,096.
    longest: ClassVar[int] = 4096

    def __init__(self, title: str, hint: str, value: str = "", placeholder: str = "", *, selects: bool = False) -> None:
        """`selects`: what is typed first replaces `value`."""
        super().__init__(title, hint)
        self.line = Line(value, placeholder)
        self._selects = selects

    def on_mount(self) -> None:
        if self._selects:
            self.line.selection = Selection(0, len(self.line.value))

    def body(self) -> Iterable[Widget]:
        yield self.line

    @property
    def text(self) -> str:
        return self.line.value

    def put(self, text: str) -> None:
        room = self.longest - len(self.line.value) + len(self.line.selected_text)
        self.line.replace(text[:room], *self.line.selection)

    def paste(self, text: str) -> None:
        # The field has one line.
        super().paste(text.partition("\n")[0])


class Ask(TypingLine[str]):
    """A question with one line of text as its answer."""

    def __init__(
        self, question: str, value: str = "", hint: str = "enter saves · esc cancels", *, selects: bool = False
    ) -> None:
        super().__init__(question, hint, value, selects=selects)

    async def take(self, event: events.Key) -> bool:
        if event.key == "enter":
            self.dismiss(self.text)
            return True
        return await super().take(event)


class Reading(Dialog[_T]):
    """A dialog in which nothing is typed: the configured keys of the list move in it and close it."""

    def __init__(self, title: str, hint: str, keymap: Mapping[str, str] = DEFAULT_KEYS, opened_by: str = "") -> None:
        """`opened_by` is the id of the action that opens the dialog; its key closes it again."""
        super().__init__(title, hint)
        self._key_actions = KeyActions(keymap)
        self._closing_actions = {"back", "quit", opened_by}

    async def take(self, event: events.Key) -> bool:
        action_id = self._key_actions.of(event.key)
        lines = lines_of(action_id, self.page)
        if lines is not None:
            self.move(lines)
        elif event.key in ("escape", "q") or action_id in self._closing_actions:
            self.dismiss(None)
        else:
            return self.do(action_id, event)
        return True

    @property
    def page(self) -> int:
        """The number of lines that are shown. For a subclass."""
        raise NotImplementedError

    def move(self, lines: int) -> None:
        """Move down by so many lines, or up. For a subclass."""
        raise NotImplementedError

    def do(self, action_id: str | None, event: events.Key) -> bool:
        """Handle any other key and the action that it has; False where nothing is done. For a subclass."""
        return False


class Choose(Reading[int]):
    """A choice between a few things, with the cursor or by their numbers. The result is an index into `choices`."""

    def __init__(
        self, question: str, choices: Sequence[Pieces], keymap: Mapping[str, str] = DEFAULT_KEYS, verb: str = "opens it"
    ) -> None:
        super().__init__(question, f"enter or the number {verb} · esc cancels", keymap)
        self._choices = choices
        self._list = ChoiceList(id="choices")

    def body(self) -> Iterable[Widget]:
        self._list.styles.height = min(_MOST_CHOICES_SHOWN, len(self._choices))
        yield self._list

    def on_mount(self) -> None:
        self._list.show(len(self._choices), self._line_of)

    def _line_of(self, index: int, width: int) -> Pieces:
        # One digit chooses, so that later lines have no number.
        number = str(index + 1) if index < 9 else ""
        return fit((Piece(f" {number:<1} ", "key"), *self._choices[index]), width)

    @property
    def page(self) -> int:
        return self._list.page

    def move(self, lines: int) -> None:
        self._list.move(self._list.cursor + lines, lines)

    def do(self, action_id: str | None, event: events.Key) -> bool:
        if event.character in tuple("123456789") and int(event.character) <= len(self._choices):
            self.dismiss(int(event.character) - 1)
        elif event.key == "enter":
            self.dismiss(self._list.cursor)
        else:
            return False
        return True

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        self.dismiss(message.index)


class Page(Reading[None]):
    """A text to read."""

    shape = "-page"

    def __init__(
        self, title: str, text: Content, keymap: Mapping[str, str] = DEFAULT_KEYS, opened_by: str = ""
    ) -> None:
        super().__init__(title, "↑ ↓ scroll · esc closes", keymap, opened_by)
        self._text = text

    def body(self) -> Iterable[Widget]:
        yield VerticalScroll(Static(self._text, id="page-text"), id="page-scroll", can_focus=False)

    @property
    def page(self) -> int:
        return max(1, self._view.size.height) if self._view else 1

    @property
    def _view(self) -> VerticalScroll | None:
        try:
            return self.query_one(VerticalScroll)
        except NoMatches:
            return None

    def move(self, lines: int) -> None:
        self._scroll(lambda view: view.scroll_to(y=view.scroll_offset.y + lines, animate=False))

    def do(self, action_id: str | None, event: events.Key) -> bool:
        if event.key == "enter":
            self.dismiss(None)
        return event.key == "enter"

    def _scroll(self, scroll: Callable[[VerticalScroll], None]) -> None:
        """Scroll the text; when the key came before the first layout, after that."""
        view = self._view
        if view is not None and view.size:
            scroll(view)
        else:
            self.call_after_refresh(self._scroll, scroll)
