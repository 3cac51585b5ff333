"""Followed files: exported files that recto writes again whenever the papers in them change in the library.

The library stores the path of each file, the view and filter that select its papers, and hashes of the contents that
recto wrote. If the content of a file has another hash, another program has changed it, and recto does not overwrite it.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import msgspec

from store.exporting import citation_keys, selected_papers, target_file
from store.exporting.formats import BY_NAME, Options
from store.library import settings, side_files
from store.library.library import Library
from store.library.settings import FOLLOWED_FILES
from store.model.errors import LibraryError
from store.papers.views import Sort, View
from store.search.parser import parse
from store.search.search import Search
from store.search.window import PaperIds

# At most this many hashes are stored for a file. Usually there is one. There are more while two processes write the
# file, or after a process was killed before it had replaced the file.
_HASHES = 4
# A file is read in pieces of this size (bytes).
_CHUNK = 2**20


class Followed(msgspec.Struct, frozen=True):
    """A followed file with the papers of `view` that match `query`.

    `hashes` are the hashes of the contents that recto wrote, the newest last. A paper without a citation key gets one
    of the form `pattern` (see citation_keys.py).
    """

    path: str
    format: str
    view: str = "all"
    query: str = ""
    sort: Sort = "best"
    title: str = "Papers"
    ascii: bool = False
    formulas: bool = False
    pattern: str = citation_keys.PATTERN
    hashes: tuple[str, ...] = ()


def read(connection: sqlite3.Connection) -> tuple[Followed, ...]:
    """All followed files of a library."""
    text = settings.get(connection, FOLLOWED_FILES)
    try:
        return msgspec.json.decode(text or "[]", type=tuple[Followed, ...])
    except msgspec.MsgspecError:
        # The setting cannot be decoded, because another program has damaged it. Then there are no followed files.
        return ()


def follow(library: Library, file: Followed) -> int:
    """Write a file now, and again whenever its papers change. Returns how many papers the file contains now.

    Replaces a file that is already at the path. Raises LibraryError when the file cannot be written.
    """
    papers = _papers(library, file)
    hashed = _Hashed(_pieces(library, file))
    target_file.replace(Path(file.path), hashed)
    with library.writing() as connection:
        others = [other for other in read(connection) if other.path != file.path]
        _store(connection, [*others, msgspec.structs.replace(file, hashes=(hashed.hash,))])
    return len(papers)


def unfollow(library: Library, path: str) -> bool:
    """Stop writing a file again. The file itself is kept. Returns False if it was not a followed file."""
    with library.writing() as connection:
        files = read(connection)
        kept = [file for file in files if file.path != path]
        _store(connection, kept)
    return len(kept) < len(files)


def update(library: Library) -> list[str]:
    """Write each followed file again whose papers have changed. Returns a message for each file that cannot be written.

    Raises LibraryError when the library cannot be read.
    """
    problems: list[str] = []
    for file in read(library.reader()):
        try:
            _update(library, file)
        except LibraryError as error:
            problems.append(str(error))
    return problems


def _update(library: Library, file: Followed) -> None:
    # First compute the new content only to compare its hash, so that a file whose content is unchanged is not written.
    hashed = _Hashed(_pieces(library, file))
    for _ in hashed:
        pass
    path = Path(file.path)
    present = _hash_of(path)
    if present == hashed.hash or (present is None and not path.parent.is_dir()):
        return
    if present is not None and present not in file.hashes:
        raise LibraryError(
            f"{file.path} was changed by another program, so it was not written again; export it with --follow to"
            " replace it, or end this with --unfollow"
        )
    # Store the hash before the file is replaced. If recto is killed after replacing the file, the next update then
    # still recognizes the content as its own.
    _add_hash(library, file.path, hashed.hash)
    written = _Hashed(_pieces(library, file))
    target_file.replace(path, written)
    if written.hash != hashed.hash:
        _add_hash(library, file.path, written.hash)


class _Hashed:
    """An iterator over the pieces of a file that computes the hash of all pieces at the same time."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self._sum = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._sum.update(piece)
            yield piece

    @property
    def hash(self) -> str:
        return self._sum.hexdigest()


def _papers(library: Library, file: Followed) -> PaperIds:
    query = parse(file.query, date.today())
    return Search(library).answer(View.parse(file.view), query, file.sort).ids


def _pieces(library: Library, file: Followed) -> Iterator[bytes]:
    options = Options(file.title, file.ascii, file.formulas)
    papers = selected_papers.read(library, _papers(library, file), pattern=file.pattern)
    return BY_NAME[file.format].pieces(papers, options)


def _hash_of(path: Path) -> str | None:
    """The hash of the file at `path`. None when there is no file. Raises LibraryError when the file cannot be read."""
    summed = hashlib.sha256()
    try:
        with os.fdopen(side_files.open_regular(path, follow_links=True), "rb") as file:
            while chunk := file.read(_CHUNK):
                summed.update(chunk)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LibraryError(f"cannot read {path}: {error.strerror or error}") from error
    return summed.hexdigest()


def _add_hash(library: Library, path: str, new: str) -> None:
    """Store one more hash for the file at `path`, if it is still a followed file."""
    with library.writing() as connection:
        _store(
            connection,
            [
                msgspec.structs.replace(file, hashes=(*file.hashes, new)[-_HASHES:]) if file.path == path else file
                for file in read(connection)
            ],
        )


def _store(connection: sqlite3.Connection, files: list[Followed]) -> None:
    if files:
        settings.put(connection, FOLLOWED_FILES, msgspec.json.encode(files).decode())
    else:
        settings.remove(connection, FOLLOWED_FILES)
