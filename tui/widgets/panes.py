"""The panes between the filter and the status line, and the width that they share."""

from __future__ import annotations

from textual.containers import Horizontal

from tui.widgets.detail import Detail
from tui.widgets.paper_list import PaperList

# The smallest and the largest share of the width that the list has beside the detail (percent).
_SMALLEST, _LARGEST = 25, 75


class Panes(Horizontal):
    """Holds the panes, which cover it completely."""

    BLANK = True

    def __init__(self, papers: PaperList, detail: Detail, list_share: int) -> None:
        """`list_share` is the share of the width that `papers` has beside `detail` (percent)."""
        super().__init__(id="panes")
        self.list_share = list_share
        self._papers = papers
        self._detail = detail

    def share_width(self, change: int = 0) -> None:
        """Give the list more or less of the width that it shares with the detail (percent)."""
        self.list_share = min(_LARGEST, max(_SMALLEST, self.list_share + change))
        self._papers.styles.width = f"{self.list_share}fr"
        self._detail.styles.width = f"{100 - self.list_share}fr"
