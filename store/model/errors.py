"""What to say about an error that is no mistake in the program."""

from __future__ import annotations


def explanation(error: Exception) -> str | None:
    """One line that says what went wrong and what to do; None for a mistake in the program."""
    # Imported here: most runs meet no error.
    import sqlite3

    from store.model.paper import LibraryError, ListingError

    if isinstance(error, LibraryError | ListingError):
        return str(error)
    if isinstance(error, sqlite3.Error):
        return f"the library cannot be read: {error}; it may be damaged"
    if isinstance(error, OSError):
        # click handles the broken pipe of a command whose reader has gone, such as `head`.
        named = f": {error.filename}" if error.filename else ""
        return f"{error.strerror or error}{named}"
    return None
