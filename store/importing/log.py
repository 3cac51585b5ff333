"""The report of an import, and the log: a table of the library with the reports of all imports."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from typing import Literal

import msgspec

from store.model.entry import Refused
from store.model.errors import LibraryError
from store.papers.stored_papers import day_text, parse_day

# The state of an import in the log. "reading": the import is running, or its process was killed. "read": the listing
# was read to its end. "known": a file with the same bytes was imported before. "partial": the listing is truncated or
# damaged, and the entries before the damage were imported. "withdrawn": the log entry reports that an import was
# undone.
State = Literal["reading", "read", "known", "partial", "interrupted", "refused", "withdrawn"]


class Step(msgspec.Struct, frozen=True):
    """The progress of an import: `done` of `size` bytes were read, and `entries` is how many entries were stored.

    `seconds_left` is an estimate. It is None at the end, before the first bytes are read, and when `size` is unknown.
    """

    path: str
    done: int
    size: int | None
    entries: int
    seconds_left: float | None = None


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of importing one listing.

    `entries` is how many entries were read and not refused: the sum of `added` (about new papers), `merged` (about
    stored papers) and `unchanged` (imported before from the same file, without new values). `joined` is how many stored
    papers were joined to other stored papers, because an entry showed that they are the same. `listed_on_rule` is the
    rule by which the listing day was found (`years.RULE_TEXT`). `error` is the reason why the file was refused, and
    `seconds` is how long the import took.
    """

    path: str
    format: str | None = None
    listed_on: date | None = None
    listed_on_rule: str | None = None
    entries: int = 0
    added: int = 0
    merged: int = 0
    unchanged: int = 0
    joined: int = 0
    refused: tuple[Refused, ...] = ()
    warnings: tuple[str, ...] = ()
    partial: bool = False
    interrupted: bool = False
    error: str | None = None
    seconds: float = 0.0

    @property
    def complete(self) -> bool:
        """Whether every entry of the listing is in the library."""
        return not (self.error or self.partial or self.interrupted or self.refused)


class LogEntry(msgspec.Struct, frozen=True):
    """The log entry of one import of one listing. `at` is when this log entry was last changed (ISO 8601 text, UTC)."""

    id: int
    at: str
    state: State
    report: ImportReport


def write(
    connection: sqlite3.Connection,
    log_id: int | None,
    listing_id: int | None,
    report: ImportReport,
    state: State,
) -> int:
    """Update the log entry `log_id`, or create a log entry if `log_id` is None. Returns the id of the log entry.

    The caller must hold a write transaction on `connection`.
    """
    values = (
        datetime.now(UTC).isoformat(timespec="seconds"),
        report.path,
        listing_id,
        report.format,
        day_text(report.listed_on),
        report.listed_on_rule,
        state,
        report.entries,
        report.added,
        report.merged,
        report.unchanged,
        report.joined,
        msgspec.json.encode(report.refused).decode(),
        msgspec.json.encode(report.warnings).decode(),
        report.error,
        report.seconds,
    )
    if log_id is not None:
        connection.execute(
            "UPDATE log SET at = ?, path = ?, listing_id = ?, format = ?, listed_on = ?, listed_on_rule = ?,"
            " state = ?, entries = ?, added = ?, merged = ?, unchanged = ?, joined = ?, refused = ?, warnings = ?,"
            " error = ?, seconds = ? WHERE id = ?",
            (*values, log_id),
        )
        return log_id
    number = connection.execute(
        "INSERT INTO log (at, path, listing_id, format, listed_on, listed_on_rule, state, entries, added, merged,"
        " unchanged, joined, refused, warnings, error, seconds)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    ).lastrowid
    assert number is not None
    return number


def read(connection: sqlite3.Connection, limit: int = 200) -> list[LogEntry]:
    """The newest log entries, at most `limit` of them, in order from the newest to the oldest."""
    return _entries(connection, "ORDER BY id DESC LIMIT ?", limit)


def entry(connection: sqlite3.Connection, number: int) -> LogEntry:
    """The log entry with the id `number`. Raises LibraryError when there is no such log entry."""
    entries = _entries(connection, "WHERE id = ?", number)
    if not entries:
        raise LibraryError(f"the log has no entry {number}; recto log shows the ids")
    return entries[0]


def _entries(connection: sqlite3.Connection, which: str, value: int) -> list[LogEntry]:
    rows = connection.execute(
        "SELECT id, at, state, path, format, listed_on, listed_on_rule, entries, added, merged, unchanged, joined,"
        f" refused, warnings, error, seconds FROM log {which}",
        (value,),
    )
    return [
        LogEntry(
            id=number,
            at=at,
            state=state,
            report=ImportReport(
                path=path,
                format=format,
                listed_on=parse_day(listed_on),
                listed_on_rule=rule,
                entries=entries or 0,
                added=added or 0,
                merged=merged or 0,
                unchanged=unchanged or 0,
                joined=joined or 0,
                refused=tuple(msgspec.json.decode(refused, type=list[Refused])) if refused else (),
                warnings=tuple(msgspec.json.decode(warnings, type=list[str])) if warnings else (),
                partial=state == "partial",
                interrupted=state in ("interrupted", "reading"),
                error=error,
                seconds=seconds or 0.0,
            ),
        )
        for (
            number,
            at,
            state,
            path,
            format,
            listed_on,
            rule,
            entries,
            added,
            merged,
            unchanged,
            joined,
            refused,
            warnings,
            error,
            seconds,
        ) in rows
    ]
