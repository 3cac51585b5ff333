"""A copied library file gets a new device id. A file that was only moved or restored keeps its device id."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from store.library.library import Library
from store.marks import copied_library, marking, stored_registers
from tests.store.marks.test_marking import filled


def marked(path: Path) -> str | None:
    """Change a mark in the library at `path`. Returns the device id of the library."""
    with Library.open(path) as library:
        marking.bookmark(library, [1])
        return stored_registers.device(library.reader())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    filled(tmp_path / "library.db").close()
    return tmp_path / "library.db"


def test_a_copy_gets_another_device_id_once(path: Path, tmp_path: Path) -> None:
    device = marked(path)
    shutil.copy(path, tmp_path / "copy.db")
    renewed = marked(tmp_path / "copy.db")
    assert renewed != device
    assert marked(tmp_path / "copy.db") == renewed
    assert marked(path) == device


def test_a_moved_file_keeps_its_device_id(path: Path, tmp_path: Path) -> None:
    device = marked(path)
    (tmp_path / "elsewhere").mkdir()
    path.rename(tmp_path / "elsewhere" / "library.db")
    assert marked(tmp_path / "elsewhere" / "library.db") == device


def test_a_restored_file_keeps_its_device_id_until_the_next_round(path: Path, tmp_path: Path) -> None:
    device = marked(path)
    shutil.copy(path, tmp_path / "copy.db")
    (tmp_path / "copy.db").replace(path)
    assert marked(path) == device


def test_a_copy_on_another_machine_gets_another_device_id(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = marked(path)
    # The file has the same path, but another machine id and another inode.
    shutil.copy(path, tmp_path / "copy.db")
    (tmp_path / "copy.db").replace(path)
    monkeypatch.setattr(copied_library, "_machine", lambda: "another")
    assert marked(path) != device


def test_a_library_on_a_machine_that_was_renamed_is_no_copy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = marked(path)
    monkeypatch.setattr(copied_library, "_machine", lambda: "renamed")
    assert marked(path) == device


def test_a_damaged_place_is_stored_again(path: Path) -> None:
    device = marked(path)
    with Library.open(path) as library, library.writing() as connection:
        connection.execute("UPDATE setting SET value = ? WHERE key = 'place'", ("{",))
    assert marked(path) == device
    with Library.open(path) as library:
        assert not copied_library.has_moved(library.reader())
