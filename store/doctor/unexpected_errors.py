"""Explains an unexpected error if its cause may be a value that another program has stored in the library."""

from __future__ import annotations

import sqlite3
import time

import msgspec

from store.library.library import Library
from store.model.errors import LibraryError, explanation

# The search for wrong values gives up after this time (s). The error then counts as a bug in recto.
_LONGEST_SEARCH = 30.0
# The exceptions that Python and msgspec raise for a value of an unexpected type or form.
_CAUSED = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RecursionError, msgspec.MsgspecError)


def explain(library: Library, error: Exception) -> None:
    """Raise LibraryError if a wrong value in the library may have caused the unexpected error `error`."""
    if text := explained(library, error):
        raise LibraryError(text) from error


def explained(library: Library, error: Exception) -> str | None:
    """A sentence for the user if a wrong value in the library may have caused the unexpected error `error`.

    None when `store.model.errors.explanation` explains `error`, or when the library contains no wrong value.
    """
    if explanation(error) is not None or not isinstance(error, _CAUSED):
        return None
    # Imported here, because few processes need this module.
    from store.doctor import wrong_values

    ends = time.monotonic() + _LONGEST_SEARCH
    try:
        wrong = wrong_values.first(library.reader(), lambda: time.monotonic() > ends)
    except (sqlite3.Error, LibraryError):
        return None
    return wrong and (
        f"another program has changed {library.path}: {wrong}; run recto doctor, which says how to restore a backup"
    )
