"""Converts a Paper to rows of the tables `paper` and `body` and back, and reads and writes these rows.

Functions that write must be called inside a write transaction. Triggers of the database record which papers have
changed, so that the search index can be updated later (store/search/index_sync.py). The values that the lines of a list
show are read by store/papers/list_rows.py.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from store.library import settings
from store.model.paper import Author, Link, Organization, Paper
from store.model.paper_fields import BodyColumns, PaperColumns
from store.model.partial_date import UNDATED, PartialDate, Precision

if TYPE_CHECKING:
    from store.matching.merge import MergedPaper

# A line of the list shows at most this many authors. Further authors are replaced by "…".
_BYLINE_AUTHORS = 3

_json = msgspec.json.Encoder()
_authors = msgspec.json.Decoder(tuple[Author, ...])
_links = msgspec.json.Decoder(tuple[Link, ...])
_numbers = msgspec.json.Decoder(tuple[float, ...])
_strings = msgspec.json.Decoder(tuple[str, ...])
_sources = msgspec.json.Decoder(dict[str, int])

_PAPER_COLUMNS = PaperColumns._fields
_BODY_COLUMNS = BodyColumns._fields
_INTO_PAPER = f"paper (id, {', '.join(_PAPER_COLUMNS)})"
_INTO_BODY = f"body (paper_id, {', '.join(_BODY_COLUMNS)})"
_UPDATE_PAPER = f"UPDATE paper SET {', '.join(f'{column} = ?' for column in _PAPER_COLUMNS)} WHERE id = ?"
_UPDATE_BODY = f"UPDATE body SET {', '.join(f'{column} = ?' for column in _BODY_COLUMNS)} WHERE paper_id = ?"
_COLUMNS = ", ".join([f"p.{column}" for column in _PAPER_COLUMNS] + [f"b.{column}" for column in _BODY_COLUMNS])
_SELECT = f"SELECT {_COLUMNS}, p.id FROM paper p JOIN body b ON b.paper_id = p.id WHERE p.id = ?"
_SELECT_ALL = (
    f"SELECT {_COLUMNS}, p.id FROM json_each(?) i JOIN paper p ON p.id = i.value JOIN body b ON b.paper_id = p.id"
)
# The key of the setting that stores the highest id that a deleted paper had.
_LAST_GONE = "last_gone_paper"
# Rows are inserted by statements of 64 rows while there are enough rows, then by statements of the next smaller size.
# Statements with more rows save time, because starting a statement takes as long as inserting several rows, above all
# on a table with triggers. With only three sizes, Python keeps the prepared statement of each size and uses it again.
_ROWS_PER_STATEMENT = (64, 8, 1)


class Rows(NamedTuple):
    """The rows of a paper in the tables `paper` and `body`, without the id of the paper."""

    paper: PaperColumns
    body: BodyColumns


def rows_of(merged: MergedPaper, families: str) -> Rows:
    """The rows that store `merged`. `families` are the sources of its entries ("arxiv hf"), separated by spaces."""
    # Imported here, because a process that only reads lists of papers does not need this module.
    from store.matching.title_merging import title_key

    paper = merged.paper
    authors, organization, links = paper.authors, paper.organization, paper.links
    link_kinds = [link.kind for link in links]
    publication_date = paper.publication_date
    return Rows(
        PaperColumns(
            title=paper.title,
            title_key=title_key(paper.title),
            byline=byline(authors),
            organization=organization.name if organization else None,
            published=publication_date.text if publication_date else None,
            first_listed=day_text(merged.first_listed),
            last_listed=day_text(merged.last_listed),
            upvotes=paper.upvotes,
            comment_count=paper.comment_count,
            author_count=paper.author_count,
            arxiv_id=paper.arxiv_id,
            doi=paper.doi,
            # Each category is on its own line, because categories from sources other than arXiv may contain spaces.
            categories="\n".join(paper.categories) or None,
            families=families,
            has_abstract=int(paper.abstract is not None),
            has_code=int("code" in link_kinds),
            has_pdf=int("pdf" in link_kinds or paper.arxiv_id is not None),
            decision=paper.decision,
            track=paper.track,
            # A negative score is stored as 0, because the search index cannot store negative numbers.
            score=max(0, round(100 * paper.score)) if paper.score is not None else None,
            stars=paper.stars,
            has_model=1 if "model" in link_kinds else None,
            has_dataset=1 if "dataset" in link_kinds else None,
        ),
        BodyColumns(
            abstract=paper.abstract,
            authors=_json.encode(authors).decode() if authors else None,
            author_names=", ".join([author.name for author in authors]) or None,
            organization_slug=organization.slug if organization else None,
            updated=day_text(paper.updated),
            arxiv_version=paper.arxiv_version,
            venue=paper.venue,
            comment=paper.comment,
            links=_json.encode(links).decode() if links else None,
            ai_summary=paper.ai_summary,
            ai_keywords=_json.encode(paper.ai_keywords).decode() if paper.ai_keywords else None,
            sources=_json.encode(merged.sources).decode() if merged.sources else None,
            scores=_json.encode(paper.scores).decode() if paper.scores else None,
            submitter=paper.submitter,
        ),
    )


def paper_of(rows: Rows) -> Paper:
    """The inverse of `rows_of`: the paper that was stored as `rows`."""
    columns, body = rows
    published, published_to = parse_published(columns.published)
    return Paper(
        title=columns.title,
        abstract=body.abstract,
        authors=_authors.decode(body.authors) if body.authors else (),
        author_count=columns.author_count,
        organization=Organization(columns.organization, body.organization_slug) if columns.organization else None,
        published=published,
        published_to=published_to,
        updated=parse_day(body.updated),
        arxiv_id=columns.arxiv_id,
        arxiv_version=body.arxiv_version,
        doi=columns.doi,
        categories=tuple(columns.categories.split("\n")) if columns.categories else (),
        venue=body.venue,
        comment=body.comment,
        decision=columns.decision,
        track=columns.track,
        scores=_numbers.decode(body.scores) if body.scores else (),
        upvotes=columns.upvotes,
        comment_count=columns.comment_count,
        links=_links.decode(body.links) if body.links else (),
        submitter=body.submitter,
        ai_summary=body.ai_summary,
        ai_keywords=_strings.decode(body.ai_keywords) if body.ai_keywords else (),
    )


def read(connection: sqlite3.Connection, number: int) -> MergedPaper | None:
    """The paper with the id `number`, with its sources and listing days, or None when there is no such paper.

    The connection need not be inside a write transaction.
    """
    row = connection.execute(_SELECT, (number,)).fetchone()
    return _merged(row) if row else None


def read_all(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, MergedPaper]:
    """The papers with the ids `numbers`. For many papers, this is faster than calling `read` for each.

    Papers that do not exist are left out.
    """
    rows = connection.execute(_SELECT_ALL, (_json.encode(list(numbers)).decode(),))
    return {row[-1]: _merged(row) for row in rows}


def insert(connection: sqlite3.Connection, rows: Rows, number: int | None = None) -> int:
    """Store a new paper and return its id. The id is `number`, or an unused id if `number` is None."""
    if number is None:
        return insert_all(connection, [rows])
    _insert(connection, [rows], number)
    return number


def insert_all(connection: sqlite3.Connection, papers: Sequence[Rows]) -> int:
    """Store new papers under consecutive unused ids, and return the first of these ids."""
    # Ids of deleted papers are not used again, because the journal and texts that the user wrote may refer to them.
    (highest,) = connection.execute(
        "SELECT max(coalesce((SELECT max(id) FROM paper), 0), coalesce((SELECT max(gone) FROM joined), 0))"
    ).fetchone()
    first = max(int(highest), settings.get_number(connection, _LAST_GONE)) + 1
    _insert(connection, papers, first)
    return first


def update(connection: sqlite3.Connection, number: int, rows: Rows) -> None:
    """Replace the stored rows of the paper with the id `number`."""
    connection.execute(_UPDATE_PAPER, (*rows.paper, number))
    connection.execute(_UPDATE_BODY, (*rows.body, number))


def delete(connection: sqlite3.Connection, number: int) -> None:
    """Delete the rows and aliases of a paper. The caller must move or delete its entries and marks."""
    connection.execute("DELETE FROM alias WHERE paper_id = ?", (number,))
    connection.execute("DELETE FROM body WHERE paper_id = ?", (number,))
    connection.execute("DELETE FROM paper WHERE id = ?", (number,))
    (highest,) = connection.execute("SELECT coalesce(max(id), 0) FROM paper").fetchone()
    if number > max(highest, settings.get_number(connection, _LAST_GONE)):
        settings.put(connection, _LAST_GONE, str(number))


def insert_into(connection: sqlite3.Connection, into: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows into a table. `into` names the table and its columns, for example "paper (id, title)"."""
    at = 0
    for size in _ROWS_PER_STATEMENT:
        while len(rows) - at >= size:
            statement = _insertion(into, len(rows[at]), size)
            connection.execute(statement, tuple(chain.from_iterable(rows[at : at + size])))
            at += size


def byline(authors: tuple[Author, ...]) -> str | None:
    """The names of the first authors in one short line, or None when there are no authors."""
    if not authors:
        return None
    names = [author.name for author in authors[:_BYLINE_AUTHORS]]
    return ", ".join([*names, "…"] if len(authors) > _BYLINE_AUTHORS else names)


def day_text(day: date | None) -> str | None:
    """A day as it is stored, for example "2026-07-02"; None if `day` is None."""
    return day.isoformat() if day else None


def parse_day(text: str | None) -> date | None:
    """The day for a text that `day_text` returned; None if `text` is None."""
    return date.fromisoformat(text) if text else None


def parse_published(text: str | None) -> tuple[date | None, Precision]:
    """The fields `published` and `published_to` of a Paper, from the text in the column `published`.

    The text is a day ("2026-07-02"), a month ("2026-07"), a year ("2026"), or None.
    """
    return PartialDate.parse(text) if text else UNDATED


def _merged(row: tuple[Any, ...]) -> MergedPaper:
    """The paper in a row that `_SELECT` or `_SELECT_ALL` returned."""
    # Imported here, because a process that only reads lists of papers does not need this module.
    from store.matching.merge import MergedPaper

    rows = Rows(PaperColumns(*row[: len(_PAPER_COLUMNS)]), BodyColumns(*row[len(_PAPER_COLUMNS) : -1]))
    sources = _sources.decode(rows.body.sources) if rows.body.sources else {}
    return MergedPaper(paper_of(rows), sources, parse_day(rows.paper.first_listed), parse_day(rows.paper.last_listed))


def _insert(connection: sqlite3.Connection, papers: Sequence[Rows], first: int) -> None:
    insert_into(connection, _INTO_PAPER, [(number, *rows.paper) for number, rows in enumerate(papers, first)])
    insert_into(connection, _INTO_BODY, [(number, *rows.body) for number, rows in enumerate(papers, first)])


@cache
def _insertion(into: str, columns: int, count: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return f"INSERT INTO {into} VALUES {', '.join([row] * count)}"
