"""Creates the tables of registers (store/marks/registers.py), and the tables that are computed from them."""

from __future__ import annotations

from sqlite_utils import Database


def create(db: Database) -> None:
    """Create the tables. The old tables `queue` and `journal` are first renamed to `old_queue` and `old_journal`."""
    # Each mark is a register: the latest value of one field of one paper (store/marks/registers.py). `mark`, `queue`,
    # `tag` and `collection` are derived from the registers. `paper` is the identity of the paper (a text that is the
    # same on all machines), or "" if the register belongs to no paper.
    db.table("register").create(
        {
            "paper": str,
            "field": str,
            "value": str,
            "clock": int,
            "device": str,
            "replaced": int,
            "replaced_device": str,
            "over": str,
            "made": int,
            "change": int,
        },
        pk=("paper", "field"),
        not_null={"clock", "device"},
    )
    db.execute("CREATE INDEX idx_register_change ON register(change) WHERE change IS NOT NULL")
    # The paper to which an identity (a text that stands for the paper on all machines) belongs. `paper_id` is NULL
    # while the library has no such paper.
    db.table("identity").create({"identity": str, "paper_id": int}, pk="identity")
    db.table("identity").create_index(["paper_id"])
    # Notes that were replaced by a note which another machine wrote without having received them (`LostNote` in
    # store/marks/exchange.py). The text is empty if the author of the other note had received the note after all, or if
    # the user has removed it.
    db.table("lost_note").create(
        {"identity": str, "clock": int, "device": str, "text": str},
        pk=("identity", "clock", "device"),
        not_null={"text"},
    )
    db.table("mark").add_column("rating", int)
    db.execute("CREATE INDEX idx_mark_rating ON mark(rating) WHERE rating IS NOT NULL")
    db.table("collection").create(
        {"paper_id": int, "name": str, "key": str, "identity": str, "added_at": str},
        pk=("paper_id", "name"),
        not_null={"key", "identity"},
    )
    db.table("collection").create_index(["name", "key", "identity", "paper_id"])
    db.execute("ALTER TABLE queue RENAME TO old_queue")
    db.execute("DROP INDEX idx_queue_position")
    # The queue is sorted by `key`. Papers with equal keys are sorted by `identity`, so that every machine shows the
    # same order.
    db.table("queue").create(
        {"paper_id": int, "key": str, "identity": str, "queued_at": str, "because": str},
        pk="paper_id",
        not_null={"key", "identity"},
    )
    db.table("queue").create_index(["key", "identity"])
    db.execute("ALTER TABLE journal RENAME TO old_journal")
    for index in ("undone", "sitting"):
        db.execute(f"DROP INDEX idx_journal_{index}")
    db.table("journal").create(
        {"id": int, "at": str, "label": str, "papers": str, "changes": str, "undone": int, "sitting": int},
        pk="id",
        not_null={"at", "label", "papers", "changes", "undone"},
    )
    db.execute("CREATE INDEX idx_journal_undone ON journal(id) WHERE undone")
    db.execute("CREATE INDEX idx_journal_sitting ON journal(sitting) WHERE sitting IS NOT NULL")
