"""The sums of an import of several files, and the refused files that were too many to name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui.render import wording

if TYPE_CHECKING:
    from store.importing.log import ImportReport

# At most this many files that were refused for the same reason are named. `recto log` has all of them.
MOST_NAMED = 10


class ImportTotals:
    """Counts the reports of an import."""

    def __init__(self) -> None:
        self._refused: Counter[str] = Counter()
        self._files = self._added = self._merged = 0

    def add(self, report: ImportReport) -> bool:
        """Count a report. Returns whether to print it: not if too many files were refused for the same reason."""
        self._files += 1
        self._added += report.added
        self._merged += report.merged
        if report.error:
            self._refused[report.error] += 1
        return not report.error or self._refused[report.error] <= MOST_NAMED

    def unnamed(self) -> Iterator[str]:
        """For each reason for which too many files were refused, a line with the number of those not printed."""
        for reason, files in self._refused.items():
            if files > MOST_NAMED:
                yield f"{wording.count(files - MOST_NAMED, 'more file')} not read: {wording.one_line(reason)}"

    @property
    def text(self) -> str:
        """The sums as a line; "" if there was only one file, whose report has the same numbers."""
        if self._files < 2:
            return ""
        refused = self._refused.total()
        read = f"{wording.count(self._files - refused, 'file')} read: {self._added:,} added, {self._merged:,} merged"
        return f"{read}; {wording.count(refused, 'file')} not read" if refused else read
