"""Entries meet papers: each entry is matched to the paper it is about, merged with what is known, and stored.

Every function takes a connection inside a write transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Container, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Literal

import msgspec

from store.importing import unseen
from store.importing.prepare import ListingKey, ReadyEntry, prepare_entry
from store.marks import joined_marks
from store.matching import identity, merge
from store.matching.merge import EntryRecord
from store.model.entry import Entry
from store.model.paper import Paper
from store.papers import rows

Outcome = Literal["added", "merged", "unchanged"]

# So many entries are stored between two looks at the time: about a millisecond's worth.
_AT_ONCE = 64
_INTO_ENTRY = (
    "entry (listing_id, position, line, paper_id, listed_on, published, yearless, upvotes, comment_count,"
    " announce_type, said)"
)
_paper = msgspec.json.Decoder(Paper)
_json = msgspec.json.Encoder()


class Placed(msgspec.Struct, frozen=True):
    """Where an entry went: its paper, what that did, and how many stored papers it showed to be one."""

    paper_id: int
    outcome: Outcome
    joined: int = 0


def place_all(
    connection: sqlite3.Connection,
    listing: ListingKey,
    position: int,
    waiting: Sequence[ReadyEntry],
    in_time: Callable[[], bool],
) -> list[Placed]:
    """Store entries of `listing`, the first of them at `position` (from 1): as many as there is time for, at least one.

    The library comes out as by `place` one after the other.
    """
    placed: list[Placed] = []
    for is_new, run in groupby(unseen.are_unseen(connection, [each.keys for each in waiting])):
        left = len(list(run))
        while left:
            if placed and not in_time():
                return placed
            at = len(placed)
            if is_new:
                placed += _put_all(connection, listing, position + at, waiting[at : at + min(left, _AT_ONCE)])
            else:
                placed.append(_place(connection, listing, position + at, waiting[at]))
            left -= len(placed) - at
    return placed


def place(connection: sqlite3.Connection, listing: ListingKey, position: int, entry: Entry, today: date) -> Placed:
    """Store the cleaned entry at `position` (from 1) of `listing`."""
    return _place(connection, listing, position, prepare_entry(listing, entry, today))


def refold(connection: sqlite3.Connection, number: int) -> bool:
    """Work the paper `number` out of its entries again; whether that changed what is known of it."""
    stored = rows.read(connection, number)
    assert stored is not None
    said = _said(connection, number, stored.paper)
    if not said:
        return False
    folded = merge.merge_entries(said)
    families = " ".join(sorted({each.family for each in said}))
    _put_aliases(connection, number, identity.aliases(folded.paper, (each.paper for each in said)))
    (known_by,) = connection.execute("SELECT families FROM paper WHERE id = ?", (number,)).fetchone()
    if folded == stored and families == known_by:
        return False
    rows.update(connection, number, rows.rows_of(folded, families))
    return msgspec.structs.replace(folded, sources=stored.sources) != stored or families != known_by


def unlist(connection: sqlite3.Connection, number: int) -> None:
    """The paper `number` has no entries any more: what is known of it stays, but no listing names it on any day."""
    stored = rows.read(connection, number)
    assert stored is not None
    (families,) = connection.execute("SELECT families FROM paper WHERE id = ?", (number,)).fetchone()
    alone = msgspec.structs.replace(stored, sources={}, first_listed=None, last_listed=None)
    rows.update(connection, number, rows.rows_of(alone, families))


def join(connection: sqlite3.Connection, kept: int, gone: int) -> None:
    """Two stored papers are one: `kept` takes the entries and the reader's marks of `gone`."""
    for number in (kept, gone):
        stored = rows.read(connection, number)
        assert stored is not None
        _write_out(connection, number, stored.paper)
    connection.execute("UPDATE entry SET paper_id = ? WHERE paper_id = ?", (kept, gone))
    joined_marks.join(connection, kept, gone)
    rows.delete(connection, gone)
    connection.execute("UPDATE joined SET kept = ? WHERE kept = ?", (kept, gone))
    connection.execute("INSERT OR REPLACE INTO joined (gone, kept, at) VALUES (?, ?, ?)", (gone, kept, _now()))
    refold(connection, kept)


def without(connection: sqlite3.Connection, number: int, held: Container[int]) -> None:
    """Work the paper `number` out of the entries it has left: what one taken out held together falls apart.

    A part is a paper by itself, under the number and with the marks it had before it was joined if there is one.
    Numbers of `held` that no part takes go on leading to the paper `number`.
    """
    stored = rows.read(connection, number)
    assert stored is not None
    said = _said(connection, number, stored.paper)
    joined = dict(connection.execute("SELECT gone, at FROM joined WHERE kept = ? ORDER BY gone", (number,)).fetchall())
    ids = {each.paper.arxiv_id for each in said}
    if not joined and (len(said) == 1 or (len(ids) == 1 and None not in ids)):
        refold(connection, number)
        _write_short(connection, number)
        return
    _write_out(connection, number, stored.paper)
    rows.delete(connection, number)
    connection.execute("DELETE FROM joined WHERE kept = ?", (number,))
    connection.execute("UPDATE entry SET paper_id = 0 WHERE paper_id = ?", (number,))
    _place_again(connection, said, [number, *joined])
    parted: list[int] = []
    for gone, at in joined.items():
        if connection.execute("SELECT 1 FROM paper WHERE id = ?", (gone,)).fetchone():
            parted.append(gone)
        elif gone in held:
            connection.execute("INSERT OR IGNORE INTO joined (gone, kept, at) VALUES (?, ?, ?)", (gone, number, at))
        connection.execute("UPDATE joined SET at = ? WHERE gone = ?", (at, gone))
    joined_marks.part(connection, number, parted)


def _place(connection: sqlite3.Connection, listing: ListingKey, position: int, one: ReadyEntry) -> Placed:
    paper = one.paper()
    matches = identity.matches(connection, paper, listing.family)
    if not matches:
        number = rows.insert(connection, one.paper_rows)
        _insert_entry(connection, listing, position, one, number, None)
        return Placed(number, "added")
    kept = matches[0]
    for gone in matches[1:]:
        join(connection, kept, gone)
    stored = rows.read(connection, kept)
    assert stored is not None
    again = _read_before(connection, kept, listing)
    # Both as `merge` would have it, so that equal entries are equal.
    if _content(merge.merge_one(paper)) == _content(stored.paper) and _all_alike(connection, kept):
        record = None
    else:
        _write_out(connection, kept, stored.paper)
        record = _json.encode(paper).decode()
    _insert_entry(connection, listing, position, one, kept, record)
    changed = refold(connection, kept)
    outcome: Outcome = "unchanged" if again and not changed and len(matches) == 1 else "merged"
    return Placed(kept, outcome, len(matches) - 1)


def _put_all(
    connection: sqlite3.Connection, listing: ListingKey, position: int, new: Sequence[ReadyEntry]
) -> list[Placed]:
    """Store entries that are each about a paper of its own, of which nothing is known yet."""
    first = rows.insert_all(connection, [each.paper_rows for each in new])
    rows.insert_into(
        connection,
        _INTO_ENTRY,
        [(listing.id, position + at, each.line, first + at, *each.row, None) for at, each in enumerate(new)],
    )
    return [Placed(first + at, "added") for at in range(len(new))]


def _put_aliases(connection: sqlite3.Connection, number: int, keys: set[int]) -> None:
    """Make the stored aliases of a paper be these."""
    found = {key for (key,) in connection.execute("SELECT key FROM alias WHERE paper_id = ?", (number,))}
    for key in found - keys:
        connection.execute("DELETE FROM alias WHERE key = ? AND paper_id = ?", (key, number))
    for key in keys - found:
        connection.execute("INSERT INTO alias (key, paper_id) VALUES (?, ?)", (key, number))


def _content(paper: Paper) -> Paper:
    """What of an entry's paper is kept with the paper; the rest is in columns of the entry itself."""
    return msgspec.structs.replace(paper, published=None, published_to="day", upvotes=None, comment_count=None)


def _all_alike(connection: sqlite3.Connection, number: int) -> bool:
    """Whether every entry of the paper says just what the paper holds."""
    row = connection.execute(
        "SELECT 1 FROM entry WHERE paper_id = ? AND said IS NOT NULL LIMIT 1", (number,)
    ).fetchone()
    return row is None


def _write_out(connection: sqlite3.Connection, number: int, paper: Paper) -> None:
    """Before the paper changes, its entries that said just what it holds get a record of their own."""
    connection.execute(
        "UPDATE entry SET said = ? WHERE paper_id = ? AND said IS NULL",
        (_json.encode(paper).decode(), number),
    )


def _write_short(connection: sqlite3.Connection, number: int) -> None:
    """Entries of a paper that all say just what it holds need no record of their own."""
    stored = rows.read(connection, number)
    assert stored is not None
    held = _content(stored.paper)
    if all(_content(merge.merge_entries([each]).paper) == held for each in _said(connection, number, stored.paper)):
        connection.execute("UPDATE entry SET said = NULL WHERE paper_id = ?", (number,))


def _place_again(connection: sqlite3.Connection, said: Sequence[EntryRecord], numbers: Sequence[int]) -> None:
    """Place entries that have a record and no paper, in this order, apart from all others. Parts take `numbers` first.

    Of papers that an entry joins the first one stays, so that the first of `numbers` always does.
    """
    free = list(numbers)
    parts: set[int] = set()
    for each in said:
        matches = identity.matches(connection, each.paper, each.family, parts)
        for gone in matches[1:]:
            join(connection, matches[0], gone)
        if matches:
            number = matches[0]
            stored = rows.read(connection, number)
            assert stored is not None
            _write_out(connection, number, stored.paper)
        else:
            made = rows.rows_of(merge.merge_entries([each]), each.family)
            number = rows.insert(connection, made, free.pop(0) if free else None)
        connection.execute("UPDATE entry SET paper_id = ? WHERE id = ?", (number, each.entry_id))
        refold(connection, number)
        parts = parts - set(matches) | {number}
    for number in parts:
        _write_short(connection, number)


def _said(connection: sqlite3.Connection, number: int, stored: Paper) -> list[EntryRecord]:
    entries = connection.execute(
        "SELECT e.id, l.family, l.path, e.listed_on, e.published, e.yearless, e.upvotes, e.comment_count, e.said"
        " FROM entry e JOIN listing l ON l.id = e.listing_id WHERE e.paper_id = ? ORDER BY e.id",
        (number,),
    ).fetchall()
    said: list[EntryRecord] = []
    for entry_id, family, path, listed_on, published, yearless, upvotes, comment_count, record in entries:
        day, known_to = rows.parse_published(published)
        paper = msgspec.structs.replace(
            _paper.decode(record) if record else stored,
            published=day,
            published_to=known_to,
            upvotes=upvotes,
            comment_count=comment_count,
        )
        said.append(
            EntryRecord(
                entry_id=entry_id,
                family=family,
                path=path,
                paper=paper,
                listed_on=rows.parse_day(listed_on),
                year_printed=not yearless,
            )
        )
    return said


def _read_before(connection: sqlite3.Connection, number: int, listing: ListingKey) -> bool:
    """Whether an earlier state of the same file held the paper."""
    row = connection.execute(
        "SELECT 1 FROM entry e JOIN listing l ON l.id = e.listing_id"
        " WHERE e.paper_id = ? AND l.path = ? AND l.id <> ? LIMIT 1",
        (number, listing.path, listing.id),
    ).fetchone()
    return row is not None


def _insert_entry(
    connection: sqlite3.Connection, listing: ListingKey, position: int, one: ReadyEntry, number: int, record: str | None
) -> None:
    rows.insert_into(connection, _INTO_ENTRY, [(listing.id, position, one.line, number, *one.row, record)])


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
