"""The top line: the filter as it is typed, and how many papers it leaves."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Offset, Size
from textual.reactive import Reactive
from textual.widgets import Input, Static
from textual.widgets.input import Selection

from store.search.parser import MAX_CHARACTERS
from tui.render.cell_width import is_simple, width

# What an empty filter shows, for lines of different widths.
_PLACEHOLDERS = (
    'type to filter: words, "a phrase", author:zhu, is:queued, date:>=2026-06 …',
    'type to filter: words, "a phrase", author:zhu …',
    "type to filter: words, author:zhu …",
    "type to filter …",
)


class FilterInput(Input):
    """The text of the filter."""

    # As in Input, but without `layout`: the widget's place does not depend on its text, and laying out the whole screen
    # at every key takes as long as the search.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)

    def __init__(self) -> None:
        super().__init__(
            id="filter-input",
            compact=True,
            max_length=MAX_CHARACTERS,
            placeholder=_PLACEHOLDERS[-1],
            select_on_focus=False,
            # Every filter is valid, and validation would restyle the line at every key.
            validate_on=(),
        )

    def on_resize(self) -> None:
        # The longest that is not cut off.
        fitting = (text for text in _PLACEHOLDERS if len(text) < self.size.width)
        self.placeholder = next(fitting, _PLACEHOLDERS[-1])

    def validate_value(self, value: str) -> str:
        """`value` on one line without control characters: pasted text may contain anything."""
        if is_simple(value):
            return value
        # Imported here: most of what is typed is clean.
        from store.text.clean import clean

        return clean(value).replace("\n", " ").replace("\t", " ")

    def select_text(self) -> None:
        """Select the whole text, so that what is typed next replaces it."""
        self.selection = Selection(0, len(self.value))

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the caret is on the screen. Textual's is one cell too far to the right at the end of the text."""
        x, y, _, _ = self.content_region
        return Offset(x + width(self.value[: self.cursor_position]) - self.scroll_offset.x, y)

    def put(self, text: str) -> bool:
        """Insert a letter, or what was pasted, at the cursor or for the selection. Posts no message: the caller knows.

        Several lines become one, as a title that was broken into lines needs. As much is inserted as the filter may
        hold; the result is whether that was all.
        """
        text = " ".join(text.split("\n")) if "\n" in text else text
        room = MAX_CHARACTERS - len(self.value) + len(self.selected_text)
        with self.prevent(Input.Changed):
            self.replace(text[:room], *self.selection)
        return len(text) <= room


class FilterLine(Horizontal):
    """The filter and how many papers it leaves."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.input = FilterInput()

    def compose(self) -> ComposeResult:
        yield Static("/", id="filter-sign")
        yield self.input
        yield Static(id="filter-count")

    def show_count(
        self, count: int, exact: int, filtered: bool, *, corrected: int | None = None, more: bool = False
    ) -> None:
        """Show the number of papers in the list. `exact` of the `count` papers match as they were typed, and
        `corrected` with corrected spelling; by default all that are not exact.

        `more`: the list is incomplete, because the rest of the answer has not arrived.
        """
        inexact = count - exact
        corrected = inexact if corrected is None else corrected
        text = (
            f"{count:,}{'+' if more else ''} paper{'' if count == 1 else 's'}" if count or not more else "none so far"
        )
        label = self.query_one("#filter-count", Static)
        if filtered and inexact:
            if exact:
                text = f"{exact:,} exact, {inexact:,} {'corrected' if corrected == inexact else 'others'}"
            elif corrected == inexact:
                whole = f"{text}, spelling corrected"
                text = whole if len(whole) <= label.size.width else f"{text}, corrected"
        label.update(Content(text), layout=False)
