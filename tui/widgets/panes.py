"""The container of the panes between the filter and the status line. It divides its width between the panes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal

from tui.widgets.detail import Detail
from tui.widgets.paper_list import PaperList

if TYPE_CHECKING:
    from tui.widgets.notice_bar import NoticeBar

# The smallest and the largest width of the list, in percent of the width that the list and the detail pane share.
_SMALLEST, _LARGEST = 25, 75


class Panes(Horizontal):
    """The container of the panes. The panes cover it completely, so it draws nothing itself."""

    BLANK = True

    def __init__(self, papers: PaperList, detail: Detail, list_share: int) -> None:
        """`list_share` is the width of `papers`, in percent of the width that `papers` and `detail` share."""
        super().__init__(id="panes")
        self.list_share = list_share
        self._papers = papers
        self._detail = detail

    def share_width(self, change: int = 0) -> None:
        """Change the list's share of the width by `change` (percentage points), within the limits."""
        self.list_share = min(_LARGEST, max(_SMALLEST, self.list_share + change))
        self._papers.styles.width = f"{self.list_share}fr"
        self._detail.styles.width = f"{100 - self.list_share}fr"

    def make_notice_bar(self) -> NoticeBar:
        """Put a bar for messages on the screen.

        The bar covers the lines below the panes and, if it needs more room, the last lines of the panes.
        """
        # Imported here, because no message is shown at the start.
        from tui.widgets.notice_bar import NoticeBar

        bar = NoticeBar(self, id="notice")
        self.screen.mount(bar)
        return bar
