"""Saved filters: filters to which the user has given a name.

Each saved filter is listed as a view, and may have a key on the keyboard that opens it.

Each change is one step of the journal. A function that changes a saved filter raises LibraryError when the library
cannot be written.
"""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec

from store.library.library import Library
from store.marks import journal, stored_registers
from store.marks.journal import Marked
from store.marks.stored_marks import FieldChange
from store.model.errors import LibraryError
from store.model.order_keys import filled
from store.text.clean import line

# A saved filter NAME is stored as the field "filter:NAME"; this is the beginning of such a field.
FIELD = "filter:"
_LONGEST_NAME = 100


class SavedFilter(msgspec.Struct, frozen=True):
    """A filter with a name. It selects papers of the view `view`, and sorts them by `sort`.

    `key` is the key on the keyboard that opens it, in Textual's spelling, or None. `order` is an order key
    (store/model/order_keys.py), which determines its position among the saved filters.
    """

    name: str
    filter: str
    view: str = "all"
    sort: str = "best"
    key: str | None = None
    order: str | None = None


def filter_name(text: str) -> str:
    """The name of a saved filter in the form in which the library stores it; "" if it has no visible character."""
    return line(text)[:_LONGEST_NAME]


def read_all(connection: sqlite3.Connection) -> list[SavedFilter]:
    """The saved filters in the user's order.

    Those that a newer version of recto stored in an unknown form are left out.
    """
    read = [
        saved
        for register in stored_registers.of_kind(connection, "", FIELD)
        if register.value is not None
        and (saved := _of_value(register.field.removeprefix(FIELD), register.value)) is not None
    ]
    return sorted(read, key=lambda each: (each.order or "", each.name))


def find(connection: sqlite3.Connection, text: str) -> SavedFilter:
    """The saved filter with the name `text`, ignoring case. Raises LibraryError when there is no such filter."""
    saved = read_all(connection)
    name = filter_name(text)
    exact = [each for each in saved if each.name == name]
    if matching := exact or [each for each in saved if each.name.casefold() == name.casefold()]:
        return matching[0]
    raise LibraryError(f"there is no saved filter {text!r}; recto view list shows them")


def save(library: Library, saved: SavedFilter) -> Marked:
    """Save a filter. It replaces the saved filter with the same name; if there is none, it is added at the end.

    Raises LibraryError when the name is empty, or when another saved filter already has the same key.
    """
    name = filter_name(saved.name)
    # Text from a command line or the clipboard may contain lone surrogates and control characters, which cannot be
    # stored or shown. `line` removes them.
    saved = msgspec.structs.replace(saved, filter=line(saved.filter))

    def decide(connection: sqlite3.Connection) -> tuple[str, list[FieldChange]]:
        if not name:
            raise LibraryError(f"{saved.name!r} is not a name for a view")
        others = [each for each in read_all(connection) if each.name != name]
        taken = next((each for each in others if saved.key and each.key == saved.key), None)
        if taken is not None:
            raise LibraryError(f"the view “{taken.name}” has the key {saved.key} already")
        present = next((each for each in read_all(connection) if each.name == name), None)
        order = present.order if present else None
        order = order or filled([*(each.order for each in others if each.order), None])[-1]
        return f"saved the view “{name}”", [FieldChange(None, f"{FIELD}{name}", _value(saved, order))]

    return journal.change_fields(library, decide)


def remove(library: Library, name: str) -> Marked:
    """Remove the saved filter `name`. Raises LibraryError when there is no such saved filter."""

    def decide(connection: sqlite3.Connection) -> tuple[str, list[FieldChange]]:
        saved = find(connection, name)
        return f"removed the view “{saved.name}”", [FieldChange(None, f"{FIELD}{saved.name}", None)]

    return journal.change_fields(library, decide)


def move(library: Library, name: str, to: int) -> Marked:
    """Move the saved filter `name` to the position `to`, counted from 1.

    Raises LibraryError when there is no such saved filter.
    """

    def decide(connection: sqlite3.Connection) -> tuple[str, list[FieldChange]]:
        saved = find(connection, name)
        others = [each for each in read_all(connection) if each.name != saved.name]
        index = min(max(1, to) - 1, len(others))
        items = [*others[:index], saved, *others[index:]]
        keys = filled([None if each is saved else each.order for each in items])
        changes = [
            FieldChange(None, f"{FIELD}{each.name}", _value(each, order))
            for each, order in zip(items, keys, strict=True)
            if order != each.order
        ]
        return f"moved the view “{saved.name}”", changes

    return journal.change_fields(library, decide)


def change(saved: SavedFilter) -> FieldChange:
    """The change of a field that stores `saved`, without changing its position among the saved filters."""
    return FieldChange(None, f"{FIELD}{saved.name}", _value(saved, saved.order))


def _value(saved: SavedFilter, order: str | None) -> dict[str, Any]:
    """The value of the register of a saved filter, with the order key `order`."""
    fields = msgspec.to_builtins(saved) | {"order": order}
    return {name: part for name, part in fields.items() if name != "name" and part is not None}


def _of_value(name: str, value: Any) -> SavedFilter | None:
    try:
        return msgspec.convert({**value, "name": name}, SavedFilter)
    except (msgspec.ValidationError, TypeError):
        return None
