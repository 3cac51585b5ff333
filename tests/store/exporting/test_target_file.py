"""An export writes its file completely or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.exporting import target_file
from store.library import backup
from store.library.library import Library
from store.model.errors import LibraryError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "exports").mkdir()
    return tmp_path / "exports"


def test_a_file_is_replaced_when_all_pieces_are_written(folder: Path) -> None:
    target = folder / "papers.bib"
    target.write_text("old")
    assert target_file.replace(target, iter([b"new ", b"text"])) == 8
    assert target.read_text() == "new text"
    assert target.stat().st_mode & 0o777 == 0o600
    assert list(folder.iterdir()) == [target]


def test_an_error_in_the_middle_leaves_the_old_file_and_nothing_else(folder: Path) -> None:
    target = folder / "papers.bib"
    target.write_text("old")

    def pieces() -> Iterator[bytes]:
        yield b"new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        target_file.replace(target, pieces())
    assert target.read_text() == "old"
    assert list(folder.iterdir()) == [target]


def test_a_generator_is_ended_when_its_file_cannot_be_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The generator may have an open transaction in a library, and the library is closed afterwards."""
    ended = []

    def pieces() -> Iterator[bytes]:
        try:
            yield b"new"
            yield b"more"
        finally:
            ended.append(True)

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr("store.library.whole_file._write_new", lambda _, given: (next(iter(given)), fail()))
    kept = pieces()
    with pytest.raises(LibraryError):
        target_file.replace(folder / "papers.bib", kept)
    assert ended == [True]


def test_a_target_that_is_not_a_regular_file_is_refused_and_unchanged(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(LibraryError, match=f"cannot write .*{name}"):
            target_file.replace(folder / name, iter([b"text"]))
    with pytest.raises(LibraryError, match="cannot write"):
        target_file.replace(folder / "missing" / "papers.bib", iter([b"text"]))
    assert sorted(path.name for path in folder.iterdir()) == ["folder", "pipe"]


def test_the_file_behind_a_link_is_replaced_and_the_link_stays(folder: Path) -> None:
    (folder / "real").write_text("old")
    (folder / "link").symlink_to(folder / "real")
    target_file.replace(folder / "link", iter([b"new"]))
    assert (folder / "link").is_symlink()
    assert (folder / "real").read_text() == "new"


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    with Library.open(folder / "library.db") as library:
        backup.make(library.reader(), library.file)
        yield library


OWN_FILES = ("", "-wal", "-shm", ".lock", ".index/meta.json", ".backups/mine.bib", ".replaced-1/library.db")


@pytest.mark.parametrize("suffix", OWN_FILES)
@pytest.mark.parametrize("is_open", [True, False], ids=["open", "closed"])
def test_no_file_of_a_library_is_replaced(library: Library, suffix: str, is_open: bool) -> None:
    path = Path(f"{library.file}{suffix}")
    path.parent.mkdir(exist_ok=True)
    if not is_open:
        library.close()
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(LibraryError, match="it belongs to the library"):
        target_file.replace(path, iter([b"text"]))
    assert (path.read_bytes() if path.exists() else None) == before


def test_a_library_under_another_name_and_a_backup_are_not_replaced(library: Library, folder: Path) -> None:
    link = folder / "papers.bib"
    link.symlink_to(library.file)
    (saved,) = backup.backups(library.file)
    for path in (link, saved.path):
        with pytest.raises(LibraryError, match="belongs to the library"):
            target_file.replace(path, iter([b"text"]))
    # When a process closes a file, it loses all of its locks on the file (POSIX). So `replace` must not open the
    # library file, and the library can still be written.
    with library.writing() as connection:
        connection.execute("INSERT INTO setting VALUES ('test', 'x')")
    target_file.replace(folder / "library.db.bib", iter([b"text"]))
