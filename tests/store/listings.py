"""A function for tests that stores listings in a library without importing a file."""

from __future__ import annotations

from datetime import date

from store.importing import entries
from store.importing.entries import ListingKey
from store.library.library import Library
from store.model.entry import Entry
from store.model.paper import Paper

_TODAY = date(2026, 7, 15)


def add_listing(
    library: Library, day: date | None, *papers: Paper | str, family: str = "hf", first_read: str = ""
) -> list[int]:
    """Store a listing of papers, or of papers with these titles, and return the ids of the papers."""
    with library.writing(durable=False) as connection:
        (number,) = connection.execute("SELECT count(*) + 1 FROM listing").fetchone()
        connection.execute(
            "INSERT INTO listing (id, content, path, size, format, family, state, stored, entries, first_read)"
            " VALUES (?1, ?1, ?1, 0, ?2, ?2, 'read', 0, 0, ?3)",
            (number, family, first_read),
        )
        key = ListingKey(number, f"{number}", family, day, None)
        described = (paper if isinstance(paper, Paper) else Paper(title=paper) for paper in papers)
        return [
            entries.place(connection, key, position, Entry(paper=paper), _TODAY).paper_id
            for position, paper in enumerate(described, 1)
        ]
