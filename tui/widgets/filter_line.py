"""The top line of the screen: the field for the filter, and the number of papers in the list."""

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

# The texts that are shown in an empty filter. The first text that fits into the line is used.
_PLACEHOLDERS = (
    'type to filter: words, "a phrase", author:zhu, is:queued, date:>=2026-06 …',
    'type to filter: words, "a phrase", author:zhu …',
    "type to filter: words, author:zhu",
    "type to filter …",
)
# The width of the label with the number of papers before the first layout (cells). It equals the width that app.tcss
# sets for a narrow screen.
_COUNT_WIDTH = 22


class FilterInput(Input):
    """The field for the text of the filter."""

    # As in Textual's Input, but a change of the text causes no layout, because the size of the widget does not depend
    # on its text. A layout of the whole screen after every key would take as long as the search.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)

    def __init__(self) -> None:
        super().__init__(
            id="filter-input",
            compact=True,
            max_length=MAX_CHARACTERS,
            placeholder=_PLACEHOLDERS[-1],
            select_on_focus=False,
            # Turn Textual's validation off: every filter is valid, and validation would restyle the line after every
            # key.
            validate_on=(),
        )

    def on_resize(self) -> None:
        # Show the longest text that fits into the line; _PLACEHOLDERS begins with the longest.
        fitting = (text for text in _PLACEHOLDERS if len(text) < self.size.width)
        self.placeholder = next(fitting, _PLACEHOLDERS[-1])

    def validate_value(self, value: str) -> str:
        """`value` on one line and without control characters. Pasted text may contain these."""
        if is_simple(value):
            return value
        # Imported here, because most typed text needs no cleaning.
        from store.text.clean import clean

        return clean(value).replace("\n", " ").replace("\t", " ")

    def select_text(self) -> None:
        """Select the whole text, so that the next typed letter replaces it."""
        self.selection = Selection(0, len(self.value))

    @property
    def cursor_screen_offset(self) -> Offset:
        """The position of the text cursor on the screen. Textual's result is one cell off at the end of the text."""
        x, y, _, _ = self.content_region
        return Offset(x + width(self.value[: self.cursor_position]) - self.scroll_offset.x, y)

    def put(self, text: str) -> bool:
        """Insert a letter or a pasted text at the cursor, in place of the selected text.

        Line breaks are replaced by blanks, because a pasted title may consist of several lines. If the filter would
        become too long, only the beginning of the text is inserted. Returns whether the text was inserted completely.
        No message is posted about the change.
        """
        text = " ".join(text.split("\n")) if "\n" in text else text
        room = MAX_CHARACTERS - len(self.value) + len(self.selected_text)
        with self.prevent(Input.Changed):
            self.replace(text[:room], *self.selection)
        return len(text) <= room


class FilterLine(Horizontal):
    """The field for the filter, with the number of papers beside it."""

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
        """Show the number of papers in the list.

        Of the `count` papers, `exact` contain the words as they were typed, and `corrected` contain them only after a
        correction of the spelling. Without `corrected`, all papers that are not exact count as corrected. `more` is
        True if the list is incomplete, because the rest of the search result has not arrived or papers are missing in
        the search index.
        """
        inexact = count - exact
        corrected = inexact if corrected is None else corrected
        papers = (
            f"{count:,}{'+' if more else ''} paper{'' if count == 1 else 's'}" if count or not more else "none so far"
        )
        texts = [papers]
        if filtered and inexact:
            if exact:
                texts = [f"{exact:,} exact, {inexact:,} {'corrected' if corrected == inexact else 'others'}", papers]
            elif corrected == inexact:
                texts = [f"{papers}, spelling corrected", f"{papers}, corrected", papers]
        label = self.query_one("#filter-count", Static)
        # Show the longest text that fits. Before the first layout, the label has no width yet.
        room = label.content_size.width or _COUNT_WIDTH
        label.update(Content(next((text for text in texts if len(text) <= room), papers)), layout=False)
