"""The part of a paper's page that explains the paper's position in the list, and shows similar papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tui.render import styled, wording
from tui.render.page_layout import MUTED, PageBuilder

if TYPE_CHECKING:
    from store.ranking.taste import Reasons
    from store.search.answer import SimilarPaper


class Explanation(msgspec.Struct, frozen=True):
    """The explanation of a paper's position in the list, and the titles of similar papers.

    `reasons` is None unless the list is sorted by the model of the user's taste. If the list shows papers similar to
    some papers that the user chose, `shared_words` are the words that this paper shares with the chosen papers. While
    `is_pending` is true, a thread is still computing the reasons.
    """

    similar: tuple[tuple[SimilarPaper, str], ...] = ()
    reasons: Reasons | None = None
    shared_words: tuple[str, ...] = ()
    is_pending: bool = False


# An explanation without reasons and without similar papers.
NOTHING = Explanation()


def add_reasons(page: PageBuilder, explanation: Explanation, more: str, less: str) -> None:
    """Add a section that explains the paper's position in the list.

    The section also shows the keys `more` and `less`, with which the user asks for more or fewer papers like this one.
    """
    if explanation.shared_words:
        page.rule("Similar in")
        page.text(", ".join(map(wording.one_line, explanation.shared_words)))
    if explanation.reasons is not None or explanation.is_pending:
        page.rule("Why it is here", f"{more} {less} more or less like this" if more and less else "")
        # While a thread computes the reasons, show "…" in their place, so that the abstract below does not move when
        # they arrive.
        page.text("…" if explanation.reasons is None else reasons_text(explanation.reasons))


def reasons_text(reasons: Reasons) -> str:
    """The reasons for and against the paper, as one text."""
    against = f"against it: {', '.join(map(wording.one_line, reasons.against))}" if reasons.against else ""
    return "; ".join(filter(None, (wording.reason_text(reasons), against))) or "nothing that you kept is like it"


def add_similar(page: PageBuilder, explanation: Explanation, key: str) -> None:
    """Add the similar papers, each with the words that make it similar.

    `key` is the key that lists more such papers.
    """
    if explanation.similar:
        page.rule("Similar papers", f"{key} lists more" if key else "")
    for paper, title in explanation.similar:
        page.row((styled.title(title), ""))
        page.row((f"  {', '.join(map(wording.one_line, paper.words))}", MUTED))
