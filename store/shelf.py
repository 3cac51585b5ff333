"""Papers go on the shelf: a Paper becomes the rows of `paper` and `body`, and its words go into the indexes.

Every function takes a connection inside a write transaction; the rows and the indexes change together.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import Any

import msgspec

from store.identity import title_key
from store.merge import Folded
from store.paper import Author, Link, Organization, Paper

_PAPER_COLUMNS = (
    "title",
    "title_key",
    "byline",
    "organization",
    "published",
    "first_listed",
    "last_listed",
    "upvotes",
    "comment_count",
    "author_count",
    "arxiv_id",
    "doi",
    "categories",
    "families",
    "has_abstract",
    "has_code",
    "has_pdf",
)
_BODY_COLUMNS = (
    "abstract",
    "authors",
    "author_names",
    "organization_slug",
    "updated",
    "arxiv_version",
    "venue",
    "comment",
    "links",
    "ai_summary",
    "ai_keywords",
    "sources",
)
# How many authors the list's line can show; more become "…".
_BYLINE_AUTHORS = 3

_json = msgspec.json.Encoder()
_authors = msgspec.json.Decoder(tuple[Author, ...])
_links = msgspec.json.Decoder(tuple[Link, ...])
_strings = msgspec.json.Decoder(tuple[str, ...])

# The number of a paper that was joined to another is never given again: journals and readers' notes name it.
_INSERT_PAPER = (
    f"INSERT INTO paper (id, {', '.join(_PAPER_COLUMNS)}) VALUES (coalesce(:id, 1 + max("
    "coalesce((SELECT max(id) FROM paper), 0), coalesce((SELECT max(gone) FROM joined), 0))), "
    f"{', '.join(f':{c}' for c in _PAPER_COLUMNS)})"
)
_INSERT_BODY = (
    f"INSERT INTO body (paper_id, {', '.join(_BODY_COLUMNS)}) VALUES (:id, {', '.join(f':{c}' for c in _BODY_COLUMNS)})"
)
_UPDATE_PAPER = f"UPDATE paper SET {', '.join(f'{c} = :{c}' for c in _PAPER_COLUMNS)} WHERE id = :id"
_UPDATE_BODY = f"UPDATE body SET {', '.join(f'{c} = :{c}' for c in _BODY_COLUMNS)} WHERE paper_id = :id"
_SELECT = (
    "SELECT p.id, p.title, p.organization, p.published, p.upvotes, p.comment_count, p.author_count, p.arxiv_id,"
    " p.doi, p.categories, p.first_listed, p.last_listed, b.abstract, b.authors, b.organization_slug, b.updated,"
    " b.arxiv_version, b.venue, b.comment, b.links, b.ai_summary, b.ai_keywords, b.sources"
    " FROM paper p JOIN body b ON b.paper_id = p.id WHERE p.id = ?"
)


def put(connection: sqlite3.Connection, folded: Folded, families: str, number: int | None = None) -> int:
    """A new paper; its id, a new one unless it is to be `number`. `families` are its sources, separated by spaces."""
    columns = _columns(folded, families)
    number = connection.execute(_INSERT_PAPER, {**columns, "id": number}).lastrowid
    assert number is not None
    connection.execute(_INSERT_BODY, {**columns, "id": number})
    _index_head(connection, number, _head(columns))
    _index_abstract(connection, number, columns["abstract"])
    return number


def replace(connection: sqlite3.Connection, number: int, folded: Folded, families: str) -> None:
    """What is now known of the paper `number`, in place of what was."""
    columns = {**_columns(folded, families), "id": number}
    *old_head, old_abstract = _indexed_text(connection, number)
    head = _head(columns)
    if tuple(old_head) != head:
        _unindex_head(connection, number, tuple(old_head))
        _index_head(connection, number, head)
    if old_abstract != columns["abstract"]:
        _unindex_abstract(connection, number, old_abstract)
        _index_abstract(connection, number, columns["abstract"])
    connection.execute(_UPDATE_PAPER, columns)
    connection.execute(_UPDATE_BODY, columns)


def remove(connection: sqlite3.Connection, number: int) -> None:
    """Take a paper's rows, words and aliases away; its entries and marks are the caller's."""
    *head, abstract = _indexed_text(connection, number)
    _unindex_head(connection, number, tuple(head))
    _unindex_abstract(connection, number, abstract)
    connection.execute("DELETE FROM alias WHERE paper_id = ?", (number,))
    connection.execute("DELETE FROM body WHERE paper_id = ?", (number,))
    connection.execute("DELETE FROM paper WHERE id = ?", (number,))


def get(connection: sqlite3.Connection, number: int) -> Folded | None:
    """The paper `number` as it is stored; None when there is none. Works on any connection."""
    row = connection.execute(_SELECT, (number,)).fetchone()
    if row is None:
        return None
    (
        _,
        title,
        organization,
        published,
        upvotes,
        comment_count,
        author_count,
        arxiv_id,
        doi,
        categories,
        first_listed,
        last_listed,
        abstract,
        authors,
        slug,
        updated,
        version,
        venue,
        comment,
        links,
        ai_summary,
        ai_keywords,
        sources,
    ) = row
    paper = Paper(
        title=title,
        abstract=abstract,
        authors=_authors.decode(authors) if authors else (),
        author_count=author_count,
        organization=Organization(organization, slug) if organization else None,
        published=day(published),
        updated=day(updated),
        arxiv_id=arxiv_id,
        arxiv_version=version,
        doi=doi,
        categories=tuple(categories.split("\n")) if categories else (),
        venue=venue,
        comment=comment,
        upvotes=upvotes,
        comment_count=comment_count,
        links=_links.decode(links) if links else (),
        ai_summary=ai_summary,
        ai_keywords=_strings.decode(ai_keywords) if ai_keywords else (),
    )
    known = msgspec.json.decode(sources, type=dict[str, int]) if sources else {}
    return Folded(paper, known, day(first_listed), day(last_listed))


def day(text: str | None) -> date | None:
    """A stored date."""
    return date.fromisoformat(text) if text else None


def stored_day(value: date | None) -> str | None:
    """A date as it is stored: "2026-07-02"."""
    return value.isoformat() if value else None


def byline(authors: tuple[Author, ...]) -> str | None:
    """The authors as one short line."""
    if not authors:
        return None
    names = [author.name for author in authors[:_BYLINE_AUTHORS]]
    return ", ".join([*names, "…"] if len(authors) > _BYLINE_AUTHORS else names)


def _columns(folded: Folded, families: str) -> dict[str, Any]:
    paper = folded.paper
    kinds = {link.kind for link in paper.links}
    return {
        "title": paper.title,
        "title_key": title_key(paper.title),
        "byline": byline(paper.authors),
        "organization": paper.organization.name if paper.organization else None,
        "published": stored_day(paper.published),
        "first_listed": stored_day(folded.first_listed),
        "last_listed": stored_day(folded.last_listed),
        "upvotes": paper.upvotes,
        "comment_count": paper.comment_count,
        "author_count": paper.author_count,
        "arxiv_id": paper.arxiv_id,
        "doi": paper.doi,
        # A line each: a source other than arXiv has names of several words.
        "categories": "\n".join(paper.categories) or None,
        "families": families,
        "has_abstract": int(paper.abstract is not None),
        "has_code": int("code" in kinds),
        "has_pdf": int("pdf" in kinds or paper.arxiv_id is not None),
        "abstract": paper.abstract,
        "authors": _json.encode(paper.authors).decode() if paper.authors else None,
        "author_names": ", ".join(author.name for author in paper.authors) or None,
        "organization_slug": paper.organization.slug if paper.organization else None,
        "updated": stored_day(paper.updated),
        "arxiv_version": paper.arxiv_version,
        "venue": paper.venue,
        "comment": paper.comment,
        "links": _json.encode(paper.links).decode() if paper.links else None,
        "ai_summary": paper.ai_summary,
        "ai_keywords": _json.encode(paper.ai_keywords).decode() if paper.ai_keywords else None,
        "sources": _json.encode(folded.sources).decode() if folded.sources else None,
    }


def _indexed_text(connection: sqlite3.Connection, number: int) -> tuple[str | None, ...]:
    row: tuple[str | None, ...] = connection.execute(
        "SELECT h.title, h.authors, h.organization, h.venue, b.abstract"
        " FROM head h JOIN body b ON b.paper_id = h.id WHERE h.id = ?",
        (number,),
    ).fetchone()
    return row


def _head(columns: dict[str, Any]) -> tuple[str | None, ...]:
    return columns["title"], columns["author_names"], columns["organization"], columns["venue"]


# One row of values at a time. INSERT … SELECT makes a savepoint, and an FTS5 index writes out what it has gathered
# at each savepoint, which takes three times as long.
def _index_head(connection: sqlite3.Connection, number: int, head: tuple[str | None, ...]) -> None:
    connection.execute(
        "INSERT INTO head_fts (rowid, title, authors, organization, venue) VALUES (?, ?, ?, ?, ?)", (number, *head)
    )


def _index_abstract(connection: sqlite3.Connection, number: int, abstract: str | None) -> None:
    connection.execute("INSERT INTO abstract_fts (rowid, abstract) VALUES (?, ?)", (number, abstract))


# An index without a copy of its text must be told the old words to forget them.
def _unindex_head(connection: sqlite3.Connection, number: int, head: tuple[str | None, ...]) -> None:
    connection.execute(
        "INSERT INTO head_fts (head_fts, rowid, title, authors, organization, venue) VALUES ('delete', ?, ?, ?, ?, ?)",
        (number, *head),
    )


def _unindex_abstract(connection: sqlite3.Connection, number: int, abstract: str | None) -> None:
    connection.execute(
        "INSERT INTO abstract_fts (abstract_fts, rowid, abstract) VALUES ('delete', ?, ?)", (number, abstract)
    )
