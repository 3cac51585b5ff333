"""Actions that edit the note of the paper under the cursor, in a dialog or in the user's own editor."""

from __future__ import annotations

from textual.app import SuspendNotSupported

from store.marks import marking, stored_marks
from store.marks.journal import Marked
from tui.actions.about import about
from tui.actions.actions_and_keys import key_or_name
from tui.screens.help_text import NO_PAPER
from tui.screens.library_screen import LibraryScreen
from tui.screens.note_dialog import Write
from tui.workers import editor


def open_dialog(screen: LibraryScreen) -> None:
    """Open the dialog with the note of the paper under the cursor, or with its draft if there is one.

    Raises LibraryError when the paper was removed.
    """
    paper_id = screen.list.paper
    if paper_id is None:
        screen.status.show_news(NO_PAPER, until_key=True)
        return
    note = _Note(screen, paper_id)

    def answered(text: str | None) -> None:
        if text is not None:
            note.save(text)

    dialog = Write("Your note", note.saved, note.draft, keep=note.keep_draft, drop=note.drop_draft)
    dialog.about = about(screen, [paper_id])
    screen.app.push_screen(dialog, answered)


def open_editor(screen: LibraryScreen) -> None:
    """Open the note of the paper under the cursor, or its draft, in the user's editor, which takes over the terminal.

    When the editor has ended, the text is saved as the note. If the editor fails, the text in the edited file is stored
    as a draft. Raises LibraryError when the paper was removed, or when there is no editor.
    """
    paper_id = screen.list.paper
    if paper_id is None:
        screen.status.show_news(NO_PAPER, until_key=True)
        return
    note = _Note(screen, paper_id)
    command = editor.command()
    before = note.saved if note.draft is None else note.draft
    try:
        # Code in this context must not raise an error, because Textual would then not resume the application.
        with screen.app.suspend():
            edited = editor.edit(command, before)
    except SuspendNotSupported:
        screen.status.show_news("this terminal cannot be left to an editor", error=True)
        return
    if edited.problem:
        if edited.text is not None and edited.text != note.saved:
            note.keep_draft(edited.text, is_last=True)
        screen.notices.show_error(edited.problem)
    elif edited.text is None or edited.text.strip() == note.saved.strip():
        note.drop_draft()
        screen.status.show_news("the note is unchanged")
    else:
        note.save(edited.text)


class _Note:
    """The note of one paper, with its unsaved draft, and the functions that change both."""

    def __init__(self, screen: LibraryScreen, paper_id: int) -> None:
        """Raises LibraryError when the paper was removed."""
        self._screen = screen
        self._paper_id = paper_id
        connection = screen.library.reader()
        # The id of the paper or, if it was merged into another paper since the list was read, the id of that paper.
        self._number = stored_marks.resolve(connection, paper_id)
        self.saved = stored_marks.read(connection, self._number).note or ""
        self.draft = screen.drafts.of(self._number)

    def save(self, text: str) -> None:
        """Save `text` as the note."""
        drafts, number, library = self._screen.drafts, self._number, self._screen.library

        def save() -> Marked:
            marked = marking.note(library, number, text)
            drafts.saved(number)
            return marked

        # Keep the note as a draft until it is saved, so that it is not lost if the write fails.
        drafts.keep(number, text, is_last=False)
        self._screen.marks.mark(save, [self._paper_id])

    def keep_draft(self, text: str, is_last: bool) -> None:
        """Store `text` as the draft. `is_last` must be True if the dialog was closed: no further draft will follow."""
        self._screen.drafts.keep(self._number, text, is_last=is_last)
        if is_last:
            key = key_or_name("note", self._screen.keymap)
            self._screen.status.show_news(f"the note is not saved: {key} opens the draft again")

    def drop_draft(self) -> None:
        """Remove the draft of the note."""
        self._screen.drafts.drop(self._number)
