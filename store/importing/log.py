"""The report of an import, and the log of all reports."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from typing import Literal

import msgspec

from store.model.entry import Refused
from store.model.errors import LibraryError
from store.papers.stored_rows import day_text, parse_day

# "reading" remains when an import is killed. "known" is a file whose bytes were imported before.
State = Literal["reading", "read", "known", "partial", "interrupted", "refused", "withdrawn"]


class Step(msgspec.Struct, frozen=True):
    """The progress of an import: bytes read of `size` (None when unknown), and entries stored.

    `seconds_left` is an estimate; None at the end and before there is anything to estimate from.
    """

    path: str
    done: int
    size: int | None
    entries: int
    seconds_left: float | None = None


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of importing one listing. `entries` counts those read: the sum of added, merged and unchanged."""

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
        """Whether the whole file is in the library."""
        return not (self.error or self.partial or self.interrupted or self.refused)


class LogEntry(msgspec.Struct, frozen=True):
    """One import of one file. `at` is ISO 8601 in UTC."""

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
    """Update the log entry `log_id`, or create one if that is None. Returns its id. Needs a write transaction."""
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
    """The newest entries of the log, newest first."""
    return _entries(connection, "ORDER BY id DESC LIMIT ?", limit)


def entry(connection: sqlite3.Connection, number: int) -> LogEntry:
    """The log entry with this id. Raises LibraryError when there is none."""
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
