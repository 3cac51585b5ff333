"""The dialog for a note. A module of its own, because Textual's editor takes as long to import as all other dialogs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual import events
from textual.widget import Widget
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from tui.screens.delayed_call import DelayedCall
from tui.screens.dialogs import Typing

# A draft is kept when nothing was typed for this time (s), and in any case when the dialog closes.
_KEEP_SECONDS = 0.5
_HINT = "ctrl+s saves · esc keeps a draft"
_DRAFT_HINT = "ctrl+s saves · esc keeps the draft · ctrl+g drops it"


class Write(Typing[str]):
    """A note to edit. Its result is the text to save. A text that is not saved is kept as a draft."""

    def __init__(
        self, title: str, saved: str, draft: str | None, *, keep: Callable[[str, bool], None], drop: Callable[[], None]
    ) -> None:
        """`saved` is the stored note, and `draft` what was written and not saved.

        `keep` gets a draft and whether it is the last one, because the dialog closes; `drop` removes the draft.
        """
        text = saved if draft is None else draft
        super().__init__(title, _HINT if text == saved else _DRAFT_HINT)
        self._saved = saved
        self._kept = draft
        self._keep = keep
        self._drop = drop
        self._area = TextArea(text, compact=True)
        # Now, not when the dialog is mounted: on a busy machine letters are typed before that.
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
        elif event.key == "ctrl+g":
            self._go_back()
        else:
            return await super().take(event)
        return True

    @property
    def text(self) -> str:
        return self._area.text

    def put(self, text: str) -> None:
        self._area.replace(text, *self._area.selection, maintain_selection_offset=False)

    def changed(self) -> None:
        if self.text != self._saved:
            self._hint = _DRAFT_HINT
        self.say()
        self._delayed.request(_KEEP_SECONDS)

    def reader_ends(self) -> None:
        self._end()

    def _go_back(self) -> None:
        """Go back to the stored note."""
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
        """Keep the text as a draft, or drop the draft when the text is the stored note."""
        if self._is_over or (self.text == self._kept and not is_last):
            return
        if self.text != self._saved:
            self._kept = self.text
            self._keep(self.text, is_last)
        elif self._kept is not None:
            self._kept = None
            self._drop()

    def _end(self) -> None:
        """Keep the last draft. What a timer does later has no effect."""
        self._keep_draft(is_last=True)
        self._is_over = True
