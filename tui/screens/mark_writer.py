"""Changes the user's marks in the library, and shows each change when it is stored on the disk.

The marks of a paper are its bookmark, its status, its position in the reading queue, its tags and its note.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from tui.screens.delayed_call import DelayedCall, SetTimer
from tui.screens.key_queue import KeyQueue
from tui.screens.list_search import Goal, ListSearch
from tui.widgets.list_position import Place
from tui.widgets.paper_list import PaperList
from tui.widgets.status_line import StatusLine
from tui.workers.write_worker import WriteWorker

if TYPE_CHECKING:
    from store.marks.journal import Marked

# If a changed mark affects the list of papers, later actions wait for the new list, but at most this long (s). A limit
# is needed because a write may take long when the disk is busy.
_WAIT_SECONDS = 0.3


class MarkWriter:
    """Changes marks in the order of the key presses. A change is shown only when it is stored on the disk."""

    def __init__(
        self,
        writer: WriteWorker,
        search: ListSearch,
        papers: PaperList,
        key_queue: KeyQueue,
        status: StatusLine,
        *,
        set_timer: SetTimer,
        on_change: Callable[[Collection[int]], None],
    ) -> None:
        """`on_change` is called with the ids of the papers whose marks have changed.

        If no marks have changed and only the selection has ended, `on_change` is called without ids.
        """
        self._writer = writer
        self._search = search
        self._papers = papers
        self._key_queue = key_queue
        self._status = status
        self._set_timer = set_timer
        self._on_change = on_change
        # For how long a paper must be open before it counts as seen (s).
        self.seen_after = 0.0
        self._mark_opened: Callable[[], None] = lambda: None
        self._seen = DelayedCall(set_timer, lambda: self._mark_opened())

    def mark(
        self,
        change: Callable[[], Marked],
        paper_ids: Sequence[int],
        *,
        hides: bool = False,
        keeps_selection: bool = False,
    ) -> None:
        """Change the marks of the papers `paper_ids` by calling `change` in the thread that writes.

        Set `hides` if the change may hide the papers, which removes them from the list. The selection of papers ends
        unless `keeps_selection` is set.
        """
        # End the selection now. When the marks have been saved, the user may have begun another selection already.
        if not keeps_selection:
            self._papers.select_from_here(False)
        self._on_change(())
        if hides or self._search.depends_on_marks:
            self._key_queue.expect_change(paper_ids)
            self._set_timer(_WAIT_SECONDS, self._key_queue.stop_waiting)
        self._writer.write(change, self._show_mark, lambda: self._key_queue.papers_stay(paper_ids))

    def mark_silently(self, change: Callable[[], Marked]) -> None:
        """Call `change`, which changes marks, in the thread that writes.

        The status line shows no message about the change.
        """
        self._writer.write(change, self._show)

    def mark_when_open_for_a_moment(self, mark: Callable[[], None], is_open: Callable[[], bool]) -> None:
        """Call `mark` when the paper that was just opened has been open for `seen_after` seconds.

        `is_open` must return whether the paper is still open. If this is called for another paper in the meantime, only
        that other paper counts.
        """

        def mark_opened() -> None:
            if is_open():
                mark()

        self._mark_opened = mark_opened
        if self.seen_after:
            self._seen.request(self.seen_after)
        else:
            mark_opened()

    def hold_keys(self) -> None:
        """Make later actions wait until all changes of marks that were requested before this call are stored."""
        if not self._writer.is_idle:
            self._key_queue.expect_change(())
            self._writer.write(lambda: None, lambda _: self._key_queue.stop_waiting(), quiet=True)

    def after_stored(self, call: Callable[[], None]) -> None:
        """Call `call` when all earlier changes of marks are stored, or after a time limit if the disk is busy."""
        if self._writer.is_idle:
            call()
            return
        waiting = [call]

        def call_once() -> None:
            while waiting:
                waiting.pop()()

        self._set_timer(_WAIT_SECONDS, call_once)
        self._writer.write(lambda: None, lambda _: call_once(), quiet=True)

    def step(self, step: Callable[[], Marked | None], name: str, no_step: str) -> None:
        """Call `step`, which undoes or redoes a change of marks, and move the cursor to the first changed paper.

        The status line shows `name` and a description of the change. If `step` returns None, because there is nothing
        to undo or redo, the status line shows `no_step`.
        """

        def show_step(marked: Marked | None) -> None:
            if marked is None:
                self._status.show_news(no_step)
            else:
                self._status.show_news(self._described(marked, f"{name}: "))
                first_paper = next(iter(marked.papers), None)
                self._show(marked, "stay" if first_paper is None else Place(first_paper))

        self._writer.write(step, show_step)

    def _show_mark(self, marked: Marked) -> None:
        self._status.show_news(self._described(marked))
        self._show(marked)

    def _described(self, marked: Marked, before: str = "") -> str:
        """The text `before`, followed by a description of a change, such as "hid 4 papers".

        If only one paper has changed, the description contains the title of the paper.
        """
        # Imported here, because drawing the first list of papers does not need this module.
        from tui.render import wording

        title = self._papers.title_of(next(iter(marked.papers))) if len(marked.papers) == 1 else ""
        if not marked.has_changes:
            return wording.unchanged_text(len(marked.papers), title)
        room = self._status.room - len(before)
        return f"{before}{wording.mark_text(marked.label, len(marked.papers), title, room)}"

    def _show(self, marked: Marked, goal: Goal | None = None) -> None:
        """Show stored changes of marks. The cursor goes to `goal` or, if that is None, stays on its paper."""
        # Read all rows again: when one paper enters or leaves the reading queue, the positions of other papers change.
        self._papers.forget()
        hides = any(marks.status == "hidden" for marks in marked.papers.values())
        # `is_holding` means that the paper under the cursor is still shown although a changed mark has removed it from
        # the list. The new change may put that paper into the list again. So request the list.
        if goal is not None or hides or self._papers.is_holding or self._search.depends_on_marks:
            paper = self._papers.paper
            self._search.request(goal or ("stay" if paper is None else Place(paper)), holds=True)
            self._key_queue.papers_left(marked.papers)
        else:
            self._key_queue.papers_stay(marked.papers)
        self._search.worker.count_views()
        self._on_change(marked.papers)
