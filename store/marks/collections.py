"""Collections: named, ordered lists of papers, such as "thesis chapter 2". A paper can be in any number of them.

Each change is one step of the journal. A function that changes a collection raises LibraryError when a paper does not
exist or the library cannot be written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec

from store.library.library import Library
from store.marks import fold, journal, named_in_filters, stored_marks, stored_registers
from store.marks.journal import Marked
from store.marks.registers import moment
from store.marks.stored_marks import Addition, FieldChange, Place
from store.model.errors import LibraryError
from store.model.order_keys import filled
from store.text.clean import line

# If several people share a collection, its properties have these two keys: for the id of the shared collection, and for
# the name of this user.
SHARE, PERSON = "share", "person"
# The longest reason why a paper is in a collection (characters).
LONGEST_REASON = 300
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
        for register in stored_registers.of_kind(connection, "", _FIELD)
        if register.value is not None
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


def stored_name(connection: sqlite3.Connection, text: str) -> str:
    """The stored name of the collection `text` if it exists, else the name for a new one.

    Raises LibraryError when `text` has no visible character.
    """
    name = collection_name(text)
    if not name:
        raise LibraryError(f"{text!r} is not a name for a collection")
    return _known(connection, name) or name


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
    for paper, name, *rest in connection.execute(
        "WITH wanted AS (SELECT value AS paper FROM json_each(?)) SELECT paper_id, name, position, added_at, added_by,"
        " because FROM (SELECT *, row_number() OVER (PARTITION BY name ORDER BY key, identity) AS position FROM"
        " collection WHERE name IN (SELECT name FROM collection WHERE paper_id IN wanted)) WHERE paper_id IN wanted"
        " ORDER BY name",
        wanted,
    ):
        found[paper] = (*found.get(paper, ()), Place(name, *rest))
    return found


def people(connection: sqlite3.Connection, name: str) -> list[str]:
    """The names of the people who put papers into the collection `name`, sorted."""
    rows = connection.execute(
        "SELECT DISTINCT added_by FROM collection WHERE name = ? AND added_by IS NOT NULL ORDER BY added_by", (name,)
    )
    return [person for (person,) in rows]


def additions(connection: sqlite3.Connection, name: str, paper_ids: Sequence[int]) -> dict[int, Addition]:
    """For each of the papers that is in the collection `name`, when it was added, by whom, and why."""
    rows = connection.execute(
        "SELECT c.paper_id, c.added_at, c.added_by, c.because FROM json_each(?) i JOIN collection c"
        " ON c.paper_id = i.value AND c.name = ?",
        (msgspec.json.encode(list(paper_ids)).decode(), name),
    )
    return {paper: Addition(*rest) for paper, *rest in rows}


def add(
    library: Library, paper_ids: Sequence[int], name: str, at: int | None = None, because: str | None = None
) -> Marked:
    """Put papers into the collection `name`, which is created if it does not exist.

    `at` is the position that the first paper gets, counted from 1. If `at` is None, papers that are not in the
    collection yet are put at its end, and the others stay where they are. `because` is stored as the reason why the
    papers are in the collection; None keeps the reasons that they have. Raises LibraryError when `name` is empty.
    """
    reason = line(because or "")[:LONGEST_REASON] or None

    def decide(connection: sqlite3.Connection) -> tuple[str, list[FieldChange]]:
        title = stored_name(connection, name)
        members = _members(connection, title)
        present = {paper for paper, _ in members}
        numbers = stored_marks.resolve_all(connection, paper_ids)
        moving = [paper for paper in numbers if at is not None or paper not in present]
        label = f"put into “{title}”"
        keys = _placed(members, moving, at)
        if reason:
            keys = {paper: key for paper, key in members if paper in numbers} | keys
        changes = _changes(connection, title, keys, numbers if reason else (), reason)
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
    """Move papers within a collection to consecutive positions from `to` on. The papers keep their order.

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
    """Remove a collection. Its papers stay in the library, and other people who share it keep their copies.

    Raises LibraryError when there is no such collection.
    """

    def decide(connection: sqlite3.Connection) -> tuple[str, list[FieldChange]]:
        title = find(connection, name)
        changes = [FieldChange(paper, f"{_FIELD}{title}", None) for paper in papers(connection, title)]
        return f"removed the collection “{title}”", [*changes, FieldChange(None, f"{_FIELD}{title}", None)]

    return journal.change_fields(library, decide)


def rename(library: Library, old: str, new: str) -> Marked:
    """Rename a collection, or put its papers at the end of the collection `new` if that exists.

    Saved filters that mention it, and the setting for the papers from which the model of the user's taste learns, are
    changed to the new name. Raises LibraryError when there is no collection `old`, or when `new` is empty, or when both
    collections exist and one of them is shared: other people would get papers that were not meant for them.
    """

    def decide(connection: sqlite3.Connection) -> tuple[str, list[FieldChange]]:
        source = find(connection, old)
        target = stored_name(connection, new)
        if target.casefold() == source.casefold():
            # The new name differs from the old one only in the case of letters. So use the new spelling, and not the
            # existing name that `stored_name` returned.
            target = collection_name(new)
        label = f"renamed “{source}” to “{target}”"
        if target == source:
            return label, []
        members = _members(connection, target)
        of_source, of_target = properties(connection, source), properties(connection, target)
        if (members or of_target is not None) and is_shared(of_source, of_target):
            raise LibraryError(f"“{source}” or “{target}” is shared; first leave it with: recto collection leave NAME")
        moving = _members(connection, source)
        present = {paper for paper, _ in members}
        keys = dict(moving)
        if members:
            keys = _placed(members, [paper for paper, _ in moving if paper not in present], None)
        changes = [FieldChange(paper, f"{_FIELD}{source}", None) for paper, _ in moving]
        changes += _changes(connection, target, keys, copied_from=source)
        if of_source is not None:
            changes.append(FieldChange(None, f"{_FIELD}{source}", None))
        if of_target is None and (of_source is not None or not moving):
            kept = of_source or {"at": moment(stored_marks.timestamp())}
            changes.append(FieldChange(None, f"{_FIELD}{target}", kept))
        others = named_in_filters.changes(connection, "collection", [source], target)
        return f"{label}{named_in_filters.remark(others)}", [*changes, *others]

    return journal.change_fields(library, decide)


def _known(connection: sqlite3.Connection, name: str) -> str | None:
    """The stored name of the existing collection with this name, ignoring case; None when there is none."""
    folded = name.casefold()
    names = [each.name for each in counted(connection)]
    return name if name in names else next((each for each in names if each.casefold() == folded), None)


def _members(connection: sqlite3.Connection, name: str) -> list[tuple[int, str]]:
    """The ids of the papers of a collection, each with its order key, in the order of the collection."""
    return connection.execute(
        "SELECT paper_id, key FROM collection WHERE name = ? ORDER BY key, identity", (name,)
    ).fetchall()


def _placed(members: Sequence[tuple[int, str]], moving: Sequence[int], at: int | None) -> dict[int, str]:
    """The new order keys that move the papers `moving` to the position `at`, or to the end if `at` is None.

    The other papers keep their order. They also keep their keys, except that if a paper is put between two papers with
    equal keys, some of them get new keys. The result contains these new keys too.
    """
    others = [(paper, key) for paper, key in members if paper not in moving]
    index = len(others) if at is None else min(max(0, at - 1), len(others))
    items: list[tuple[int, str | None]] = [*others[:index], *((paper, None) for paper in moving), *others[index:]]
    keys = filled([key for _, key in items])
    return {paper: new for (paper, key), new in zip(items, keys, strict=True) if new != key}


def properties(connection: sqlite3.Connection, name: str) -> dict[str, Any] | None:
    """The properties of a collection, or None if it has none. An empty or shared collection always has some."""
    register = stored_registers.read(connection, "", f"{_FIELD}{name}")
    if register is None or register.value is None:
        return None
    return dict(register.value) if isinstance(register.value, dict) else {}


def is_shared(*of_collections: Mapping[str, Any] | None) -> bool:
    """Whether any of these properties is that of a collection shared by several people (store/marks/sharing.py)."""
    return any(each is not None and SHARE in each for each in of_collections)


def _changes(
    connection: sqlite3.Connection,
    name: str,
    keys: Mapping[int, str],
    explained: Collection[int] = (),
    reason: str | None = None,
    copied_from: str | None = None,
) -> list[FieldChange]:
    """The changes of fields that give papers the order keys `keys` in the collection `name`.

    Papers that are already in the collection keep the time at which they were added, the person who added them, and the
    reason. Other papers get the values that they have in the collection `copied_from`, if that is not None. The papers
    `explained` get the reason `reason`.
    """
    now = moment(stored_marks.timestamp())
    field, source = f"{_FIELD}{name}", f"{_FIELD}{copied_from}"
    folded = fold.of_papers(connection, list(keys))
    person = (properties(connection, name) or {}).get(PERSON)
    changes = []
    for index, (paper, key) in enumerate(keys.items()):
        fields = folded.get(paper, {})
        register = fields.get(field) or fields.get(source)
        value = dict(register.value) if register else {"at": now + index, **({"by": person} if person else {})}
        if reason and paper in explained:
            value["because"] = reason
        changes.append(FieldChange(paper, field, {**value, "key": key}))
    return changes
