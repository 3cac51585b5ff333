"""Actions with which the user organizes papers: the queue, collections, tags, saved filters, and notes in an editor.

The dialogs of these actions are in other modules, which are imported when an action needs them.
"""

from __future__ import annotations

from tui.actions import ordering
from tui.screens.library_screen import LibraryScreen


class Organizing:
    """The actions that organize papers: those with the scope "organize" in the table of actions."""

    def __init__(self, screen: LibraryScreen) -> None:
        self._screen = screen

    def edit_note(self) -> None:
        from tui.actions import notes

        notes.open_editor(self._screen)

    def save_filter(self) -> None:
        from tui.actions import naming

        naming.save_filter(self._screen)

    def collect(self) -> None:
        from tui.actions import naming

        naming.collect(self._screen)

    def take_out(self) -> None:
        from tui.actions import naming

        naming.take_out(self._screen)

    def rename(self) -> None:
        from tui.actions import naming

        naming.rename(self._screen)

    def share_collection(self) -> None:
        from tui.actions import sharing

        sharing.share(self._screen)

    def leave_collection(self) -> None:
        from tui.actions import sharing

        sharing.leave(self._screen)

    def queue_first(self) -> None:
        ordering.add_first(self._screen)

    def move_to_top(self) -> None:
        ordering.move(self._screen, 1)

    def move_to_end(self) -> None:
        ordering.move(self._screen, ordering.END)

    def move_to(self) -> None:
        ordering.ask_position(self._screen)

    def queue_reason(self) -> None:
        ordering.ask_reason(self._screen)

    def next_up(self) -> None:
        ordering.show_next(self._screen)

    def drop_oldest(self) -> None:
        from tui.actions import dropping

        dropping.offer(self._screen)
