"""A library is created and opened: its file is private, and recto refuses foreign files and does not change them."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from store.library import schema
from store.library.library import Library
from store.model.errors import LibraryError
from tests.store.library.libraries import Start, assert_sound, keep, kept, told


def open_files() -> int:
    """The number of files that this process has open. 0 if the system has no /proc."""
    return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").is_dir() else 0


def digests(folder: Path) -> dict[str, str]:
    return {
        str(each.relative_to(folder)): hashlib.sha256(each.read_bytes()).hexdigest()
        for each in folder.rglob("*")
        if each.is_file()
    }


def test_the_library_and_all_beside_it_are_the_readers_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with Library.open(tmp_path / "new" / "folder" / "library.db") as library:
            keep(library, "a")
            found = {each.name: stat.S_IMODE(each.stat().st_mode) for each in library.path.parent.iterdir()}
    finally:
        os.umask(before)
    assert found == dict.fromkeys(["library.db", "library.db-wal", "library.db-shm", "library.db.lock"], 0o600)
    for folder in (tmp_path / "new", tmp_path / "new" / "folder"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_an_empty_file_that_becomes_a_library_becomes_private(path: Path) -> None:
    path.touch()
    path.chmod(0o644)
    Library.open(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_existing_folder_keeps_its_permissions(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o755)
    Library.open(folder / "library.db").close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_stored_data_is_there_at_the_next_start(path: Path) -> None:
    with Library.open(path) as library:
        keep(library, "a")
    with Library.open(path) as library:
        assert kept(library) == {"a"}
    assert_sound(path)


def test_the_application_id_is_written_first(path: Path) -> None:
    """If the application id were written later, recto, killed at its first start, would refuse its own file."""
    with Library.open(path):
        header = path.read_bytes()[:100]
    assert int.from_bytes(header[68:72], "big") == schema.APPLICATION_ID


def test_a_first_start_that_is_killed_costs_nothing_that_was_written(path: Path, start: Start) -> None:
    process = start(
        "import sys; from pathlib import Path; from store.library.library import Library\n"
        "library = Library.open(Path(sys.argv[1]))\n"
        "with library.writing() as connection: connection.execute(\"INSERT INTO setting VALUES ('a', 'x')\")\n"
        "print('written', flush=True); input()",
        path,
    )
    assert told(process) == "written"
    process.send_signal(signal.SIGKILL)
    process.wait()
    with Library.open(path) as library:
        assert kept(library) == {"a"}
        assert library.holds_lock
    assert_sound(path)


def test_an_empty_file_becomes_a_library(path: Path) -> None:
    path.touch()
    with Library.open(path) as library:
        keep(library, "a")
    assert_sound(path)


def zotero(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE items (itemID INTEGER PRIMARY KEY, key TEXT NOT NULL)")
        connection.execute("INSERT INTO items (key) VALUES ('ABCD2345')")
        connection.commit()


def of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 252006673")
        connection.execute("CREATE TABLE a (b)")
        connection.commit()


def newer(path: Path) -> None:
    Library.open(path).close()
    (path.parent / "library.db.lock").unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.version() + 1}")


FOREIGN = {
    "a text": (lambda path: path.write_text("Dear diary,\n" * 20), "not a library"),
    "a short text": (lambda path: path.write_text("x"), "not a library"),
    "a database of Zotero": (zotero, "not a library"),
    "a database of another program": (of_another_program, "not a library"),
    "an empty database": (lambda path: sqlite3.connect(path).execute("VACUUM").connection.close(), "not a library"),
    "a library of a newer recto": (newer, f"version {schema.version() + 1} .* knows {schema.version()}.*upgrade"),
    "a folder": (lambda path: path.mkdir(), "not a file"),
    "a pipe": (lambda path: os.mkfifo(path), "not a file"),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_foreign_file_is_refused_and_unchanged(what: str, path: Path) -> None:
    make, words = FOREIGN[what]
    make(path)
    before, files = digests(path.parent), set(path.parent.iterdir())
    descriptors = open_files()
    with pytest.raises(LibraryError, match=words) as raised:
        Library.open(path)
    assert "\n" not in str(raised.value)
    assert digests(path.parent) == before
    assert set(path.parent.iterdir()) == files
    assert open_files() == descriptors


def test_a_newer_recto_that_is_open_at_this_moment_is_noticed_too(path: Path) -> None:
    """The newer version number is only in the WAL. The header of the file still contains the old one."""
    Library.open(path).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA user_version = {schema.version() + 1}")
        with pytest.raises(LibraryError, match="newer recto"):
            Library.open(path)


def test_a_damaged_library_is_reported_and_left_as_it_was(path: Path) -> None:
    Library.open(path).close()
    content = bytearray(path.read_bytes())
    content[100:] = os.urandom(len(content) - 100)
    path.write_bytes(content)
    with pytest.raises(LibraryError, match="recto doctor"):
        Library.open(path)
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_made_gives_an_error_of_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="cannot open the library"):
        Library.open(tmp_path / "file" / "library.db")
