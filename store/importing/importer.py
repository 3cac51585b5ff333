"""File -> entries -> papers, with a report for each listing.

One plain job, without a screen: the import command runs it, and the reader runs that command in a process of its
own. An import that was cut goes on where it was.
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
from store.importing import resource_limits, worker, year_propagation, years
from store.importing import stream as source
from store.importing.batches import Batches, OnStep, ShouldStop, Tally
from store.importing.feed import Feed, LocalFeed
from store.importing.files import Member, open_listing
from store.importing.log import ImportReport, State, write
from store.importing.prepare import ListingKey, prepare
from store.importing.worker_protocol import Job
from store.library.library import Library
from store.model import limits
from store.model.entry import Entry, Item, ListingDay, Refused
from store.model.errors import ListingError
from store.model.partial_date import MonthDay
from store.papers.rows import day_text, parse_day
from store.text import clean

# A page that prints dates without a year is small. So many items are looked at to see whether a listing is one.
_LOOK_AHEAD = 300
# A file longer than this is looked at before it is known by all of its bytes.
_LONG = 64 * 2**20


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
    members: Counter[str] = Counter()
    if library.is_of(path):
        yield refuse(library, name, "it is the library itself")
        return
    try:
        file = source.Fingerprint(path, should_stop)
        for at, member in enumerate(open_listing(path, follow_links=options.follow_links)):
            inside = "" if member.name == path.name else f"!{clean.line(member.name)}"
            members[inside] += 1
            # An archive may hold two files of one name.
            inside += f"#{members[inside]}" if members[inside] > 1 else ""
            place = _Place(name + inside, inside, path.name, at)
            with member.stream:
                yield _Listing(library, options, on_step, should_stop).run(member, place, file)
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


class _Place(msgspec.Struct, frozen=True):
    """Where a listing is: shown as `path`, `inside` tells it from others in the same file; its file's own name, and
    which of the listings in it is meant, from 0."""

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

    def run(self, member: Member, place: _Place, file: source.Fingerprint) -> ImportReport:
        """Import the listing."""
        started = time.monotonic()
        stream = source.CountingStream(member.stream)
        buffered = io.BufferedReader(stream, HEAD_SIZE)
        try:
            if self._options.listed_on and self._options.listed_on > self._options.today:
                raise ListingError(f"the listing day {self._options.listed_on} is in the future")
            # A huge file that is no listing is not worth reading whole to know it.
            reader = self._format(member, buffered) if file.size > _LONG else None
            content = file.digest() + place.inside
            if known := self._known(content):
                return _log(self._library, known.report(place.path, started), "known", known.id)
            reader = reader or self._format(member, buffered)
            looked = self._look_ahead(source.items(reader, member, buffered))
            settled = self._settle(looked, member.name, file.modified)
        except ListingError as problem:
            return refuse(self._library, place.path, str(problem))
        listing, log_id = self._begin(reader, place.path, content, member.size or 0, settled, looked.printed)
        batches = Batches(self._library, listing, log_id)
        tally = batches.tally
        state: State = "read"
        error: str | None = None
        try:
            with self._feed(looked, reader, member, place, listing, file, stream) as feed:
                stopped = batches.store(feed, member.size, self._on_step, self._should_stop)
            state = "interrupted" if stopped else "partial" if tally.cut else "read"
        except source.Interrupted:
            state = "interrupted"
        except ListingError as problem:
            error, state = str(problem), "refused"
        if state == "read" and not tally.position and (tally.refused or not tally.warnings):
            error, state = _nothing(tally.refused), "refused"
        return self._end(listing, log_id, reader, tally, state, error, started)

    def _format(self, member: Member, stream: io.BufferedReader[Any]) -> Format:
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

    def _look_ahead(self, items: Generator[Item, None, None]) -> _Looked:
        """Look at the first items of a listing; at all of one that prints dates without a year."""
        found = list(itertools.islice(items, _LOOK_AHEAD))
        goes_on = len(found) == _LOOK_AHEAD
        printed = next((item.day for item in found if isinstance(item, ListingDay) and years.exists(item.day)), None)
        if printed or any(isinstance(item, Entry) and item.published_on for item in found):
            found += items
            goes_on = False
        return _Looked(found, items, printed, goes_on)

    def _settle(self, looked: _Looked, name: str, modified: date) -> years.Settled:
        """Which year and day the listing means."""
        return years.settle(
            looked.printed,
            [item for item in looked.found if isinstance(item, Entry)],
            given=self._options.listed_on,
            name=name,
            elsewhere=None,
            modified=modified,
            today=self._options.today,
        )

    def _feed(
        self,
        looked: _Looked,
        reader: Format,
        member: Member,
        place: _Place,
        listing: ListingKey,
        file: source.Fingerprint,
        stream: source.CountingStream,
    ) -> AbstractContextManager[Feed]:
        """The items to store. A long listing is read from its beginning again, by another process."""
        today = self._options.today
        if looked.goes_on and worker.worth_it(reader, member.size or file.size):
            # Whoever reads bounds what a reader may take by the same signal.
            looked.rest.close()
            member.read_elsewhere()
            module = reader.__name__  # type: ignore[attr-defined]
            job = Job(member.descriptor, place.file, place.at, module, listing, today, limits.ENTRY_SECONDS)
            return worker.reading(job, self._should_stop)
        items = itertools.chain(looked.found, looked.rest)
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
        """Open the listing's row and its entry in the log; a listing that was cut before is taken up again."""
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
                        day_text(settled.listed_on),
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
        warnings = list(tally.warnings)
        with self._library.writing(durable=False) as connection:
            if state in ("read", "partial"):
                warnings += year_propagation.settle_years(connection, listing.id, self._options.today)
            # Another process may have come to the end of the same file.
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
        return report


class _Looked(msgspec.Struct, frozen=True):
    """The first items of a listing, and the rest of them; the day printed over it. `goes_on` when there may be more
    than were looked at."""

    found: list[Item]
    rest: Generator[Item, None, None]
    printed: MonthDay | None
    goes_on: bool


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
            listed_on=parse_day(self.listed_on),
            listed_on_rule=self.rule,
            entries=self.entries,
            unchanged=self.entries,
            refused=tuple(msgspec.json.decode(self.refused, type=list[Refused])) if self.refused else (),
            seconds=round(time.monotonic() - started, 3),
        )


def _nothing(refused: list[Refused]) -> str:
    if refused:
        return f"none of its {len(refused)} entries could be read: {refused[0].reason}"
    return "no papers in it"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
