"""Shares a collection with other people, or stops sharing it. Each of the two is one step of the journal.

A shared collection is an ordinary collection whose properties (store/marks/registers.py) have two more keys: "share",
the random id of the shared collection, and "person", the name with which this user puts papers into it. So all machines
of a user know that it is shared. The folder through which it is shared has another path on each machine; the path is a
setting of the library. store/sync/shared_collections.py exchanges the papers through the folder.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import msgspec

from store.library import settings
from store.library.library import Library
from store.marks import collections, fold, journal, stored_registers
from store.marks.collections import PERSON, SHARE
from store.marks.journal import Marked
from store.marks.registers import moment
from store.marks.stored_marks import FieldChange, timestamp
from store.model.errors import LibraryError
from store.text.clean import line

_FIELD = "collection:"
_ID_BYTES = 4
LONGEST_PERSON = 60


class Share(msgspec.Struct, frozen=True):
    """A shared collection: its id, its name in this library, and the name of this user in it.

    `folder` is the folder through which this machine exchanges the collection. It is None if no folder is set on this
    machine, because the user shared the collection on another machine.
    """

    id: str
    collection: str
    person: str
    folder: Path | None


def shares(connection: sqlite3.Connection) -> list[Share]:
    """The shared collections of this library, sorted by name."""
    registers = stored_registers.of_kind(connection, "", _FIELD)
    found = (_share(connection, each.field.removeprefix(_FIELD), each.value) for each in registers)
    return sorted((each for each in found if each is not None), key=lambda each: each.collection)


def share(library: Library, name: str, folder: Path, person: str) -> Marked:
    """Share the collection `name` through `folder`, in which this user is called `person`. Returns the step.

    The collection is created if it does not exist. Papers that are already in it are recorded as added by `person`. If
    the collection is shared already, its folder and the name of the user are changed. Raises LibraryError when a name
    is empty, or when another collection is shared through this folder.
    """
    who = line(person)[:LONGEST_PERSON]
    if not who:
        raise LibraryError(f"{person!r} is not a name of a person")

    def decide(connection: sqlite3.Connection) -> tuple[str, list[FieldChange]]:
        title = collections.stored_name(connection, name)
        present = collections.properties(connection, title) or {"at": moment(timestamp())}
        for each in shares(connection):
            if each.folder == folder and each.collection != title:
                raise LibraryError(f"{folder} has the shared collection “{each.collection}” already; name another one")
        number = present.get(SHARE)
        if not isinstance(number, str):
            number = os.urandom(_ID_BYTES).hex()
        settings.put(connection, f"{settings.SHARED_FOLDER}{number}", str(folder))
        changes = [FieldChange(None, f"{_FIELD}{title}", {**present, SHARE: number, PERSON: who})]
        return f"shared “{title}” as {who}", [*changes, *_signed(connection, title, who)]

    return journal.change_fields(library, decide)


def leave(library: Library, name: str) -> Marked:
    """Stop sharing a collection. Its papers stay in it, and in the collections of the other people. Returns the step.

    Raises LibraryError when there is no such collection, or when it is not shared.
    """

    def decide(connection: sqlite3.Connection) -> tuple[str, list[FieldChange]]:
        title = collections.find(connection, name)
        present = collections.properties(connection, title) or {}
        if SHARE not in present:
            raise LibraryError(f"“{title}” is not shared; recto collection list shows which are")
        left = {key: value for key, value in present.items() if key not in (SHARE, PERSON)}
        return f"left the shared collection “{title}”", [FieldChange(None, f"{_FIELD}{title}", left)]

    return journal.change_fields(library, decide)


def _share(connection: sqlite3.Connection, name: str, properties: Any) -> Share | None:
    """The `Share` of the collection `name` with these properties, or None if the collection is not shared."""
    if not isinstance(properties, dict):
        return None
    number, person = properties.get(SHARE), properties.get(PERSON)
    if not isinstance(number, str) or not isinstance(person, str):
        return None
    folder = settings.get(connection, f"{settings.SHARED_FOLDER}{number}")
    return Share(number, name, person, Path(folder) if folder else None)


def _signed(connection: sqlite3.Connection, name: str, person: str) -> list[FieldChange]:
    """The changes that store `person` as the one who added a paper, for those papers for which nobody is stored."""
    papers = collections.papers(connection, name)
    field = f"{_FIELD}{name}"
    values = {paper: each[field].value for paper, each in fold.of_papers(connection, papers).items() if field in each}
    return [FieldChange(paper, field, {**value, "by": person}) for paper, value in values.items() if "by" not in value]
