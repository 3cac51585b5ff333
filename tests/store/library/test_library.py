"""The library file is private and shared by processes, foreign files are refused, and failed writes are reported."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from subprocess import Popen

import pytest
from sqlite_utils import Database

from store.importing.importer import Options, import_file
from store.library import backup, opening, schema
from store.library import library as module
from store.library.library import Library
from store.library.lock_file import LockFile
from store.model.errors import LibraryError
from store.search import index_sync
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


def keep(library: Library, key: str, value: str = "x") -> None:
    with library.writing() as connection:
        connection.execute("INSERT INTO setting (key, value) VALUES (?, ?)", (key, value))


def kept(library: Library) -> set[str]:
    return {key for (key,) in library.reader().execute("SELECT key FROM setting")}


def assert_sound(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


Process = subprocess.Popen[str]
Start = Callable[..., Process]


@pytest.fixture
def start() -> Iterator[Start]:
    """A function that runs code in a Python process. The test writes to its stdin and reads its answers from stdout."""
    running: list[Process] = []

    def run(code: str, *arguments: object) -> Process:
        command = [sys.executable, "-c", code, *map(str, arguments)]
        running.append(Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        return running[-1]

    yield run
    for process in running:
        process.kill()
        process.communicate()


def told(process: Process) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def tell(process: Process, text: str = "") -> None:
    assert process.stdin
    process.stdin.write(text + "\n")
    process.stdin.flush()


def open_files() -> int:
    """How many files this process has open. 0 if the system has no /proc."""
    return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").is_dir() else 0


def digests(folder: Path) -> dict[str, str]:
    return {
        str(each.relative_to(folder)): hashlib.sha256(each.read_bytes()).hexdigest()
        for each in folder.rglob("*")
        if each.is_file()
    }


# -- creating and opening


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


def test_a_folder_that_was_there_keeps_its_permissions(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o755)
    Library.open(folder / "library.db").close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_what_was_written_is_there_at_the_next_start(path: Path) -> None:
    with Library.open(path) as library:
        keep(library, "a")
    with Library.open(path) as library:
        assert kept(library) == {"a"}
    assert_sound(path)


def test_the_file_says_whose_it_is_before_anything_else_is_in_it(path: Path) -> None:
    """The application id is written first. Otherwise recto, killed at its first start, would refuse its own file."""
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


# -- files that are no libraries of recto


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
def test_what_is_not_ours_is_refused_and_left_as_it_was(what: str, path: Path) -> None:
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
    """The newer version number is only in the WAL. The header of the file still has the old one."""
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


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="cannot open the library"):
        Library.open(tmp_path / "file" / "library.db")


# -- migrations


def test_the_first_tables_come_all_at_once_or_not_at_all(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create = schema._MIGRATIONS[0]

    def cut(db: Database) -> None:
        create(db)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(schema, "_MIGRATIONS", (cut,))
        with pytest.raises(KeyboardInterrupt):
            Library.open(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
        assert connection.execute("PRAGMA user_version").fetchone() == (0,)
    with Library.open(path) as library:
        keep(library, "a")
    assert_sound(path)


def test_an_older_library_is_brought_up_to_date_and_loses_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(path) as library:
        keep(library, "a")
    old = schema.version()
    second = lambda db: db.table("setting").add_column("seen", int)  # noqa: E731
    with monkeypatch.context() as patch:
        patch.setattr(schema, "_MIGRATIONS", (*schema._MIGRATIONS, second))
        with Library.open(path) as library:
            assert kept(library) == {"a"}
            assert library.reader().execute("SELECT seen FROM setting").fetchall() == [(None,)]
            assert library.reader().execute("PRAGMA user_version").fetchone() == (old + 1,)
    (before,) = backup.backups(path)
    with Library.open(before.path) as library:
        assert kept(library) == {"a"}
    with pytest.raises(LibraryError, match="newer recto"):
        Library.open(path)
    assert_sound(path)


def test_an_older_library_that_cannot_be_backed_up_is_not_migrated(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(path) as library:
        keep(library, "a")
    backup.folder(path).write_text("a file where the folder of backups should be")
    with monkeypatch.context() as patch:
        patch.setattr(schema, "_MIGRATIONS", (*schema._MIGRATIONS, lambda db: pytest.fail("it was migrated")))
        with pytest.raises(LibraryError, match="no backup was made"):
            Library.open(path)
    with Library.open(path) as library:
        assert kept(library) == {"a"}


def test_a_migration_that_fails_leaves_the_older_library(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(path) as library:
        keep(library, "a")

    def broken(db: Database) -> None:
        db.table("setting").add_column("seen", int)
        db.execute("INSERT INTO no_such_table VALUES (1)")

    with monkeypatch.context() as patch:
        patch.setattr(schema, "_MIGRATIONS", (*schema._MIGRATIONS, broken))
        with pytest.raises(LibraryError):
            Library.open(path)
    with Library.open(path) as library:
        assert kept(library) == {"a"}
        assert "seen" not in [name for _, name, *_ in library.reader().execute("PRAGMA table_info(setting)")]


# -- disks that cannot be written


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES])
def test_a_library_that_cannot_be_written_is_read(path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    with Library.open(path) as library:
        keep(library, "a")

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(LockFile, "_open", refuse)
    before = {each: each.stat().st_mtime_ns for each in path.parent.iterdir()}
    with Library.open(path) as library:
        assert library.read_only == os.strerror(number).lower()
        assert kept(library) == {"a"}
        with pytest.raises(LibraryError, match="not saved"):
            keep(library, "b")
        library.checkpoint()
        assert not library.holds_lock
    assert {each: each.stat().st_mtime_ns for each in path.parent.iterdir()} == before
    with pytest.raises(LibraryError, match="cannot open"):
        Library.open(path.with_name("new.db"))


def test_a_library_with_several_names_is_only_read(path: Path) -> None:
    with Library.open(path) as library:
        keep(library, "a")
    other_name = path.with_name("other.db")
    other_name.hardlink_to(path)
    for name in (path, other_name):
        with Library.open(name) as library:
            assert kept(library) == {"a"}
            with pytest.raises(LibraryError, match="several names"):
                keep(library, "b")
    other_name.unlink()
    with Library.open(path) as library:
        keep(library, "b")


def test_a_library_and_a_link_to_it_have_one_lock_and_one_index(path: Path) -> None:
    Library.open(path).close()
    link = path.with_name("link.db")
    link.symlink_to(path)
    with Library.open(path) as library, Library.open(link) as linked:
        keep(library, "a")
        keep(linked, "b")
        assert library.holds_lock != linked.holds_lock
        assert index_sync.index_folder(library) == index_sync.index_folder(linked)
    assert not list(path.parent.glob("link.db?*"))


def test_what_is_only_in_the_wal_is_read_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(path) as library:
        keep(library, "a")
        with Library.open(path) as other:
            keep(other, "b")
            monkeypatch.setattr(LockFile, "_open", lambda _: os.open("/nonexistent/folder/", os.O_RDONLY))
            monkeypatch.setattr(opening, "_UNWRITABLE_ERRNOS", (errno.ENOENT,))
            with Library.open(path) as read_only:
                assert kept(read_only) == {"a", "b"}


# -- several processes

_WRITER = """
import sys
from pathlib import Path
from store.library.library import Library
from store.library.lock_file import LockFile
library = Library.open(Path(sys.argv[1]))
print("open", library.holds_lock, flush=True)
for line in sys.stdin:
    with library.writing() as connection:
        connection.execute("INSERT INTO setting VALUES (?, ?)", (line.strip(), "x" * int(sys.argv[2])))
    keys = sorted(key for (key,) in library.reader().execute("SELECT key FROM setting"))
    print(library.holds_lock, *keys, flush=True)
library.close()
"""


def test_a_second_recto_reads_and_writes_the_same_library(path: Path, start: Start) -> None:
    with Library.open(path) as library:
        keep(library, "first")
        version = library.data_version()
        second = start(_WRITER, path, 1)
        assert told(second) == "open False"
        tell(second, "second")
        assert told(second) == "False first second"
        assert kept(library) == {"first", "second"}
        assert library.data_version() != version
        keep(library, "third")
        assert library.holds_lock
        assert (path.parent / "library.db.lock").read_text() == f"{os.getpid()}\n"
        tell(second, "fourth")
        assert told(second) == "False first fourth second third"
    assert_sound(path)


def test_when_the_first_recto_ends_the_second_takes_its_place(path: Path, start: Start) -> None:
    first = start(_WRITER, path, 1)
    assert told(first) == "open True"
    with Library.open(path) as library:
        assert not library.holds_lock
        keep(library, "a")
        assert not library.holds_lock
        first.kill()
        first.wait()
        keep(library, "b")
        assert library.holds_lock
        assert (path.parent / "library.db.lock").read_text() == f"{os.getpid()}\n"
        third = start(_WRITER, path, 1)
        assert told(third) == "open False"


def test_only_the_holder_of_the_lock_writes_the_wal_back(
    path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    megabytes = 12 * 2**20  # more than 1000 pages, at which SQLite itself would start a checkpoint
    monkeypatch.setattr(module, "_LONG_WAL", 2**20)
    with Library.open(path) as library:
        size = path.stat().st_size
        second = start(_WRITER, path, megabytes)
        assert told(second) == "open False"
        tell(second, "long")
        told(second)
        assert path.stat().st_size == size
        library.checkpoint()
        assert path.stat().st_size > megabytes
    assert_sound(path)


def test_a_wal_that_was_written_back_is_not_written_back_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint must also shorten the WAL file. Otherwise its length would start one checkpoint after another."""
    monkeypatch.setattr(module, "_LONG_WAL", 1_000_000)
    with Library.open(path) as library:
        keep(library, "long", "x" * 2_000_000)
        wal = Path(f"{path}-wal")
        assert wal.stat().st_size > 2_000_000
        library.checkpoint()
        keep(library, "short")
        assert wal.stat().st_size < 1_000_000
        assert kept(library) == {"long", "short"}


def test_rectos_that_make_one_library_at_the_same_moment_all_succeed(tmp_path: Path, start: Start) -> None:
    code = """
import sys
from pathlib import Path
import sqlite_utils
from store.library.library import Library
from store.library.lock_file import LockFile
print("ready", flush=True)
for line in sys.stdin:
    path, key = line.split()
    try:
        library = Library.open(Path(path))
        with library.writing() as connection:
            connection.execute("INSERT INTO setting VALUES (?, 'x')", (key,))
        print("made", flush=True)
    except Exception as error:
        print(repr(error), flush=True)
"""
    processes = [start(code) for _ in range(4)]
    for process in processes:
        assert told(process) == "ready"
    for attempt in range(8):
        path = tmp_path / f"round{attempt}" / "library.db"
        for number, process in enumerate(processes):
            tell(process, f"{path} process{number}")
        assert [told(process) for process in processes] == ["made"] * 4
        with Library.open(path) as library:
            assert kept(library) == {f"process{number}" for number in range(4)}
        assert_sound(path)


# -- when it cannot be written


def test_a_write_that_another_program_holds_up_says_busy_and_works_afterwards(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.library.connections.BUSY_MS", 50)
    with Library.open(path) as library, closing(sqlite3.connect(path, isolation_level=None)) as other:
        keep(library, "a")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryError, match="not saved: another program is writing"):
            keep(library, "b")
        assert kept(library) == {"a"}
        other.execute("ROLLBACK")
        keep(library, "c")
        assert kept(library) == {"a", "c"}
    assert_sound(path)


def test_a_write_waits_for_a_short_one(path: Path) -> None:
    with (
        Library.open(path) as library,
        closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.2, lambda: other.execute("ROLLBACK"))
        timer.start()
        keep(library, "a")
        timer.join()
        assert kept(library) == {"a"}


def test_an_action_that_fails_leaves_nothing_behind(path: Path) -> None:
    with Library.open(path) as library:
        with pytest.raises(ZeroDivisionError), library.writing() as connection:
            connection.execute("INSERT INTO setting VALUES ('a', 'x')")
            raise ZeroDivisionError
        assert kept(library) == set()
        keep(library, "b")
        assert kept(library) == {"b"}


def test_a_mistake_of_the_programs_is_not_blamed_on_the_disk(path: Path) -> None:
    with Library.open(path) as library:
        keep(library, "a")
        with pytest.raises(sqlite3.IntegrityError):
            keep(library, "a")


def test_a_library_deleted_while_open_is_not_written_into_the_void(path: Path) -> None:
    with Library.open(path) as library:
        keep(library, "a")
        path.unlink()
        with pytest.raises(LibraryError, match="gone"):
            keep(library, "b")
        assert not path.exists()


def test_a_library_replaced_while_open_is_not_mixed_up_with_the_new_one(path: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path / "other.db") as other:
        keep(other, "other")
    with Library.open(path) as library:
        keep(library, "a")
        shutil.move(tmp_path / "other.db", path)
        with pytest.raises(LibraryError, match="replaced"):
            keep(library, "b")
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    with Library.open(path) as library:
        assert kept(library) == {"other"}


def test_a_thread_that_starts_reading_after_the_library_is_deleted_hears_of_it(path: Path) -> None:
    heard: list[str] = []

    def read(library: Library) -> None:
        try:
            library.reader()
        except LibraryError as error:
            heard.append(str(error))

    with Library.open(path) as library:
        path.unlink()
        thread = threading.Thread(target=read, args=(library,))
        thread.start()
        thread.join()
    assert len(heard) == 1
    assert "moved or deleted" in heard[0]


def test_a_closed_library_takes_no_writes(path: Path) -> None:
    library = Library.open(path)
    library.close()
    with pytest.raises(LibraryError, match="closed"):
        keep(library, "a")


def test_a_closed_library_is_not_read(path: Path) -> None:
    library = Library.open(path)
    library.reader()
    library.close()
    with pytest.raises(LibraryError, match="closed"):
        library.reader()


# A program that opens the library, stores one more setting, and ends.
_ANOTHER = (
    "import sys; from pathlib import Path; from store.library.library import Library\n"
    "with Library.open(Path(sys.argv[1])) as library, library.writing() as connection:\n"
    "    connection.execute('INSERT INTO setting VALUES (?, 1)', [sys.argv[2]])\n"
)


def _opened_twice(library: Library) -> None:
    Library.open(library.path).close()


def _imported(library: Library) -> None:
    link = library.path.with_name("papers.json")
    link.symlink_to(library.path)
    options = Options(today=date(2026, 7, 15))
    for path in (library.path, link, Path(f"{library.path}-wal"), Path(f"{library.path}-shm")):
        (report,) = import_file(library, path, options)
        assert report.error == "it is the library itself"


@pytest.mark.parametrize("act", [_opened_twice, _imported])
def test_nothing_in_a_process_lets_go_of_what_keeps_others_from_taking_its_wal_away(
    path: Path, start: Start, act: Callable[[Library], None]
) -> None:
    with Library.open(path) as library:
        keep(library, "a")
        act(library)
        for number in range(3):
            assert start(_ANOTHER, path, f"other {number}").wait(PATIENCE) == 0
            assert Path(f"{path}-wal").exists()
            keep(library, f"own {number}")
    with Library.open(path) as library:
        assert kept(library) == {"a", *(f"{who} {number}" for who in ("own", "other") for number in range(3))}
    assert_sound(path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    made = os.geteuid() == 0 and shutil.which("mount")
    if not made or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder]).returncode:
        pytest.skip("a small disk can only be mounted by root")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_said_and_writing_goes_on_once_there_is_room(small_disk: Path) -> None:
    path = small_disk / "library.db"
    with Library.open(path) as library:
        keep(library, "a")
        (small_disk / "ballast").write_bytes(bytes(2**20))
        with pytest.raises(LibraryError, match=r"not saved: the disk of .* is full"):
            keep(library, "b", "x" * 2**21)
        assert kept(library) == {"a"}
        (small_disk / "ballast").unlink()
        keep(library, "c")
        assert kept(library) == {"a", "c"}
    assert_sound(path)


def test_a_file_that_may_not_grow_costs_nothing_that_was_saved(path: Path, start: Start) -> None:
    process = start(
        "import resource, sys; from pathlib import Path; from store.library.library import Library\n"
        "from store.model.errors import LibraryError\n"
        "library = Library.open(Path(sys.argv[1]))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))\n"
        "done = 0\n"
        "try:\n"
        "    while True:\n"
        "        with library.writing() as connection:\n"
        "            connection.execute('INSERT INTO setting VALUES (?, ?)', (f'{done:06}', 'x' * 9999))\n"
        "        done += 1\n"
        "except LibraryError as error:\n"
        "    print(done, error, flush=True)\n",
        path,
    )
    done, _, words = told(process).partition(" ")
    process.wait()
    assert "not saved" in words or "not certain" in words
    with Library.open(path) as library:
        # The write that failed may have reached the disk or not. No earlier write may be missing.
        assert kept(library) >= {f"{number:06}" for number in range(int(done))}
        assert len(kept(library)) <= int(done) + 1
    assert_sound(path)


# -- threads


def test_threads_that_came_and_went_leave_no_open_files(path: Path) -> None:
    with Library.open(path) as library:
        keep(library, "a")
        seen: list[set[str]] = []
        for _ in range(40):
            thread = threading.Thread(target=lambda: seen.append(kept(library)))
            thread.start()
            thread.join()
        assert seen == [{"a"}] * 40
        assert len(library._readers._connections) <= 2


def test_a_library_that_is_closed_while_threads_live_on_leaves_no_open_files_when_they_end(
    path: Path, start: Start
) -> None:
    process = start(
        "import os, sys, threading, warnings; from pathlib import Path; from store.library.library import Library\n"
        "warnings.simplefilter('error')\n"
        "heard = []\n"
        "sys.unraisablehook = lambda raised: heard.append(repr(raised.exc_value))\n"
        "library, read, end = Library.open(Path(sys.argv[1])), threading.Barrier(4), threading.Event()\n"
        "def run():\n"
        "    library.reader().execute('SELECT 1').fetchone()\n"
        "    read.wait()\n"
        "    end.wait()\n"
        "threads = [threading.Thread(target=run) for _ in range(3)]\n"
        "[each.start() for each in threads]\n"
        "read.wait()\n"
        "library.close()\n"
        "end.set()\n"
        "[each.join() for each in threads]\n"
        "files = [os.readlink(f'/proc/self/fd/{number}') for number in os.listdir('/proc/self/fd') if number != '3']\n"
        "print(heard, [file for file in files if 'library.db' in file], flush=True)\n",
        path,
    )
    assert told(process) == "[] []"
    assert process.wait() == 0


def test_who_reads_does_not_wait_for_a_write(path: Path) -> None:
    heard: list[object] = []
    with Library.open(path) as library:
        with library.writing():
            # Read while a write transaction is open, which in another program may last for seconds.
            thread = threading.Thread(target=lambda: heard.append(kept(library)))
            thread.start()
            thread.join(PATIENCE)
            assert heard == [set()]
            begun = threading.Event()
            thread = threading.Thread(target=lambda: library.read_in_background(begun.set, "reading"))
            thread.start()
            assert begun.wait(PATIENCE)
        thread.join()


def test_where_no_thread_is_to_be_had_a_library_can_still_be_closed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with Library.open(path) as library, monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        with pytest.raises(RuntimeError):
            library.read_in_background(lambda: None, "reading")
    with pytest.raises(LibraryError, match="closed"):
        library.reader()


# A query that runs longer than any test, unless it is interrupted.
SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT max(i) FROM n"


def test_to_close_waits_for_what_is_read_aside(path: Path) -> None:
    heard: list[int] = []
    begun = threading.Event()
    library = Library.open(path)

    def read() -> None:
        connection = library.reader()
        begun.set()
        heard.extend(connection.execute(SLOW.format(1_000_000)).fetchone())

    library.read_in_background(read, "reading")
    assert begun.wait(PATIENCE)
    library.close()
    assert heard == [1_000_000]
    library.read_in_background(lambda: heard.append(0), "reading")
    assert heard == [1_000_000]
    assert not [each for each in threading.enumerate() if each.name == "reading"]


def test_to_close_breaks_off_what_another_thread_reads(path: Path) -> None:
    heard: list[str] = []
    begun = threading.Event()
    library = Library.open(path)

    def read() -> None:
        connection = library.reader()
        connection.set_progress_handler(lambda: begun.set(), 1_000)
        try:
            connection.execute(SLOW.format(10**12)).fetchone()
        except sqlite3.OperationalError as error:
            heard.append(str(error))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    assert begun.wait(PATIENCE)
    library.close()
    thread.join(PATIENCE)
    assert heard == ["interrupted"]
    with Library.open(path) as again:
        keep(again, "a")


def test_no_connection_is_closed_under_a_thread_that_was_not_waited_for_to_the_end(path: Path, start: Start) -> None:
    # If a signal interrupts Thread.join, Python 3.11 regards the thread as ended although it still runs.
    process = start(
        "import signal, sqlite3, sys, threading; from pathlib import Path; from store.library.library import Library\n"
        "library, begun = Library.open(Path(sys.argv[1])), threading.Event()\n"
        "def read():\n"
        "    connection = library.reader()\n"
        "    begun.set()\n"
        "    try:\n"
        "        while True:\n"
        "            connection.execute('SELECT count(*) FROM json_each(?)', ['[1, 2, 3]']).fetchall()\n"
        "            if library._lock is None: connection.execute(sys.argv[2]).fetchone()\n"
        "    except sqlite3.Error as error: print(error, flush=True)\n"
        "def enough(number, frame): raise KeyboardInterrupt\n"
        "signal.signal(signal.SIGALRM, enough)\n"
        "thread = threading.Thread(target=read, daemon=True)\n"
        "thread.start()\n"
        "begun.wait()\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.05)\n"
        "try: thread.join()\n"
        "except KeyboardInterrupt: pass\n"
        "timer = threading.Timer(0.2, lambda: [each.interrupt() for each in library._readers._connections])\n"
        "library.close()\n"
        "timer.start()\n"
        "timer.join()\n"
        "threading.Event().wait(0.2)\n",
        path,
        SLOW.format(10**12),
    )
    assert told(process) == "interrupted"
    assert process.wait() == 0


def test_libraries_are_closed_under_their_readers_again_and_again(path: Path, start: Start) -> None:
    # Run in a child process, because closing a connection that a thread uses crashes the process.
    process = start(
        "import sys, threading, time; from pathlib import Path; from store.library.library import Library\n"
        "from store.model.errors import LibraryError\n"
        "def read(library):\n"
        "    try:\n"
        "        while True:\n"
        "            library.reader().execute('SELECT * FROM json_each(?)', ['[1, 2, 3]']).fetchall()\n"
        "    except LibraryError: pass\n"
        "for _ in range(50):\n"
        "    library = Library.open(Path(sys.argv[1]))\n"
        "    threads = [threading.Thread(target=read, args=(library,)) for _ in range(3)]\n"
        "    [each.start() for each in threads]\n"
        "    time.sleep(0.01)\n"
        "    library.close()\n"
        "    [each.join() for each in threads]\n"
        "print('whole', flush=True)\n",
        path,
    )
    assert told(process) == "whole"
    assert process.wait() == 0


def test_a_reader_sees_nothing_of_a_write_that_is_not_finished(path: Path) -> None:
    with Library.open(path) as library, library.writing() as connection:
        connection.execute("INSERT INTO setting VALUES ('a', 'x')")
        assert kept(library) == set()


def test_what_is_read_cannot_be_written_by_mistake(path: Path) -> None:
    with Library.open(path) as library, pytest.raises(sqlite3.OperationalError, match="readonly"):
        library.reader().execute("INSERT INTO setting VALUES ('a', 'x')")


@pytest.mark.parametrize(("durable", "expected"), [(True, 2), (False, 1)])
def test_what_the_reader_did_is_synced_and_an_import_batch_is_not(path: Path, durable: bool, expected: int) -> None:
    with Library.open(path) as library, library.writing(durable=durable) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (expected,)
