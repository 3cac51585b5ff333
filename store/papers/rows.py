"""Papers go on the shelf: a Paper becomes the rows of `paper` and `body`.

Every function takes a connection inside a write transaction. The search index follows (store/search/index_sync.py).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from store.model.paper import Author, Link, Organization, Paper
from store.model.partial_date import UNDATED, PartialDate, Precision

if TYPE_CHECKING:
    from store.matching.merge import Folded

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
_sources = msgspec.json.Decoder(dict[str, int])

_INSERT_PAPER = f"paper (id, {', '.join(_PAPER_COLUMNS)})"
_INSERT_BODY = f"body (paper_id, {', '.join(_BODY_COLUMNS)})"
_UPDATE_PAPER = f"UPDATE paper SET {', '.join(f'{c} = ?' for c in _PAPER_COLUMNS)} WHERE id = ?"
_UPDATE_BODY = f"UPDATE body SET {', '.join(f'{c} = ?' for c in _BODY_COLUMNS)} WHERE paper_id = ?"
# The highest number that a paper had which is gone.
_LAST_GONE = "last_gone_paper"
# So many rows go into a table by one statement, then so many; each size is prepared once. A statement by itself costs
# as much as several rows, on a table with triggers above all.
_AT_ONCE = (64, 8, 1)
_SELECT = (
    f"SELECT {', '.join(f'p.{each}' for each in _PAPER_COLUMNS)}, {', '.join(f'b.{each}' for each in _BODY_COLUMNS)}"
    " FROM paper p JOIN body b ON b.paper_id = p.id WHERE p.id = ?"
)

_Text = str | None
_Number = int | None
# A value for each of _PAPER_COLUMNS, and of _BODY_COLUMNS.
PaperRow = tuple[
    str, int, _Text, _Text, _Text, _Text, _Text, _Number, _Number, _Number, _Text, _Text, _Text, str, int, int, int
]
BodyRow = tuple[_Text, _Text, _Text, _Text, _Text, _Number, _Text, _Text, _Text, _Text, _Text, _Text]


class Rows(NamedTuple):
    """A paper as it is stored, without its number."""

    paper: PaperRow
    body: BodyRow


def rows(folded: Folded, families: str) -> Rows:
    """What is to be stored of a paper. `families` are its sources, separated by spaces."""
    # Imported here, as below: lines of papers are read without it.
    from store.matching.identity import title_key

    paper = folded.paper
    authors, organization, links = paper.authors, paper.organization, paper.links
    key = title_key(paper.title)
    kinds = [link.kind for link in links]
    names = [author.name for author in authors]
    return Rows(
        (
            paper.title,
            key,
            byline(authors),
            organization.name if organization else None,
            stored_when(paper.publication_date),
            stored_day(folded.first_listed),
            stored_day(folded.last_listed),
            paper.upvotes,
            paper.comment_count,
            paper.author_count,
            paper.arxiv_id,
            paper.doi,
            # A line each: a source other than arXiv has names of several words.
            "\n".join(paper.categories) or None,
            families,
            int(paper.abstract is not None),
            int("code" in kinds),
            int("pdf" in kinds or paper.arxiv_id is not None),
        ),
        (
            paper.abstract,
            _json.encode(authors).decode() if authors else None,
            ", ".join(names) or None,
            organization.slug if organization else None,
            stored_day(paper.updated),
            paper.arxiv_version,
            paper.venue,
            paper.comment,
            _json.encode(links).decode() if links else None,
            paper.ai_summary,
            _json.encode(paper.ai_keywords).decode() if paper.ai_keywords else None,
            _json.encode(folded.sources).decode() if folded.sources else None,
        ),
    )


def put(connection: sqlite3.Connection, made: Rows, number: int | None = None) -> int:
    """A new paper; its number, a new one unless it is to be `number`."""
    if number is None:
        return put_all(connection, [made])
    _put(connection, [made], number)
    return number


def put_all(connection: sqlite3.Connection, made: Sequence[Rows]) -> int:
    """New papers; the number of the first one, which those of the others follow."""
    # A number is never given again: journals and readers' notes name it.
    (last,) = connection.execute(
        "SELECT max(coalesce((SELECT max(id) FROM paper), 0), coalesce((SELECT max(gone) FROM joined), 0),"
        " coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE key = ?), 0))",
        (_LAST_GONE,),
    ).fetchone()
    _put(connection, made, last + 1)
    return int(last) + 1


def replace(connection: sqlite3.Connection, number: int, made: Rows) -> None:
    """What is now known of the paper `number`, in place of what was."""
    connection.execute(_UPDATE_PAPER, (*made.paper, number))
    connection.execute(_UPDATE_BODY, (*made.body, number))


def remove(connection: sqlite3.Connection, number: int) -> None:
    """Take a paper's rows and aliases away; its entries and marks are the caller's."""
    connection.execute("DELETE FROM alias WHERE paper_id = ?", (number,))
    connection.execute("DELETE FROM body WHERE paper_id = ?", (number,))
    connection.execute("DELETE FROM paper WHERE id = ?", (number,))
    connection.execute(
        "INSERT INTO setting (key, value) SELECT ?1, ?2 WHERE ?2 > (SELECT coalesce(max(id), 0) FROM paper)"
        " ON CONFLICT (key) DO UPDATE SET value = max(CAST(value AS INTEGER), ?2)",
        (_LAST_GONE, number),
    )


def get(connection: sqlite3.Connection, number: int) -> Folded | None:
    """The paper `number` as it is stored; None when there is none. Works on any connection."""
    row = connection.execute(_SELECT, (number,)).fetchone()
    if row is None:
        return None
    made = Rows(row[: len(_PAPER_COLUMNS)], row[len(_PAPER_COLUMNS) :])
    first_listed, last_listed = made.paper[5:7]
    sources = made.body[11]
    known = _sources.decode(sources) if sources else {}
    # Imported here: who only reads lines does not compare papers.
    from store.matching.merge import Folded

    return Folded(told(made), known, day(first_listed), day(last_listed))


def told(made: Rows) -> Paper:
    """The paper that is stored so."""
    (
        title, _, _, organization, published, _, _, upvotes, comment_count, author_count, arxiv_id, doi, categories,
        _, _, _, _,
    ) = made.paper  # fmt: skip
    (
        abstract, authors, _, slug, updated, version, venue, comment, links, ai_summary, ai_keywords, _,
    ) = made.body  # fmt: skip
    published_on, published_to = when(published)
    return Paper(
        title=title,
        abstract=abstract,
        authors=_authors.decode(authors) if authors else (),
        author_count=author_count,
        organization=Organization(organization, slug) if organization else None,
        published=published_on,
        published_to=published_to,
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


def day(text: str | None) -> date | None:
    """A stored date."""
    return date.fromisoformat(text) if text else None


def stored_day(value: date | None) -> str | None:
    """A date as it is stored: "2026-07-02"."""
    return value.isoformat() if value else None


def when(text: str | None) -> tuple[date | None, Precision]:
    """A stored date of publication, and what of it is known."""
    return PartialDate.parse(text) if text else UNDATED


def stored_when(value: PartialDate | None) -> str | None:
    """A date of publication as it is stored: "2026-07-02", "2026-07" or "2026"."""
    return value.text if value else None


def byline(authors: tuple[Author, ...]) -> str | None:
    """The authors as one short line."""
    if not authors:
        return None
    names = [author.name for author in authors[:_BYLINE_AUTHORS]]
    return ", ".join([*names, "…"] if len(authors) > _BYLINE_AUTHORS else names)


def insert(connection: sqlite3.Connection, into: str, made: Sequence[tuple[Any, ...]]) -> None:
    """Put rows into a table. `into` names it and its columns: "paper (id, title)"."""
    at = 0
    for size in _AT_ONCE:
        while len(made) - at >= size:
            statement = _insertion(into, len(made[at]), size)
            connection.execute(statement, tuple(chain.from_iterable(made[at : at + size])))
            at += size


def _put(connection: sqlite3.Connection, made: Sequence[Rows], first: int) -> None:
    insert(connection, _INSERT_PAPER, [(number, *each.paper) for number, each in enumerate(made, first)])
    insert(connection, _INSERT_BODY, [(number, *each.body) for number, each in enumerate(made, first)])


@cache
def _insertion(into: str, columns: int, count: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return f"INSERT INTO {into} VALUES {', '.join([row] * count)}"
