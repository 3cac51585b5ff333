"""Prepares the database file before SQLite opens it.

A new file is created so that only its owner can read it. A file that is not a library is refused and not changed.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from store.library import schema
from store.library.side_files import NotAFileError, make_private, open_regular
from store.model.errors import LibraryError

_HEADER_BYTES = 100
_HEADER = b"SQLite format 3\0"
# The offsets of two numbers in the header of the file, each of four bytes (SQLite's "Database File Format", 1.3).
_APPLICATION_ID_AT = 68
_USER_VERSION_AT = 60


def prepare(path: Path, *, is_open: bool) -> None:
    """Create an empty file, readable only by its owner, if there is none.

    Raises LibraryError when the existing file is not a library.

    Raises OSError or ValueError when the file cannot be opened or created. `is_open` means that this process already
    has the file open as a library. If so, the file is not read here, because closing it afterwards would release the
    locks that SQLite has on it.
    """
    make_private(path.parent)
    if is_open:
        return
    try:
        descriptor = open_regular(path, follow_links=True)
    except FileNotFoundError:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        return
    except NotAFileError:
        raise LibraryError(f"{path} is not a file; name a library with --library FILE") from None
    try:
        header = os.pread(descriptor, _HEADER_BYTES, 0)
        if not header:
            # An empty file will become a library, so give it the permissions of a new library. This fails if the file
            # belongs to another user.
            with contextlib.suppress(PermissionError):
                os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)
    if header:
        _require_library(path, header)


def require_library_file(path: Path, *, follow_links: bool = False) -> None:
    """Raise LibraryError unless the file at `path` is a library that this version of recto can read.

    Raises NotAFileError and OSError in the same cases as `side_files.open_regular`. This process must not have the
    library open (see `Library.is_of`).
    """
    descriptor = open_regular(path, follow_links=follow_links)
    try:
        _require_library(path, os.pread(descriptor, _HEADER_BYTES, 0))
    finally:
        os.close(descriptor)


def has_library_header(path: Path) -> bool:
    """Whether the file at `path` is a library of recto, of whatever version. This process must not have it open."""
    try:
        descriptor = open_regular(path, follow_links=True)
    except OSError:
        return False
    try:
        return _is_header(os.pread(descriptor, _HEADER_BYTES, 0))
    except OSError:
        return False
    finally:
        os.close(descriptor)


def newer(path: Path, version: int) -> str:
    """The error message for a library that a newer version of recto has written."""
    return (
        f"{path} was written by a newer recto (version {version} of its tables, this one knows"
        f" {schema.version()}); it was left as it is: upgrade recto"
    )


def _require_library(path: Path, header: bytes) -> None:
    """Raise LibraryError unless `header` is the header of a library with a version that this program can read.

    `header` is the first _HEADER_BYTES bytes of the file at `path`.
    """
    version = _number(header, _USER_VERSION_AT)
    if not _is_header(header):
        raise LibraryError(f"{path} is not a library of recto's; it was left as it is")
    if version > schema.version():
        raise LibraryError(newer(path, version))


def _is_header(header: bytes) -> bool:
    """Whether `header` is the beginning of a library of recto."""
    return header.startswith(_HEADER) and _number(header, _APPLICATION_ID_AT) == schema.APPLICATION_ID


def _number(header: bytes, at: int) -> int:
    return int.from_bytes(header[at : at + 4], "big")
