"""The base classes of dialogs, and two dialogs: a question, and a list to choose from.

A dialog with a page of text is in page_dialog.py.

Every dialog has a title, a body, and a hint that shows its keys. In a dialog without a text field, the keys that the
user has configured for the list of papers work too: they move the cursor, scroll, or close the dialog.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.widgets.input import Selection

from store.model.errors import LibraryError
from store.text.clean import clean
from tui.render import styled
from tui.render.pieces import Line as Pieces
from tui.render.pieces import Piece, fit
from tui.screens.direct_keys import DirectKeys, KeyActions
from tui.terminal.drawing import LATER_CSS
from tui.terminal.textual_internals import run_binding
from tui.widgets.choice_list import ChoiceList
from tui.widgets.line_list import LineList

_T = TypeVar("_T")
# A keymap in which the user has configured no keys.
DEFAULT_KEYS: Mapping[str, str] = MappingProxyType({})
# A number of lines that is larger than any dialog. Moving by this number leads to the first or the last line.
_ALL = 1 << 30
# The longest time that the handling of a key waits until the field of a dialog has the focus (s).
_FOCUS_SECONDS = 2.0
# The actions that move in a dialog, each with a number of lines and a number of pages to move by; one of them is 0.
MOVES: Mapping[str, tuple[int, float]] = MappingProxyType(
    {
        "down": (1, 0),
        "up": (-1, 0),
        "half_down": (0, 0.5),
        "half_up": (0, -0.5),
        "page_down": (0, 1),
        "page_up": (0, -1),
        "top": (-_ALL, 0),
        "bottom": (_ALL, 0),
    }
)
# The largest height of the list in `Choose` (lines). A list with fewer choices is lower.
_MOST_CHOICES_SHOWN = 12


def lines_of(action_id: str | None, page: int) -> int | None:
    """By how many lines an action moves down (up if negative) in a dialog that shows `page` lines at a time.

    Returns None for an action that does not move the cursor or scroll.
    """
    if action_id is None or action_id not in MOVES:
        return None
    lines, pages = MOVES[action_id]
    return lines or int(math.copysign(max(1, page // 2 if abs(pages) < 1 else page - 1), pages))


class Line(Input):
    """A field for one line of text. Control characters, which a pasted text may contain, are removed."""

    def __init__(self, value: str = "", placeholder: str = "") -> None:
        super().__init__(value, placeholder, select_on_focus=False, compact=True, id="dialog-input")

    def validate_value(self, value: str) -> str:
        return clean(value).replace("\n", " ").replace("\t", " ")


class Dialog(ModalScreen[_T], DirectKeys):
    """A dialog over the library screen. Its result is None when the user cancels it.

    A dialog handles its keys itself (see `DirectKeys`). If Textual handled them, a key that is typed directly after the
    key that closes the dialog would still be sent to the dialog.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (26, "-high")]
    CSS_PATH = LATER_CSS
    # The CSS class that gives the dialog its size.
    shape: ClassVar[str] = "-question"
    # The line below the title of the dialog. It describes the papers that the dialog is about, for example by a title;
    # "" if the dialog is not about papers.
    about: str = ""

    def __init__(self, title: str, hint: str) -> None:
        super().__init__()
        self._title = title
        self._hint = hint

    def body(self) -> Iterable[Widget]:
        """The widgets between the title and the hint. A subclass must override this."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        with Vertical(classes=f"dialog {self.shape}"):
            yield Static(
                Content(styled.safe(self._title)), classes=f"dialog-title{' -with-about' if self.about else ''}"
            )
            if self.about:
                yield Static(Content(styled.safe(self.about)), classes="dialog-about")
            yield from self.body()
            yield Static(self._hint_content(), classes="dialog-hint")

    def dismiss(self, result: _T | None = None) -> AwaitComplete:
        """Close the dialog. Does nothing if it is closed already: an answer of a thread may arrive after its end."""
        return super().dismiss(result) if self.is_current else AwaitComplete()

    def say(self, text: str = "", *, error: bool = False) -> None:
        """Show a message in place of the hint; "" shows the hint again."""
        # There is no label before the dialog is complete, and after it was closed.
        for label in self.query(".dialog-hint").results(Static):
            label.set_class(error and bool(text), "-error")
            label.update(Content(styled.safe_text(text)) if text else self._hint_content())

    def on_click(self, event: events.Click) -> None:
        """Press the key of the clicked part of the hint, or "escape" for a click beside the dialog."""
        # Imported here, because most dialogs are used without the mouse.
        from tui.screens.dialog_hint import clicked_key

        clicked, _ = self.get_widget_at(event.screen_x, event.screen_y)
        key = "escape" if clicked is self and not self.would_lose_text else clicked_key(event.style)
        if key is not None:
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))

    def _hint_content(self) -> Content:
        from tui.screens.dialog_hint import hint_content

        return hint_content(styled.safe_text(self._hint), letters=not self.has_field)

    @property
    def has_field(self) -> bool:
        """Whether the dialog has a text field: typed letters are inserted into it and are not keys of the dialog."""
        return False

    @property
    def would_lose_text(self) -> bool:
        """Whether "escape" would lose text that the user has typed."""
        return False

    @property
    def escape_cancels(self) -> bool:
        return True

    async def take(self, event: events.Key) -> bool:
        return await run_binding(self.app, event.key)


class Typing(Dialog[_T]):
    """A dialog with a text field. Typed letters are inserted into the field, whichever widget has the focus."""

    def __init__(self, title: str, hint: str) -> None:
        super().__init__(title, hint)
        self._has_focused = asyncio.Event()

    @property
    def has_field(self) -> bool:
        return True

    def on_descendant_focus(self) -> None:
        self._has_focused.set()

    async def take(self, event: events.Key) -> bool:
        # Insert letters here, without Textual's messages: those take longer, so the next key might close the dialog
        # before the letter is in the text.
        if event.key == "escape":
            self.dismiss(None)
        elif event.is_printable and event.character:
            self.put(event.character)
            self.changed()
        else:
            # On a busy machine, a key may arrive before the field has the focus. Wait until it has, because the effect
            # of a key depends on the focus.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._has_focused.wait(), _FOCUS_SECONDS)
            is_bound = await run_binding(self.app, event.key)
            self.changed()
            return is_bound
        return True

    def paste(self, text: str) -> None:
        self.put(text)
        self.changed()

    @property
    def text(self) -> str:
        """The text that was typed so far. A subclass must override this."""
        raise NotImplementedError

    def put(self, text: str) -> None:
        """Insert a letter or a pasted text at the cursor. A subclass must override this."""
        raise NotImplementedError

    def changed(self) -> None:
        """Called after each key that may have changed the text. A subclass may override this."""


class TypingLine(Typing[_T]):
    """A dialog with a text field of one line."""

    # The longest text (characters). The longest path that Linux accepts has 4,096 characters.
    longest: ClassVar[int] = 4096

    def __init__(self, title: str, hint: str, value: str = "", placeholder: str = "", *, selects: bool = False) -> None:
        """`value` is the initial text of the field. If `selects` is set, the first typed letter replaces this text."""
        super().__init__(title, hint)
        self.line = Line(value, placeholder)
        self._first_value = value
        self._selects = selects

    def on_mount(self) -> None:
        if self._selects:
            self.line.selection = Selection(0, len(self.line.value))

    def body(self) -> Iterable[Widget]:
        yield self.line

    @property
    def text(self) -> str:
        return self.line.value

    @property
    def would_lose_text(self) -> bool:
        return self.text not in ("", self._first_value)

    def put(self, text: str) -> None:
        room = self.longest - len(self.line.value) + len(self.line.selected_text)
        self.line.replace(text[:room], *self.line.selection)

    def paste(self, text: str) -> None:
        # Insert only the first line, because the field has one line.
        super().paste(text.partition("\n")[0])


class Ask(TypingLine[str]):
    """A dialog that asks a question. The user answers with one line of text."""

    def __init__(
        self,
        question: str,
        value: str = "",
        hint: str = "enter saves · esc cancels",
        *,
        selects: bool = False,
        check: Callable[[str], object] | None = None,
    ) -> None:
        """`check` must raise LibraryError for an invalid text. The dialog then shows the error and stays open."""
        super().__init__(question, hint, value, selects=selects)
        self._check = check
        # The text for which the dialog shows an error; None when it shows no error.
        self._refused: str | None = None

    async def take(self, event: events.Key) -> bool:
        if event.key != "enter":
            return await super().take(event)
        try:
            if self._check is not None:
                self._check(self.text)
        except LibraryError as error:
            self._refused = self.text
            self.say(str(error), error=True)
        else:
            self.dismiss(self.text)
        return True

    def changed(self) -> None:
        if self._refused is not None and self.text != self._refused:
            self._refused = None
            self.say()


class Reading(Dialog[_T]):
    """A dialog without a text field.

    The keys that the user has configured for the list of papers move in it and close it.
    """

    # The ids of the actions whose keys `do` handles, besides the actions that move in the dialog or close it.
    actions: ClassVar[tuple[str, ...]] = ()

    def __init__(self, title: str, hint: str, keymap: Mapping[str, str] = DEFAULT_KEYS, opened_by: str = "") -> None:
        """`opened_by` is the id of the action that opens the dialog; its key closes it again."""
        super().__init__(title, hint)
        self._closing_actions = {"back", "quit", opened_by}
        self._key_actions = KeyActions(keymap, {*MOVES, *self._closing_actions, *self.actions})

    @property
    def is_in_sequence(self) -> bool:
        return self._key_actions.is_in_sequence

    async def take(self, event: events.Key) -> bool:
        was_in_sequence = self.is_in_sequence
        typed = self._key_actions.type(event.key)
        if typed.is_part or was_in_sequence:
            self.say(typed.text, error=typed.is_error)
        if typed.is_part:
            return True
        action_id = typed.action_id
        lines = lines_of(action_id, self.page)
        if lines is not None:
            self.move(lines)
        elif event.key == "escape" or action_id in self._closing_actions or (event.key == "q" and action_id is None):
            self.dismiss(None)
        else:
            return self.do(action_id, event)
        return True

    @property
    def page(self) -> int:
        """The number of lines that the dialog shows at a time. A subclass must override this."""
        raise NotImplementedError

    def move(self, lines: int) -> None:
        """Move down by `lines`, or up if it is negative. A subclass must override this."""
        raise NotImplementedError

    def do(self, action_id: str | None, event: events.Key) -> bool:
        """Handle a key that neither moves in the dialog nor closes it. `action_id` is that of the key, or None.

        Returns False if the dialog does nothing with the key. A subclass may override this.
        """
        return False


class Choose(Reading[int]):
    """A list from which the user chooses with the cursor or by a typed number.

    The result is an index into `choices`.
    """

    def __init__(
        self,
        question: str,
        choices: Sequence[Pieces],
        keymap: Mapping[str, str] = DEFAULT_KEYS,
        verb: str = "opens it",
        *,
        cursor: int = 0,
    ) -> None:
        """`cursor` is the index of the choice on which the cursor is at first."""
        super().__init__(question, f"enter or the number {verb} · esc cancels", keymap)
        self._choices = choices
        self._cursor = cursor
        self._list = ChoiceList(id="choices")

    def body(self) -> Iterable[Widget]:
        self._list.styles.height = min(_MOST_CHOICES_SHOWN, len(self._choices))
        yield self._list

    def on_mount(self) -> None:
        self._list.show(len(self._choices), self._line_of, cursor=self._cursor)

    def _line_of(self, index: int, width: int) -> Pieces:
        # Only the first nine lines have a number, because the user chooses a line with a single digit.
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
