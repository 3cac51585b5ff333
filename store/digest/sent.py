"""Records which digests were sent, so that recto does not send the same digest twice.

A digest is recorded as begun immediately before its text is handed to the server, and as sent when the server has
accepted it. If recto is stopped between these two steps, it is unknown whether the digest was delivered. recto then
does not send it again unless the user asks for that. Its papers still appear in a digest: the next digest contains
everything since the last digest that a server certainly accepted.
"""

from __future__ import annotations

import sqlite3
from datetime import date

import msgspec

from store.library import settings
from store.library.library import Library
from store.marks.stored_marks import timestamp
from store.model.errors import LibraryError

_KEY = "digests"
# The record keeps the ids of the last 100 digests. So an older digest that is sent again is not recognized as a
# duplicate.
_REMEMBERED = 100


class Last(msgspec.Struct, frozen=True):
    """The last digest of one query and its views that a server accepted.

    `entry` is the highest id of an entry (one paper in one listing) that the library had when the digest was made.
    """

    day: date
    entry: int


class _Record(msgspec.Struct):
    """The record in the form in which it is stored. `begun` maps the id of each digest to the time at which its sending
    began, and `sent` to the time at which a server accepted it.
    """

    begun: dict[str, str] = {}
    sent: dict[str, str] = {}
    last: dict[str, Last] = {}


def last(connection: sqlite3.Connection, selection: str) -> Last | None:
    """The last digest of `selection` that a server accepted, or None. `selection` identifies the query and
    the views.
    """
    return _read(connection).last.get(selection)


def refuse_repeated(connection: sqlite3.Connection, digest_id: str) -> None:
    """Raise LibraryError when the same digest was already sent earlier, or may have been sent."""
    record = _read(connection)
    if digest_id in record.sent:
        raise LibraryError(
            f"a digest with these papers was sent on {record.sent[digest_id][:10]}; --again sends it once more"
        )
    if digest_id in record.begun:
        raise LibraryError(
            f"recto was stopped while it sent this digest on {record.begun[digest_id][:10]}, so it may have arrived;"
            " if it did not, send it with --again"
        )


def begin(library: Library, digest_id: str, *, again: bool = False) -> None:
    """Record that the digest is now handed to the server.

    Unless `again` is true, raises LibraryError if the same digest was already sent earlier, even by another process
    just now.
    """
    with library.writing() as connection:
        if not again:
            refuse_repeated(connection, digest_id)
        record = _read(connection)
        record.begun[digest_id] = timestamp()
        _write(connection, record)


def withdraw(library: Library, digest_id: str) -> None:
    """Record that the server refused the digest, so that it can be sent later."""
    with library.writing() as connection:
        record = _read(connection)
        record.begun.pop(digest_id, None)
        _write(connection, record)


def accept(library: Library, digest_id: str, selection: str, accepted: Last) -> None:
    """Record that the server accepted the digest."""
    with library.writing() as connection:
        record = _read(connection)
        record.begun.pop(digest_id, None)
        record.sent[digest_id] = timestamp()
        record.last[selection] = accepted
        _write(connection, record)


def _read(connection: sqlite3.Connection) -> _Record:
    """The stored record; an empty one if there is none, or if another program has damaged it."""
    text = settings.get(connection, _KEY)
    try:
        return msgspec.json.decode(text or "{}", type=_Record)
    except msgspec.MsgspecError:
        return _Record()


def _write(connection: sqlite3.Connection, record: _Record) -> None:
    for remembered in (record.begun, record.sent, record.last):
        for oldest in list(remembered)[:-_REMEMBERED]:
            del remembered[oldest]
    settings.put(connection, _KEY, msgspec.json.encode(record).decode())
