"""What lies over the reader for a moment: a question, a note, a choice, pages of help and log."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea


class Typing(ModalScreen[str | None]):
    """A question that is answered by typing into `field`; None when the reader thinks better of it."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Cancel", show=False)]

    def __init__(self, question: str, field: Input | TextArea, hint: str) -> None:
        super().__init__()
        self._question = question
        self.field = field
        self._hint = hint

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="dialog-title")
            yield self.field
            yield Static(Content(self._hint), classes="dialog-hint")

    def on_key(self, event: events.Key) -> None:
        if event.is_printable and not self.field.has_focus:
            # Typed before the field was ready for it.
            event.stop()
            self.field.post_message(events.Key(event.key, event.character))


class Ask(Typing):
    """One line of text."""

    def __init__(self, question: str, value: str = "", hint: str = "enter saves · esc cancels") -> None:
        super().__init__(question, Input(value, select_on_focus=False, compact=True), hint)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


class Write(Typing):
    """Several lines of text."""

    BINDINGS = [Binding("ctrl+s", "save", "Save", show=False, priority=True)]

    def __init__(self, question: str, value: str = "") -> None:
        self._area = TextArea(value, compact=True)
        super().__init__(question, self._area, "ctrl+s saves · esc cancels")

    def on_mount(self) -> None:
        self._area.move_cursor(self._area.document.end)

    def action_save(self) -> None:
        self.dismiss(self._area.text)


class Choose(ModalScreen[int | None]):
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

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character.isdigit() and 1 <= int(event.character) <= len(self._choices):
            event.stop()
            self.dismiss(int(event.character) - 1)


class Page(ModalScreen[None]):
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
        self._view.scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        self._view.scroll_relative(y=pages * max(1, self._view.size.height - 1), animate=False)

    def action_end(self, way: int) -> None:
        if way > 0:
            self._view.scroll_end(animate=False)
        else:
            self._view.scroll_home(animate=False)

    @property
    def _view(self) -> VerticalScroll:
        return self.query_one("#page-scroll", VerticalScroll)
