"""Actions for the user's own order of papers: notes in an editor, the queue, collections, tags and saved filters."""

from __future__ import annotations

from tui.screens.library_screen import LibraryScreen


class Organizing:
    """The actions of the scope "organize"."""

    def __init__(self, screen: LibraryScreen) -> None:
        self._screen = screen

    def edit_note(self) -> None:
        # Imported here, because this is the only action that needs an editor.
        from tui.actions import notes

        notes.open_editor(self._screen)
