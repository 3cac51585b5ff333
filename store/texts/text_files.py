"""Copies the files of full texts to a folder beside a backup of the library, and restores them from there."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from store.library import whole_file
from store.library.library import Library
from store.library.side_files import make_private, open_regular
from store.model.errors import LibraryError
from store.texts import text_store

# Matches the name of a file of a text: the SHA-256 of the source, and the format of the source, "blocks" or "pictures".
_NAME = re.compile(rf"([0-9a-f]{{64}})\.(?:{'|'.join(text_store.FORMATS)}|blocks|pictures)")
# A file is read in pieces of this size (bytes).
_PIECE = 2**20
# No file of a text is larger than this (bytes). Larger files are neither read nor copied.
_LARGEST = text_store.LONGEST_FILE


def folder_beside(backup: Path) -> Path:
    """The folder with the texts of a backup of the library."""
    return backup.with_name(f"{backup.name}.texts")


def copy_to(library: Library, target: Path) -> int:
    """Copy the files of all texts of a library into the folder `target`. Returns the number of files in it.

    Files that `target` has already are not copied again. Raises LibraryError when a file cannot be copied.
    """
    contents = {content for (content,) in library.reader().execute("SELECT DISTINCT content FROM text")}
    files = [path for content, path in _files(text_store.folder(library)) if content in contents]
    return _copy(files, target)


def restore_from(source: Path, library_file: Path) -> int:
    """Copy the files of texts in the folder `source` to the folder of texts beside a library. Returns the number of
    copied files.

    The name of a file contains the SHA-256 of its source. If the content has another SHA-256, the file is damaged. It
    is then left out, together with the files of its blocks and pictures.
    """
    sound = {
        content
        for content, path in _files(source)
        if path.suffix not in (".blocks", ".pictures") and _digest(path) == content
    }
    files = [path for content, path in _files(source) if content in sound]
    return _copy(files, Path(os.path.realpath(library_file)).parent / text_store.FOLDER)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of texts in a folder, each with the SHA-256 in its name. Symbolic links and other files are
    left out.
    """
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        match = _NAME.fullmatch(path.name)
        if match and (size := _size(path)) is not None and size <= _LARGEST:
            yield match[1], path


def _digest(path: Path) -> str | None:
    """The SHA-256 of a file; None when it cannot be read."""
    digest = sha256()
    try:
        for piece in _pieces(path):
            digest.update(piece)
    except OSError:
        return None
    return digest.hexdigest()


def _copy(files: list[Path], target: Path) -> int:
    try:
        make_private(target)
        for path in files:
            if _size(target / path.name) != _size(path):
                whole_file.write(target / path.name, _pieces(path))
    except OSError as error:
        raise LibraryError(f"the texts cannot be copied to {target}: {error.strerror}") from error
    return len(files)


def _pieces(path: Path) -> Iterator[bytes]:
    """The content of a regular file, piece by piece, as long as it is not larger than _LARGEST."""
    with os.fdopen(open_regular(path), "rb") as file:
        left = _LARGEST
        while left > 0 and (piece := file.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece


def _size(path: Path) -> int | None:
    """The size of a regular file (bytes). None for anything else, such as a symbolic link, and when there is
    no file.
    """
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None
