"""Finds the marked papers that have changed: those with a new version, venue (journal reference), title or abstract.

The library stores each entry, which is one listing's description of a paper. So the changes are found by comparing the
entries of the paper.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from store.papers import revisions
from store.papers.revisions import FactChange
from store.papers.stored_papers import parse_day

# Selects the papers with a mark that shows interest, each with the time of its first such mark, or "" when that is
# unknown. Papers that were only seen or hidden are left out.
_MARKED = (
    "SELECT paper_id, min(at) AS at FROM ("
    "SELECT paper_id, bookmarked_at AS at FROM mark WHERE bookmarked_at IS NOT NULL"
    " UNION ALL SELECT paper_id, status_at FROM mark WHERE status IN ('reading', 'done')"
    " UNION ALL SELECT paper_id, '' FROM mark WHERE note IS NOT NULL OR rating IS NOT NULL"
    " UNION ALL SELECT paper_id, coalesce(queued_at, '') FROM queue"
    " UNION ALL SELECT paper_id, coalesce(added_at, '') FROM collection"
    " UNION ALL SELECT paper_id, '' FROM tag) GROUP BY paper_id"
)
# Selects the marked papers that have two entries which differ in one of the compared fields. Papers whose entries
# differ only in spelling are left out later, by `revisions`.
_DIFFERING = (
    f"SELECT m.paper_id, m.at FROM ({_MARKED}) m JOIN entry e ON e.paper_id = m.paper_id WHERE e.said IS NOT NULL"
    " GROUP BY m.paper_id HAVING count(*) > 1"
    " AND count(DISTINCT json_extract(e.said, '$.arxiv_version', '$.venue', '$.title', '$.abstract')) > 1"
)
# The entries of this many papers are read and compared at a time.
_BATCH = 500


def papers(connection: sqlite3.Connection) -> list[int]:
    """The marked papers that have changed since the user first marked them, the latest change first.

    If the time at which a paper was marked is unknown, all its changes count.
    """
    marked_at: dict[int, str] = dict(connection.execute(_DIFFERING))
    numbers = list(marked_at)
    latest: dict[int, date] = {}
    for start in range(0, len(numbers), _BATCH):
        batch = numbers[start : start + _BATCH]
        texts, facts = revisions.of_all(connection, batch), fact_changes(connection, batch)
        for number in batch:
            changed_on = [each.seen_on for each in texts.get(number, ())]
            changed_on += [each.seen_on for each in facts.get(number, ())]
            marked = parse_day(marked_at[number][:10]) or date.min
            if days := [day for day in changed_on if day >= marked]:
                latest[number] = max(days)
    return sorted(latest, key=lambda number: (latest[number], number), reverse=True)


def fact_changes(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, tuple[FactChange, ...]]:
    """The new versions and venues of each of these papers, oldest first. Papers without new ones are left out.

    For an entry without a day, the day on which its listing was imported is used.
    """
    found: dict[int, list[tuple[str, int | None, str | None]]] = {}
    for number, listed_on, updated, first_read, version, venue in connection.execute(
        "SELECT e.paper_id, e.listed_on, json_extract(e.said, '$.updated'), l.first_read,"
        " json_extract(e.said, '$.arxiv_version'), json_extract(e.said, '$.venue')"
        " FROM json_each(?) i JOIN entry e ON e.paper_id = i.value JOIN listing l ON l.id = e.listing_id"
        " WHERE e.said IS NOT NULL",
        (msgspec.json.encode(list(numbers)).decode(),),
    ):
        if day := max([each for each in (listed_on, updated) if each], default=first_read[:10]):
            found.setdefault(number, []).append((day, version, venue))
    changes = {number: tuple(_changes(entries)) for number, entries in found.items() if len(entries) > 1}
    return {number: each for number, each in changes.items() if each}


def _changes(entries: Iterable[tuple[str, int | None, str | None]]) -> list[FactChange]:
    # Imported here and not at the top of the module, because few papers have several entries.
    from store.matching.title_merging import fold_title

    changes: list[FactChange] = []
    version: int | None = None
    venue = first_day = ""
    known: set[str] = set()
    for day, new_version, new_venue in sorted(entries, key=lambda entry: (entry[0], entry[1] or 0, entry[2] or "")):
        first_day = first_day or day
        if new_version is not None:
            if version is not None and new_version > version:
                changes.append(FactChange("version", f"v{version}", f"v{new_version}", date.fromisoformat(day)))
            version = max(version or 0, new_version)
        if new_venue and (folded := fold_title(new_venue)) not in known:
            if day > first_day:
                changes.append(FactChange("venue", venue, new_venue, date.fromisoformat(day)))
            known.add(folded)
            venue = new_venue
    return changes
