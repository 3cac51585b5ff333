"""The items of a listing go into the library in short batches. A batch and its place in the listing commit together."""

from __future__ import annotations

import itertools
import sqlite3
import time
from collections import Counter, deque
from collections.abc import Callable
from datetime import date

from store.importing import entries as stacks
from store.importing.feed import Feed
from store.importing.log import Step
from store.importing.prepare import ListingKey, Prepared, Ready, Untitled
from store.library.library import Library
from store.model.entry import CutShort, Refused, Warned
from store.text import clean

# A batch holds the write lock for this long at the most (s): a bookmark made meanwhile waits no longer.
BATCH_SECONDS = 0.04
# A batch that follows at once on another leaves so much time for a mark to come between (s).
GAP_SECONDS = 0.002
# How often `on_step` is told how far it is (s).
STEP_SECONDS = 0.25
# So many entries are looked up together.
_TOGETHER = 512
# Of what is refused or warned of in one listing so much is kept word for word; the rest is counted.
_MOST_REMARKS = 1_000

OnStep = Callable[[Step], None]
ShouldStop = Callable[[], bool]


class Tally:
    """What became of the items of a listing so far."""

    def __init__(self) -> None:
        # Entries read: added, merged and unchanged make them up.
        self.position = 0
        self.counts = {"added": 0, "merged": 0, "unchanged": 0}
        self.joined = 0
        self.refused: list[Refused] = []
        self.warnings: list[str] = []
        # Why the listing ends early, if it does.
        self.cut: str | None = None
        # The newest day that an entry says it was listed on.
        self.newest: date | None = None
        self._left_out: Counter[str] = Counter()

    def remarks_left_out(self) -> list[str]:
        """What there is to say of refusals and warnings that were too many to keep."""
        return [f"{count:,} more {what} are not shown" for what, count in self._left_out.items()]

    def entry(self, entry: Ready) -> None:
        """An entry is stored."""
        self.position += 1
        if named := entry.listed_on:
            self.newest = max(self.newest or named, named)

    def other(self, item: Prepared) -> None:
        """An item that is no entry to store."""
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
    """Stores one listing, and keeps a tally of it."""

    def __init__(self, library: Library, listing: ListingKey, log_id: int) -> None:
        self.tally = Tally()
        self._library = library
        self._listing = listing
        self._log_id = log_id
        self._ahead: deque[Prepared] = deque()

    def store(self, feed: Feed, size: int | None, on_step: OnStep, should_stop: ShouldStop) -> bool:
        """Put what `feed` gives in the library. True when it was asked to stop before the end.

        `size` is that of the listing (bytes), in so far as it is known. Raises ListingError when the listing cannot
        be read, LibraryError when the library cannot be written; what was stored before stays.
        """
        shown = started = time.monotonic()
        while self._read(feed):
            if should_stop():
                return True
            with self._library.writing(durable=False) as connection:
                self._batch(connection)
            if self._ahead:
                time.sleep(GAP_SECONDS)
            if time.monotonic() - shown >= STEP_SECONDS:
                shown = time.monotonic()
                left = (shown - started) * (size / feed.done() - 1) if size and feed.done() else None
                on_step(Step(self._listing.path, feed.done(), size, self.tally.position, left))
        on_step(Step(self._listing.path, feed.done(), size, self.tally.position))
        return False

    def _read(self, feed: Feed) -> bool:
        """Whether there are items to store: read and made ready while others may write."""
        if not self._ahead:
            self._ahead.extend(feed.more())
        return bool(self._ahead)

    def _batch(self, connection: sqlite3.Connection) -> None:
        ends = time.monotonic() + BATCH_SECONDS
        # Another process may be reading the same file.
        (stored,) = connection.execute("SELECT stored FROM listing WHERE id = ?", (self._listing.id,)).fetchone()
        self._take(connection, stored, ends)
        while self._ahead and time.monotonic() < ends:
            self._take(connection, stored, ends)
        self._note_place(connection)

    def _take(self, connection: sqlite3.Connection, stored: int, ends: float) -> None:
        """Take the first items off: entries that follow one another as long as there is time, or one other.

        Of the listing's entries the first `stored` are in the library.
        """
        entries: list[Ready] = []
        for item in itertools.islice(self._ahead, _TOGETHER):
            if not isinstance(item, Ready):
                break
            entries.append(item)
        if not entries:
            self.tally.other(self._ahead.popleft())
            return
        tally = self.tally
        known = min(len(entries), max(0, stored - tally.position))
        if known:
            tally.counts["unchanged"] += known
        else:
            placed = stacks.place_all(
                connection, self._listing, tally.position + 1, entries, lambda: time.monotonic() < ends
            )
            for each in placed:
                tally.counts[each.outcome] += 1
                tally.joined += each.joined
            known = len(placed)
        for entry in entries[:known]:
            tally.entry(entry)
            self._ahead.popleft()

    def _note_place(self, connection: sqlite3.Connection) -> None:
        tally = self.tally
        connection.execute(
            "UPDATE listing SET stored = max(stored, ?) WHERE id = ?", (tally.position, self._listing.id)
        )
        connection.execute(
            "UPDATE log SET entries = ?, added = ?, merged = ?, unchanged = ?, joined = ? WHERE id = ?",
            (tally.position, *tally.counts.values(), tally.joined, self._log_id),
        )
