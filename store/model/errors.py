"""The errors that a reader can act on, and the text that explains an error."""

from __future__ import annotations


class ListingError(Exception):
    """A file cannot be read as a listing. The message is one line that says what to do."""


class LibraryError(Exception):
    """A library cannot be opened or written. The message is one line that says what to do."""


def explanation(error: Exception) -> str | None:
    """One line that says what went wrong and what to do; None when the error is a mistake in the program."""
    # Imported here: most runs meet no error.
    import sqlite3

    if isinstance(error, LibraryError | ListingError):
        return str(error)
    if isinstance(error, sqlite3.Error):
        return f"the library cannot be read: {error}; it may be damaged"
    if isinstance(error, OSError):
        # click handles the broken pipe of a command whose output nobody reads any more, such as `| head`.
        file_name = f": {error.filename}" if error.filename else ""
        return f"{error.strerror or error}{file_name}"
    return None
