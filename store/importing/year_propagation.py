"""Years that listings find from one another: what one prints settles the dates of others, and these in turn theirs.

Every function takes a connection inside a write transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date

from store.importing.entries import refold
from store.importing.years import RULE_TEXT, STRENGTH, agreed, on
from store.model.partial_date import MonthDay
from store.papers import rows

# A listing with more entries than this is no page of papers.
_A_PAGE = 5_000


def settle_years(connection: sqlite3.Connection, listing_id: int, today: date) -> list[str]:
    """Find again the years that hang on a listing that came in, its own among them; what changed, in words.

    What another listing prints settles the years of a listing, and these in turn those of others.
    """
    changed: list[str] = []
    waiting = [listing_id, *_hanging_on(connection, listing_id)]
    # Each once, so that two listings that contradict each other come to an end.
    firm: set[int] = set()
    while waiting:
        number = waiting.pop(0)
        firmer, words = _settle_again(connection, number, today)
        if firmer:
            firm.add(number)
            waiting += [each for each in _hanging_on(connection, number) if each not in waiting]
            waiting = [each for each in waiting if each not in firm]
        if words and number != listing_id:
            changed.append(words)
    return changed


def redate(
    connection: sqlite3.Connection, listing_id: int, year: int | None, listed_on: date | None, today: date
) -> None:
    """Give the dates of a listing that were printed without a year another one, and the listing its day."""
    before = connection.execute("SELECT listed_on FROM listing WHERE id = ?", (listing_id,)).fetchone()[0]
    connection.execute(
        "UPDATE listing SET year = ?, listed_on = ? WHERE id = ?",
        (year, rows.day_text(listed_on), listing_id),
    )
    connection.execute(
        "UPDATE entry SET listed_on = ? WHERE listing_id = ? AND listed_on IS ?",
        (rows.day_text(listed_on), listing_id, before),
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


def loosen_years(connection: sqlite3.Connection, listing_id: int) -> list[int]:
    """Listings whose years may hang on what a listing says that is to go; from now on they hang on nothing.

    Their dates stay until `settle_loose_years`.
    """
    waiting, found = [listing_id], {listing_id}
    while waiting:
        for number in _hanging_on(connection, waiting.pop()):
            row = connection.execute(
                "UPDATE listing SET listed_on_rule = own_rule WHERE id = ? AND listed_on_rule = 'other-listing'"
                " AND own_rule IS NOT NULL RETURNING id",
                (number,),
            ).fetchone()
            if row and number not in found:
                found.add(number)
                waiting.append(number)
    return sorted(found - {listing_id})


def settle_loose_years(connection: sqlite3.Connection, loose: Iterable[int], today: date) -> list[str]:
    """Find again the years of `loose` listings, and of such as an interrupted `loosen_years` left; what changed."""
    left = connection.execute(
        "SELECT id FROM listing WHERE listed_on_rule = own_rule AND year IS NOT own_year"
        " AND own_rule IN ('newest-printed', 'modified')"
    )
    numbers = sorted({*loose, *(number for (number,) in left)})
    find = "SELECT path, month_day, listed_on, own_year, year FROM listing WHERE id = ?"
    before: dict[int, int | None] = {}
    for number in numbers:
        _, month_day, listed_on, own_year, before[number] = connection.execute(find, (number,)).fetchone()
        printed = _month_day(month_day)
        alone = on(own_year, printed, today) if printed and own_year else rows.parse_day(listed_on)
        redate(connection, number, own_year, alone, today)
    for number in numbers:
        settle_years(connection, number, today)
    changed: list[str] = []
    for number in numbers:
        path, year, rule = connection.execute(
            "SELECT path, year, listed_on_rule FROM listing WHERE id = ?", (number,)
        ).fetchone()
        if year != before[number]:
            changed.append(f"the year of {path} is {year}, {RULE_TEXT[rule]}")
    return changed


def _hanging_on(connection: sqlite3.Connection, listing_id: int) -> list[int]:
    """The other listings that show a paper of this one with a date without its year."""
    (length,) = connection.execute("SELECT stored FROM listing WHERE id = ?", (listing_id,)).fetchone()
    # The shorter side first: a page of papers, or all dates there are without a year.
    if length <= _A_PAGE:
        sides = "entry mine CROSS JOIN entry other"
    else:
        sides = "entry other INDEXED BY idx_entry_yearless CROSS JOIN entry mine"
    numbers = connection.execute(
        f"SELECT DISTINCT other.listing_id FROM {sides} ON other.paper_id = mine.paper_id"
        " WHERE mine.listing_id = ?1 AND other.yearless = 1 AND other.listing_id <> ?1 ORDER BY 1",
        (listing_id,),
    )
    return [number for (number,) in numbers]


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
    printed = _month_day(month_day)
    settled = on(found, printed, today) if printed else rows.parse_day(listed_on)
    redate(connection, listing_id, found, settled, today)
    return True, f"the year of {path} is {found}, {RULE_TEXT['other-listing']}"


def _month_day(stored: str | None) -> MonthDay | None:
    return MonthDay(*map(int, stored.split("-"))) if stored else None
