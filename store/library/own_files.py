"""Recognizes the files of libraries, so that recto writes no other file over them."""

from __future__ import annotations

import re
from pathlib import Path

from store.library import opening
from store.library.database_file import has_library_header

# The name of a file or folder that belongs to the library whose name is the first group.
_SIDE_FILE = re.compile(r"(.+?)(?:-wal|-shm|-journal|\.lock|\.page|\.index|\.backups|\.replac(?:ing|ed-\d+))")


def library_of(path: Path) -> Path | None:
    """The library to which the file at the absolute `path` belongs; None if it belongs to no library.

    The files of a library are the library itself (a backup is a library too), the files that SQLite and recto create
    beside it, and all files in the folders that recto creates beside it.
    """
    if _is_library(path):
        return path
    for each in (path, *path.parents):
        match = _SIDE_FILE.fullmatch(each.name)
        if match and _is_library(library := each.with_name(match[1])):
            return library
    return None


def _is_library(path: Path) -> bool:
    # A library that this process has open must not be opened here (see `Library.is_of`).
    return opening.is_open_here(path) or has_library_header(path)
