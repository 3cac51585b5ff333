"""Where the files are, and libraries that cannot be opened: one line names the file and tells the user what to do."""

from __future__ import annotations

import json
import sqlite3
import stat
from pathlib import Path

import pytest

from tests.tui.conftest import Recto
from tui.actions.actions_and_keys import ACTIONS


def test_paths_are_where_things_are(
    recto: Recto, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    assert json.loads(recto("paths", "--json").out) == {
        "library": str(path),
        "inbox": str(path.parent / "inbox"),
        "config": str(home / ".config" / "recto" / "config.toml"),
    }
    assert recto("paths").lines[0].split(maxsplit=1) == ["library", str(path)]
    monkeypatch.setenv("RECTO_CONFIG", str(tmp_path / "my.toml"))
    monkeypatch.delenv("RECTO_LIBRARY")
    found = json.loads(recto("paths", "--json").out)
    assert found["config"] == str(tmp_path / "my.toml")
    assert found["library"] == str(home / ".data" / "recto" / "library.db")
    place = str(tmp_path / "l.db")
    for words in (["--library", place, "paths"], ["paths", "--library", place]):
        assert json.loads(recto(*words, "--json").out)["library"] == place


def test_formats_and_keys_are_listed(recto: Recto) -> None:
    names = [line.split()[0] for line in recto("formats").lines]
    assert "hf-text" in names and "bibtex" in names
    assert [each["name"] for each in json.loads(recto("formats", "--json").out)] == names
    found = json.loads(recto("keys", "--json").out)
    assert [(each["id"], each["keys"]) for each in found] == [(each.id, list(each.keys)) for each in ACTIONS]
    assert len(recto("keys").lines) == len(ACTIONS)


def test_a_library_that_is_not_ours_is_refused_untouched(recto: Recto, tmp_path: Path) -> None:
    text, foreign = tmp_path / "notes.txt", tmp_path / "zotero.sqlite"
    text.write_text("not a library\n" * 100)
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE items (id INTEGER PRIMARY KEY)")
    connection.close()
    for file in (text, foreign):
        before = file.read_bytes()
        for words in (["list"], ["mark", "1", "--bookmark"], ["import", text], ["log"], ["undo"], ["watch", "list"]):
            assert "not a library of recto's" in recto("--library", file, *words).complaint()
        assert file.read_bytes() == before


def test_a_newer_library_is_refused_untouched(recto: Recto, path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 4242")
    connection.close()
    for file in path.parent.glob("library.db-*"):
        file.unlink()
    before = path.read_bytes()
    said = recto("list").complaint()
    assert "4242" in said and "upgrade" in said
    assert path.read_bytes() == before


def test_a_folder_is_no_library(recto: Recto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "directory" in recto("--library", tmp_path, "list").complaint(2)
    monkeypatch.setenv("RECTO_LIBRARY", str(tmp_path))
    assert "--library" in recto("list").complaint()


@pytest.mark.parametrize(
    "place", ["/dev/null/x.db", "/dev/null", "/proc/recto/library.db", "~nobody-of-this-name/l.db"]
)
def test_an_impossible_library_path_gives_one_line(recto: Recto, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setenv("RECTO_LIBRARY", place)
    recto("list").complaint()
    recto("import", "x").complaint()


def test_a_damaged_library_is_one_line(recto: Recto, path: Path) -> None:
    content = bytearray(path.read_bytes())
    for at in range(16_384, len(content), 512):
        content[at : at + 64] = b"\xa5" * 64
    path.write_bytes(content)
    for words in (["list"], ["show", "1"], ["list", "bread"], ["list", "--json"], ["log"], ["mark", "1", "--queue"]):
        recto(*words).complaint()


def test_a_library_that_another_program_writes_to_can_be_read_and_says_that_it_is_busy(
    recto: Recto, path: Path, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.library.connections.BUSY_MS", 50)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert len(recto("list").titles) == 8
        assert "not every paper could be searched" in recto("list", "paper").err
        for words in (["mark", "1", "--bookmark"], ["import", page], ["undo"], ["watch", "add", path.parent]):
            assert "another program" in recto(*words).complaint()
    finally:
        other.close()
    assert recto("mark", "1", "--bookmark").code == 0


def test_a_library_is_private(recto: Recto, tmp_path: Path) -> None:
    place = tmp_path / "new" / "deep" / "library.db"
    assert recto("--library", place, "list").code == 0
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
