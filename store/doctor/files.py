"""Checks the files of a library: the database and the files beside it, their permissions, the index and the backups."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from store.doctor import wrong_values
from store.doctor.finding import Finding
from store.library import backup, damage, expected_tables, schema
from store.library.connections import connect_to_read, user_version
from store.library.database_file import require_library_file
from store.library.library import Library
from store.library.side_files import NotAFileError, first_not_regular
from store.model.errors import LibraryError
from store.search import index_sync

# `recto doctor` reports a problem if the newest backup is older than this.
_OLDEST_BACKUP = timedelta(days=7)
# SQLite up to this version may lose a checkpoint when two connections run checkpoints at once ("WAL-reset bug").
_LAST_WITH_RESET_BUG = (3, 51, 2)
_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700
_SIDE_FILES = ("-wal", "-shm", "-journal", ".lock")


def examine(library: Path, *, on_step: Callable[[str], None] = lambda subject: None) -> Iterator[Finding]:
    """Yield findings about the library file `library`.

    `on_step` is called with the subject of each check before it begins.
    """
    on_step("library")
    try:
        library.stat()
    except (FileNotFoundError, NotADirectoryError):
        yield Finding("library", f"{library} does not exist yet; recto creates it when it is first used.")
        return
    if unusable := _unusable(library):
        yield unusable
        return
    problems = _damage(library)
    if problems:
        text = f"{library} is damaged: {problems[0]}. Nothing should be written to it."
        yield Finding("library", text, problem=True, command="recto restore --newest --with-marks")
    elif wrong := _wrong_value(library):
        text = f"Another program has changed {library}: {wrong}."
        yield Finding("library", text, problem=True, command=_restore_command(library))
    else:
        # While recto is running, most of a new library may still be in the write-ahead log.
        log = Path(f"{library}-wal")
        size = library.stat().st_size + (log.stat().st_size if log.exists() else 0)
        yield Finding("library", f"{library} is sound ({size / 10**6:,.1f} MB).")
        yield from _writable(library)
    yield from _side_files(library)
    yield from _permissions(library)
    if not problems and (version := _version(library)) == schema.version():
        on_step("search index")
        yield _index(library)
    elif not problems:
        text = f"Its tables have version {version}; the next start brings them to version {schema.version()}."
        yield Finding("search index", f"{text} The index follows.")
    on_step("backups")
    yield from _backups(library)


def sqlite_version() -> Finding:
    """A finding about the version of SQLite that Python uses, and whether this version has the WAL-reset bug."""
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info <= _LAST_WITH_RESET_BUG:
        text = f"SQLite {version} has a fault when two programs run checkpoints at once; recto lets only one do so."
        return Finding("SQLite", text)
    return Finding("SQLite", f"SQLite {version}.")


def _unusable(library: Path) -> Finding | None:
    """A finding if the file `library` cannot be a library, for example because it is a folder; otherwise None."""
    try:
        require_library_file(library, follow_links=True)
    except NotAFileError as error:
        return Finding("library", f"{library}: {error.strerror}. Name another file with --library.", problem=True)
    except OSError as error:
        return Finding("library", f"{library} cannot be read: {error.strerror}.", problem=True)
    except LibraryError as error:
        return Finding("library", f"{error}.", problem=True, command=_restore_command(library))
    return None


def _restore_command(library: Path) -> str:
    return "recto restore --newest --with-marks" if backup.backups(library) else ""


def _damage(library: Path) -> list[str]:
    """Texts that describe the damage of a library: what SQLite's integrity check finds, and wrong tables and triggers.

    Other programs may have the library open during this check.
    """
    try:
        with contextlib.closing(connect_to_read(library)) as connection:
            problems = damage.problems(connection, complete=library.stat().st_size <= backup.COMPLETE_CHECK_BYTES)
            return problems or expected_tables.differences(connection, user_version(connection))
    except sqlite3.DatabaseError as error:
        return [str(error)]


def _wrong_value(library: Path) -> str | None:
    with contextlib.closing(connect_to_read(library)) as connection:
        return wrong_values.first(connection)


def _writable(library: Path) -> Iterator[Finding]:
    """A finding if recto can read the library but cannot write it; otherwise none."""
    folder = library.parent
    if not os.access(library, os.W_OK) or not os.access(folder, os.W_OK):
        text = f"{library} or its folder cannot be written, so no mark can be saved. Its disk may be read-only."
        yield Finding("library", text, problem=True, command=f"chmod u+w {folder} {library}")


def _version(library: Path) -> int:
    with contextlib.closing(connect_to_read(library)) as connection:
        return user_version(connection)


def _side_files(library: Path) -> Iterator[Finding]:
    error = first_not_regular(Path(f"{library}{suffix}") for suffix in _SIDE_FILES)
    if error:
        text = f"{error.filename}: {error.strerror}. Move it away; recto does not follow or replace it."
        yield Finding("files beside the library", text, problem=True)
    partial_files = sorted(library.parent.glob(f".{library.name}*.partial")) + sorted(
        backup.folder(library).glob(".*.partial") if backup.folder(library).is_dir() else ()
    )
    if partial_files:
        count, example = len(partial_files), partial_files[0]
        text = f"{count} unfinished backups were left when recto was interrupted, for example {example}."
        yield Finding(
            "files beside the library", text, problem=True, command="recto doctor --fix", mend=_removing(partial_files)
        )
    if not error and not partial_files:
        yield Finding("files beside the library", "They are as recto made them.")


def _removing(paths: list[Path]) -> Callable[[], str]:
    def remove() -> str:
        for path in paths:
            path.unlink()
        return f"Removed {len(paths)} unfinished backups."

    return remove


def _permissions(library: Path) -> Iterator[Finding]:
    """A finding about whether other users of the machine can read the library.

    On a file system without permissions this is not reported as a problem, because the user cannot change it.
    """
    private = {library: _PRIVATE_FILE}
    for suffix in _SIDE_FILES:
        private[Path(f"{library}{suffix}")] = _PRIVATE_FILE
    private[index_sync.folder_of(library)] = _PRIVATE_FOLDER
    private[backup.folder(library)] = _PRIVATE_FOLDER
    open_to_others = {
        path: mode for path, mode in private.items() if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    }
    if not open_to_others:
        yield Finding("permissions", "Only you can read the library.")
        return

    def mend() -> str:
        for path, mode in open_to_others.items():
            path.chmod(mode)
        return f"Made {len(open_to_others)} files private."

    names = ", ".join(path.name for path in open_to_others)
    text = f"Other users of this machine may read {names}."
    yield Finding("permissions", text, problem=True, command="recto doctor --fix", mend=mend)


def _index(library: Path) -> Finding:
    try:
        with Library.open(library) as opened:
            if not index_sync.paper_count(opened.reader()):
                return Finding("search index", "The library has no papers.")
            missing = index_sync.unindexed_count(opened.reader())
            fits = index_sync.fits(opened)
    except LibraryError as error:
        return Finding("search index", f"{error}.", problem=True)
    if fits and not missing:
        return Finding("search index", "It has every paper.")

    def mend() -> str:
        with Library.open(library) as opened:
            index_sync.catch_up(opened)
        return "The search index has every paper now."

    text = f"It lacks {missing:,} papers." if fits else "It does not belong to this library, or it is missing."
    return Finding("search index", text, problem=True, command="recto index", mend=mend)


def _backups(library: Path) -> Iterator[Finding]:
    backups = backup.backups(library)

    def mend() -> str:
        with Library.open(library) as opened:
            return f"Made the backup {backup.make(opened.reader(), opened.file)}."

    if not backups:
        yield Finding("backups", "There is no backup.", problem=True, command="recto backup", mend=mend)
        return
    if problems := backup.check(backups[0].path):
        text = f"The newest backup, {backups[0].path}, is damaged: {problems[0]}."
        yield Finding("backups", text, problem=True, command="recto backup", mend=mend)
    elif datetime.now() - backups[0].made_at > _OLDEST_BACKUP:
        text = f"The newest backup was made on {backups[0].made_at:%Y-%m-%d}."
        yield Finding("backups", text, problem=True, command="recto backup", mend=mend)
    else:
        yield Finding("backups", f"The newest backup was made on {backups[0].made_at:%Y-%m-%d at %H:%M}, and is sound.")
