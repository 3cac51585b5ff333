"""File -> entries -> papers, in short batches, with a report for each listing.

One plain job, without a screen: the import command runs it, and the reader runs that command in a process of its
own. A batch and its place in the file commit together, so that an import that was cut goes on where it was.
"""

from __future__ import annotations

import io
import itertools
import sqlite3
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec

from store import clean, dating, source, stacks, years
from store.formats import HEAD_SIZE, Format, detect, named
from store.library import Library
from store.opening import Member, open_listing
from store.paper import CutShort, Entry, Item, ListingDay, ListingError, MonthDay, Refused, Warned
from store.report import ImportReport, State, Step, write
from store.shelf import day, stored_day
from store.stacks import ListingKey, Ready

# A batch holds the write lock for this long at the most (s): a bookmark made meanwhile waits no longer.
BATCH_SECONDS = 0.04
# A batch that follows at once on another leaves so much time for a mark to come between (s).
GAP_SECONDS = 0.002
# So many entries are looked up together.
_TOGETHER = 512
# How often `on_step` is told how far it is (s).
STEP_SECONDS = 0.25
# A page that prints dates without a year is small. So many items are looked at to see whether a listing is one.
_LOOK_AHEAD = 300
# Of what is refused or warned of in one listing so much is kept word for word; the rest is counted.
_MOST_REMARKS = 1_000
# Formats that are read whole may have files of so many bytes.
RAW_LIMIT = 64 * 2**20
# A file longer than this is looked at before it is known by all of its bytes.
_LONG = 64 * 2**20

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
    job: _Listing | None = None
    members: Counter[str] = Counter()
    try:
        file = source.Fingerprint(path, should_stop)
        for member in open_listing(path, follow_links=options.follow_links):
            inside = "" if member.name == path.name else f"!{clean.line(member.name)}"
            members[inside] += 1
            # An archive may hold two files of one name.
            inside += f"#{members[inside]}" if members[inside] > 1 else ""
            job = _Listing(library, options, on_step, should_stop)
            with member.stream:
                yield job.run(member, name + inside, inside, file)
            if should_stop():
                return
    except ListingError as error:
        yield refuse(library, name, str(error))
    except source.Interrupted:
        yield _log(library, ImportReport(path=name, interrupted=True), "interrupted")


def refuse(library: Library, path: str, reason: str) -> ImportReport:
    """Log that a file was not read at all."""
    return _log(library, ImportReport(path=path, error=clean.line(reason)), "refused")


def _log(library: Library, report: ImportReport, state: State, listing_id: int | None = None) -> ImportReport:
    with library.writing(durable=False) as connection:
        write(connection, None, listing_id, report, state)
    return report


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
        self._left_out: Counter[str] = Counter()
        self._cut: str | None = None
        # The newest day that an entry says it was listed on.
        self._newest: date | None = None
        self._position = 0
        self._resume_at = 0
        self._log_id: int | None = None

    def run(self, member: Member, path: str, inside: str, file: source.Fingerprint) -> ImportReport:
        """Import the listing shown as `path`; `inside` tells it from others in the same file."""
        started = time.monotonic()
        stream = source.Counted(member.stream)
        buffered = io.BufferedReader(stream, HEAD_SIZE)
        try:
            if self._options.listed_on and self._options.listed_on > self._options.today:
                raise ListingError(f"the listing day {self._options.listed_on} is in the future")
            # A huge file that is no listing is not worth reading whole to know it.
            reader = self._format(member, buffered) if file.size > _LONG else None
            content = file.digest() + inside
            if known := self._known(content):
                return _log(self._library, known.report(path, started), "known", known.id)
            reader = reader or self._format(member, buffered)
            items, settled, printed = self._settle(reader, member, buffered, file.modified)
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
        if state == "read" and not self._position and (self._refused or not self._warnings):
            error, state = _nothing(self._refused), "refused"
        return self._end(listing, reader, path, state, error, started)

    def _format(self, member: Member, stream: io.BufferedReader[Any]) -> Format:
        head = stream.peek(HEAD_SIZE)[:HEAD_SIZE]
        if not head:
            raise ListingError("an empty file; save or download it again")
        reader = named(self._options.format) if self._options.format else detect(head, member.name)
        if getattr(reader, "STREAMS", False):
            member.unlimited()
        elif member.size is not None and member.size > RAW_LIMIT:
            limit = f"{RAW_LIMIT // 2**20} MiB"
            raise ListingError(f"larger than the {limit} that a {reader.NAME} file may have; split it")
        return reader

    def _known(self, content: str) -> _Known | None:
        """The listing, if the same bytes were read whole before and the reader says nothing new about them."""
        if self._options.format or self._options.listed_on:
            return None
        row = (
            self._library.reader()
            .execute(
                "SELECT l.id, l.format, coalesce(l.listed_on, g.listed_on),"
                " iif(l.listed_on IS NULL AND g.listed_on IS NOT NULL, g.listed_on_rule, l.listed_on_rule),"
                " l.entries, g.refused"
                " FROM listing l LEFT JOIN log g ON g.id ="
                " (SELECT max(id) FROM log WHERE listing_id = l.id AND state = 'read')"
                " WHERE l.content = ? AND l.state = 'read'",
                (content,),
            )
            .fetchone()
        )
        return _Known(*row) if row else None

    def _settle(
        self, reader: Format, member: Member, stream: io.BufferedReader[Any], modified: date
    ) -> tuple[Iterator[Item], years.Settled, MonthDay | None]:
        """The items still to store, and which year and day the listing means."""
        items = source.items(reader, member, stream)
        ahead = list(itertools.islice(items, _LOOK_AHEAD))
        printed = next((item.day for item in ahead if isinstance(item, ListingDay) and years.exists(item.day)), None)
        entries = [item for item in ahead if isinstance(item, Entry)]
        if printed or any(entry.published_on for entry in entries):
            ahead += items
            entries = [item for item in ahead if isinstance(item, Entry)]
        settled = years.settle(
            printed,
            entries,
            given=self._options.listed_on,
            name=member.name,
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
            find = "SELECT id, format, listed_on, year FROM listing WHERE content = ?"
            row = connection.execute(find, (content,)).fetchone()
            if row and row[1] != reader.NAME:
                # The same bytes read as another format are another listing.
                content += f" as {reader.NAME}"
                row = connection.execute(find, (content,)).fetchone()
            if row is None:
                number = connection.execute(
                    "INSERT INTO listing (content, path, size, format, family, month_day, listed_on, listed_on_rule,"
                    " year, own_rule, own_year, state, stored, entries, first_read)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?8, ?9, 'reading', 0, 0, ?10)",
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
                listed_on, year = settled.listed_on, settled.year
            else:
                # What is known of it since may be better than what the file says.
                number, _, stored, year = row
                listed_on = day(stored)
                if self._options.listed_on:
                    listed_on, year = settled.listed_on, settled.year
                    dating.redate(connection, number, year, listed_on, self._options.today)
                    connection.execute("UPDATE listing SET listed_on_rule = ? WHERE id = ?", (settled.rule, number))
            report = ImportReport(path=path, format=reader.NAME)
            self._log_id = write(connection, None, number, report, "reading")
        return ListingKey(number, path, reader.FAMILY, listed_on, year)

    def _store(self, listing: ListingKey, items: Iterator[Item], done: Callable[[], int], size: int | None) -> bool:
        """Put the items in the library, batch by batch. True when it was asked to stop before the end."""
        shown = started = time.monotonic()
        # Items are read and made ready while others may write; a batch only stores.
        ahead: deque[Item | Ready] = deque()
        made_ready = (self._make_ready(listing, item) for item in items)
        while ahead or source.read_ahead(ahead, made_ready):
            if self._should_stop():
                return True
            with self._library.writing(durable=False) as connection:
                ends = time.monotonic() + BATCH_SECONDS
                self._resume_at = _stored(connection, listing)
                self._take(connection, listing, ahead, ends)
                while ahead and time.monotonic() < ends:
                    self._take(connection, listing, ahead, ends)
                self._note_place(connection, listing)
            if ahead:
                time.sleep(GAP_SECONDS)
            if time.monotonic() - shown >= STEP_SECONDS:
                shown = time.monotonic()
                left = (shown - started) * (size / done() - 1) if size and done() else None
                self._on_step(Step(listing.path, done(), size, self._position, left))
        self._on_step(Step(listing.path, done(), size, self._position))
        return False

    def _make_ready(self, listing: ListingKey, item: Item) -> Item | Ready:
        if not isinstance(item, Entry):
            return item
        entry = clean.entry(item)
        return stacks.ready(listing, entry, self._options.today) if entry.paper.title else entry

    def _take(
        self, connection: sqlite3.Connection, listing: ListingKey, ahead: deque[Item | Ready], ends: float
    ) -> None:
        """Take the first items off `ahead`: entries that follow one another as long as there is time, or one other."""
        entries: list[Ready] = []
        for item in itertools.islice(ahead, _TOGETHER):
            if not isinstance(item, Ready):
                break
            entries.append(item)
        if not entries:
            other = ahead.popleft()
            assert not isinstance(other, Ready)
            self._note(other)
            return
        known = min(len(entries), max(0, self._resume_at - self._position))
        if known:
            self._counts["unchanged"] += known
        else:
            placed = stacks.place_all(connection, listing, self._position + 1, entries, lambda: time.monotonic() < ends)
            for each in placed:
                self._counts[each.outcome] += 1
                self._joined += each.joined
            known = len(placed)
        self._position += known
        for taken in entries[:known]:
            if named := taken.entry.listed_on:
                self._newest = max(self._newest or named, named)
            ahead.popleft()

    def _note(self, item: Item) -> None:
        if isinstance(item, Refused):
            self._refuse(Refused(item.index, item.line, clean.line(item.reason)))
        elif isinstance(item, Warned):
            self._warn(clean.line(item.text))
        elif isinstance(item, CutShort):
            self._cut = clean.line(item.reason)
            self._warnings.append(self._cut)
        elif isinstance(item, Entry):
            index = self._position + len(self._refused) + self._left_out["refused"] + 1
            self._refuse(Refused(index, item.line, "no title"))

    def _refuse(self, refused: Refused) -> None:
        if len(self._refused) < _MOST_REMARKS:
            self._refused.append(refused)
        else:
            self._left_out["refused"] += 1

    def _warn(self, warning: str) -> None:
        if len(self._warnings) < _MOST_REMARKS:
            self._warnings.append(warning)
        else:
            self._left_out["warnings"] += 1

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
                self._warnings += dating.settle_years(connection, listing.id, self._options.today)
            # Another process may have come to the end of the same file.
            connection.execute(
                "UPDATE listing SET state = iif(state = 'read', state, ?), entries = max(entries, ?) WHERE id = ?",
                (state, self._position, listing.id),
            )
            listed_on, rule = connection.execute(
                "SELECT listed_on, listed_on_rule FROM listing WHERE id = ?", (listing.id,)
            ).fetchone()
            if listed_on is None and self._newest:
                listed_on, rule = stored_day(self._newest), "entries"
            for what, count in self._left_out.items():
                self._warnings.append(f"{count:,} more {what} are not shown")
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
    refused: str | None

    def report(self, path: str, started: float) -> ImportReport:
        """What there is to say when the file comes again: all is known, and what was refused is refused still."""
        return ImportReport(
            path=path,
            format=self.format,
            listed_on=day(self.listed_on),
            listed_on_rule=self.rule,
            entries=self.entries,
            unchanged=self.entries,
            refused=tuple(msgspec.json.decode(self.refused, type=list[Refused])) if self.refused else (),
            seconds=round(time.monotonic() - started, 3),
        )


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
