"""The tables of a library, and the migrations between versions.

The table `paper` has few columns: those that lists show and filters compare. The table `body` has the other fields of a
paper. Each row of `entry` is one paper in one listing. Its column `said` is the paper, as JSON, as that listing
describes it. `said` is NULL when the listing describes the paper exactly as it is stored in `paper` and `body`, so that
the description of a paper from only one source is not stored twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database

# The bytes "reco" as an integer. SQLite stores this number in the header of the file, and recto recognizes its
# libraries by it.
APPLICATION_ID = 0x7265636F
PAGE_SIZE = 8192


def version() -> int:
    """The `user_version` of the libraries that this version of recto writes."""
    return len(_MIGRATIONS)


def migrate(connection: sqlite3.Connection, current: int) -> None:
    """Bring a library from the version `current` to `version()`. Call this inside a write transaction."""
    # Imported here (and in `_first_tables`), because a library that is up to date needs no migration, and importing
    # sqlite_utils at the top would delay every start.
    from sqlite_utils import Database

    db = Database(connection, execute_plugins=False)
    for step in _MIGRATIONS[current:]:
        step(db)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version()}")


def recreate(connection: sqlite3.Connection, version: int) -> None:
    """Replace all tables by empty tables of the earlier version `version`. Call this inside a write transaction.

    Afterwards, insert rows of that version, and call `migrate` to bring the tables to the version of this program.
    """
    from sqlite_utils import Database

    for (table,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    ).fetchall():
        connection.execute(f'DROP TABLE "{table}"')
    db = Database(connection, execute_plugins=False)
    for step in _MIGRATIONS[:version]:
        step(db)


def _first_tables(db: Database) -> None:
    from store.library import first_tables

    first_tables.create(db)


def _own_years(db: Database) -> None:
    # These columns store the year that follows from the listing alone, and the rule by which it was found. In contrast,
    # the columns `year` and `listed_on_rule` may depend on other listings.
    for column, kind in (("own_rule", str), ("own_year", int)):
        db.table("listing").add_column(column, kind)


def _index(db: Database) -> None:
    # Remove the full-text tables, in which libraries of version 2 had the search index.
    db.execute("DROP VIEW IF EXISTS head")
    for table in ("head_words", "head_fts", "abstract_fts"):
        db.execute(f"DROP TABLE IF EXISTS {table}")
    # The state of the search index, which is stored outside this database (store/search/index_sync.py). The index
    # contains every paper with an id up to `done`, and perhaps some with ids up to `claimed`. The papers in `unindexed`
    # have changed since they were indexed.
    db.table("indexed").create(
        {"only": int, "generation": str, "token": str, "next_token": str, "done": int, "claimed": int},
        pk="only",
        not_null={"generation", "token", "next_token", "done", "claimed"},
    )
    db.execute("INSERT INTO indexed (only, generation, token, next_token, done, claimed) VALUES (1, '', '', '', 0, 0)")
    db.table("unindexed").create({"id": int, "paper_id": int}, pk="id", not_null={"paper_id"})
    # Triggers insert changed papers into `unindexed`, so that no code that changes a searchable value can forget it.
    for name, event, changed in (
        ("paper_comes", "INSERT ON paper", "new.id"),
        ("paper_changes", "UPDATE ON paper", "new.id"),
        ("paper_goes", "DELETE ON paper", "old.id"),
        ("body_changes", "UPDATE ON body", "new.paper_id"),
        ("entry_comes", "INSERT ON entry", "new.paper_id"),
        ("entry_changes", "UPDATE OF paper_id, listed_on ON entry", "new.paper_id"),
        ("entry_goes", "DELETE ON entry", "old.paper_id"),
    ):
        db.execute(
            f"CREATE TRIGGER index_{name} AFTER {event} WHEN {changed} <= (SELECT claimed FROM indexed)"
            f" BEGIN INSERT INTO unindexed (paper_id) VALUES ({changed}); END"
        )


def _later(db: Database) -> None:
    # The day until which the user postponed a paper.
    db.table("mark").add_column("later", str)
    db.execute("CREATE INDEX idx_mark_later ON mark(later) WHERE later IS NOT NULL")
    # A sitting is one pass through the papers of a view that match a filter, in which the user decides on each paper.
    # The decisions of a sitting are those steps of the journal whose column `sitting` is the id of the sitting.
    db.table("sitting").create(
        {"id": int, "view": str, "filter": str, "begun_at": str, "ended_at": str},
        pk="id",
        not_null={"view", "filter", "begun_at"},
    )
    db.table("journal").add_column("sitting", int)
    db.execute("CREATE INDEX idx_journal_sitting ON journal(sitting) WHERE sitting IS NOT NULL")


def _conferences(db: Database) -> None:
    # The decision of a conference about a paper, and the scores of the reviews. `score` is the mean of `scores` in
    # hundredths.
    paper = db.table("paper")
    for column, kind in (("decision", str), ("track", str), ("score", int)):
        paper.add_column(column, kind)
        # The indexes are partial to save space, because few papers have these values.
        db.execute(f"CREATE INDEX idx_paper_{column} ON paper({column}) WHERE {column} IS NOT NULL")
    db.table("body").add_column("scores", str)


def _citation_keys(db: Database) -> None:
    # The key by which LaTeX texts cite the paper; it never changes. NOCASE, because BibTeX treats "Ada2024" and
    # "ada2024" as equal.
    db.execute("CREATE TABLE citation_key (paper_id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE COLLATE NOCASE)")


def _sync(db: Database) -> None:
    # For each file of the shared folder, through which machines exchange marks: the offset up to which it was read
    # (store/sync/segment_files.py).
    db.table("sync_file").create(
        {"name": str, "size": int, "mtime_ns": int, "inode": int, "offset": int, "checksum": int, "damaged": int},
        pk="name",
        not_null={"size", "mtime_ns", "inode", "offset", "checksum", "damaged"},
    )
    # The devices that use the shared folder (store/sync/devices.py). `newest` is the time of the newest change of the
    # device by its own clock, and `read_at` is when it was last read, by the clock of this machine (ms since 1970).
    db.table("sync_device").create(
        {"device": str, "newest": int, "read_at": int}, pk="device", not_null={"newest", "read_at"}
    )


def _texts(db: Database) -> None:
    # The full texts of papers. The files are in the folder `texts` beside the library (store/texts/text_store.py):
    # `content` is the SHA-256 of the source file, and `size` the total size of the source file and the file with the
    # extracted text (bytes). If the paper is joined to another one, `paper_id` does not change. So if the two papers
    # are separated again, the text belongs to its old paper.
    db.table("text").create(
        {
            "id": int,
            "paper_id": int,
            "content": str,
            "format": str,
            "source": str,
            "size": int,
            "words": int,
            "pages": int,
            "remarks": str,
            "at": str,
        },
        pk="id",
        not_null={"paper_id", "content", "format", "source", "size", "words", "pages", "remarks", "at"},
    )
    db.table("text").create_index(["paper_id", "content"], unique=True)
    for name, event, changed in (("text_comes", "INSERT", "new.paper_id"), ("text_goes", "DELETE", "old.paper_id")):
        # If a paper was joined to another paper, its full text is indexed as a part of the other paper.
        paper = f"coalesce((SELECT kept FROM joined WHERE gone = {changed}), {changed})"
        db.execute(
            f"CREATE TRIGGER index_{name} AFTER {event} ON text WHEN {paper} <= (SELECT claimed FROM indexed)"
            f" BEGIN INSERT INTO unindexed (paper_id) VALUES ({paper}); END"
        )


def _sites(db: Database) -> None:
    # The stars of the code, and whether listings link models and datasets. Most papers have none of these, so the
    # indexes are partial to save space.
    for column in ("stars", "has_model", "has_dataset"):
        db.table("paper").add_column(column, int)
        db.execute(f"CREATE INDEX idx_paper_{column} ON paper({column}) WHERE {column} IS NOT NULL")
    db.table("body").add_column("submitter", str)
    kind, stars = "json_extract(l.value, '$.kind')", "json_extract(l.value, '$.stars')"
    linked = "FROM body b, json_each(b.links) l WHERE b.paper_id = paper.id"
    db.execute(
        f"UPDATE paper SET stars = (SELECT max({stars}) {linked} AND {kind} = 'code') WHERE has_code"
        f" AND EXISTS (SELECT 1 {linked} AND {stars} IS NOT NULL)"
    )
    db.execute(
        "UPDATE paper SET has_dataset = 1 WHERE id IN (SELECT b.paper_id FROM body b, json_each(b.links) l"
        f" WHERE b.links LIKE '%\"dataset\"%' AND {kind} = 'dataset')"
    )
    # Two indexes of the upvotes and comment counts in listings, by day and by paper, for the views of trending papers.
    voted = "coalesce(upvotes, comment_count) IS NOT NULL"
    db.execute(f"CREATE INDEX idx_entry_voted_on ON entry(listed_on, paper_id) WHERE {voted}")
    db.execute(f"CREATE INDEX idx_entry_votes ON entry(paper_id, listed_on, upvotes, comment_count) WHERE {voted}")


def _taste(db: Database) -> None:
    # The model that recto has trained to predict which papers the user will like: the weight of each feature.
    db.execute("CREATE TABLE taste_weight (feature TEXT PRIMARY KEY, shown TEXT NOT NULL, weight REAL NOT NULL)")


def _retractions(db: Database) -> None:
    # The records of Retraction Watch. `title_key` is the hash of the title (store/matching/same_paper.py). `names` are
    # the folded family names of the authors. `shown` is 1 when the user was told about the retraction.
    db.table("retraction").create(
        {
            "record": int,
            "doi": str,
            "arxiv_id": str,
            "title_key": int,
            "names": str,
            "year": int,
            "day": str,
            "reasons": str,
            "notice": str,
            "shown": int,
        },
        pk="record",
        not_null={"title_key", "names", "reasons", "shown"},
    )
    for column in ("doi", "arxiv_id", "title_key"):
        db.execute(f"CREATE INDEX idx_retraction_{column} ON retraction({column}) WHERE {column} IS NOT NULL")
    # The papers of the library that were retracted. The table is computed again after every import.
    db.table("retracted").create({"paper_id": int, "record": int}, pk="paper_id", not_null={"record"})


def _registers(db: Database) -> None:
    # Imported here and not at the top of the module, because a library that is up to date does not need it.
    from store.library import register_migration

    register_migration.migrate(db)


def _highlight_index(db: Database) -> None:
    # A partial index, which quickly finds the few registers (stored marks) of highlights among the registers of all
    # kinds.
    db.execute(
        "CREATE INDEX idx_register_highlight ON register(paper) WHERE field >= 'highlight:' AND field < 'highlight;'"
    )


def _shared_collections(db: Database) -> None:
    # Who put a paper into a collection, and why.
    for column in ("added_by", "because"):
        db.table("collection").add_column(column, str)
    # This index finds the registers (stored marks) of one collection, including those of papers removed from it.
    db.execute(
        "CREATE INDEX idx_register_collection ON register(field, paper)"
        " WHERE field >= 'collection:' AND field < 'collection;'"
    )
    # The folders through which several people share a collection (store/sync/shared_collections.py). `share` is the id
    # of the shared collection. One table stores how far each file was read, the other the latest register (stored mark)
    # of each paper in the folder.
    db.table("shared_file").create(
        {
            "share": str,
            "name": str,
            "size": int,
            "mtime_ns": int,
            "inode": int,
            "offset": int,
            "checksum": int,
            "damaged": int,
        },
        pk=("share", "name"),
        not_null={"size", "mtime_ns", "inode", "offset", "checksum", "damaged"},
    )
    db.table("shared_register").create(
        {"share": str, "paper": str, "clock": int, "device": str},
        pk=("share", "paper"),
        not_null={"clock", "device"},
    )


def _returned(db: Database) -> None:
    # The title of the similar paper whose arrival brought a postponed paper back.
    db.table("mark").add_column("later_because", str)


def _waiting_identities(db: Database) -> None:
    # When a shared folder is read for the first time, most identities in it belong to no stored paper yet. The index is
    # partial, so that it has no rows for them.
    db.execute("DROP INDEX idx_identity_paper_id")
    db.execute("CREATE INDEX idx_identity_paper_id ON identity(paper_id) WHERE paper_id IS NOT NULL")


def _causes_of_joins(db: Database) -> None:
    # With these columns, undoing an import separates joined papers exactly as they were. `parent` is the paper to which
    # `gone` was joined; it may have been joined to `kept` later. `cause` is the id of the entry which showed that the
    # two papers are the same. `first_paper_id` is the paper to which the entry belonged before that paper was joined to
    # another one; it is NULL for most entries. Rows that are older than these columns have NULL in all of them.
    for column in ("parent", "cause"):
        db.table("joined").add_column(column, int)
    db.table("entry").add_column("first_paper_id", int)


_MIGRATIONS: tuple[Callable[[Database], None], ...] = (
    _first_tables,
    _own_years,
    _index,
    _later,
    _conferences,
    _citation_keys,
    _sync,
    _texts,
    _sites,
    _taste,
    _retractions,
    _registers,
    _highlight_index,
    _shared_collections,
    _returned,
    _waiting_identities,
    _causes_of_joins,
)
