"""Finding the year of dates that a listing prints without a year from other listings with the same papers.

When one listing prints the year of a paper's date, other listings that print this date without a year get that year.
These listings may then provide the year for further listings. Every function takes a connection inside a write
transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date

from store.importing.entries import refold
from store.importing.years import RULE_TEXT, STRENGTH, agreed, on
from store.model.partial_date import MonthDay
from store.papers import stored_papers

# If a listing has at most this many entries, a query reads these entries first and then the other entries of their
# papers, because the listing is much smaller than the library. A web page never has more entries.
_LARGEST_PAGE = 5_000


def settle_years(connection: sqlite3.Connection, listing_id: int, today: date) -> list[str]:
    """Determine again the year of an imported listing, and the years of other listings that depend on it.

    Returns a sentence for every listing, apart from the one that was just read, whose year has changed.
    """
    changed: list[str] = []
    waiting = [listing_id, *_dependents(connection, listing_id)]
    # Listings whose evidence for their year became stronger. Each is handled only once: two listings that contradict
    # each other could change each other's year for ever.
    firm: set[int] = set()
    while waiting:
        number = waiting.pop(0)
        is_firmer, sentence = _settle_again(connection, number, today)
        if is_firmer:
            firm.add(number)
            waiting += [each for each in _dependents(connection, number) if each not in waiting]
            waiting = [each for each in waiting if each not in firm]
        if sentence and number != listing_id:
            changed.append(sentence)
    return changed


def redate(
    connection: sqlite3.Connection, listing_id: int, year: int | None, listed_on: date | None, today: date
) -> None:
    """Set the listing day of a listing, and set the year of its dates that were printed without a year."""
    before = connection.execute("SELECT listed_on FROM listing WHERE id = ?", (listing_id,)).fetchone()[0]
    connection.execute(
        "UPDATE listing SET year = ?, listed_on = ? WHERE id = ?",
        (year, stored_papers.day_text(listed_on), listing_id),
    )
    connection.execute(
        "UPDATE entry SET listed_on = ? WHERE listing_id = ? AND listed_on IS ?",
        (stored_papers.day_text(listed_on), listing_id, before),
    )
    if year is not None:
        yearless = connection.execute(
            "SELECT id, published FROM entry WHERE listing_id = ? AND yearless = 1 AND published IS NOT NULL",
            (listing_id,),
        ).fetchall()
        for entry_id, published in yearless:
            day = date.fromisoformat(published)
            settled = on(year, MonthDay(day.month, day.day), today)
            connection.execute("UPDATE entry SET published = ? WHERE id = ?", (settled.isoformat(), entry_id))
    for (number,) in connection.execute(
        "SELECT DISTINCT paper_id FROM entry WHERE listing_id = ?", (listing_id,)
    ).fetchall():
        refold(connection, number)


def loosen_years(connection: sqlite3.Connection, listing_id: int) -> list[int]:
    """Mark the listings that took their years from a listing that is about to be removed.

    Returns the ids of the marked listings, which are called loose. Their dates do not change until `settle_loose_years`
    is called.
    """
    waiting, loosened = [listing_id], {listing_id}
    while waiting:
        for number in _dependents(connection, waiting.pop()):
            row = connection.execute(
                "UPDATE listing SET listed_on_rule = own_rule WHERE id = ? AND listed_on_rule = 'other-listing'"
                " AND own_rule IS NOT NULL RETURNING id",
                (number,),
            ).fetchone()
            if row and number not in loosened:
                loosened.add(number)
                waiting.append(number)
    return sorted(loosened - {listing_id})


def settle_loose_years(connection: sqlite3.Connection, loose: Iterable[int], today: date) -> list[str]:
    """Determine again the years of the listings in `loose`, and of those that an interrupted undo has marked as loose.

    Returns a sentence for each listing whose year has changed.
    """
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
        own_day = on(own_year, printed, today) if printed and own_year else stored_papers.parse_day(listed_on)
        redate(connection, number, own_year, own_day, today)
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


def _dependents(connection: sqlite3.Connection, listing_id: int) -> list[int]:
    """The ids of the other listings that share a paper with this listing and print the paper's date without a year."""
    (length,) = connection.execute("SELECT stored FROM listing WHERE id = ?", (listing_id,)).fetchone()
    # Begin the join with the smaller side: the entries of this listing, or all entries of the library whose dates were
    # printed without a year.
    if length <= _LARGEST_PAGE:
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
    """Determine the year of a listing from other listings.

    Returns whether the evidence for the year is stronger now, and a sentence if the year has changed, else None.
    """
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
    # Prefer the years that other listings print. Use the years that recto derived for other listings only if no listing
    # prints one.
    agreed_year = agreed(int(witness) for _, yearless, witness in witnesses if not yearless)
    agreed_year = agreed_year or agreed(int(witness) for _, _, witness in witnesses)
    if agreed_year is None:
        return False, None
    connection.execute("UPDATE listing SET listed_on_rule = 'other-listing' WHERE id = ?", (listing_id,))
    if agreed_year == year:
        return rule != "other-listing", None
    printed = _month_day(month_day)
    settled = on(agreed_year, printed, today) if printed else stored_papers.parse_day(listed_on)
    redate(connection, listing_id, agreed_year, settled, today)
    return True, f"the year of {path} is {agreed_year}, {RULE_TEXT['other-listing']}"


def _month_day(stored: str | None) -> MonthDay | None:
    return MonthDay(*map(int, stored.split("-"))) if stored else None
