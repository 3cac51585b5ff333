"""A dialog in which the user can remove from the reading queue the papers that have been in it for the longest time."""

from __future__ import annotations

from datetime import datetime

from store.marks import reading_queue
from tui.actions.actions_and_keys import first_key
from tui.render import wording
from tui.screens.drop_dialog import DropDialog, Offered
from tui.screens.library_screen import LibraryScreen

# At most this many papers are offered at once.
_MOST = 20


def offer(screen: LibraryScreen) -> None:
    """Show the papers that have been in the queue longest, so that the user can remove them from it.

    All papers that the user removes in one dialog are put back into the queue by a single undo.
    """
    waiting = reading_queue.longest_waiting(screen.library.reader(), _MOST)
    if not waiting:
        screen.status.show_news("the queue is empty")
        return
    now = datetime.now().astimezone()
    offered = [
        Offered(each.paper, screen.list.title_of(each.paper), wording.waited(each.queued_at, now), each.because or "")
        for each in waiting
    ]

    def answered(papers: list[int] | None) -> None:
        if papers:
            screen.marks.mark(lambda: reading_queue.drop(screen.library, papers), papers)

    screen.app.push_screen(DropDialog(offered, screen.keymap, first_key("hide", screen.keymap)), answered)
