"""Computes a paper again after one of its entries (one paper in one listing) was removed, and separates papers that
this entry had joined.

Every function takes a connection inside a write transaction. First the paper gets the state that it had before the
removed entry was stored. Then its later entries are matched again, as if they were imported again. So a paper that was
joined because of the removed entry gets exactly the entries that it had before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Sequence

import msgspec

from store.importing.entries import drop_equal_records, join, read_records, refold, write_records
from store.marks import derived_marks
from store.matching import merge, same_paper
from store.matching.merge import EntryRecord
from store.papers import stored_papers


class _Join(msgspec.Struct, frozen=True):
    """A row of the table `joined`: the paper `gone` was joined to `parent`.

    `cause` is the id of the entry which showed that the two are the same. `parent` and `cause` are None if they are not
    known, because an earlier version of recto joined the papers.
    """

    gone: int
    at: str
    parent: int | None
    cause: int | None


class _Group(msgspec.Struct, frozen=True):
    """The entries of the paper with the id `paper`, and the joins by which other papers had become this paper.

    `first_papers` maps the id of each entry to the paper to which the entry belonged before any of the joins.
    """

    paper: int
    first_papers: dict[int, int]
    joins: list[_Join]


def without(connection: sqlite3.Connection, number: int, removed: int, marked_ids: Container[int]) -> None:
    """Compute the paper `number` again from its remaining entries, after its entry with the id `removed` was removed.

    If this entry, or a later one, joined other papers to `number`, these papers get their old entries, ids and marks
    back. Then the later entries are matched again, and they may join the papers again. `marked_ids` contains the ids of
    papers to which marks refer. An id in `marked_ids` that no paper gets back still redirects to `number`.
    """
    stored = stored_papers.read(connection, number)
    assert stored is not None
    records = read_records(connection, number, stored.paper)
    joins = _joins(connection, number)
    arxiv_ids = {record.paper.arxiv_id for record in records}
    if not joins and (len(records) == 1 or (len(arxiv_ids) == 1 and None not in arxiv_ids)):
        refold(connection, number)
        drop_equal_records(connection, number)
        return
    groups = _groups_before(connection, number, removed, joins)
    write_records(connection, number, stored.paper)
    stored_papers.delete(connection, number)
    connection.execute("DELETE FROM joined WHERE kept = ?", (number,))
    connection.execute("UPDATE entry SET paper_id = 0 WHERE paper_id = ?", (number,))
    for group in groups:
        _store_group(connection, group, [record for record in records if record.entry_id in group.first_papers])
    grouped = {entry_id for group in groups for entry_id in group.first_papers}
    papers = {group.paper for group in groups}
    later = [record for record in records if record.entry_id not in grouped]
    free = [paper for paper in (number, *(each.gone for each in joins)) if paper not in papers]
    _match_again(connection, later, free, papers)
    for each in joins:
        is_separate = connection.execute("SELECT 1 FROM paper WHERE id = ?", (each.gone,)).fetchone()
        if not is_separate and each.gone in marked_ids:
            connection.execute(
                "INSERT OR IGNORE INTO joined (gone, kept, at) VALUES (?, ?, ?)", (each.gone, number, each.at)
            )
        connection.execute("UPDATE joined SET at = ? WHERE gone = ?", (each.at, each.gone))
    derived_marks.derive(connection, [number, *(each.gone for each in joins)])


def _joins(connection: sqlite3.Connection, number: int) -> list[_Join]:
    """The joins by which other papers became the paper `number`, in the order of their old ids."""
    rows = connection.execute("SELECT gone, at, parent, cause FROM joined WHERE kept = ? ORDER BY gone", (number,))
    return [_Join(*row) for row in rows]


def _groups_before(connection: sqlite3.Connection, number: int, removed: int, joins: Sequence[_Join]) -> list[_Group]:
    """The papers that existed before the entry `removed` was stored, with their entries from before that entry.

    The result is empty if the causes of the joins are not known, because an earlier version of recto made them. All
    entries must then be matched again.
    """
    if any(each.parent is None or each.cause is None for each in joins):
        return []
    earlier = [each for each in joins if each.cause is not None and each.cause < removed]
    parents = {each.gone: each.parent for each in earlier}

    def root(paper: int) -> int:
        while (parent := parents.get(paper)) is not None:
            paper = parent
        return paper

    first_papers: dict[int, dict[int, int]] = {}
    for entry_id, first in connection.execute(
        "SELECT id, coalesce(first_paper_id, paper_id) FROM entry WHERE paper_id = ? AND id < ? ORDER BY id",
        (number, removed),
    ):
        first_papers.setdefault(root(first), {})[entry_id] = first
    groups = [
        _Group(paper, first_of_entry, [each for each in earlier if root(each.gone) == paper])
        for paper, first_of_entry in first_papers.items()
    ]
    if groups and number not in first_papers:
        # The paper `number` has no entries that are older than the removed one. But it must exist, because marks may
        # refer to it. So the paper with the oldest entry gets the id `number`.
        groups[0] = _renamed(groups[0], number)
    return groups


def _renamed(group: _Group, number: int) -> _Group:
    """The group with the paper id `number` instead of its own."""
    joins = [
        msgspec.structs.replace(each, parent=number) if each.parent == group.paper else each for each in group.joins
    ]
    return msgspec.structs.replace(group, paper=number, joins=joins)


def _store_group(connection: sqlite3.Connection, group: _Group, records: Sequence[EntryRecord]) -> None:
    """Store the paper of a group, with its entries `records` and the earlier joins."""
    families = " ".join(sorted({record.family for record in records}))
    stored_papers.insert(connection, stored_papers.rows_of(merge.merge_entries(records), families), group.paper)
    joined = {each.gone for each in group.joins}
    for record in records:
        first = group.first_papers[record.entry_id]
        connection.execute(
            "UPDATE entry SET paper_id = ?, first_paper_id = ? WHERE id = ?",
            (group.paper, first if first in joined else None, record.entry_id),
        )
    for each in group.joins:
        connection.execute(
            "INSERT INTO joined (gone, kept, at, parent, cause) VALUES (?, ?, ?, ?, ?)",
            (each.gone, group.paper, each.at, each.parent, each.cause),
        )
    refold(connection, group.paper)


def _match_again(
    connection: sqlite3.Connection, records: Sequence[EntryRecord], free: Sequence[int], papers: set[int]
) -> None:
    """Match entries that have a record but no paper, in order: with one another, and with `papers`.

    New papers get the ids in `free`, in order. If there are more papers than ids, the remaining papers get unused ids.
    When an entry matches several papers, they are joined to the one with the lowest id.
    """
    free, papers = list(free), set(papers)
    for record in records:
        matches = same_paper.matches(connection, record.paper, record.family, papers)
        for other_id in matches[1:]:
            join(connection, matches[0], other_id, record.entry_id)
        if matches:
            number = matches[0]
            stored = stored_papers.read(connection, number)
            assert stored is not None
            write_records(connection, number, stored.paper)
        else:
            paper_rows = stored_papers.rows_of(merge.merge_entries([record]), record.family)
            number = stored_papers.insert(connection, paper_rows, free.pop(0) if free else None)
        connection.execute(
            "UPDATE entry SET paper_id = ?, first_paper_id = NULL WHERE id = ?", (number, record.entry_id)
        )
        refold(connection, number)
        papers = papers - set(matches) | {number}
    for number in papers:
        drop_equal_records(connection, number)
