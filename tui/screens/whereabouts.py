"""Shows the state of the list of papers in the filter line and the status line, and useful keys in the key bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from store.library.library import Library
from store.search.parser import unfinished
from tui.actions.actions_and_keys import key_or_name
from tui.render import styled
from tui.screens import help_text
from tui.screens.list_search import ListSearch
from tui.screens.pane_focus import Pane
from tui.widgets.filter_line import FilterLine
from tui.widgets.key_bar import KeyBar, Situation
from tui.widgets.paper_list import MOST_KEPT, PaperList
from tui.widgets.status_line import StatusLine, WherePart

if TYPE_CHECKING:
    from store.search.answer import Answer

# The smallest width of the part of the status line with the title of the next paper in the reading queue (cells).
_NEXT_UP_WIDTH = 40


class Whereabouts:
    """Updates the left half of the status line, the number of papers in the filter line, and the key bar."""

    def __init__(
        self,
        library: Library,
        search: ListSearch,
        papers: PaperList,
        filter_line: FilterLine,
        status: StatusLine,
        key_bar: KeyBar,
        keymap: Mapping[str, str],
        *,
        pane: Callable[[], Pane],
        is_importing: Callable[[], bool],
    ) -> None:
        """`pane` must return the pane that has the focus, or "empty" when the library has no papers."""
        self._library = library
        self._search = search
        self._papers = papers
        self._filter_line = filter_line
        self._status = status
        self._key_bar = key_bar
        self._keymap = keymap
        self._pane = pane
        self._is_importing = is_importing

    def show(self) -> None:
        """Show the current view, the position of the cursor, and the keys that are useful now."""
        self._status.show_where(self._parts())
        self.show_keys()

    def show_keys(self) -> None:
        """Show the keys that are useful now in the key bar."""
        self._key_bar.show_for(self._situation())

    def show_first_part(self, answer: Answer) -> None:
        """Show the number of papers in the first part of a search answer, and a sign that more papers will arrive."""
        self._filter_line.show_count(answer.exact, answer.exact, self._search.is_filtered, more=True)

    def show_answer(self, answer: Answer) -> None:
        """Show how many papers a search has found, and how (for example by a corrected spelling).

        Parts of the filter that could not be understood are shown too.
        """
        is_filtered = self._search.is_filtered
        corrected = sum(part.count for part in answer.inexact if part.kind == "corrected")
        is_incomplete = is_filtered and answer.unindexed > 0
        self._filter_line.show_count(
            len(answer.ids), answer.exact, is_filtered, corrected=corrected, more=is_incomplete
        )
        self.show()
        notes: list[str] = []
        if is_incomplete and not self._is_importing():
            notes.append(f"{answer.unindexed:,} papers are not in the search index: only their titles were searched")
        if self._search.query.text or answer.notes:
            # Imported here, because the list that is shown at the start usually has no filter.
            from tui.render import wording

            query = self._search.query
            waiting = unfinished(query.text, date.today())
            found = [*wording.answer_notes(answer, query.misread, waiting), wording.liked_text(answer)]
            notes = [*filter(None, found), *notes]
            if sum(part.kind == "acronyms" and " " in part.words[0] for part in answer.inexact) > 1:
                notes.append(f"{key_or_name('meanings', self._keymap)} chooses one")
        self._status.show_note(styled.safe("; ".join(notes), 300))
        if self._papers.has_lost_selection:
            self._status.show_news(f"the list has changed, so the selection of over {MOST_KEPT:,} papers has ended")

    @property
    def empty_text(self) -> str:
        """The text that is shown in place of an empty list."""
        search = self._search
        return help_text.nothing_text(
            search.view,
            search.is_filtered,
            self._keymap,
            typing=self._pane() == "filter",
            unindexed=search.unindexed > 0,
        )

    def _situation(self) -> Situation:
        pane = self._pane()
        if pane != "list":
            return pane
        if self._papers.is_selecting:
            return "selection"
        if self._search.is_filtered:
            return "filtered"
        if self._search.view.kind in ("day", "week", "month"):
            return "period"
        if self._search.view.kind == "trending":
            return "trending"
        return "queue" if self._search.view.kind == "queue" else "list"

    @property
    def _next_up(self) -> str:
        """The part of the status line with the title of the first paper of the reading queue.

        It is "" when the queue is empty or is the view that is shown.
        """
        title = self._search.views.next_up if self._search.views is not None else None
        if title is None or self._search.view.kind == "queue":
            return ""
        return f"next up: {styled.safe(styled.title(title), 200)}"

    def _sharing(self) -> WherePart:
        """A part of the status line: the reason why nothing can be saved, or "another recto is open"; often ""."""
        if self._library.read_only is not None:
            return WherePart(1, f"nothing can be saved: {styled.safe(self._library.read_only, 60)}")
        return WherePart(6, "another recto is open" if not self._library.holds_lock else "")

    def _parts(self) -> list[WherePart]:
        """The parts of the left half of the status line, from left to right.

        If the line is too narrow, parts with a higher rank are left out first.
        """
        search, papers = self._search, self._papers
        # Do not show the number of new papers in the view "New", because all of its papers are new.
        new = search.unseen if search.view.kind != "new" else None
        # Do not count the paper under the cursor if it is still shown although it has left the list.
        count, selected = papers.count - papers.is_holding, papers.selected_count
        parts = [
            WherePart(0, styled.view_name(search.view)),
            # For example "by rise of upvotes and comments in 7 days", or "by rise" on a narrow screen.
            WherePart(4, styled.safe(search.view.note, 60), styled.safe(" ".join(search.view.note.split()[:2]), 60)),
            WherePart(1, f"{min(papers.cursor + 1, count):,} of {count:,}" if count else ""),
            WherePart(3, f"{new:,} new" if new else ""),
            WherePart(5, f"by {search.sort}" if search.sort != "best" else ""),
            WherePart(2, "exact only" if search.exact_only else ""),
            WherePart(4, self._next_up, least=_NEXT_UP_WIDTH),
            WherePart(1, f"{selected:,} selected" if selected else ""),
            self._sharing(),
        ]
        return [part for part in parts if part.text]
