"""The dialog in which the user edits a note.

The dialog has its own module, because importing Textual's editor takes as long as importing all other dialogs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual import events
from textual.widget import Widget
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from store.text.clean import clean
from tui.screens.delayed_call import DelayedCall
from tui.screens.dialogs import Typing

# The text is stored as a draft when the user has typed nothing for this time (s), and when the dialog closes.
_KEEP_SECONDS = 0.5
_HINT = "ctrl+s saves · esc keeps a draft"
_DRAFT_HINT = "ctrl+s saves · esc keeps the draft · ctrl+r drops it"


class _NoteArea(TextArea):
    """A TextArea that ignores changes of the theme, because no key can change the theme while a note is open."""

    def watch(self, *_: object, **__: object) -> None:
        """Do not watch the theme.

        With a watcher, Textual would keep this widget and its text in memory until the theme changes.
        """


class Write(Typing[str]):
    """The dialog for a note. Its result is the text to save, or None when the user closes it without saving.

    Text that the user has not saved is stored as a draft, which is shown when the dialog is opened again.
    """

    def __init__(
        self, title: str, saved: str, draft: str | None, *, keep: Callable[[str, bool], None], drop: Callable[[], None]
    ) -> None:
        """`saved` is the stored note. `draft` is the text that was typed and not saved, or None.

        Control characters, which another program may have stored, are removed from both texts.

        `keep` is called with a draft to store and a bool, which is True for the last draft before the dialog closes.
        `drop` must remove the stored draft.
        """
        # Remove control characters, because TextArea would write them to the terminal.
        saved, draft = clean(saved), None if draft is None else clean(draft)
        text = saved if draft is None else draft
        super().__init__(title, _HINT if text == saved else _DRAFT_HINT)
        self._saved = saved
        self._kept = draft
        self._keep = keep
        self._drop = drop
        self._area = _NoteArea(text, compact=True)
        # Set the cursor now and not when the dialog is mounted: on a busy machine the user may type before it is
        # mounted.
        self._area.selection = Selection.cursor(self._area.document.end)
        self._delayed = DelayedCall(self.set_timer, self._keep_draft)
        self._is_over = False

    def body(self) -> Iterable[Widget]:
        yield self._area

    async def take(self, event: events.Key) -> bool:
        if event.key == "enter":
            self.put("\n")
            self.changed()
        elif event.key == "ctrl+s":
            self._is_over = True
            self.dismiss(self.text)
        elif event.key == "escape":
            self._end()
            self.dismiss(None)
        elif event.key == "ctrl+r":
            self._go_back()
        else:
            return await super().take(event)
        return True

    @property
    def text(self) -> str:
        return self._area.text

    def put(self, text: str) -> None:
        self._area.replace(clean(text), *self._area.selection, maintain_selection_offset=False)

    def changed(self) -> None:
        if self.text != self._saved:
            self._hint = _DRAFT_HINT
        self.say()
        self._delayed.request(_KEEP_SECONDS)

    def reader_ends(self) -> None:
        self._end()

    def _go_back(self) -> None:
        """Replace the text by the stored note, and remove the draft."""
        if self.text == self._saved:
            self.say("this is the stored note")
            return
        self._area.load_text(self._saved)
        self._area.move_cursor(self._area.document.end)
        self._kept = None
        self._drop()
        self._hint = _HINT
        self.say("this is the stored note again; the draft is dropped")

    def _keep_draft(self, is_last: bool = False) -> None:
        """Store the text as a draft. If the text equals the stored note, remove the draft instead."""
        if self._is_over or (self.text == self._kept and not is_last):
            return
        if self.text != self._saved:
            self._kept = self.text
            self._keep(self.text, is_last)
        elif self._kept is not None:
            self._kept = None
            self._drop()

    def _end(self) -> None:
        """Store the text as a draft for the last time. After this call, no timer stores a draft."""
        self._keep_draft(is_last=True)
        self._is_over = True
