"""The errors whose messages are shown to the user, and a function that explains any error to the user."""

from __future__ import annotations


class ListingError(Exception):
    """Raised when a file cannot be read as a listing.

    The message is one line. It says what the user can do, unless that is obvious.
    """


class LibraryError(Exception):
    """Raised when a library cannot be opened or written, or when a command cannot be carried out on it.

    The message is one line. It says what the user can do, unless that is obvious.
    """


class NoPaperError(LibraryError):
    """Raised when no paper has a given id, for example because the only import that contained the paper was undone."""


def explanation(error: Exception) -> str | None:
    """One line that explains `error` to the user. None when the cause of `error` is a bug in recto."""
    # Import sqlite3 here and not at the top of the module, because this function is rarely called.
    import sqlite3

    if isinstance(error, LibraryError | ListingError):
        return str(error)
    if isinstance(error, sqlite3.Error):
        return f"the library cannot be read: {error}; it may be damaged"
    if isinstance(error, OSError):
        # Let click handle BrokenPipeError, which occurs when the output goes to a command such as `head` that has
        # ended.
        file_name = f": {error.filename}" if error.filename else ""
        return f"{error.strerror or error}{file_name}"
    return None
