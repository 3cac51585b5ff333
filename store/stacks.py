"""Entries meet papers: each entry is matched to the paper it is about, merged with what is known, and stored.

Every function takes a connection inside a write transaction.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from typing import Literal

import msgspec

from store import identity, merge, reading, shelf
from store.merge import Said
from store.paper import Entry, MonthDay, Paper
from store.years import RULE_TEXT, STRENGTH, agreed, exists, on

Outcome = Literal["added", "merged", "unchanged"]

# A listing with more entries than this is no page of papers.
_A_PAGE = 5_000

_paper = msgspec.json.Decoder(Paper)
_json = msgspec.json.Encoder()


class Placed(msgspec.Struct, frozen=True):
    """Where an entry went: its paper, what that did, and how many stored papers it showed to be one."""

    paper_id: int
    outcome: Outcome
    joined: int = 0


class ListingKey(msgspec.Struct, frozen=True):
    """The listing that entries are stored under. `year` is what its dates without one mean."""

    id: int
    path: str
    family: str
    listed_on: date | None
    year: int | None


def place(connection: sqlite3.Connection, listing: ListingKey, position: int, entry: Entry, today: date) -> Placed:
    """Store the cleaned entry at `position` (from 1) of `listing`."""
    paper = identity.normal(entry.paper)
    if entry.published_on is not None:
        paper = msgspec.structs.replace(paper, published=_dated(entry.published_on, listing, today))
    said = Said(
        entry_id=0,
        family=listing.family,
        paper=paper,
        listed_on=entry.listed_on or listing.listed_on,
        year_printed=not _yearless(entry),
    )
    alone = merge.fold([said])
    matches = identity.matches(connection, paper, listing.family)
    if not matches:
        number = shelf.put(connection, alone, listing.family)
        _insert_entry(connection, listing, position, entry, paper, number, None)
        return Placed(number, "added")
    kept = matches[0]
    for gone in matches[1:]:
        join(connection, kept, gone)
    stored = shelf.get(connection, kept)
    assert stored is not None
    again = _read_before(connection, kept, listing)
    # Both as `merge` would have it, so that equal entries are equal.
    if _content(alone.paper) == _content(stored.paper) and _all_alike(connection, kept):
        record = None
    else:
        _write_out(connection, kept, stored.paper)
        record = _json.encode(paper).decode()
    _insert_entry(connection, listing, position, entry, paper, kept, record)
    changed = refold(connection, kept)
    outcome: Outcome = "unchanged" if again and not changed and len(matches) == 1 else "merged"
    return Placed(kept, outcome, len(matches) - 1)


def refold(connection: sqlite3.Connection, number: int) -> bool:
    """Work the paper `number` out of its entries again; whether that changed what is known of it."""
    stored = shelf.get(connection, number)
    assert stored is not None
    said = _said(connection, number, stored.paper)
    if not said:
        return False
    folded = merge.fold(said)
    families = " ".join(sorted({each.family for each in said}))
    _put_aliases(connection, number, identity.aliases(folded.paper, (each.paper for each in said)))
    (known_by,) = connection.execute("SELECT families FROM paper WHERE id = ?", (number,)).fetchone()
    if folded == stored and families == known_by:
        return False
    shelf.replace(connection, number, folded, families)
    return msgspec.structs.replace(folded, sources=stored.sources) != stored or families != known_by


def join(connection: sqlite3.Connection, kept: int, gone: int) -> None:
    """Two stored papers are one: `kept` takes the entries and the reader's marks of `gone`."""
    for number in (kept, gone):
        stored = shelf.get(connection, number)
        assert stored is not None
        _write_out(connection, number, stored.paper)
    connection.execute("UPDATE entry SET paper_id = ? WHERE paper_id = ?", (kept, gone))
    reading.join(connection, kept, gone)
    shelf.remove(connection, gone)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    connection.execute("UPDATE joined SET kept = ? WHERE kept = ?", (kept, gone))
    connection.execute("INSERT OR REPLACE INTO joined (gone, kept, at) VALUES (?, ?, ?)", (gone, kept, now))
    refold(connection, kept)


def redate(
    connection: sqlite3.Connection, listing_id: int, year: int | None, listed_on: date | None, today: date
) -> None:
    """Give the dates of a listing that were printed without a year another one, and the listing its day."""
    before = connection.execute("SELECT listed_on FROM listing WHERE id = ?", (listing_id,)).fetchone()[0]
    connection.execute(
        "UPDATE listing SET year = ?, listed_on = ? WHERE id = ?",
        (year, shelf.stored_day(listed_on), listing_id),
    )
    connection.execute(
        "UPDATE entry SET listed_on = ? WHERE listing_id = ? AND listed_on IS ?",
        (shelf.stored_day(listed_on), listing_id, before),
    )
    if year is not None:
        yearless = connection.execute(
            "SELECT id, published FROM entry WHERE listing_id = ? AND yearless = 1 AND published IS NOT NULL",
            (listing_id,),
        ).fetchall()
        for entry_id, published in yearless:
            known = date.fromisoformat(published)
            settled = on(year, MonthDay(known.month, known.day), today)
            connection.execute("UPDATE entry SET published = ? WHERE id = ?", (settled.isoformat(), entry_id))
    for (number,) in connection.execute(
        "SELECT DISTINCT paper_id FROM entry WHERE listing_id = ?", (listing_id,)
    ).fetchall():
        refold(connection, number)


def settle_years(connection: sqlite3.Connection, listing_id: int, today: date) -> list[str]:
    """Find again the years that hang on a listing that came in, its own among them; what changed, in words.

    What another listing prints settles the years of a listing, and these in turn those of others.
    """
    changed: list[str] = []
    waiting = [listing_id, *_hanging_on(connection, listing_id)]
    settled: set[int] = set()
    while waiting:
        number = waiting.pop(0)
        if number not in settled:
            settled.add(number)
            firmer, words = _settle_again(connection, number, today)
            if firmer:
                waiting += _hanging_on(connection, number)
            if words and number != listing_id:
                changed.append(words)
    return changed


def _hanging_on(connection: sqlite3.Connection, listing_id: int) -> list[int]:
    """The other listings that show a paper of this one with a date without its year."""
    (length,) = connection.execute("SELECT stored FROM listing WHERE id = ?", (listing_id,)).fetchone()
    # The shorter side first: a page of papers, or all dates there are without a year.
    if length <= _A_PAGE:
        sides = "entry mine CROSS JOIN entry other"
    else:
        sides = "entry other INDEXED BY idx_entry_yearless CROSS JOIN entry mine"
    rows = connection.execute(
        f"SELECT DISTINCT other.listing_id FROM {sides} ON other.paper_id = mine.paper_id"
        " WHERE mine.listing_id = ?1 AND other.yearless = 1 AND other.listing_id <> ?1 ORDER BY 1",
        (listing_id,),
    )
    return [number for (number,) in rows]


def _settle_again(connection: sqlite3.Connection, listing_id: int, today: date) -> tuple[bool, str | None]:
    """Find a listing's year by what others say; whether it stands on firmer ground now, and a changed year in words."""
    path, month_day, listed_on, rule, year = connection.execute(
        "SELECT path, month_day, listed_on, listed_on_rule, year FROM listing WHERE id = ?", (listing_id,)
    ).fetchone()
    if rule not in STRENGTH or STRENGTH.index(rule) < STRENGTH.index("other-listing"):
        return False, None
    firm = STRENGTH[: STRENGTH.index("other-listing") + 1]
    witnesses = connection.execute(
        "SELECT DISTINCT other.id, other.yearless, substr(other.published, 1, 4) FROM entry mine JOIN entry other"
        " ON other.paper_id = mine.paper_id AND other.listing_id <> mine.listing_id"
        " AND substr(other.published, 6) = substr(mine.published, 6) JOIN listing l ON l.id = other.listing_id"
        f" WHERE mine.listing_id = ? AND mine.yearless = 1 AND (other.yearless = 0 OR l.listed_on_rule IN"
        f" ({', '.join('?' * len(firm))}))",
        (listing_id, *firm),
    ).fetchall()
    # A year that is printed counts for more than one that was found.
    found = agreed(int(said) for _, yearless, said in witnesses if not yearless)
    found = found or agreed(int(said) for _, _, said in witnesses)
    if found is None:
        return False, None
    connection.execute("UPDATE listing SET listed_on_rule = 'other-listing' WHERE id = ?", (listing_id,))
    if found == year:
        return rule != "other-listing", None
    printed = MonthDay(*map(int, month_day.split("-"))) if month_day else None
    settled = on(found, printed, today) if printed else shelf.day(listed_on)
    redate(connection, listing_id, found, settled, today)
    return True, f"the year of {path} is {found}, {RULE_TEXT['other-listing']}"


def _dated(day: MonthDay, listing: ListingKey, today: date) -> date | None:
    year = day.year or listing.year
    if year is None or not exists(day):
        return None
    return on(year, day, None if day.year else today)


def _yearless(entry: Entry) -> bool:
    return entry.published_on is not None and entry.published_on.year is None


def _put_aliases(connection: sqlite3.Connection, number: int, keys: set[int]) -> None:
    """Make the stored aliases of a paper be these."""
    found = {key for (key,) in connection.execute("SELECT key FROM alias WHERE paper_id = ?", (number,))}
    for key in found - keys:
        connection.execute("DELETE FROM alias WHERE key = ? AND paper_id = ?", (key, number))
    for key in keys - found:
        connection.execute("INSERT INTO alias (key, paper_id) VALUES (?, ?)", (key, number))


def _content(paper: Paper) -> Paper:
    """What of an entry's paper is kept with the paper; the rest is in columns of the entry itself."""
    return msgspec.structs.replace(paper, published=None, upvotes=None, comment_count=None)


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


def _said(connection: sqlite3.Connection, number: int, stored: Paper) -> list[Said]:
    rows = connection.execute(
        "SELECT e.id, l.family, l.path, e.listed_on, e.published, e.yearless, e.upvotes, e.comment_count, e.said"
        " FROM entry e JOIN listing l ON l.id = e.listing_id WHERE e.paper_id = ? ORDER BY e.id",
        (number,),
    ).fetchall()
    return [
        Said(
            entry_id=entry_id,
            family=family,
            path=path,
            paper=msgspec.structs.replace(
                _paper.decode(said) if said else stored,
                published=shelf.day(published),
                upvotes=upvotes,
                comment_count=comment_count,
            ),
            listed_on=shelf.day(listed_on),
            year_printed=not yearless,
        )
        for entry_id, family, path, listed_on, published, yearless, upvotes, comment_count, said in rows
    ]


def _read_before(connection: sqlite3.Connection, number: int, listing: ListingKey) -> bool:
    """Whether an earlier state of the same file held the paper."""
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
    entry: Entry,
    paper: Paper,
    number: int,
    record: str | None,
) -> None:
    connection.execute(
        "INSERT INTO entry (listing_id, position, line, paper_id, listed_on, published, yearless, upvotes,"
        " comment_count, announce_type, said) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            listing.id,
            position,
            entry.line,
            number,
            shelf.stored_day(entry.listed_on or listing.listed_on),
            shelf.stored_day(paper.published),
            int(_yearless(entry)),
            paper.upvotes,
            paper.comment_count,
            entry.announce_type,
            record,
        ),
    )
