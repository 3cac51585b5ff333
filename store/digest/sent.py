"""The record of the digests that were sent, which keeps a digest from being sent twice.

A digest is noted as begun immediately before its text is handed to the server, and as sent when the server has accepted
it. If recto is stopped between the two, the digest may or may not have arrived. It is then not sent again by itself:
recto rather sends a digest too few than one too many. No paper is lost by this, because "the last digest" is always the
last one that was certainly accepted.
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
# The ids of so many digests are remembered. A digest that is repeated after a hundred others is sent again.
_REMEMBERED = 100


class Last(msgspec.Struct, frozen=True):
    """The last digest of one selection that was accepted: its day, and the highest id of an entry at that time."""

    day: date
    entry: int


class _Record(msgspec.Struct):
    """What the library remembers. `begun` and `sent` map the ids of digests to the moment."""

    begun: dict[str, str] = {}
    sent: dict[str, str] = {}
    last: dict[str, Last] = {}


def last(connection: sqlite3.Connection, selection: str) -> Last | None:
    """The last digest of `selection` that a server accepted, or None. `selection` names the query and the views."""
    return _read(connection).last.get(selection)


def refuse_repeated(connection: sqlite3.Connection, digest_id: str) -> None:
    """Raise LibraryError when the digest was sent, or may have been sent, before."""
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
    """Note that the digest is now handed to the server.

    Unless `again` is true, raises LibraryError as `refuse_repeated` does: another process may have sent it meanwhile.
    """
    with library.writing() as connection:
        if not again:
            refuse_repeated(connection, digest_id)
        record = _read(connection)
        record.begun[digest_id] = timestamp()
        _write(connection, record)


def withdraw(library: Library, digest_id: str) -> None:
    """Note that the server refused the digest, so that it can be sent later."""
    with library.writing() as connection:
        record = _read(connection)
        record.begun.pop(digest_id, None)
        _write(connection, record)


def accept(library: Library, digest_id: str, selection: str, accepted: Last) -> None:
    """Note that the server accepted the digest."""
    with library.writing() as connection:
        record = _read(connection)
        record.begun.pop(digest_id, None)
        record.sent[digest_id] = timestamp()
        record.last[selection] = accepted
        _write(connection, record)


def _read(connection: sqlite3.Connection) -> _Record:
    """The record; an empty one if there is none or if another program has damaged it."""
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
