"""Shows the paper under the cursor in the detail pane."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from store.library.library import Library
from store.model.errors import NoPaperError
from tui.screens.delayed_call import DelayedCall, SetTimer
from tui.screens.notices import Notices
from tui.screens.pane_focus import PaneFocus
from tui.widgets.detail import Detail
from tui.widgets.paper_list import PaperList

if TYPE_CHECKING:
    from store.search.answer import Answer
    from tui.render.explanation import Explanation
    from tui.workers.paper_explainer import PaperExplainer

# The detail pane shows the paper under the cursor when the cursor has not moved for this time (s). Without the delay,
# moving quickly through the list would be slow.
_REST_SECONDS = 0.03
# While a filter is typed, the cursor must not have moved for this longer time (s), because each letter may change the
# paper under the cursor.
_TYPING_SECONDS = 0.12

# The search for similar papers begins when the pane has shown a paper for this time (s).
_EXPLANATION_SECONDS = 0.1
# In a list that is sorted by the model of the user's taste, the search begins after this shorter time (s): the page of
# the paper has a blank line for the reasons of the paper's rank, and this search also finds these reasons.
_REASONS_SECONDS = 0.01


class DetailFollower:
    """Makes the detail pane show the paper that is under the cursor of the list."""

    def __init__(
        self,
        library: Library,
        papers: PaperList,
        detail: Detail,
        notices: Notices,
        pane_focus: PaneFocus,
        *,
        set_timer: SetTimer,
        shown_answer: Callable[[], Answer | None],
    ) -> None:
        """`shown_answer` must return the answer of the search whose papers the list shows."""
        self._library = library
        self._papers = papers
        self._detail = detail
        self._notices = notices
        self._pane_focus = pane_focus
        self._delayed = DelayedCall(set_timer, lambda: self.show(may_be_removed=True))
        self._shown_answer = shown_answer
        self._explainer: PaperExplainer | None = None
        self._explanation = DelayedCall(set_timer, self._explain)

    def show(self, *, may_be_removed: bool = False) -> None:
        """Show the paper under the cursor now. If there is none, or it cannot be read, show an empty pane.

        If `may_be_removed` is set, no error is shown when the library no longer contains the paper: a list without that
        paper will arrive soon.
        """

        def read() -> None:
            # Imported here, because the first list is drawn before the details of a paper are read.
            from store.papers import paper_details

            paper_id = self._papers.paper
            try:
                paper = None if paper_id is None else paper_details.details(self._library.reader(), paper_id)
            except NoPaperError:
                if not may_be_removed:
                    raise
                paper = None
            self._detail.show(paper, self._papers.highlights, self._expected(paper_id))

        if not self._notices.attempt(read):
            self._detail.show(None, self._papers.highlights)
        self._explanation.request(_REASONS_SECONDS if self._expects_reasons else _EXPLANATION_SECONDS)

    def show_soon(self) -> None:
        """Show the paper under the cursor when the cursor has not moved for a short time."""
        self._delayed.request(_TYPING_SECONDS if self._pane_focus.is_typing else _REST_SECONDS)

    @property
    def _expects_reasons(self) -> bool:
        answer = self._shown_answer()
        return answer is not None and answer.is_ranked

    def _expected(self, paper_id: int | None) -> Explanation | None:
        """The part of the explanation of the paper's position in the list that the answer already contains.

        It is shown until the complete explanation arrives. Returns None if the answer contains no part of it, and no
        reasons will arrive for which the page would need a blank line.
        """
        answer = self._shown_answer()
        shared = () if answer is None else next((each.words for each in answer.similar if each.id == paper_id), ())
        if not shared and not self._expects_reasons:
            return None
        # Imported here, because few lists are lists of similar papers or sorted by the model of the user's taste.
        from tui.render.explanation import Explanation

        return Explanation(shared_words=shared, is_pending=self._expects_reasons)

    def _explain(self) -> None:
        """Request the explanation of the paper in the pane, if the pane is visible."""
        if self._detail.paper is None or not self._detail.region.area:
            return
        if self._explainer is None:
            # Imported here, because the first list of papers must be drawn before this module is needed.
            from tui.workers.paper_explainer import PaperExplainer

            self._explainer = PaperExplainer(self._library, self._detail)
        self._explainer.explain(self._detail.paper.id, self._shown_answer())

    def note_activity(self) -> None:
        """Make the background work on explanations wait, because the user has pressed a key."""
        if self._explainer is not None:
            self._explainer.note_activity()

    def stop(self) -> None:
        """End the thread that explains papers."""
        if self._explainer is not None:
            self._explainer.stop()
