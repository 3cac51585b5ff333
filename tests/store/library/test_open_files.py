"""If a file of the library is deleted or replaced while open, nothing is lost that recto reported as saved."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.library import library as module
from store.library.library import Library
from store.model.errors import LibraryError

ROOT = Path(__file__).parents[3]
# A program that stores each line of stdin as a setting and prints whether it was saved. The line "checkpoint" runs a
# checkpoint instead.
_PROGRAM = """
import sys
from pathlib import Path
from store.library.library import Library
from store.model.errors import LibraryError
library = Library.open(Path(sys.argv[1]))
print("open", flush=True)
for line in sys.stdin:
    try:
        if line.strip() == "checkpoint":
            library.checkpoint()
        else:
            with library.writing() as connection:
                connection.execute("INSERT INTO setting VALUES (?, 'x')", (line.strip(),))
        print("saved", flush=True)
    except LibraryError as error:
        print(error, flush=True)
library.close()
"""


class Program:
    """A child process that has the library open. `saved` are the settings that it has reported as saved."""

    def __init__(self, path: Path) -> None:
        command = [sys.executable, "-c", _PROGRAM, str(path)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self.saved: set[str] = set()
        assert self._line() == "open"

    def save(self, key: str) -> str:
        """Let the program save a setting with this key. Returns what it prints: "saved" or an error message."""
        assert self.process.stdin
        self.process.stdin.write(f"{key}\n")
        self.process.stdin.flush()
        answer = self._line()
        if answer == "saved":
            self.saved.add(key)
        return answer

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().rstrip("\n")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.end()

    def end(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.stdout.read()
        self.process.stdout.close()
        self.process.wait()


Start = Callable[[], Program]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "library.db"
    Library.open(path).close()
    return path


@pytest.fixture
def start(path: Path) -> Iterator[Start]:
    running: list[Program] = []

    def open_one() -> Program:
        running.append(Program(path))
        return running[-1]

    yield open_one
    for program in running:
        if program.process.poll() is None:
            program.kill()


def keys(path: Path) -> set[str]:
    """Check the integrity of a library. Returns the keys of the settings that a newly started program reads from it."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {key for (key,) in connection.execute("SELECT key FROM setting")}


def replace(path: Path) -> None:
    """Replace a file by a copy of itself, so that the path leads to another inode."""
    copy = path.with_name("copy")
    shutil.copyfile(path, copy)
    copy.replace(path)


DAMAGES = [Path.unlink, replace, lambda path: path.rename(path.with_name("moved"))]
GONE = "is gone, it was replaced, moved or deleted while open; quit every recto that is open, and start again"


@pytest.mark.parametrize("damage", DAMAGES, ids=["deleted", "replaced", "moved"])
@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_writes_into_a_deleted_file_are_reported_as_not_saved(
    suffix: str, damage: Callable[[Path], None], path: Path, start: Start
) -> None:
    program = start()
    assert program.save("first") == "saved"
    side = Path(f"{path}{suffix}")
    kept = shutil.copyfile(path, path.with_name("before"))
    damage(side)
    for key in ("second", "third"):
        assert f"not saved: {side} {GONE}" in program.save(key)
    program.kill()
    if not suffix:
        # The library file is gone. Restore the earlier copy: with the WAL, which still exists, it contains all that was
        # saved.
        kept.replace(path)
    assert keys(path) == program.saved == {"first"}


def test_data_saved_before_the_wal_was_deleted_is_written_back(path: Path, start: Start) -> None:
    program = start()
    assert program.save("first") == "saved"
    Path(f"{path}-wal").unlink()
    assert program.save("second").endswith("; what was saved before is safe")
    program.kill()
    assert keys(path) == {"first"}


@pytest.mark.parametrize("suffixes", [["-wal"], ["-shm"], ["-wal", "-shm"]], ids="".join)
def test_the_check_of_the_wal_finds_a_file_that_is_gone(suffixes: list[str], path: Path, start: Start) -> None:
    """The program runs this check after changes by other processes, even if it writes nothing itself."""
    program = start()
    assert program.save("first") == "saved"
    for suffix in suffixes:
        Path(f"{path}{suffix}").unlink()
    assert GONE in program.save("checkpoint")
    program.kill()
    assert keys(path) == {"first"}


@pytest.mark.parametrize("way", [Program.kill, Program.end], ids=["killed", "ended"])
@pytest.mark.parametrize("first", [True, False], ids=["with a WAL", "with an empty WAL"])
@pytest.mark.parametrize("suffixes", [["-wal"], ["-shm"], ["-wal", "-shm"]], ids="".join)
def test_data_that_another_program_saves_after_that_is_kept_too(
    suffixes: list[str], first: bool, way: Callable[[Program], None], path: Path, start: Start
) -> None:
    """With SQLite alone, the first program would delete the WAL of the second program, with its data, when it ends."""
    before = start()
    if first:
        before.save("first")
    for suffix in suffixes:
        Path(f"{path}{suffix}").unlink()
    after = start()
    after.save("second")
    assert before.save("third") != "saved"
    after.save("fourth")
    way(after)
    way(before)
    saved = before.saved | after.saved
    if first and way is Program.kill and "-wal" in suffixes:
        # "first" was only in the deleted WAL, and the program that still had this WAL open was killed, so "first" is
        # lost.
        saved.discard("first")
    if first and suffixes == ["-wal", "-shm"]:
        # Two WAL files have different versions of the same pages. The version that is written last stays, so "first"
        # may be lost.
        saved.discard("first")
    assert keys(path) >= saved


def test_a_file_that_is_deleted_in_the_middle_of_a_transaction_is_noticed(path: Path) -> None:
    with Library.open(path) as library:
        with (
            pytest.raises(
                LibraryError, match=f"not certain to be saved: {path}-wal is gone.*what was saved before is safe"
            ),
            library.writing() as connection,
        ):
            connection.execute("INSERT INTO setting VALUES ('a', 'x')")
            Path(f"{path}-wal").unlink()
        with pytest.raises(LibraryError, match="not saved"), library.writing():
            pass
    assert keys(path) == {"a"}


def test_the_first_write_into_a_new_library_notices_a_deleted_wal(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with Library.open(path) as library:
        Path(f"{path}-wal").unlink()
        with pytest.raises(LibraryError, match="not saved"), library.writing():
            pass


def test_a_thread_that_starts_to_read_gets_an_error_after_the_wal_was_deleted(path: Path) -> None:
    with Library.open(path) as library:
        before = library.reader()
        Path(f"{path}-wal").unlink()
        # A connection that is already open still reads the old state.
        assert before.execute("SELECT count(*) FROM setting").fetchone() == (0,)
        library._readers._threads.own = None
        with pytest.raises(LibraryError, match=f"not read: {path}-wal is gone"):
            library.reader()


def test_normal_changes_of_the_files_by_sqlite_are_no_damage(
    path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other programs start, write and end, and checkpoints restart and truncate the WAL.

    No write may fail because of that.
    """
    monkeypatch.setattr(module, "_LONG_WAL", 1)
    with Library.open(path) as library:
        for number in range(3):
            other = start()
            assert other.save(f"other {number}") == "saved"
            with library.writing() as connection:
                connection.execute("INSERT INTO setting VALUES (?, ?)", (f"own {number}", "x" * 100_000))
            library.checkpoint()
            library.reader().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            other.end()
            assert Path(f"{path}-wal").exists()
    assert len(keys(path)) == 6


def test_a_library_is_opened_and_closed_again_and_again(path: Path) -> None:
    for number in range(3):
        with Library.open(path) as library, Library.open(path) as again:
            for each in (library, again):
                with each.writing() as connection:
                    connection.execute("INSERT INTO setting VALUES (?, 'x')", (f"{number} {id(each)}",))
        assert not Path(f"{path}-wal").exists()
    assert len(keys(path)) == 6


# -- links


@pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal", ".lock"])
@pytest.mark.parametrize("there", [True, False], ids=["to a file", "to nothing"])
def test_a_link_beside_the_library_is_not_followed(suffix: str, there: bool, path: Path, tmp_path: Path) -> None:
    target = tmp_path / "diary"
    if there:
        target.write_text("Dear diary")
    side = Path(f"{path}{suffix}")
    side.unlink(missing_ok=True)
    side.symlink_to(target)
    with pytest.raises(LibraryError) as error:
        Library.open(path)
    assert str(error.value) == (
        f"cannot open the library {path}: {side}: it is a symbolic link, not a file; move it away"
    )
    assert target.exists() == there
    assert not there or target.read_text() == "Dear diary"


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
@pytest.mark.parametrize("suffix", ["-wal", "-shm", ".lock"])
def test_a_side_file_that_is_not_a_regular_file_is_refused(
    suffix: str, make: Callable[[Path], None], path: Path
) -> None:
    side = Path(f"{path}{suffix}")
    side.unlink(missing_ok=True)
    make(side)
    with pytest.raises(LibraryError, match=f"{side}: it is a .*, not a file; move it away"):
        Library.open(path)


def test_a_library_that_is_a_link_has_one_lock_under_both_names(path: Path, tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    link = tmp_path / "below" / "link.db"
    link.symlink_to(path)
    with Library.open(link) as library, Library.open(path) as again:
        assert (library.holds_lock, again.holds_lock) == (True, False)
        assert library.is_of(Path(f"{path}-wal"))
        with library.writing() as connection:
            connection.execute("INSERT INTO setting VALUES ('a', 'x')")
        Path(f"{path}-wal").unlink()
        with pytest.raises(LibraryError, match="not saved"), library.writing():
            pass
    assert sorted(file.name for file in link.parent.iterdir()) == ["link.db"]


# -- the lock


def test_a_file_that_recto_did_not_write_keeps_its_content_as_a_lock(path: Path, tmp_path: Path) -> None:
    lock = Path(f"{path}.lock")
    lock.write_text("Dear diary\n")
    with Library.open(path) as library:
        assert library.holds_lock
    assert lock.read_text() == "Dear diary\n"
    lock.unlink()
    # The lock file is a hard link to a file of the user that contains a number by chance.
    (tmp_path / "number").write_text("42\n")
    os.link(tmp_path / "number", lock)
    with Library.open(path) as library:
        assert library.holds_lock
    assert (tmp_path / "number").read_text() == "42\n"


def test_a_process_whose_lock_file_was_deleted_no_longer_holds_the_lock(path: Path) -> None:
    with Library.open(path) as library:
        assert library.holds_lock
        Path(f"{path}.lock").unlink()
        with Library.open(path) as second:
            assert second.holds_lock
            with library.writing():
                pass
            assert not library.holds_lock
            assert library._writer is not None
            assert library._writer.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)
        with library.writing():
            pass
        assert library.holds_lock
        assert library._writer.execute("PRAGMA wal_autocheckpoint").fetchone() != (0,)


def test_a_lock_of_another_user_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.library.lock_file.is_own", lambda status, beside: False)
    with pytest.raises(LibraryError, match=r"library\.db\.lock belongs to another user"):
        Library.open(path)
