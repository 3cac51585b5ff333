"""The screen for triage: the user goes through the papers of a list and decides on each paper with one key.

One such pass is called a sitting. The screen shows one paper at a time, in full width. After each decision, the next
paper is shown automatically.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Static

from store.library.library import Library
from store.marks import return_day, sittings
from store.marks.journal import Marked
from store.marks.return_day import Until
from store.marks.sittings import Decision, Sitting
from store.model.errors import LibraryError
from store.papers import list_rows, paper_details
from store.papers.paper_details import PaperDetails
from store.search.highlighting import Highlights
from tui.actions.actions_and_keys import ACTIONS, first_key
from tui.render import sitting_side, styled, triage_page, wording
from tui.screens.direct_keys import ActionKeys, KeyActions
from tui.screens.sitting_progress import SittingProgress
from tui.terminal.drawing import PromptScreen
from tui.widgets.sitting_keys import SittingKeys
from tui.widgets.status_line import StatusLine, WherePart
from tui.widgets.text_page import TextPage
from tui.workers.write_worker import WriteWorker

# The actions whose keys the bottom line shows, the most useful first.
_KEYS = (
    "triage_keep",
    "triage_skip",
    "triage_later",
    "triage_bookmark",
    "triage_hide",
    "triage_undo",
    "triage_summary",
    "triage_result",
    "triage_open",
    "triage_leave",
)
# The actions whose keys work on this screen: those of a sitting, and two actions of the library screen.
_ACTIONS = frozenset(action.id for action in ACTIONS if "sitting" in action.screens)
# At most this many characters of an error message of the library are shown.
_LONGEST_ERROR = 300
# The pages of this many papers are made in advance: the page of the next paper, and the page of the paper after it,
# because the page of the next paper shows a preview of that one.
_PREPARED = 2
# A page of at least _HIGH lines shows a preview of the next paper, if _LEAST_PREVIEW lines are left for it.
_HIGH = 28
_LEAST_PREVIEW = 8


class _Drawn(NamedTuple):
    """A paper with the lines of its page.

    `result_line` is the line in which the sentence that states the result begins; None when there is no such sentence.
    `preview` are the lines of a preview of the paper, which a high screen shows below the page of the previous paper.
    """

    known: PaperDetails
    page: triage_page.TriagePage
    lines: list[Strip]
    result_line: int | None
    preview: Sequence[Strip]


class TriageScreen(PromptScreen, ActionKeys):
    """Shows the paper to decide on. The page of the next paper is made while the user reads the current one."""

    help_scope = "triage"

    def __init__(
        self,
        library: Library,
        writer: WriteWorker,
        sitting: Sitting,
        progress: SittingProgress,
        highlights: Highlights,
        keymap: Mapping[str, str],
        *,
        where: str,
        run: Callable[[str], None],
        when_left: Callable[[], None],
        when_over: Callable[[], None],
    ) -> None:
        """`where` is a text with the view and the filter. `run` must carry out the action whose id it is given.

        `when_left` is called when the user leaves the sitting, and `when_over` when the decisions on all papers are
        stored.
        """
        super().__init__()
        self.sitting = sitting
        self.progress = progress
        self.keymap = keymap
        self._library = library
        self._writer = writer
        self._highlights = highlights
        self._where = where
        self._run = run
        self._when_left = when_left
        self._when_over = when_over
        self._header = Static(id="triage-header")
        self._bar = Static(id="triage-progress")
        self._page = TextPage(id="triage-page")
        self._side = Static(id="triage-side")
        # Maps the ids of the papers that are listed beside the page to their titles.
        self._titles: dict[int, str] = {}
        self.status = StatusLine(id="status")
        self._keys = SittingKeys(_KEYS, "help", keymap)
        self.key_actions = KeyActions(keymap, _ACTIONS)
        # Maps the ids of the last, the current and the next papers to their pages, made for the current width and
        # theme.
        self._drawn: dict[int, _Drawn] = {}
        # Maps the id of a paper to the reason why the model of the user's taste ranks the paper as it does.
        self._reasons: Mapping[int, str] = {}
        self._shown_at = time.monotonic()

    # On a wide screen, the last decisions and the titles of the next papers are shown beside the paper.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (150, "-wide")]

    def compose(self) -> ComposeResult:
        yield self._header
        yield self._bar
        with Horizontal(id="triage-body"):
            yield self._page
            yield self._side
        yield self.status
        yield self._keys

    def on_mount(self) -> None:
        self.status.show_where([WherePart(0, self._where)])
        if decided := len(self.progress.decided):
            self.status.show_news(f"continued: {wording.count(decided, 'paper')} decided before")

    def on_resize(self) -> None:
        self._drawn.clear()
        self.call_after_refresh(self.show_paper)

    def on_screen_resume(self) -> None:
        self._drawn.clear()
        if self._page.size:
            self.show_paper()

    # Keys

    def act(self, action_id: str) -> None:
        self._run(action_id)

    # Decisions

    def decide(self, decision: Decision, until: Until | None = None) -> None:
        """Decide on the shown paper, and show the next one. If the decision cannot be stored, its paper is shown again.

        With the decision "later", the paper is postponed until `until`; None means the default time.
        """
        paper = self.progress.paper
        if paper is None:
            return
        if decision == "later":
            until = until or return_day.parse(return_day.DEFAULT, date.today())
        now = time.monotonic()
        self.progress.decide(decision, now - self._shown_at)
        title = self._drawn[paper].known.paper.title if paper in self._drawn else ""
        text = triage_page.decision_text(decision, title, until)

        def confirmed(_: object) -> None:
            self.progress.confirm(paper)
            self.status.show_news(text)
            self._show_header()
            if self.progress.paper is None and self.progress.is_stored and self.is_current:
                self._when_over()

        def failed() -> None:
            self.progress.cancel(paper)
            self.show_paper()
            self.status.show_news(f"not saved, so it is back: {styled.title(title)}", error=True)

        # Draw the next page before the write begins, because the thread that writes would slow the drawing down.
        self.show_paper()
        self.draw(lambda: None)
        self._writer.write(
            lambda: sittings.decide(self._library, self.sitting, paper, decision, until), confirmed, failed
        )

    def take_back_last(self) -> None:
        """Take back the last decision and show its paper again."""
        paper = self.progress.last()
        if paper is None:
            self.status.show_news("nothing is decided yet")
        else:
            self.take_back([paper])

    def take_back(self, papers: Sequence[int] | None = None) -> None:
        """Take back the decisions on `papers`, or all decisions if it is None. Show the first of these papers."""
        chosen = [each.paper for each in self.progress.decided] if papers is None else list(papers)
        for paper in reversed(chosen):
            self.progress.take_back(paper)
        # Pages that are made before the write has ended still show the decisions, so these pages are dropped when it
        # has ended.
        outdated = [paper for paper in chosen if paper not in self._drawn]

        def taken_back(steps: Sequence[Marked]) -> None:
            for paper in outdated:
                self._drawn.pop(paper, None)
            if self.progress.paper in outdated and self.is_current and self._page.size:
                self.show_paper()
            self.status.show_news(triage_page.taken_back_text(steps))

        self._writer.write(
            lambda: sittings.take_back(self._library, self.sitting.id, None if papers is None else chosen), taken_back
        )
        self.show_paper()

    # The page

    def show_paper(self) -> None:
        """Show the paper to decide on. When the terminal shows it, the page of the next paper is made."""
        self._shown_at = time.monotonic()
        self._show_header()
        paper = self.progress.paper
        drawn = self._draw(paper) if paper is not None and self._page.size else None
        self._page.show(self._filled(drawn.lines) if drawn else (), more_key=first_key("triage_scroll", self.keymap))
        self.call_after_refresh(self._prepare)

    def show_reasons(self, reasons: Mapping[int, str]) -> None:
        """Show why the model of the user's taste ranks papers as it does. `reasons` maps paper ids to the reasons."""
        if reasons:
            self._reasons = reasons
            self._drawn.clear()
            if self.is_current and self._page.size:
                self.show_paper()

    def scroll_pages(self, pages: int) -> None:
        """Scroll the page of the paper down by `pages`, or up if it is negative."""
        self._page.scroll_pages(pages)

    def show_result(self) -> None:
        """Highlight the sentence of the abstract that states the result, and scroll to it."""
        drawn = self._drawn.get(self.progress.paper or 0)
        if drawn is None or drawn.result_line is None:
            self.status.show_news("no sentence of the abstract reads like a result")
            return
        page = drawn.page
        lines = self._lines([page.head, page.with_result(), page.rest])
        self._page.show(self._filled(lines), more_key=first_key("triage_scroll", self.keymap))
        self._page.scroll_to_line(drawn.result_line)

    @property
    def known(self) -> PaperDetails | None:
        """The data of the shown paper; None when no paper is shown."""
        drawn = self._drawn.get(self.progress.paper or 0)
        return drawn.known if drawn else None

    def leave(self) -> None:
        """Go back to the list. The user can continue the sitting later."""
        self._when_left()

    def show_news(self, text: str, *, error: bool = False) -> None:
        """Show a message in the status line."""
        self.status.show_news(text, error=error)

    def _prepare(self) -> None:
        """Make the pages of the next papers, and drop pages that will not be needed soon."""
        following = self.progress.upcoming(_PREPARED)
        wanted = {self.progress.paper, self.progress.last(), *following}
        self._drawn = {paper: drawn for paper, drawn in self._drawn.items() if paper in wanted}
        if self._page.size:
            are_new = not all(paper in self._drawn for paper in following[:1])
            for paper in following:
                self._draw(paper)
            drawn = self._drawn.get(self.progress.paper or 0)
            if are_new and drawn is not None:
                # The page on the screen was drawn without a preview of the next paper, so add the preview now.
                self._page.fill(self._filled(drawn.lines))
        self._show_side()

    def _filled(self, lines: Sequence[Strip]) -> Sequence[Strip]:
        """The lines of a page and, if the screen has much room below them, a preview of the next paper."""
        following, height = self.progress.following, self._page.size.height
        start = max(len(lines) + 2, height // 2)
        if following not in self._drawn or height - start < _LEAST_PREVIEW:
            return lines
        blank = [Strip.blank(0)] * (start - len(lines))
        return [*lines, *blank, *self._drawn[following].preview[: height - start - 1]]

    def _show_side(self) -> None:
        """If there is room beside the page, show the last decisions and the titles of the next papers in it."""
        width, height = self._side.content_size
        if not width or not self._side.display:
            return
        decided = self.progress.decided[-sitting_side.MOST_DECIDED :]
        following = self.progress.upcoming(height)
        shown = [*(each.paper for each in decided), *following]
        known = {paper: self._titles[paper] for paper in shown if paper in self._titles}
        missing = [paper for paper in shown if paper not in known]
        rows = list_rows.read(self._library.reader(), missing) if missing else ()
        self._titles = known | {row.id: styled.title(row.title) for row in rows}
        titles = [self._titles.get(paper, "") for paper in following]
        text = sitting_side.side(
            [(each.decision, self._titles.get(each.paper, "")) for each in decided], titles, width, height
        )
        self._side.update(text, layout=False)

    def _draw(self, paper: int) -> _Drawn | None:
        """Make the page of a paper. If the paper cannot be read, show the error in the status line and return None."""
        if paper in self._drawn:
            return self._drawn[paper]
        try:
            known = paper_details.details(self._library.reader(), paper)
        except LibraryError as error:
            self.status.show_news(styled.safe(str(error), _LONGEST_ERROR), error=True)
            return None
        page = triage_page.page(
            known,
            self._highlights,
            is_filtered=bool(self.sitting.filter),
            today=date.today(),
            reason=self._reasons.get(paper, ""),
        )
        lines = self._lines([page.head, page.abstract, page.rest])
        result_line = None
        if page.result is not None:
            # To find the line in which the sentence begins, lay out the abstract only up to the first letter of the
            # sentence. Its lines break there in the same way as those of the whole abstract.
            start = page.abstract.plain[: page.result[0] + 1]
            before, until = self._page.make([page.head, Content(start)])
            result_line = len(before) + 1 + len(until)
        preview: Sequence[Strip] = ()
        if self._page.size.height >= _HIGH:
            (preview,) = self._page.make([triage_page.preview(known, self._page.text_width)])
        drawn = self._drawn[paper] = _Drawn(known, page, lines, result_line, preview)
        return drawn

    def _lines(self, parts: Sequence[Content]) -> list[Strip]:
        """The lines of a page that consists of `parts`, with a blank line between two parts."""
        lines: list[Strip] = [Strip.blank(0)]
        for part in self._page.make(parts):
            lines += [*part, Strip.blank(0)] if part else []
        return lines[:-1]

    def _show_header(self) -> None:
        progress = self.progress
        text = triage_page.progress_text(progress.left, progress.seconds_left, progress.count("keep"))
        self._header.update(Content.styled(f" {text}", "bold $heading"), layout=False)
        done, width = len(progress.decided), self._bar.size.width
        self._bar.update(triage_page.progress_bar(done, progress.left, width), layout=False)
