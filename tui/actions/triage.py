"""Actions for triage.

To triage is to go through the papers of the list one at a time and to decide on each paper, for example to keep or to
skip it. One such pass is called a sitting. The user may leave a sitting and continue it later.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from store.library.library import Library
from store.marks import return_day, sittings, stored_marks
from store.marks.journal import Marked
from store.marks.sittings import Decision
from store.papers import list_rows
from tui.actions import browsing
from tui.actions.actions_and_keys import key_or_name
from tui.render import styled, wording
from tui.screens.library_screen import LibraryScreen
from tui.screens.sitting_progress import SittingProgress
from tui.screens.triage_screen import TriageScreen
from tui.widgets.list_position import Place

if TYPE_CHECKING:
    from store.search.answer import Answer

# The largest number of papers in a sitting (one pass through papers on which the user decides).
_MOST = 2_000
# If the list is sorted by the model of the user's taste, triage explains the position of each paper in the list, but
# only for this many papers at the beginning of a sitting.
_MOST_EXPLAINED = 200


class Triage:
    """The actions of triage: those with the scope "triage" in the table of actions.

    `triage` and `triage_undo_sitting` work also on the library screen. All other actions of triage work only on the
    screen of a sitting; on another screen they only show which key begins a sitting.
    """

    def __init__(self, screen: LibraryScreen) -> None:
        self._screen = screen

    def triage(self) -> None:
        """Begin a sitting with the papers of the list, or continue the sitting that the user left for this list."""
        screen = self._screen
        connection = screen.library.reader()
        search = screen.search
        sitting = sittings.begin(connection, str(search.view), search.query.text)
        decided = sittings.decisions(connection, sitting.id)
        papers = screen.list.first_papers(_MOST)
        if not search.shows_decided:
            papers = stored_marks.undecided(connection, papers, date.today())
        done = {each.paper for each in decided}
        papers = [paper for paper in papers if paper not in done]
        if not papers:
            screen.status.show_news("nothing is left to decide here")
            return
        filter = styled.safe(search.query.text, 60)
        answer = search.answer
        triage = TriageScreen(
            screen.library,
            screen.writer,
            sitting,
            SittingProgress(papers, decided),
            screen.list.highlights,
            screen.keymap,
            where=" · ".join(filter_ for filter_ in (styled.view_name(search.view), filter) if filter_),
            run=screen.do,
            when_left=self._leave,
            when_over=self.triage_summary,
        )
        screen.app.push_screen(triage)
        if answer is not None and answer.is_ranked:
            first = papers[:_MOST_EXPLAINED]
            screen.writer.write(lambda: _reasons(screen.library, answer, first), triage.show_reasons)

    def triage_keep(self) -> None:
        self._decide("keep")

    def triage_skip(self) -> None:
        self._decide("skip")

    def triage_later(self) -> None:
        self._decide("later")

    def triage_bookmark(self) -> None:
        self._decide("bookmark")

    def triage_hide(self) -> None:
        self._decide("hide")

    def triage_postpone(self) -> None:
        # Imported here, not at the top: the application must start fast, and shows no dialog at its start.
        from tui.actions.marking import POSTPONE_HINT, POSTPONE_QUESTION, return_day_of
        from tui.screens.dialogs import Ask

        sitting = self._sitting
        if sitting is None:
            return

        def answered(text: str | None) -> None:
            if text and (until := return_day_of(text)) is not None:
                sitting.decide("later", until)

        dialog = Ask(POSTPONE_QUESTION, return_day.DEFAULT, POSTPONE_HINT, selects=True, check=return_day_of)
        self._screen.app.push_screen(dialog, answered)

    def triage_undo(self) -> None:
        if (sitting := self._sitting) is not None:
            sitting.take_back_last()

    def triage_undo_sitting(self) -> None:
        """Undo all decisions of the shown sitting or, when the list is shown, of the latest sitting."""
        sitting = self._sitting
        if sitting is not None:
            sitting.take_back()
            return
        screen = self._screen
        latest = sittings.latest(screen.library.reader())
        if latest is None:
            screen.status.show_news("there is no sitting to undo")
            return

        def taken_back(steps: list[Marked]) -> None:
            screen.status.show_news(f"undone: the sitting, {wording.count(len(steps), 'decision')}")
            screen.refresh_all()

        screen.writer.write(lambda: sittings.take_back(screen.library, latest), taken_back)

    def triage_scroll(self) -> None:
        self._scroll(1)

    def triage_scroll_back(self) -> None:
        self._scroll(-1)

    def triage_result(self) -> None:
        if (sitting := self._sitting) is not None:
            sitting.show_result()

    def triage_open(self) -> None:
        sitting = self._sitting
        if sitting is not None and sitting.known is not None:
            browsing.open_page(self._screen, sitting.known.paper, sitting.show_news)

    def triage_summary(self) -> None:
        # Imported here, at the end of a sitting, so that the first decision of a sitting does not wait for this import.
        from tui.screens.sitting_summary import SittingSummary

        sitting = self._sitting
        if sitting is None:
            return
        screen, progress = self._screen, sitting.progress

        def titles(papers: Collection[int]) -> dict[int, str]:
            return {row.id: row.title for row in list_rows.read(screen.library.reader(), [*papers])}

        def close() -> None:
            screen.app.pop_screen()
            if progress.paper is None:
                screen.writer.write(lambda: sittings.end(screen.library, sitting.sitting), lambda _: None, quiet=True)
                self._leave()

        screen.app.push_screen(
            SittingSummary(
                lambda: progress.decided,
                lambda: progress.left,
                titles,
                screen.keymap,
                take_back=sitting.take_back,
                on_close=close,
            )
        )

    def triage_leave(self) -> None:
        if (sitting := self._sitting) is not None:
            sitting.leave()

    @property
    def _sitting(self) -> TriageScreen | None:
        """The screen for triage, or None if another screen is shown.

        If the result is None, the status line shows which key begins a sitting.
        """
        current = self._screen.app.screen
        if isinstance(current, TriageScreen):
            return current
        self._screen.status.show_news(f"{key_or_name('triage', self._screen.keymap)} begins a sitting")
        return None

    def _decide(self, decision: Decision) -> None:
        if (sitting := self._sitting) is not None:
            sitting.decide(decision)

    def _scroll(self, pages: int) -> None:
        if (sitting := self._sitting) is not None:
            sitting.scroll_pages(pages)

    def _leave(self) -> None:
        """Close the screen for triage, and show the list with the marks that the decisions have set."""
        screen = self._screen
        current = screen.app.screen
        assert isinstance(current, TriageScreen)
        screen.app.pop_screen()
        screen.refresh_all()
        progress = current.progress
        if progress.paper is not None and progress.decided:
            # Move the cursor of the list to the paper that triage showed last.
            screen.search.request(Place(progress.paper))
            key = key_or_name("triage", screen.keymap)
            screen.status.show_news(f"{wording.count(progress.left, 'paper')} left to decide: {key} continues")


def _reasons(library: Library, answer: Answer, papers: Sequence[int]) -> dict[int, str]:
    """Maps papers to texts that explain their positions in the list by the model of the user's taste."""
    # Imported in this thread, because the event loop must not wait for the import of the search engine.
    from store.search.search import Search

    reasons = Search(library, trains_at_once=False).reasons_in(answer, papers)
    return {paper: wording.reason_text(each) for paper, each in reasons.items()}
