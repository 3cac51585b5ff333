"""Descriptions of papers, so that a machine can show papers that only another machine has imported.

A description is the value of the register "about" of a paper, which is synchronized like its marks
(store/marks/registers.py): {"title", "authors", "year", "link"}. When another machine has marked a paper that this
library does not have, the paper is stored from its description, as an entry of a special listing that contains only
such papers. When the user imports another listing with the paper, its entry is merged with this one, as for any two
listings.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from store.importing import entries
from store.importing.prepare import ListingKey
from store.marks import derived_marks, identities
from store.marks.registers import Register
from store.matching import identifiers
from store.model.entry import Entry
from store.model.paper import Author, Link, Paper
from store.papers import addresses, stored_papers
from store.text import clean

FIELD = "about"
# The values of the columns `content`, `path` and `family` of the special listing for described papers.
_CONTENT = "recto-sync"
_PATH = "another machine"
_FAMILY = "sync"
_MOST_AUTHORS = 5
_LONGEST_TITLE = 500
_LONGEST_NAME = 100
_LONGEST_LINK = 500


def describe(connection: sqlite3.Connection, number: int) -> dict[str, Any] | None:
    """The description of the paper with the id `number`; None when there is no such paper.

    The link is left out for a paper with an arXiv id or a DOI. Other machines make the link from the identity of the
    paper, which contains the arXiv id or DOI.
    """
    stored = stored_papers.read(connection, number)
    if stored is None:
        return None
    paper = stored.paper
    about: dict[str, Any] = {"title": paper.title[:_LONGEST_TITLE]}
    if paper.authors:
        about["authors"] = [author.name[:_LONGEST_NAME] for author in paper.authors[:_MOST_AUTHORS]]
    if paper.published:
        about["year"] = paper.published.year
    link = addresses.page(paper)
    if link and len(link) <= _LONGEST_LINK and not paper.arxiv_id and not paper.doi:
        about["link"] = link
    return about


def store_all(connection: sqlite3.Connection, registers: Iterable[Register]) -> int:
    """Store the papers that `registers` describe and that this library does not have, and compute their marks.

    Call this inside a write transaction in which all `registers` were stored before. Returns how many papers were
    added, or were found to be in the library already.
    """
    papers = set()
    for each in registers:
        if each.field == FIELD and each.paper and identities.paper_of(connection, each.paper) is None:
            entry = _entry(each.paper, each.value)
            if entry is not None and identities.can_have(connection, each.paper, entry.paper.title):
                number = _store(connection, entry)
                # Store now which paper has this identity. If the identity is a hash of the title, it could not be
                # computed later, because descriptions contain long titles only in shortened form.
                connection.execute(
                    "UPDATE identity SET paper_id = ? WHERE identity = ? AND paper_id IS NULL", (number, each.paper)
                )
                papers.add(number)
    derived_marks.derive(connection, papers)
    return len(papers)


def _store(connection: sqlite3.Connection, entry: Entry) -> int:
    """Store a described paper, or merge it with the same paper if the library has it already. Returns the id of the
    paper.
    """
    listing = _listing(connection)
    (position,) = connection.execute(
        "UPDATE listing SET stored = stored + 1, entries = entries + 1 WHERE id = ? RETURNING stored", (listing.id,)
    ).fetchone()
    return entries.place(connection, listing, position, clean.entry(entry), date.today()).paper_id


def _entry(identity: str, about: object) -> Entry | None:
    """The entry for a described paper, or None if `about` has no title.

    `about` comes from another machine, so each of its values may be of any type.
    """
    values = about if isinstance(about, dict) else {}
    title, names, year, link = (values.get(key) for key in ("title", "authors", "year", "link"))
    if not isinstance(title, str) or not clean.line(title):
        return None
    kind, _, name = identity.partition("#")[0].partition(":")
    published = date(year, 1, 1) if isinstance(year, int) and 1 <= year <= 9999 else None
    authors = [each for each in names if isinstance(each, str)] if isinstance(names, list | tuple) else []
    return Entry(
        paper=Paper(
            title=title[:_LONGEST_TITLE],
            authors=tuple(Author(each[:_LONGEST_NAME]) for each in authors[:_MOST_AUTHORS]),
            published=published,
            published_to="year" if published else "day",
            arxiv_id=name if kind == "arxiv" and identifiers.exact_arxiv_id(name) else None,
            doi=name if kind == "doi" else None,
            links=(Link("page", link),) if isinstance(link, str) and len(link) <= _LONGEST_LINK else (),
        )
    )


def _listing(connection: sqlite3.Connection) -> ListingKey:
    """The special listing whose entries are the described papers. It is created if it is missing."""
    connection.execute(
        "INSERT OR IGNORE INTO listing (content, path, size, format, family, state, stored, entries, first_read)"
        " VALUES (?, ?, 0, 'recto', ?, 'read', 0, 0, ?)",
        (_CONTENT, _PATH, _FAMILY, datetime.now(UTC).isoformat(timespec="seconds")),
    )
    (number,) = connection.execute("SELECT id FROM listing WHERE content = ?", (_CONTENT,)).fetchone()
    return ListingKey(number, _PATH, _FAMILY, None, None)
