"""Importing a file: its entries become papers, and the import of each listing returns a report.

This module does not depend on the user interface. The command `recto import` calls it, and the interactive program runs
that command in a separate process. When the import of a file was interrupted, importing the file again continues at the
entry where the import stopped.
"""

from __future__ import annotations

import io
import itertools
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec

from store.formats.registry import HEAD_SIZE, Format, detect, named
from store.importing import earlier_import, plausibility, resource_limits, worker, year_propagation, years
from store.importing import stream as source
from store.importing.batches import Batches, OnStep, ShouldStop, Tally
from store.importing.feed import Feed, LocalFeed
from store.importing.files import Member, open_listing
from store.importing.log import ImportReport, State, write
from store.importing.prepare import ListingKey, prepare
from store.importing.worker_protocol import Job
from store.library.library import Library
from store.marks import exchange
from store.model import limits
from store.model.entry import Entry, Item, ListingDay, Refused
from store.model.errors import ListingError
from store.model.partial_date import MonthDay
from store.papers.stored_papers import day_text, parse_day
from store.text import clean
from store.texts import text_store

# This many items are read first, to find out whether dates in the listing lack the year. If dates lack it, the listing
# is a web page and therefore small, so all of its items are read before the first is stored.
_LOOK_AHEAD = 300
# The format of a file longer than this (bytes) is detected before its digest is computed, so that a huge file that is
# not a listing is refused before all of it is read.
_LONG = 64 * 2**20


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Options for the import of one or more files.

    `format` is the name of their format, and `listed_on` is the day on which their papers were listed; None means that
    the importer finds it out. A day after `today` cannot be a listing day. `follow_links` is whether a path may be a
    symbolic link. `texts_limit` is how many bytes all full texts of the library may take together; an imported PDF
    becomes a full text.
    """

    today: date
    format: str | None = None
    listed_on: date | None = None
    follow_links: bool = True
    texts_limit: int = text_store.DEFAULT_LIMIT


def import_file(
    library: Library,
    path: Path,
    options: Options,
    *,
    on_step: OnStep = lambda step: None,
    should_stop: ShouldStop = lambda: False,
    shown_as: str | None = None,
) -> Iterator[ImportReport]:
    """Import one file. Yields a report for each listing in the file; an archive may contain several listings.

    For a file that is not a listing, yields a report whose `error` is the reason, and raises nothing. Raises
    LibraryError when the library cannot be written. `shown_as` replaces the path in reports and in the log.
    """
    name = shown_as or clean.line(str(path))
    members: Counter[str] = Counter()
    if library.is_of(path):
        yield refuse(library, name, "it is the library itself")
        return
    try:
        file: source.Fingerprint | None = None
        for at, member in enumerate(open_listing(path, follow_links=options.follow_links)):
            inside = "" if member.name == path.name else f"!{clean.line(member.name)}"
            members[inside] += 1
            # Number the members with the same name, because an archive may contain several files of one name.
            inside += f"#{members[inside]}" if members[inside] > 1 else ""
            # All listings in a file are read from the same file descriptor, so one Fingerprint is enough.
            file = file or source.Fingerprint(member.descriptor, should_stop)
            location = _Location(name + inside, inside, path.name, at)
            with member.stream:
                yield _Listing(library, options, on_step, should_stop).run(member, location, file)
            if should_stop():
                return
    except ListingError as error:
        yield refuse(library, name, str(error))
    except source.Interrupted:
        yield _log(library, ImportReport(path=name, interrupted=True), "interrupted")


def refuse(library: Library, path: str, reason: str) -> ImportReport:
    """Log that a file could not be read. Returns the report."""
    return _log(library, ImportReport(path=path, error=clean.line(reason)), "refused")


def _log(library: Library, report: ImportReport, state: State, listing_id: int | None = None) -> ImportReport:
    with library.writing(durable=False) as connection:
        write(connection, None, listing_id, report, state)
    return report


class _Location(msgspec.Struct, frozen=True):
    """Where a listing is.

    `path` is the text shown in reports. `inside` identifies the listing within its file: it is "" if the listing is the
    file itself, and "!" followed by the name of the member if the listing is a member of an archive. `file` is the name
    of the file, and `at` is the number of the listing in the file, counted from 0.
    """

    path: str
    inside: str
    file: str
    at: int


class _Listing:
    """The import of one listing."""

    def __init__(self, library: Library, options: Options, on_step: OnStep, should_stop: ShouldStop) -> None:
        self._library = library
        self._options = options
        self._on_step = on_step
        self._should_stop = should_stop

    def run(self, member: Member, location: _Location, file: source.Fingerprint) -> ImportReport:
        """Import the listing and return its report."""
        started = time.monotonic()
        stream = source.CountingStream(member.stream, member.name)
        buffered = io.BufferedReader(stream, HEAD_SIZE)
        try:
            if self._options.listed_on and self._options.listed_on > self._options.today:
                raise ListingError(f"the listing day {self._options.listed_on} is in the future")
            # Refuse a huge file that is not a listing before reading all of it for its digest.
            reader = self._format(member, buffered) if file.size > _LONG else None
            content = file.digest() + location.inside
            # Use the result of an earlier import of the same bytes only if the caller names neither a format nor a
            # listing day: with these, the result may differ.
            is_as_before = not (self._options.format or self._options.listed_on)
            if is_as_before and (earlier := earlier_import.find(self._library, content)):
                return _log(self._library, earlier.report(location.path, started), "known", earlier.id)
            reader = reader or self._format(member, buffered)
            items = plausibility.checked(source.items(reader, member, buffered), self._options.today)
            ahead = self._look_ahead(items)
            settled = self._settle(ahead, member.name, file.modified)
        except ListingError as problem:
            return refuse(self._library, location.path, str(problem))
        listing, log_id = self._begin(reader, location.path, content, member.size or 0, settled, ahead.printed)
        batches = Batches(self._library, listing, log_id)
        tally = batches.tally
        state: State = "read"
        error: str | None = None
        try:
            with self._feed(ahead, reader, member, location, listing, file, stream) as feed:
                stopped = batches.store(feed, member.size, self._on_step, self._should_stop)
            state = "interrupted" if stopped else "partial" if tally.cut else "read"
        except source.Interrupted:
            state = "interrupted"
        except ListingError as problem:
            error, state = str(problem), "refused"
        if state == "read" and not tally.position and (tally.refused or not tally.warnings):
            error, state = _no_papers(tally.refused), "refused"
        return self._end(listing, log_id, reader, tally, state, error, started)

    def _format(self, member: Member, stream: io.BufferedReader[Any]) -> Format:
        """The format of the listing. Raises ListingError when no format fits, or when the file is too large for it."""
        head = stream.peek(HEAD_SIZE)[:HEAD_SIZE]
        if not head:
            raise ListingError("an empty file; save or download it again")
        if self._options.format:
            reader = named(self._options.format)
        else:
            reader = resource_limits.detected_in_time(lambda: detect(head, member.name))
        if reader.STREAMS:
            member.unlimited()
        elif member.size is not None and member.size > limits.WHOLE_FILE:
            limit = f"{limits.WHOLE_FILE // 2**20} MiB"
            raise ListingError(f"larger than the {limit} that a {reader.NAME} file may have; split it")
        return reader

    def _look_ahead(self, items: Generator[Item, None, None]) -> _LookAhead:
        """Read the first items of a listing. If the listing prints dates without a year, read all of its items."""
        first = list(itertools.islice(items, _LOOK_AHEAD))
        goes_on = len(first) == _LOOK_AHEAD
        printed = next((item.day for item in first if isinstance(item, ListingDay) and years.exists(item.day)), None)
        if printed or any(isinstance(item, Entry) and item.published_on for item in first):
            first += items
            goes_on = False
        return _LookAhead(first, items, printed, goes_on)

    def _settle(self, ahead: _LookAhead, name: str, modified: date) -> years.Settled:
        """The year and the listing day of the listing, and the rule by which they were found (`years.RULE_TEXT`)."""
        return years.settle(
            ahead.printed,
            [item for item in ahead.items if isinstance(item, Entry)],
            given=self._options.listed_on,
            name=name,
            elsewhere=None,
            modified=modified,
            today=self._options.today,
        )

    def _feed(
        self,
        ahead: _LookAhead,
        reader: Format,
        member: Member,
        location: _Location,
        listing: ListingKey,
        file: source.Fingerprint,
        stream: source.CountingStream,
    ) -> AbstractContextManager[Feed]:
        """Return a feed: an object that yields the items to store in small groups.

        For a long listing, a worker process yields the items. It reads the listing again from its beginning.
        """
        today = self._options.today
        if ahead.goes_on and worker.worth_it(reader, member.size or file.size):
            # The time limit uses a signal, so only one iterator in a process can have a time limit. Close `ahead.rest`,
            # which has one: if no worker process can be started, this process reads the listing itself with a time
            # limit.
            ahead.rest.close()
            member.read_elsewhere()
            module = reader.__name__  # type: ignore[attr-defined]
            job = Job(member.descriptor, location.file, location.at, module, listing, today, limits.ENTRY_SECONDS)
            return worker.reading(job, self._should_stop)
        items = itertools.chain(ahead.items, ahead.rest)
        return nullcontext(LocalFeed((prepare(item, listing, today) for item in items), lambda: stream.count))

    def _begin(
        self,
        reader: Format,
        path: str,
        content: str,
        size: int,
        settled: years.Settled,
        printed: MonthDay | None,
    ) -> tuple[ListingKey, int]:
        """Create the row of the listing and the log entry of this import. Returns the listing and the log entry's id.

        If an earlier import of the listing was interrupted, its row is used again, and the import continues after the
        last stored entry.
        """
        month_day = f"{printed.month:02}-{printed.day:02}" if printed and not printed.year else None
        with self._library.writing(durable=False) as connection:
            find = "SELECT id, format, listed_on, year FROM listing WHERE content = ?"
            row = connection.execute(find, (content,)).fetchone()
            if row and row[1] != reader.NAME:
                # The same bytes read in another format count as another listing, which gets a separate row.
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
                        day_text(settled.listed_on),
                        settled.rule,
                        settled.year,
                        _now(),
                    ),
                ).lastrowid
                assert number is not None
                listed_on, year = settled.listed_on, settled.year
            else:
                # Use the stored year, because a later import of another listing may have corrected it.
                number, _, stored, year = row
                listed_on = parse_day(stored)
                if self._options.listed_on:
                    listed_on, year = settled.listed_on, settled.year
                    year_propagation.redate(connection, number, year, listed_on, self._options.today)
                    connection.execute("UPDATE listing SET listed_on_rule = ? WHERE id = ?", (settled.rule, number))
            report = ImportReport(path=path, format=reader.NAME)
            log_id = write(connection, None, number, report, "reading")
        return ListingKey(number, path, reader.FAMILY, listed_on, year), log_id

    def _end(
        self,
        listing: ListingKey,
        log_id: int,
        reader: Format,
        tally: Tally,
        state: State,
        error: str | None,
        started: float,
    ) -> ImportReport:
        """Write the result of the import to the listing's row and to the log. Returns the report."""
        warnings = list(tally.warnings)
        with self._library.writing(durable=False) as connection:
            if state in ("read", "partial"):
                warnings += year_propagation.settle_years(connection, listing.id, self._options.today)
            # Do not replace the state "read": another process may have imported the same file to its end meanwhile.
            connection.execute(
                "UPDATE listing SET state = iif(state = 'read', state, ?), entries = max(entries, ?) WHERE id = ?",
                (state, tally.position, listing.id),
            )
            listed_on, rule = connection.execute(
                "SELECT listed_on, listed_on_rule FROM listing WHERE id = ?", (listing.id,)
            ).fetchone()
            if listed_on is None and tally.newest:
                listed_on, rule = day_text(tally.newest), "entries"
            warnings += tally.remarks_left_out()
            report = ImportReport(
                path=listing.path,
                format=reader.NAME,
                listed_on=parse_day(listed_on),
                listed_on_rule=rule,
                entries=tally.position,
                **tally.counts,
                joined=tally.joined,
                refused=tuple(tally.refused),
                warnings=tuple(warnings),
                partial=state == "partial",
                interrupted=state == "interrupted",
                error=error,
                seconds=round(time.monotonic() - started, 3),
            )
            write(connection, log_id, listing.id, report, state)
        if tally.position > tally.counts["unchanged"]:
            exchange.settle(self._library)
        return report


class _LookAhead(msgspec.Struct, frozen=True):
    """The first items of a listing, which are read before any item is stored.

    `rest` yields the items after `items`. `printed` is the listing day that the listing prints, or None. `goes_on` is
    False when `rest` certainly yields no more items.
    """

    items: list[Item]
    rest: Generator[Item, None, None]
    printed: MonthDay | None
    goes_on: bool


def _no_papers(refused: list[Refused]) -> str:
    """The reason why no papers could be imported from a listing."""
    if refused:
        entries = f"none of its {len(refused):,} entries" if len(refused) > 1 else "its only entry"
        return f"{entries} could {'not ' if len(refused) == 1 else ''}be read: {refused[0].reason}"
    return "no papers in it"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
