"""File -> entries -> papers, in short batches, with a report for each listing.

One plain job, without a screen: the import command runs it, and the reader runs that command in a process of its
own. A batch and its place in the file commit together, so that an import that was cut goes on where it was.
"""

from __future__ import annotations

import io
import itertools
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from store import clean, stacks, years
from store.formats import HEAD_SIZE, Format, detect, named
from store.library import Library
from store.opening import CutListing, Member, open_listing
from store.paper import CutShort, Entry, Item, ListingDay, ListingError, MonthDay, Refused, Warned
from store.report import ImportReport, State, Step, write
from store.shelf import day, stored_day
from store.stacks import ListingKey

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# A batch holds the write lock for this long at the most (s): a bookmark made meanwhile waits no longer.
BATCH_SECONDS = 0.04
# How often `on_step` is told how far it is (s).
STEP_SECONDS = 0.25
# A page that prints dates without a year is small. So many items are looked at to see whether a listing is one.
_LOOK_AHEAD = 300

OnStep = Callable[[Step], None]
ShouldStop = Callable[[], bool]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the reader said about the files: a format's name, the listing day. `today` bounds every date found."""

    today: date
    format: str | None = None
    listed_on: date | None = None
    follow_links: bool = True


def import_file(
    library: Library,
    path: Path,
    options: Options,
    *,
    on_step: OnStep = lambda step: None,
    should_stop: ShouldStop = lambda: False,
    shown_as: str | None = None,
) -> Iterator[ImportReport]:
    """Import one file; a report for each listing in it (an archive may hold several).

    A file that is no listing gives a report with `error`; nothing is raised for it. Raises LibraryError when the
    library cannot be written. `shown_as` is the path that reports and the log name.
    """
    name = shown_as or clean.line(str(path))
    try:
        digest, modified = _fingerprint(path)
        for member in open_listing(path, follow_links=options.follow_links):
            inside = "" if member.name == path.name else f"!{clean.line(member.name)}"
            job = _Listing(library, options, on_step, should_stop)
            with member.stream:
                yield job.run(member, name + inside, digest + inside, modified)
            if should_stop():
                return
    except ListingError as error:
        yield refuse(library, name, str(error))


def refuse(library: Library, path: str, reason: str) -> ImportReport:
    """Log that a file was not read at all."""
    report = ImportReport(path=path, error=reason)
    with library.writing(durable=False) as connection:
        write(connection, None, None, report, "refused")
    return report


def _fingerprint(path: Path) -> tuple[str, date]:
    """The SHA-256 of a regular file, and the day it was last changed. "" for what `open_listing` will refuse."""
    try:
        if not path.is_file():
            return "", date.min
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        return digest, date.fromtimestamp(path.stat().st_mtime)
    except (OSError, OverflowError, ValueError):
        return "", date.min


class _Listing:
    """The import of one listing: its counts so far, and where it is in the file."""

    def __init__(self, library: Library, options: Options, on_step: OnStep, should_stop: ShouldStop) -> None:
        self._library = library
        self._options = options
        self._on_step = on_step
        self._should_stop = should_stop
        self._counts = {"added": 0, "merged": 0, "unchanged": 0}
        self._joined = 0
        self._refused: list[Refused] = []
        self._warnings: list[str] = []
        self._cut: str | None = None
        self._position = 0
        self._resume_at = 0
        self._log_id: int | None = None
        self._redated: set[int] = set()

    def run(self, member: Member, path: str, content: str, modified: date) -> ImportReport:
        started = time.monotonic()
        known = self._known(content)
        if known is not None:
            with self._library.writing(durable=False) as connection:
                write(connection, None, known.id, report := known.report(path, started), "known")
            return report
        stream = _Counted(member.stream)
        buffered = io.BufferedReader(stream, HEAD_SIZE)
        head = buffered.peek(HEAD_SIZE)[:HEAD_SIZE]
        try:
            if not head:
                raise ListingError("an empty file")
            reader = named(self._options.format) if self._options.format else detect(head, member.name)
            items, settled, printed = self._settle(reader, buffered, member.name, modified)
        except ListingError as problem:
            return refuse(self._library, path, str(problem))
        listing = self._begin(reader, path, content, member.size or 0, settled, printed)
        state: State = "read"
        error: str | None = None
        try:
            stopped = self._store(listing, items, lambda: stream.count, member.size)
            state = "interrupted" if stopped else "partial" if self._cut else "read"
        except ListingError as problem:
            error, state = str(problem), "refused"
        if state == "read" and not self._position and not self._warnings:
            error, state = _nothing(self._refused), "refused"
        return self._end(listing, reader, path, state, error, started)

    def _known(self, content: str) -> _Known | None:
        """The listing, if the same bytes were read whole before and the reader says nothing new about them."""
        if self._options.format or self._options.listed_on:
            return None
        row = (
            self._library.reader()
            .execute(
                "SELECT id, format, listed_on, listed_on_rule, entries FROM listing"
                " WHERE content = ? AND state = 'read'",
                (content,),
            )
            .fetchone()
        )
        return _Known(*row) if row else None

    def _settle(
        self, reader: Format, stream: BinaryIO, name: str, modified: date
    ) -> tuple[Iterator[Item], years.Settled, MonthDay | None]:
        """The items still to store, and which year and day the listing means."""
        items = _reading(reader, stream)
        ahead = list(itertools.islice(items, _LOOK_AHEAD))
        printed = next((item.day for item in ahead if isinstance(item, ListingDay)), None)
        entries = [item for item in ahead if isinstance(item, Entry)]
        if printed or any(entry.published_on for entry in entries):
            ahead += items
            entries = [item for item in ahead if isinstance(item, Entry)]
        settled = years.settle(
            printed,
            entries,
            given=self._options.listed_on,
            name=name,
            elsewhere=None,
            modified=modified,
            today=self._options.today,
        )
        return itertools.chain(ahead, items), settled, printed

    def _begin(
        self,
        reader: Format,
        path: str,
        content: str,
        size: int,
        settled: years.Settled,
        printed: MonthDay | None,
    ) -> ListingKey:
        """Open the listing's row and its log entry; a listing that was cut before is taken up again."""
        month_day = f"{printed.month:02}-{printed.day:02}" if printed and not printed.year else None
        with self._library.writing(durable=False) as connection:
            row = connection.execute("SELECT id FROM listing WHERE content = ?", (content,)).fetchone()
            if row is None:
                number = connection.execute(
                    "INSERT INTO listing (content, path, size, format, family, month_day, listed_on, listed_on_rule,"
                    " year, state, stored, entries, first_read) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'reading', 0, 0, ?)",
                    (
                        content,
                        path,
                        size,
                        reader.NAME,
                        reader.FAMILY,
                        month_day,
                        stored_day(settled.listed_on),
                        settled.rule,
                        settled.year,
                        _now(),
                    ),
                ).lastrowid
                assert number is not None
            else:
                number = row[0]
                if self._options.listed_on:
                    stacks.redate(connection, number, settled.year, settled.listed_on, self._options.today)
                    connection.execute("UPDATE listing SET listed_on_rule = ? WHERE id = ?", (settled.rule, number))
            report = ImportReport(path=path, format=reader.NAME)
            self._log_id = write(connection, None, number, report, "reading")
        return ListingKey(number, path, reader.FAMILY, settled.listed_on, settled.year)

    def _store(self, listing: ListingKey, items: Iterator[Item], done: Callable[[], int], size: int | None) -> bool:
        """Put the items in the library, batch by batch. True when it was asked to stop before the end."""
        shown = time.monotonic()
        for first in items:
            if self._should_stop():
                return True
            with self._library.writing(durable=False) as connection:
                ends = time.monotonic() + BATCH_SECONDS
                self._resume_at = _stored(connection, listing)
                self._take(connection, listing, first)
                while time.monotonic() < ends and (item := next(items, None)) is not None:
                    self._take(connection, listing, item)
                self._note_place(connection, listing)
            if time.monotonic() - shown >= STEP_SECONDS:
                shown = time.monotonic()
                self._on_step(Step(listing.path, done(), size, self._position))
        self._on_step(Step(listing.path, done(), size, self._position))
        return False

    def _take(self, connection: sqlite3.Connection, listing: ListingKey, item: Item) -> None:
        if isinstance(item, Refused):
            self._refused.append(Refused(item.index, item.line, clean.line(item.reason)))
        elif isinstance(item, Warned):
            self._warnings.append(clean.line(item.text))
        elif isinstance(item, CutShort):
            self._cut = clean.line(item.reason)
            self._warnings.append(self._cut)
        elif isinstance(item, Entry):
            entry = clean.entry(item)
            if not entry.paper.title:
                self._refused.append(Refused(self._position + len(self._refused) + 1, item.line, "no title"))
                return
            self._position += 1
            if self._position <= self._resume_at:
                self._counts["unchanged"] += 1
                return
            placed = stacks.place(connection, listing, self._position, entry, self._options.today)
            self._counts[placed.outcome] += 1
            self._joined += placed.joined
            if placed.outcome != "added":
                self._doubt(connection, listing, placed.paper_id)

    def _doubt(self, connection: sqlite3.Connection, listing: ListingKey, paper_id: int) -> None:
        """Remember the listings whose year this paper may settle: those that show its date without one."""
        for (number,) in connection.execute(
            "SELECT listing_id FROM entry WHERE paper_id = ? AND yearless = 1 AND listing_id <> ?",
            (paper_id, listing.id),
        ):
            self._redated.add(number)

    def _note_place(self, connection: sqlite3.Connection, listing: ListingKey) -> None:
        connection.execute("UPDATE listing SET stored = max(stored, ?) WHERE id = ?", (self._position, listing.id))
        connection.execute(
            "UPDATE log SET entries = ?, added = ?, merged = ?, unchanged = ?, joined = ? WHERE id = ?",
            (self._position, *self._counts.values(), self._joined, self._log_id),
        )

    def _end(
        self, listing: ListingKey, reader: Format, path: str, state: State, error: str | None, started: float
    ) -> ImportReport:
        with self._library.writing(durable=False) as connection:
            if state in ("read", "partial"):
                for number in sorted({listing.id, *self._redated}):
                    if (found := stacks.resettle(connection, number, self._options.today)) and number != listing.id:
                        self._warnings.append(found)
            connection.execute(
                "UPDATE listing SET state = ?, entries = ? WHERE id = ?", (state, self._position, listing.id)
            )
            listed_on, rule = connection.execute(
                "SELECT listed_on, listed_on_rule FROM listing WHERE id = ?", (listing.id,)
            ).fetchone()
            report = ImportReport(
                path=path,
                format=reader.NAME,
                listed_on=day(listed_on),
                listed_on_rule=rule,
                entries=self._position,
                **self._counts,
                joined=self._joined,
                refused=tuple(self._refused),
                warnings=tuple(self._warnings),
                partial=state == "partial",
                interrupted=state == "interrupted",
                error=error,
                seconds=round(time.monotonic() - started, 3),
            )
            write(connection, self._log_id, listing.id, report, state)
        return report


class _Known(msgspec.Struct, frozen=True):
    """A listing whose bytes were read whole before."""

    id: int
    format: str
    listed_on: str | None
    rule: str | None
    entries: int

    def report(self, path: str, started: float) -> ImportReport:
        return ImportReport(
            path=path,
            format=self.format,
            listed_on=day(self.listed_on),
            listed_on_rule=self.rule,
            entries=self.entries,
            unchanged=self.entries,
            seconds=round(time.monotonic() - started, 3),
        )


class _Counted(io.RawIOBase):
    """A stream that knows how many bytes were taken from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        found = self._stream.read(len(memoryview(buffer)))
        memoryview(buffer)[: len(found)] = found
        self.count += len(found)
        return len(found)


def _reading(reader: Format, stream: BinaryIO) -> Iterator[Item]:
    """The items of a listing; what goes wrong after the first entry ends it and costs none of those before."""
    given = False
    try:
        for item in reader.read(stream):
            given = given or isinstance(item, Entry)
            yield item
    except CutListing as cut:
        yield CutShort(str(cut))
    except ListingError as error:
        if not given:
            raise
        yield CutShort(str(error))


def _stored(connection: sqlite3.Connection, listing: ListingKey) -> int:
    """How many entries the library has of a listing; another process may be reading the same file."""
    row = connection.execute("SELECT stored FROM listing WHERE id = ?", (listing.id,)).fetchone()
    return int(row[0])


def _nothing(refused: list[Refused]) -> str:
    if refused:
        return f"none of its {len(refused)} entries could be read: {refused[0].reason}"
    return "no papers in it"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
