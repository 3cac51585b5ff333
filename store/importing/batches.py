"""Storing the items of a listing in short batches.

Each transaction stores a batch together with the position in the listing up to which entries are now stored.
"""

from __future__ import annotations

import itertools
import sqlite3
import time
from collections import Counter, deque
from collections.abc import Callable
from datetime import date

from store.importing.entries import MOST_OF_ONE_PAPER, Placed, place_all
from store.importing.feed import Feed
from store.importing.log import Step
from store.importing.prepare import ListingKey, Prepared, ReadyEntry, Untitled
from store.library.library import Library
from store.model.entry import CutShort, Refused, Warned
from store.text import clean

# A batch holds the library's write lock for about this time (s). So a mark that the user sets during an import is
# stored after at most this delay.
BATCH_SECONDS = 0.04
# The pause between two batches (s), in which no batch has the write lock. If a change of the user's marks is waiting
# for the lock, it gets the lock in this pause.
GAP_SECONDS = 0.002
# The interval between two calls of `on_step` (s).
STEP_SECONDS = 0.25
# At most this many entries are passed to one call of `place_all`, which matches them to papers.
_ENTRIES_AT_ONCE = 512
# The report of a listing contains at most this many refused entries and this many warnings. Further refused entries and
# warnings are only counted.
_MOST_REMARKS = 1_000

OnStep = Callable[[Step], None]
ShouldStop = Callable[[], bool]


class Tally:
    """Counts the items of a listing by their result: added, merged, unchanged, refused and so on."""

    def __init__(self) -> None:
        # How many entries were read: the sum of the three `counts`.
        self.position = 0
        self.counts = {"added": 0, "merged": 0, "unchanged": 0}
        # How many stored papers were joined to another stored paper, because an entry showed that both are the same.
        self.joined = 0
        self.refused: list[Refused] = []
        self.warnings: list[str] = []
        # The reason why the listing ends early, or None when the listing was read to its end.
        self.cut: str | None = None
        # The newest listing day that is printed in an entry itself. Most entries have only the listing day of the whole
        # listing.
        self.newest: date | None = None
        self._left_out: Counter[str] = Counter()
        # For each paper about which the listing has too many entries (MOST_OF_ONE_PAPER), how many of these were not
        # stored.
        self._repeated: Counter[int] = Counter()

    def remarks_left_out(self) -> list[str]:
        """Sentences for the report: how many refused entries and how many warnings beyond `_MOST_REMARKS` were dropped.

        One more sentence says how many entries were not stored, because the listing repeats their papers too often.
        """
        remarks = [f"{count:,} more {kind} are not shown" for kind, count in self._left_out.items()]
        if self._repeated:
            first = next(iter(self._repeated))
            remarks.append(
                f"paper {first} is in this listing more than {MOST_OF_ONE_PAPER} times"
                + (f", and so are {len(self._repeated) - 1:,} others" if len(self._repeated) > 1 else "")
                + f"; {self._repeated.total():,} repeated entries were not stored"
            )
        return remarks

    def placed(self, placed: Placed) -> None:
        """Count an entry by the result of storing it: added, merged, unchanged, or left out."""
        self.counts[placed.outcome] += 1
        self.joined += placed.joined
        if placed.is_left_out:
            self._repeated[placed.paper_id] += 1

    def entry(self, entry: ReadyEntry) -> None:
        """Advance `position` by one entry, and update `newest` with the day that `entry` names."""
        self.position += 1
        if day := entry.listed_on:
            self.newest = max(self.newest or day, day)

    def other(self, item: Prepared) -> None:
        """Count an item that is not stored: a refused or untitled entry, a warning, or the early end of the listing."""
        if isinstance(item, Refused):
            self._refuse(Refused(item.index, item.line, clean.line(item.reason)))
        elif isinstance(item, Warned):
            self._warn(clean.line(item.text))
        elif isinstance(item, CutShort):
            self.cut = clean.line(item.reason)
            self.warnings.append(self.cut)
        elif isinstance(item, Untitled):
            index = self.position + len(self.refused) + self._left_out["refused"] + 1
            self._refuse(Refused(index, item.line, "no title"))

    def _refuse(self, refused: Refused) -> None:
        if len(self.refused) < _MOST_REMARKS:
            self.refused.append(refused)
        else:
            self._left_out["refused"] += 1

    def _warn(self, warning: str) -> None:
        if len(self.warnings) < _MOST_REMARKS:
            self.warnings.append(warning)
        else:
            self._left_out["warnings"] += 1


class Batches:
    """Stores the items of one listing and counts them in `tally`."""

    def __init__(self, library: Library, listing: ListingKey, log_id: int) -> None:
        self.tally = Tally()
        self._library = library
        self._listing = listing
        self._log_id = log_id
        self._ahead: deque[Prepared] = deque()

    def store(self, feed: Feed, size: int | None, on_step: OnStep, should_stop: ShouldStop) -> bool:
        """Store all items of `feed`. Returns True when the import ended early because `should_stop` returned True.

        `size` is the size of the listing in bytes, or None when the size is unknown. Raises ListingError when the
        listing cannot be read, and LibraryError when the library cannot be written. Batches that were stored before
        the error remain in the library.
        """
        last_step = started = time.monotonic()
        while self._read(feed):
            if should_stop():
                return True
            with self._library.writing(durable=False) as connection:
                self._batch(connection)
            if self._ahead:
                time.sleep(GAP_SECONDS)
            if time.monotonic() - last_step >= STEP_SECONDS:
                last_step = time.monotonic()
                left = (last_step - started) * (size / feed.done() - 1) if size and feed.done() else None
                on_step(Step(self._listing.path, feed.done(), size, self.tally.position, left))
        on_step(Step(self._listing.path, feed.done(), size, self.tally.position))
        return False

    def _read(self, feed: Feed) -> bool:
        """Read the next items of the feed while the library is not locked. Returns False at the end of the feed."""
        if not self._ahead:
            self._ahead.extend(feed.more())
        return bool(self._ahead)

    def _batch(self, connection: sqlite3.Connection) -> None:
        ends = time.monotonic() + BATCH_SECONDS
        # Ask the library how many entries are stored, because another process may be importing the same file.
        (stored,) = connection.execute("SELECT stored FROM listing WHERE id = ?", (self._listing.id,)).fetchone()
        self._take(connection, stored, ends)
        while self._ahead and time.monotonic() < ends:
            self._take(connection, stored, ends)
        self._save_position(connection)

    def _take(self, connection: sqlite3.Connection, stored: int, ends: float) -> None:
        """Store entries until the deadline `ends`, a time of the monotonic clock.

        At least one entry is stored, even after the deadline, so that the import always makes progress. If the next
        item is not an entry, that one item is counted and nothing is stored. Items that were stored or counted are
        removed from `_ahead`. `stored` is how many entries of the listing the library already contains; these entries
        are not stored again, but counted as unchanged.
        """
        entries: list[ReadyEntry] = []
        for item in itertools.islice(self._ahead, _ENTRIES_AT_ONCE):
            if not isinstance(item, ReadyEntry):
                break
            entries.append(item)
        if not entries:
            self.tally.other(self._ahead.popleft())
            return
        tally = self.tally
        count = min(len(entries), max(0, stored - tally.position))
        if count:
            tally.counts["unchanged"] += count
        else:
            placed = place_all(connection, self._listing, tally.position + 1, entries, lambda: time.monotonic() < ends)
            for each in placed:
                tally.placed(each)
            count = len(placed)
        for entry in entries[:count]:
            tally.entry(entry)
            self._ahead.popleft()

    def _save_position(self, connection: sqlite3.Connection) -> None:
        """Store how many entries of the listing were imported, and the counts in the log entry of this import."""
        tally = self.tally
        connection.execute(
            "UPDATE listing SET stored = max(stored, ?) WHERE id = ?", (tally.position, self._listing.id)
        )
        connection.execute(
            "UPDATE log SET entries = ?, added = ?, merged = ?, unchanged = ?, joined = ? WHERE id = ?",
            (tally.position, *tally.counts.values(), tally.joined, self._log_id),
        )
