"""A library that cannot be written can still be read, and a full disk is reported."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.library import opening
from store.library.library import Library
from store.library.lock_file import LockFile
from store.model.errors import LibraryError
from store.search import index_sync
from tests.store.library.libraries import Start, assert_sound, keep, kept, told


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


def test_rows_that_are_only_in_the_wal_are_read_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(path) as library:
        keep(library, "a")
        with Library.open(path) as other:
            keep(other, "b")
            monkeypatch.setattr(LockFile, "_open", lambda _: os.open("/nonexistent/folder/", os.O_RDONLY))
            monkeypatch.setattr(opening, "_UNWRITABLE_ERRNOS", (errno.ENOENT,))
            with Library.open(path) as read_only:
                assert kept(read_only) == {"a", "b"}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_library_is_read_when_the_process_id_cannot_be_written_into_the_lock_file(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Such a full disk is left by a process that was killed: all files of the set exist, and none can grow."""
    with Library.open(path) as library:
        keep(library, "a")

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    lock_file = Path(f"{path}.lock")
    for left in (b"", b"123456\n"):
        lock_file.write_bytes(left)
        with monkeypatch.context() as patch:
            patch.setattr(os, "pwrite", refuse)
            with Library.open(path) as library:
                assert library.read_only is None
                assert kept(library) == {"a"}
                assert library.holds_lock
                # The file still contains the id of the killed process. So recto still notices that a process was
                # killed, and checks the library for damage.
                assert lock_file.read_bytes() == left


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


def test_a_limit_on_the_file_size_loses_nothing_that_was_saved(path: Path, start: Start) -> None:
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
        # The data of the write that failed may be on the disk or not. The data of no earlier write may be missing.
        assert kept(library) >= {f"{number:06}" for number in range(int(done))}
        assert len(kept(library)) <= int(done) + 1
    assert_sound(path)
