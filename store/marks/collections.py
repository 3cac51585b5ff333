"""Collections: named, ordered lists of papers, such as "thesis chapter 2". A paper can be in any number of them.

Each change is one step of the journal. A function that changes a collection raises LibraryError when a paper does not
exist or the library cannot be written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

import msgspec

from store.library.library import Library
from store.marks import fold, journal, stored_marks, stored_registers
from store.marks.journal import Marked
from store.marks.registers import moment
from store.marks.stored_marks import FieldChange, Place
from store.model.errors import LibraryError
from store.model.order_keys import filled
from store.text.clean import line

_FIELD = "collection:"
_LONGEST_NAME = 100


class CountedCollection(msgspec.Struct, frozen=True):
    """A collection and the number of its papers, hidden ones included."""

    name: str
    count: int


def collection_name(text: str) -> str:
    """The name of a collection in the form in which the library stores it; "" if `text` has no visible character."""
    return line(text)[:_LONGEST_NAME]


def counted(connection: sqlite3.Connection) -> list[CountedCollection]:
    """Every collection with the number of its papers, sorted by name. Empty collections are included."""
    counts: dict[str, int] = {
        register.field.removeprefix(_FIELD): 0
        for register in stored_registers.of_identity(connection, "")
        if register.field.startswith(_FIELD) and register.value is not None
    }
    counts |= dict(connection.execute("SELECT name, count(*) FROM collection GROUP BY name"))
    return [CountedCollection(name, counts[name]) for name in sorted(counts, key=lambda name: (name.casefold(), name))]


def find(connection: sqlite3.Connection, text: str) -> str:
    """The stored name of the collection with the name `text`, ignoring case.

    Raises LibraryError when there is no such collection.
    """
    if (known := _known(connection, collection_name(text))) is None:
        raise LibraryError(f"there is no collection {text!r}; recto collection list shows them")
    return known


def papers(connection: sqlite3.Connection, name: str) -> list[int]:
    """The ids of the papers of the collection `name`, in the order of the collection."""
    return [paper for paper, _ in _members(connection, name)]


def places(connection: sqlite3.Connection, paper_ids: Sequence[int]) -> dict[int, tuple[Place, ...]]:
    """For each paper, the collections that contain it, sorted by name.

    Papers that are in no collection are left out.
    """
    wanted = (msgspec.json.encode(list(paper_ids)).decode(),)
    found: dict[int, tuple[Place, ...]] = {}
    if not connection.execute("SELECT 1 FROM collection LIMIT 1").fetchone():
        return found
    for paper, name, position in connection.execute(
        "WITH wanted AS (SELECT value AS paper FROM json_each(?)) SELECT paper_id, name, position FROM (SELECT"
        " paper_id, name, row_number() OVER (PARTITION BY name ORDER BY key, identity) AS position FROM collection"
        " WHERE name IN (SELECT name FROM collection WHERE paper_id IN wanted)) WHERE paper_id IN wanted ORDER BY name",
        wanted,
    ):
        found[paper] = (*found.get(paper, ()), Place(name, position))
    return found


def add(library: Library, paper_ids: Sequence[int], name: str, at: int | None = None) -> Marked:
    """Put papers into the collection `name`, which is created if it does not exist.

    `at` is the position that the first paper gets, counted from 1. If `at` is None, papers that are not in the
    collection yet are put at its end, and the others stay where they are. Raises LibraryError when `name` is empty.
    """

    def decide(connection: sqlite3.Connection) -> tuple[str, list[FieldChange]]:
        title = _name(connection, name)
        members = _members(connection, title)
        present = {paper for paper, _ in members}
        numbers = stored_marks.resolve_all(connection, paper_ids)
        moving = [paper for paper in numbers if at is not None or paper not in present]
        label = f"put into “{title}”"
        changes = _changes(connection, title, _placed(members, moving, at))
        if not members and not paper_ids:
            changes.append(FieldChange(None, f"{_FIELD}{title}", {"at": moment(stored_marks.timestamp())}))
            label = f"new collection “{title}”"
        return label, changes

    return journal.change_fields(library, decide)


def remove(library: Library, paper_ids: Sequence[int], name: str) -> Marked:
    """Take papers out of a collection. Raises LibraryError when there is no such collection."""

    def decide(connection: sqlite3.Connection) -> tuple[str, list[FieldChange]]:
        title = find(connection, name)
        numbers = stored_marks.resolve_all(connection, paper_ids)
        return f"taken out of “{title}”", [FieldChange(paper, f"{_FIELD}{title}", None) for paper in numbers]

    return journal.change_fields(library, decide)


def move(library: Library, paper_ids: Sequence[int], name: str, to: int) -> Marked:
    """Move papers within a collection so that they stand together from the position `to`, in the order that they had.

    Raises LibraryError when one of the papers is not in the collection.
    """

    def decide(connection: sqlite3.Connection) -> tuple[str, list[FieldChange]]:
        title = find(connection, name)
        members = _members(connection, title)
        wanted = set(stored_marks.resolve_all(connection, paper_ids))
        moving = [paper for paper, _ in members if paper in wanted]
        if len(moving) < len(wanted):
            raise LibraryError(f"only a paper of “{title}” can be moved there")
        return f"moved in “{title}”", _changes(connection, title, _placed(members, moving, to))

    return journal.change_fields(library, decide)


def delete(library: Library, name: str) -> Marked:
    """Remove a collection. Its papers stay in the library. Raises LibraryError when there is no such collection."""

    def decide(connection: sqlite3.Connection) -> tuple[str, list[FieldChange]]:
        title = find(connection, name)
        changes = [FieldChange(paper, f"{_FIELD}{title}", None) for paper in papers(connection, title)]
        return f"removed the collection “{title}”", [*changes, FieldChange(None, f"{_FIELD}{title}", None)]

    return journal.change_fields(library, decide)


def rename(library: Library, old: str, new: str) -> Marked:
    """Rename a collection, or put its papers at the end of the collection `new` if that exists.

    Raises LibraryError when there is no collection `old`, or when `new` is empty.
    """

    def decide(connection: sqlite3.Connection) -> tuple[str, list[FieldChange]]:
        source = find(connection, old)
        target = _name(connection, new)
        if target.casefold() == source.casefold():
            # The new name differs from the old one only in the case of letters. So use the new spelling, and not the
            # existing name that `_name` returned.
            target = collection_name(new)
        label = f"renamed “{source}” to “{target}”"
        if target == source:
            return label, []
        members = _members(connection, target)
        present = {paper for paper, _ in members}
        moving = papers(connection, source)
        keys = _placed(members, [paper for paper in moving if paper not in present], None)
        changes = [FieldChange(paper, f"{_FIELD}{source}", None) for paper in moving]
        changes += _changes(connection, target, keys)
        if any(register.field == f"{_FIELD}{source}" for register in stored_registers.of_identity(connection, "")):
            changes.append(FieldChange(None, f"{_FIELD}{source}", None))
        if not moving and not members:
            changes.append(FieldChange(None, f"{_FIELD}{target}", {"at": moment(stored_marks.timestamp())}))
        return label, changes

    return journal.change_fields(library, decide)


def _known(connection: sqlite3.Connection, name: str) -> str | None:
    """The stored name of the existing collection with this name, ignoring case; None when there is none."""
    folded = name.casefold()
    names = [each.name for each in counted(connection)]
    return name if name in names else next((each for each in names if each.casefold() == folded), None)


def _name(connection: sqlite3.Connection, text: str) -> str:
    """The stored name of the collection `text` if it exists, else the name for a new one.

    Raises LibraryError for "".
    """
    name = collection_name(text)
    if not name:
        raise LibraryError(f"{text!r} is not a name for a collection")
    return _known(connection, name) or name


def _members(connection: sqlite3.Connection, name: str) -> list[tuple[int, str]]:
    """The ids of the papers of a collection, each with its order key, in the order of the collection."""
    return connection.execute(
        "SELECT paper_id, key FROM collection WHERE name = ? ORDER BY key, identity", (name,)
    ).fetchall()


def _placed(members: Sequence[tuple[int, str]], moving: Sequence[int], at: int | None) -> dict[int, str]:
    """The new order keys that move the papers `moving` to the position `at`, or to the end if `at` is None.

    The other papers keep their order. They also keep their keys, unless a paper is put between two papers with equal
    keys: then some get new keys, which are returned too.
    """
    others = [(paper, key) for paper, key in members if paper not in moving]
    index = len(others) if at is None else min(max(0, at - 1), len(others))
    items: list[tuple[int, str | None]] = [*others[:index], *((paper, None) for paper in moving), *others[index:]]
    keys = filled([key for _, key in items])
    return {paper: new for (paper, key), new in zip(items, keys, strict=True) if new != key}


def _changes(connection: sqlite3.Connection, name: str, keys: Mapping[int, str]) -> list[FieldChange]:
    """The changes of fields that give papers the order keys `keys` in the collection `name`.

    Papers that are already in the collection keep the moment at which they were added.
    """
    now = moment(stored_marks.timestamp())
    field = f"{_FIELD}{name}"
    folded = fold.of_papers(connection, list(keys))
    changes = []
    for index, (paper, key) in enumerate(keys.items()):
        register = folded.get(paper, {}).get(field)
        value = dict(register.value) if register else {"at": now + index}
        changes.append(FieldChange(paper, field, {**value, "key": key}))
    return changes
