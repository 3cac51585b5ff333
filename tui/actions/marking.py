"""Actions that change the user's marks on papers (bookmark, queue, status, tags, note), and undo and redo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from store.marks import journal, marking, stored_marks
from store.marks.journal import Marked
from store.marks.stored_marks import Marks, Status
from tui.actions import ordering
from tui.screens.help_text import NO_PAPER
from tui.screens.library_screen import LibraryScreen
from tui.widgets.paper_list import MOST_KEPT

if TYPE_CHECKING:
    from store.marks.return_day import Until

POSTPONE_QUESTION = "Until when?"
POSTPONE_HINT = "a date, a weekday, next week, 3 days, similar (paper arrives)\nenter saves · esc cancels"


def return_day_of(text: str) -> Until | None:
    """The end of a postponement as the user typed it: a day, or "similar" (until a similar paper arrives).

    None for an empty `text`, which ends the postponement.

    Raises LibraryError for any other text.
    """
    # Imported here, not at the top of the module, so that the start of the application does not wait for the import.
    from store.marks import return_day

    return return_day.parse(text, date.today()) if text.strip() else None


class Marking:
    """The actions that change marks: those with the scope "mark" in the table of actions.

    Most of them change the selected papers or, without a selection, the paper under the cursor.
    """

    def __init__(self, screen: LibraryScreen) -> None:
        self._screen = screen
        self._library = screen.library

    def bookmark(self) -> None:
        self._mark(lambda paper_ids: marking.bookmark(self._library, paper_ids))

    def queue(self) -> None:
        because = self._because
        self._mark(lambda paper_ids: marking.queue(self._library, paper_ids, because=because))

    def keep(self) -> None:
        because = self._because
        self._mark_and_go_on(lambda paper_ids: marking.keep(self._library, paper_ids, because))

    def drop(self) -> None:
        self._mark_and_go_on(lambda paper_ids: marking.status(self._library, paper_ids, "hidden"), hides=True)

    def rate_1(self) -> None:
        self._rate(1)

    def rate_2(self) -> None:
        self._rate(2)

    def rate_3(self) -> None:
        self._rate(3)

    def rate_4(self) -> None:
        self._rate(4)

    def rate_5(self) -> None:
        self._rate(5)

    def rate_none(self) -> None:
        self._rate(None)

    def later(self) -> None:
        ordering.shift(self._screen, 1)

    def sooner(self) -> None:
        ordering.shift(self._screen, -1)

    def reading(self) -> None:
        self._set_status("reading")

    def done(self) -> None:
        papers = self._screen.list
        goes_on = self._screen.search.view.kind == "queue" and not papers.is_selecting
        offers = ordering.offers_next(self._screen)
        self._set_status("done")
        if offers:
            if goes_on:
                papers.move(papers.cursor + 1)
            ordering.offer_next(self._screen)

    def hide(self) -> None:
        self._set_status("hidden")

    def seen(self) -> None:
        self._set_status("seen")

    def postpone(self) -> None:
        # Imported here, not at the top: the application must start fast, and shows no dialog at its start.
        from store.marks import return_day
        from tui.actions.about import about
        from tui.screens.dialogs import Ask

        screen = self._screen
        paper_ids = screen.list.selected
        if not paper_ids:
            screen.status.show_news(NO_PAPER, until_key=True)
            return

        def answered(text: str | None) -> None:
            def mark() -> None:
                until = return_day_of(text or "")
                self._mark(lambda ids: marking.postpone(self._library, ids, until), paper_ids)

            if text is not None:
                screen.notices.attempt(mark)

        dialog = Ask(POSTPONE_QUESTION, return_day.DEFAULT, POSTPONE_HINT, selects=True, check=return_day_of)
        dialog.about = about(screen, paper_ids)
        screen.app.push_screen(dialog, answered)

    def tags(self) -> None:
        # Imported here, not at the top: the application must start fast, and shows no dialog at its start.
        from tui.actions.about import about
        from tui.actions.naming import known_tags
        from tui.screens.name_dialog import AskNames

        paper_ids = self._screen.list.selected
        if not paper_ids:
            self._screen.status.show_news(NO_PAPER, until_key=True)
            return
        has_many = len(paper_ids) > 1
        if has_many:
            question, value = f"Tags to add to {len(paper_ids):,} papers, or to remove with -", ""
        else:
            question, value = "Tags, separated by spaces", " ".join(self._marks(paper_ids[0]).tags)

        def answered(text: str | None) -> None:
            if text is None:
                return
            names = text.replace(",", " ").split()
            if has_many:
                added = [name for name in names if not name.startswith("-")]
                removed = [name[1:] for name in names if name.startswith("-")]
                self._mark(lambda ids: marking.tag(self._library, ids, added, removed), paper_ids)
            else:
                self._mark(lambda ids: marking.retag(self._library, ids, names), paper_ids)

        # Add a space after the tags, so that the next letter that the user types begins another tag.
        dialog = AskNames(question, known_tags(self._screen), f"{value} " if value else "", several=True)
        if not has_many:
            dialog.about = about(self._screen, paper_ids)
        self._screen.app.push_screen(dialog, answered)

    def note(self) -> None:
        # Imported here, not at the top: the application must start fast, and shows no dialog at its start.
        from tui.actions import notes

        notes.open_dialog(self._screen)

    def select(self) -> None:
        screen = self._screen
        if screen.list.paper is None:
            screen.status.show_news(NO_PAPER, until_key=True)
            return
        screen.pane_focus.move_to_list()
        screen.list.select_from_here(not screen.list.is_selecting)
        screen.where.show()

    def select_all(self) -> None:
        screen = self._screen
        if screen.list.count > MOST_KEPT:
            screen.status.show_news(f"at most {MOST_KEPT:,} papers can be selected; a filter makes the list shorter")
            return
        if screen.list.paper is None:
            screen.status.show_news(NO_PAPER, until_key=True)
            return
        screen.pane_focus.move_to_list()
        screen.list.move(0)
        screen.list.select_from_here(True)
        screen.list.move(screen.list.count - 1, -1)
        screen.where.show()

    def undo(self) -> None:
        self._screen.marks.step(lambda: journal.undo(self._library), "undone", "nothing to undo")

    def redo(self) -> None:
        self._screen.marks.step(lambda: journal.redo(self._library), "repeated", "nothing to repeat")

    def _marks(self, paper_id: int) -> Marks:
        """The marks of a paper. If it was merged into another paper, the result is the marks of that other paper.

        Raises LibraryError when the paper was removed.
        """
        connection = self._screen.library.reader()
        return stored_marks.read(connection, stored_marks.resolve(connection, paper_id))

    @property
    def _because(self) -> str:
        return ordering.reason(self._screen)

    def _rate(self, rating: int | None) -> None:
        self._mark(lambda paper_ids: marking.rate(self._library, paper_ids, rating))

    def _set_status(self, status: Status) -> None:
        self._mark(
            lambda paper_ids: marking.status(self._library, paper_ids, status, toggle=True), hides=status == "hidden"
        )

    def _mark_and_go_on(self, change: Callable[[list[int]], Marked], *, hides: bool = False) -> None:
        """Change marks as `_mark` does. Then, if no papers are selected, move the cursor to the next paper."""
        papers = self._screen.list
        has_selection = papers.is_selecting
        self._mark(change, hides=hides)
        if not has_selection:
            papers.move(papers.cursor + 1)

    def _mark(
        self, change: Callable[[list[int]], Marked], paper_ids: list[int] | None = None, *, hides: bool = False
    ) -> None:
        """Call `change` with the ids of the papers whose marks it must change.

        The ids are `paper_ids`. If `paper_ids` is None, they are those of the selected papers or, without a selection,
        of the paper under the cursor. `hides` must be True if the change may hide the papers; hidden papers are then
        removed from the list.
        """
        chosen = self._screen.list.selected if paper_ids is None else paper_ids
        if chosen:
            self._screen.marks.mark(lambda: change(chosen), chosen, hides=hides)
        else:
            self._screen.status.show_news(NO_PAPER, until_key=True)
