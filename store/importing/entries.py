"""Storing entries: each entry is matched to its paper, merged with the other entries of that paper, and stored.

An entry is the description of one paper in one listing; several entries may be about the same paper. Every function
takes a connection inside a write transaction. The table `entry` stores the Paper that the entry described as JSON in
the column `said`, which is called the record of the entry. To save space, the column is NULL when the entry described
exactly the paper that is stored.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Literal

import msgspec

from store.importing import unseen
from store.importing.prepare import ListingKey, ReadyEntry, prepare_entry
from store.marks import derived_marks
from store.matching import merge, same_paper
from store.matching.merge import EntryRecord
from store.model.entry import Entry
from store.model.paper import Paper
from store.papers import stored_keys, stored_papers

Outcome = Literal["added", "merged", "unchanged"]

# At most this many entries of one listing about one paper are stored. Each further entry makes matching slower, so a
# small file that repeats a paper would otherwise take hours. Real listings repeat a paper a few times.
MOST_OF_ONE_PAPER = 64
# After this many entries, recto checks whether it may go on storing. Storing this many takes about 1 ms.
_AT_ONCE = 64
_ENTRY_COLUMNS = (
    "entry (listing_id, position, line, paper_id, listed_on, published, yearless, upvotes, comment_count,"
    " announce_type, said)"
)
_paper = msgspec.json.Decoder(Paper)
_json = msgspec.json.Encoder()


class Placed(msgspec.Struct, frozen=True):
    """The result of storing an entry.

    `paper_id` is the paper of the entry. `outcome` is "added" for a new paper and "merged" for a stored one. It is
    "unchanged" for a stored paper that an earlier version of the same file contained, if the entry changed nothing.
    `joined` is how many other stored papers were joined to this paper, because the entry showed that they are the same.
    `is_left_out` is True for an entry that was not stored, because MOST_OF_ONE_PAPER earlier entries of the listing are
    about the same paper.
    """

    paper_id: int
    outcome: Outcome
    joined: int = 0
    is_left_out: bool = False


def place_all(
    connection: sqlite3.Connection,
    listing: ListingKey,
    position: int,
    entries: Sequence[ReadyEntry],
    in_time: Callable[[], bool],
) -> list[Placed]:
    """Store entries of `listing` in order, the first at `position` (from 1), until `in_time` returns False.

    The first entry is stored even if `in_time` returns False at once. The result is the same as that of calling `place`
    for each entry. Returns one result for each stored entry.
    """
    placed: list[Placed] = []
    for is_new, run in groupby(unseen.are_unseen(connection, [entry.keys for entry in entries])):
        remaining = len(list(run))
        while remaining:
            if placed and not in_time():
                return placed
            at = len(placed)
            if is_new:
                placed += _put_all(connection, listing, position + at, entries[at : at + min(remaining, _AT_ONCE)])
            else:
                placed.append(_place(connection, listing, position + at, entries[at]))
            remaining -= len(placed) - at
    return placed


def place(connection: sqlite3.Connection, listing: ListingKey, position: int, entry: Entry, today: date) -> Placed:
    """Store `entry` at `position` (from 1) of `listing`. The caller must have cleaned the text of the entry."""
    return _place(connection, listing, position, prepare_entry(listing, entry, today))


def refold(connection: sqlite3.Connection, number: int) -> bool:
    """Compute the paper with the id `number` again from all its entries. Returns whether the paper has changed."""
    stored = stored_papers.read(connection, number)
    assert stored is not None
    records = read_records(connection, number, stored.paper)
    if not records:
        return False
    merged = merge.merge_entries(records)
    families = " ".join(sorted({record.family for record in records}))
    _put_aliases(connection, number, same_paper.aliases(merged.paper, (record.paper for record in records)))
    (stored_families,) = connection.execute("SELECT families FROM paper WHERE id = ?", (number,)).fetchone()
    if merged == stored and families == stored_families:
        return False
    stored_papers.update(connection, number, stored_papers.rows_of(merged, families))
    return msgspec.structs.replace(merged, sources=stored.sources) != stored or families != stored_families


def unlist(connection: sqlite3.Connection, number: int) -> None:
    """Remove the listing days and the sources of the paper `number`, which has no entries any more.

    The paper itself stays in the library, for example because the user has marked it.
    """
    stored = stored_papers.read(connection, number)
    assert stored is not None
    (families,) = connection.execute("SELECT families FROM paper WHERE id = ?", (number,)).fetchone()
    unlisted = msgspec.structs.replace(stored, sources={}, first_listed=None, last_listed=None)
    stored_papers.update(connection, number, stored_papers.rows_of(unlisted, families))


def join(connection: sqlite3.Connection, remaining_id: int, joined_id: int, cause: int) -> None:
    """Join two stored papers that are the same.

    The paper `remaining_id` gets the entries and marks of the paper `joined_id`, which is then deleted. `cause` is the
    id of the entry which shows that the two are the same.
    """
    for number in (remaining_id, joined_id):
        stored = stored_papers.read(connection, number)
        assert stored is not None
        write_records(connection, number, stored.paper)
    connection.execute(
        "UPDATE entry SET paper_id = ?1, first_paper_id = coalesce(first_paper_id, ?2) WHERE paper_id = ?2",
        (remaining_id, joined_id),
    )
    stored_papers.delete(connection, joined_id)
    connection.execute("UPDATE joined SET kept = ? WHERE kept = ?", (remaining_id, joined_id))
    connection.execute(
        "INSERT OR REPLACE INTO joined (gone, kept, at, parent, cause) VALUES (?1, ?2, ?3, ?2, ?4)",
        (joined_id, remaining_id, _now(), cause),
    )
    derived_marks.derive(connection, [remaining_id, joined_id])
    refold(connection, remaining_id)


def _place(connection: sqlite3.Connection, listing: ListingKey, position: int, entry: ReadyEntry) -> Placed:
    paper = entry.paper()
    matches = same_paper.matches(connection, paper, listing.family)
    if not matches:
        number = stored_papers.insert(connection, entry.paper_rows)
        _insert_entry(connection, listing, position, entry, number, None)
        stored_keys.offer(connection, number, entry.citation_key)
        return Placed(number, "added")
    paper_id = matches[0]
    if _is_full(connection, paper_id, listing):
        return Placed(paper_id, "unchanged", is_left_out=True)
    for other_id in matches[1:]:
        join(connection, paper_id, other_id, _next_id(connection))
    stored = stored_papers.read(connection, paper_id)
    assert stored is not None
    is_known = _was_in_file(connection, paper_id, listing)
    # `merge.merge_one` normalizes values. Call it before comparing, so that equal papers compare equal.
    if _content(merge.merge_one(paper)) == _content(stored.paper) and _all_entries_equal(connection, paper_id):
        record = None
    else:
        write_records(connection, paper_id, stored.paper)
        record = _json.encode(paper).decode()
    _insert_entry(connection, listing, position, entry, paper_id, record)
    stored_keys.offer(connection, paper_id, entry.citation_key)
    changed = refold(connection, paper_id)
    outcome: Outcome = "unchanged" if is_known and not changed and len(matches) == 1 else "merged"
    return Placed(paper_id, outcome, len(matches) - 1)


def _put_all(
    connection: sqlite3.Connection, listing: ListingKey, position: int, new: Sequence[ReadyEntry]
) -> list[Placed]:
    """Store each of the entries `new` as a new paper. The caller must have checked that they match no stored paper."""
    first = stored_papers.insert_all(connection, [each.paper_rows for each in new])
    stored_papers.insert_into(
        connection,
        _ENTRY_COLUMNS,
        [(listing.id, position + at, each.line, first + at, *each.row, None) for at, each in enumerate(new)],
    )
    for at, each in enumerate(new):
        if each.citation_key:
            stored_keys.offer(connection, first + at, each.citation_key)
    return [Placed(first + at, "added") for at in range(len(new))]


def _put_aliases(connection: sqlite3.Connection, number: int, keys: set[int]) -> None:
    """Replace the stored aliases of a paper by `keys`.

    Aliases are further keys by which entries are matched to the paper.
    """
    stored = {key for (key,) in connection.execute("SELECT key FROM alias WHERE paper_id = ?", (number,))}
    for key in stored - keys:
        connection.execute("DELETE FROM alias WHERE key = ? AND paper_id = ?", (key, number))
    for key in keys - stored:
        connection.execute("INSERT INTO alias (key, paper_id) VALUES (?, ?)", (key, number))


def _content(paper: Paper) -> Paper:
    """The paper without the fields that the table `entry` stores in separate columns.

    All other fields of an entry are stored only in the column `said`, as the JSON text of a paper.
    """
    return msgspec.structs.replace(paper, published=None, published_to="day", upvotes=None, comment_count=None)


def _all_entries_equal(connection: sqlite3.Connection, number: int) -> bool:
    """Whether `said` is NULL for all entries of the paper, so that each of them describes exactly the stored paper."""
    row = connection.execute(
        "SELECT 1 FROM entry WHERE paper_id = ? AND said IS NOT NULL LIMIT 1", (number,)
    ).fetchone()
    return row is None


def write_records(connection: sqlite3.Connection, number: int, paper: Paper) -> None:
    """Store `paper`, the paper as it is stored now, as the record of each of its entries that has no record.

    The caller must do this before it changes the stored paper: an entry without a record counts as equal to the stored
    paper, which would no longer be true after the change.
    """
    connection.execute(
        "UPDATE entry SET said = ? WHERE paper_id = ? AND said IS NULL",
        (_json.encode(paper).decode(), number),
    )


def drop_equal_records(connection: sqlite3.Connection, number: int) -> None:
    """Delete the records of all entries of a paper if each record equals the stored paper. This saves space."""
    stored = stored_papers.read(connection, number)
    assert stored is not None
    content = _content(stored.paper)
    records = read_records(connection, number, stored.paper)
    if all(_content(merge.merge_entries([record]).paper) == content for record in records):
        connection.execute("UPDATE entry SET said = NULL WHERE paper_id = ?", (number,))


def read_records(connection: sqlite3.Connection, number: int, stored: Paper) -> list[EntryRecord]:
    """The record of each entry of the paper `number`, in the order of import.

    For an entry without a record, the stored paper `stored` is used.
    """
    entries = connection.execute(
        "SELECT e.id, l.family, l.path, e.listed_on, e.published, e.yearless, e.upvotes, e.comment_count, e.said"
        " FROM entry e JOIN listing l ON l.id = e.listing_id WHERE e.paper_id = ? ORDER BY e.id",
        (number,),
    ).fetchall()
    records: list[EntryRecord] = []
    for entry_id, family, path, listed_on, published, yearless, upvotes, comment_count, said in entries:
        day, precision = stored_papers.parse_published(published)
        paper = msgspec.structs.replace(
            _paper.decode(said) if said else stored,
            published=day,
            published_to=precision,
            upvotes=upvotes,
            comment_count=comment_count,
        )
        records.append(
            EntryRecord(
                entry_id=entry_id,
                family=family,
                path=path,
                paper=paper,
                listed_on=stored_papers.parse_day(listed_on),
                year_printed=not yearless,
            )
        )
    return records


def _is_full(connection: sqlite3.Connection, number: int, listing: ListingKey) -> bool:
    """Whether `listing` already has MOST_OF_ONE_PAPER entries about the paper with the id `number`."""
    row = connection.execute(
        "SELECT 1 FROM entry WHERE paper_id = ? AND listing_id = ? LIMIT 1 OFFSET ?",
        (number, listing.id, MOST_OF_ONE_PAPER - 1),
    ).fetchone()
    return row is not None


def _was_in_file(connection: sqlite3.Connection, number: int, listing: ListingKey) -> bool:
    """Whether an earlier version of the listing's file, imported from the same path, contained the paper."""
    row = connection.execute(
        "SELECT 1 FROM entry e JOIN listing l ON l.id = e.listing_id"
        " WHERE e.paper_id = ? AND l.path = ? AND l.id <> ? LIMIT 1",
        (number, listing.path, listing.id),
    ).fetchone()
    return row is not None


def _insert_entry(
    connection: sqlite3.Connection,
    listing: ListingKey,
    position: int,
    entry: ReadyEntry,
    number: int,
    record: str | None,
) -> None:
    stored_papers.insert_into(
        connection, _ENTRY_COLUMNS, [(listing.id, position, entry.line, number, *entry.row, record)]
    )


def _next_id(connection: sqlite3.Connection) -> int:
    """The id that the next entry gets: SQLite gives a new row the largest id of the table plus one."""
    return int(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM entry").fetchone()[0])


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
