"""Creates the tables of version 1 of a library. The migrations in store/library/schema.py change them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def create(db: Database) -> None:
    """Create the tables of version 1 in an empty database."""
    _listings(db)
    _papers(db)
    _marks(db)


def _listings(db: Database) -> None:
    # `content` is the SHA-256 of the file, so that a renamed copy is recognized. If the listing is a member of an
    # archive, the name of the member follows the hash. `month_day` is the listing day as printed, if it was printed
    # without a year. `listed_on` is the listing day with its year.
    db.table("listing").create(
        {
            "id": int,
            "content": str,
            "path": str,
            "size": int,
            "format": str,
            "family": str,
            "month_day": str,
            "listed_on": str,
            "listed_on_rule": str,
            "year": int,
            "state": str,
            "stored": int,
            "entries": int,
            "first_read": str,
        },
        pk="id",
        not_null={"content", "path", "size", "format", "family", "state", "stored", "entries", "first_read"},
    )
    db.table("listing").create_index(["content"], unique=True)
    db.table("listing").create_index(["listed_on"])
    db.table("entry").create(
        {
            "id": int,
            "listing_id": int,
            "position": int,
            "line": int,
            "paper_id": int,
            "listed_on": str,
            "published": str,
            "yearless": int,
            "upvotes": int,
            "comment_count": int,
            "announce_type": str,
            "said": str,
        },
        pk="id",
        not_null={"listing_id", "position", "paper_id", "yearless"},
        foreign_keys=[("listing_id", "listing", "id")],
    )
    db.table("entry").create_index(["listing_id", "position"], unique=True)
    db.table("entry").create_index(["paper_id"])
    db.execute("CREATE INDEX idx_entry_yearless ON entry(paper_id, listing_id) WHERE yearless = 1")
    # A covering index: SQLite selects and counts the papers of a listing day without reading the table.
    db.table("entry").create_index(["listed_on", "listing_id", "position", "paper_id"])
    # The log of imports has one row for each time that an import opened a file.
    db.table("log").create(
        {
            "id": int,
            "at": str,
            "path": str,
            "listing_id": int,
            "format": str,
            "listed_on": str,
            "listed_on_rule": str,
            "state": str,
            "entries": int,
            "added": int,
            "merged": int,
            "unchanged": int,
            "joined": int,
            "refused": str,
            "warnings": str,
            "error": str,
            "seconds": float,
        },
        pk="id",
        not_null={"at", "path", "state"},
    )
    db.table("log").create_index(["listing_id"])
    # The files in the watched folders that were imported or refused. The size, time and inode are those that the file
    # had at its import, so that recto imports it again if they change.
    db.table("file").create(
        {"path": str, "size": int, "mtime_ns": int, "inode": int, "state": str, "at": str},
        pk="path",
        not_null={"size", "mtime_ns", "inode", "state", "at"},
    )
    db.table("folder").create({"path": str, "added_at": str}, pk="path", not_null={"added_at"})
    db.table("setting").create({"key": str, "value": str}, pk="key", not_null={"value"})


def _papers(db: Database) -> None:
    db.table("paper").create(
        {
            "id": int,
            "title": str,
            "title_key": int,
            "byline": str,
            "organization": str,
            "published": str,
            "first_listed": str,
            "last_listed": str,
            "upvotes": int,
            "comment_count": int,
            "author_count": int,
            "arxiv_id": str,
            "doi": str,
            "categories": str,
            "families": str,
            "has_abstract": int,
            "has_code": int,
            "has_pdf": int,
        },
        pk="id",
        not_null={"title", "title_key", "families", "has_abstract", "has_code", "has_pdf"},
    )
    paper = db.table("paper")
    paper.create_index(["title_key"])
    paper.create_index(["published"])
    paper.create_index(["last_listed"])
    db.execute("CREATE UNIQUE INDEX idx_paper_arxiv_id ON paper(arxiv_id) WHERE arxiv_id IS NOT NULL")
    # This index is not unique, because arXiv lists some papers in several parts that share one DOI.
    db.execute("CREATE INDEX idx_paper_doi ON paper(doi) WHERE doi IS NOT NULL")
    # The indexes are partial to save space, because most papers have neither upvotes nor a number of comments.
    for column in ("upvotes", "comment_count"):
        db.execute(f"CREATE INDEX idx_paper_{column} ON paper({column}) WHERE {column} IS NOT NULL")
    db.execute("CREATE INDEX idx_paper_has_code ON paper(id) WHERE has_code")
    db.table("body").create(
        {
            "paper_id": int,
            "abstract": str,
            "authors": str,
            "author_names": str,
            "organization_slug": str,
            "updated": str,
            "arxiv_version": int,
            "venue": str,
            "comment": str,
            "links": str,
            "ai_summary": str,
            "ai_keywords": str,
            "sources": str,
        },
        pk="paper_id",
    )
    # Other titles and DOIs of stored papers: a listing may print a title or a DOI that differs from the stored one.
    # Entries are matched to papers by them too. `key` is the hash of the title or DOI (store/matching/same_paper.py).
    db.table("alias").create({"key": int, "paper_id": int}, pk=("key", "paper_id"))
    db.table("alias").create_index(["paper_id"])
    # Stored papers that were joined because they are the same paper. `gone` is the id that is no longer in use, and
    # `kept` is the id of the paper that has taken its place.
    db.table("joined").create({"gone": int, "kept": int, "at": str}, pk="gone", not_null={"kept", "at"})
    db.table("joined").create_index(["kept"])


def _marks(db: Database) -> None:
    db.table("mark").create(
        {"paper_id": int, "bookmarked_at": str, "status": str, "status_at": str, "note": str},
        pk="paper_id",
    )
    db.execute("CREATE INDEX idx_mark_bookmarked ON mark(bookmarked_at) WHERE bookmarked_at IS NOT NULL")
    db.execute("CREATE INDEX idx_mark_status ON mark(status) WHERE status IS NOT NULL")
    db.table("queue").create({"paper_id": int, "position": int}, pk="paper_id", not_null={"position"})
    db.table("queue").create_index(["position"])
    db.table("tag").create({"paper_id": int, "name": str}, pk=("paper_id", "name"))
    db.table("tag").create_index(["name"])
    db.table("journal").create(
        {"id": int, "at": str, "label": str, "before": str, "after": str, "undone": int},
        pk="id",
        not_null={"at", "label", "before", "after", "undone"},
    )
    # This index quickly finds the undone steps, which are deleted whenever a new step is written.
    db.execute("CREATE INDEX idx_journal_undone ON journal(id) WHERE undone")
