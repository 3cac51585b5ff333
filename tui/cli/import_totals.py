"""The totals of an import of several files: how many were read, and how many were refused for each reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui.render import wording

if TYPE_CHECKING:
    from store.importing.log import ImportReport

# At most this many files that were refused for the same reason are printed. `recto log` prints all of them.
MOST_NAMED = 10


class ImportTotals:
    """Adds up the reports of an import. There is one report for each file."""

    def __init__(self) -> None:
        self._refused: Counter[str] = Counter()
        self._files = self._added = self._merged = 0

    def add(self, report: ImportReport) -> bool:
        """Count a report. Returns whether to print it.

        A refused file is not printed if MOST_NAMED files were already refused for the same reason.
        """
        self._files += 1
        self._added += report.added
        self._merged += report.merged
        if report.error:
            self._refused[report.error] += 1
        return not report.error or self._refused[report.error] <= MOST_NAMED

    def unnamed(self) -> Iterator[str]:
        """The number of refused files that were not printed: a line for each reason with more than MOST_NAMED files."""
        for reason, files in self._refused.items():
            if files > MOST_NAMED:
                yield f"{wording.count(files - MOST_NAMED, 'more file')} not read: {wording.one_line(reason)}"

    @property
    def text(self) -> str:
        """The totals as one line. "" if there was only one file, because its report already has the same numbers."""
        if self._files < 2:
            return ""
        refused = self._refused.total()
        read = f"{wording.count(self._files - refused, 'file')} read: {self._added:,} added, {self._merged:,} merged"
        return f"{read}; {wording.count(refused, 'file')} not read" if refused else read
