"""Writes a file that the user has named, completely or not at all. Only a regular file is replaced."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from store.library import whole_file
from store.library.own_files import library_of
from store.library.side_files import NotAFileError, first_not_regular
from store.model.errors import LibraryError, explanation


def replace(path: Path, pieces: Iterable[bytes], *, follow_links: bool = True) -> int:
    """Write `pieces` to the file at `path`. The file keeps its old content until all pieces are on the disk.

    Returns the size of the new file in bytes. If `path` is a symbolic link to a file, the link is kept and the file to
    which it leads is replaced. If `follow_links` is false, a link raises LibraryError. Raises LibraryError when the
    file cannot be written, when something else than a regular file is at the path, or when the file belongs to a
    library.
    """

    def refuse_what_is_no_file() -> None:
        refused: NotAFileError | None = first_not_regular([target])
        if refused is not None:
            raise refused

    try:
        target = Path(os.path.realpath(path)) if follow_links else Path(os.path.realpath(path.parent), path.name)
        refuse_what_is_no_file()
        if not target.parent.is_dir():
            raise LibraryError(f"cannot write {path}: there is no folder {target.parent}")
        if (library := library_of(target)) is not None:
            raise LibraryError(f"cannot write {path}: it belongs to the library {library}; name another file")
        # Check again at the end, because something else than a file may have been created at this path meanwhile.
        size = whole_file.write(target, pieces, before_renaming=refuse_what_is_no_file)
    except (OSError, ValueError) as error:
        raise LibraryError(f"cannot write {path}: {explanation(error)}") from error
    # Write the folder to the disk, so that the renaming survives a power failure. Some file systems do not support
    # this.
    with suppress(OSError):
        whole_file.sync(target.parent)
    return size
