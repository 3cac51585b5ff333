"""Papers for the tests of the search index, and a check that an index is complete and correct."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from store.importing import entries
from store.importing.entries import ListingKey
from store.library.library import Library
from store.model.entry import Entry
from store.model.paper import Paper
from store.search import index, index_sync, terms

TODAY = date(2026, 7, 15)
TITLES = ["Glaciers remember", "Slow bees", "Bees that sing", "Ünder the sea", "Notes on notes"]

_TEXTS = ("title", "authors", "organization", "venue", "abstract", "category", "family", "flag")
_ORDERS = ("newest", "listed", "upvotes", "comments", "score", "title", "id")

Contents = dict[tuple[str, str], list[int]]


def contents(library: Library) -> Contents:
    """The whole content of a library's index: the sort keys of all papers, and the papers of each term and day."""
    searcher = index_sync.Snapshots(library).newest(library.reader())
    if searcher is None:
        # An empty library has no index, so the content is empty.
        assert index_sync.paper_count(library.reader()) == 0
        return {("order", order): [] for order in _ORDERS} | {("day", "any"): []}
    limit = max(1, searcher.num_docs)

    def matching(query: object, order: str = "id") -> list[int]:
        return index.run(searcher, query, order, limit=limit, ascending=True).sort_keys  # type: ignore[arg-type]

    held: Contents = {("order", order): matching(terms.everything(), order) for order in _ORDERS}
    for field in _TEXTS:
        for word, _ in searcher.terms_with_prefix(field, ""):
            # Words of removed papers stay in the dictionary of the index until segments are merged.
            if matches := matching(terms.word(field, word)):  # type: ignore[arg-type]
                held[field, word] = matches
    for (day,) in library.reader().execute("SELECT DISTINCT listed_on FROM entry WHERE listed_on IS NOT NULL"):
        held["day", day] = matching(terms.listed(date.fromisoformat(day), date.fromisoformat(day)))
    held["day", "any"] = matching(terms.listed(None, None))
    return held


def rebuilt(library: Library, folder: Path) -> Contents:
    """The content of a new index that is built for a copy of the library."""
    path = folder / "rebuilt.db"
    with closing(sqlite3.connect(path)) as copy:
        library.reader().backup(copy)
    try:
        with Library.open(path) as copied:
            assert index_sync.catch_up(copied)
            return contents(copied)
    finally:
        for file in folder.glob("rebuilt.db*"):
            if file.is_file():
                file.unlink()


def assert_complete(library: Library, folder: Path) -> None:
    """Check that the index contains each paper once, and the same content as an index that is built from scratch."""
    assert index_sync.catch_up(library)
    # No paper is missing in the index. This is also true in an empty library without an index.
    assert index_sync.Snapshots(library).missing_count() == 0
    held = contents(library)
    paper_ids = [paper_id for (paper_id,) in library.reader().execute("SELECT id FROM paper ORDER BY id")]
    assert held["order", "id"] == paper_ids
    assert held == rebuilt(library, folder)


class Crash(BaseException):
    """A test raises this error at the moment when the process would crash."""


def put(library: Library, *titles: str) -> list[int]:
    """Import papers with these titles. Returns their ids."""
    paper_ids = []
    with library.writing() as connection:
        for title in titles:
            listing_id = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM listing").fetchone()[0]
            connection.execute(
                "INSERT INTO listing (id, content, path, size, format, family, state, stored, entries, first_read)"
                " VALUES (?1, ?1, ?1, 0, 'x', 'x', 'read', 1, 1, '')",
                (listing_id,),
            )
            key = ListingKey(listing_id, str(listing_id), "x", None, None)
            paper = Paper(title=title, arxiv_id=f"2510.{listing_id:05}")
            paper_ids.append(entries.place(connection, key, 1, Entry(paper=paper), TODAY).paper_id)
    return paper_ids


def retitle(library: Library, paper_id: int, title: str) -> None:
    with library.writing() as connection:
        connection.execute("UPDATE paper SET title = ? WHERE id = ?", (title, paper_id))
