"""The dialog that asks for the names of tags, collections and so on, and completes existing names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from textual import events
from textual.widget import Widget

from store.text.folding import fold
from tui.render import styled
from tui.render.pieces import Line, Piece, fit
from tui.screens.dialogs import TypingLine
from tui.widgets.choice_list import ChoiceList
from tui.widgets.line_list import LineList

# The largest number of names that are shown at once.
_MOST_SHOWN = 8
# The characters that separate names in a field for several names.
_SEPARATORS = " ,"


class KnownName(NamedTuple):
    """An existing name, which the dialog can complete, and a text beside it, such as the number of papers with a tag.

    `style` is the name of the style in which the name is drawn.
    """

    name: str
    note: str = ""
    style: str = "title"


class AskNames(TypingLine[str]):
    """A question for one name, or for several names with spaces between them.

    Below the field are the existing names that begin with the typed letters or contain them. Tab and the arrow keys put
    one of these names into the field. The result is the text of the field.
    """

    def __init__(
        self, question: str, known: Sequence[KnownName], value: str = "", *, several: bool = False, hint: str = ""
    ) -> None:
        super().__init__(question, hint or "tab completes · enter saves · esc cancels", value)
        self._known = known
        self._several = several
        self._list = ChoiceList(id="names")
        self._names: list[KnownName] = []
        # The index of the name that tab has put into the field, and the text that precedes this name in the field
        # (names that were entered earlier).
        self._chosen: int | None = None
        self._before = ""
        self._shown_for: str | None = None

    def body(self) -> Iterable[Widget]:
        yield from super().body()
        self._list.styles.height = max(1, min(_MOST_SHOWN, len(self._known)))
        self._list.display = bool(self._known)
        yield self._list

    def on_mount(self) -> None:
        self.line.cursor_position = len(self.text)
        self.changed()

    async def take(self, event: events.Key) -> bool:
        if event.key == "enter":
            self.dismiss(self.text)
        elif event.key in ("tab", "down") and self._names:
            self._choose(0 if self._chosen is None else self._chosen + 1)
        elif event.key in ("shift+tab", "up") and self._names:
            self._choose(-1 if self._chosen is None else self._chosen - 1)
        else:
            return await super().take(event)
        return True

    def changed(self) -> None:
        if self.text != self._shown_for:
            self._show()

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        self._choose(message.index)

    def _show(self) -> None:
        """Show the existing names that begin with the typed text or contain it."""
        text = self.text
        start = 1 + max(text.rfind(sign) for sign in _SEPARATORS) if self._several else 0
        self._before, typed = text[:start], fold(text[start:].strip().lstrip("#"))
        used = set(text[:start].replace(",", " ").split()) if self._several else set()
        folded = [(fold(each.name), each) for each in self._known if each.name not in used]
        begins = [each for name, each in folded if name.startswith(typed)]
        self._names = begins + [each for name, each in folded if typed in name and not name.startswith(typed)]
        self._chosen, self._shown_for = None, text
        self._list.show(len(self._names), self._line_of)

    def _choose(self, index: int) -> None:
        """Put the name with this index into the field. The index after the last one means the first name."""
        self._chosen = index % len(self._names)
        self._list.move(self._chosen)
        self.line.value = self._shown_for = f"{self._before}{self._names[self._chosen].name}"
        self.line.cursor_position = len(self.line.value)

    def _line_of(self, index: int, width: int) -> Line:
        known = self._names[index]
        note = f" {known.note} " if known.note else ""
        name = fit((Piece(f" {styled.safe(known.name, 100)}", known.style),), max(1, width - len(note)))
        return fit((*name, Piece(note, "muted")), width)
