"""Renames a saved filter, and changes the name in all filters and settings that mention it.

store/marks/named_in_filters.py finds these filters and settings.
"""

from __future__ import annotations

import sqlite3

from msgspec.structs import replace

from store.library.library import Library
from store.marks import journal, named_in_filters, saved_filters
from store.marks.journal import Marked
from store.marks.saved_filters import FIELD, filter_name
from store.marks.stored_marks import FieldChange
from store.model.errors import LibraryError


def rename(library: Library, old: str, new: str) -> Marked:
    """Rename the saved filter `old` to `new`. Its key and its position stay.

    If there is a saved filter with the name `new`, it is replaced.

    Raises LibraryError when there is no saved filter `old`, or when `new` is empty.
    """

    def decide(connection: sqlite3.Connection) -> tuple[str, list[FieldChange]]:
        saved = saved_filters.find(connection, old)
        name = filter_name(new)
        if not name:
            raise LibraryError(f"{new!r} is not a name for a view")
        if name == saved.name:
            return "", []
        removed = FieldChange(None, f"{FIELD}{saved.name}", None)
        renamed = saved_filters.change(replace(saved, name=name))
        others = named_in_filters.changes(connection, "filter", [saved.name], name)
        label = f"renamed the view “{saved.name}” to “{name}”{named_in_filters.remark(others)}"
        return label, [removed, renamed, *others]

    return journal.change_fields(library, decide)
