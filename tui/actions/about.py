"""Describes the papers that a dialog will change, so that the user sees which papers they are."""

from __future__ import annotations

from collections.abc import Sequence

from tui.render import wording
from tui.screens.library_screen import LibraryScreen


def about(screen: LibraryScreen, paper_ids: Sequence[int]) -> str:
    """The title of the paper if there is only one id; otherwise the number of papers, such as "12 papers"."""
    title = screen.list.title_of(paper_ids[0]) if len(paper_ids) == 1 else ""
    return title or wording.count(len(paper_ids), "paper")
