"""The commands `backup`, `restore` and `doctor`, with sound and damaged libraries."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.tui.conftest import Recto


def test_a_backup_brings_back_what_was_there(recto: Recto, path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    recto("mark", "1", "--bookmark")
    assert "checked" in recto("backup", copy).out
    recto("mark", "1", "--no-bookmark")
    # An earlier copy is replaced. A foreign file and the library itself are not.
    other = tmp_path / "thesis.tex"
    other.write_text("mine")
    assert "not replaced" in recto("backup", other).complaint()
    assert "library itself" in recto("backup", path).complaint()
    assert "restored" in recto("restore", copy).out
    assert json.loads(recto("show", "1", "--json").out)["bookmarked"] is True
    assert other.read_text() == "mine"
    recto("backup", copy)
    made = json.loads(recto("backup", "--json").out)["path"]
    assert [each["path"] for each in json.loads(recto("backup", "--list", "--json").out)] == [made]
    recto("mark", "1", "--no-bookmark")
    recto("restore", "--newest")
    assert json.loads(recto("show", "1", "--json").out)["bookmarked"] is True


def test_after_damage_the_newest_backup_gets_the_marks_that_were_made_since(recto: Recto, path: Path) -> None:
    recto("mark", "1", "--bookmark", "--note", "earlier")
    recto("backup")
    recto("mark", "1", "--note", "later")
    recto("mark", "2", "--queue", "--tag", "sleep")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        query = "SELECT pageno FROM dbstat WHERE name = 'body' ORDER BY pageno DESC LIMIT 1"
        try:
            (page,) = connection.execute(query).fetchone()
        except sqlite3.OperationalError:
            pytest.skip("this SQLite has no table dbstat")
    content = bytearray(path.read_bytes())
    content[(page - 1) * 8192 : page * 8192] = b"\xff" * 8192
    path.write_bytes(content)
    assert "damaged" in recto("mark", "3", "--bookmark").complaint()
    (mending,) = [line for line in recto("doctor").lines if "restore" in line]
    assert "later mark" in recto(*mending.partition("recto ")[2].split()).out
    first, second = (json.loads(recto("show", number, "--json").out) for number in ("1", "2"))
    assert (first["note"], first["bookmarked"]) == ("later", True)
    assert (second["queue_position"], second["tags"]) == (1, ["sleep"])
    assert recto("doctor", "--fix").code == 0


def test_restore_needs_one_backup(recto: Recto, path: Path) -> None:
    assert "name a backup" in recto("restore").complaint(2)
    assert "no backup" in recto("restore", "--newest").complaint()
    assert "is not a library" in recto("restore", __file__).complaint()


def test_doctor_exits_with_1_until_everything_is_mended(recto: Recto, path: Path) -> None:
    path.chmod(0o644)
    ended = recto("doctor")
    assert ended.code == 1
    assert "! permissions:" in ended.out and "! backups:" in ended.out
    assert all(f"--library {path}" in line for line in recto("--library", path, "doctor").lines if "mend it" in line)
    assert recto("doctor", "--fix").code == 0
    ended = recto("doctor", "--json")
    assert ended.code == 0
    assert not any(finding["problem"] for finding in json.loads(ended.out))


def test_doctor_names_a_wrong_configuration(recto: Recto, home: Path) -> None:
    file = home / ".config" / "recto" / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("theme = [")
    assert "! configuration:" in recto("doctor").out


def test_an_interrupted_restore_is_undone_by_the_next_command_which_says_so(recto: Recto, tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    assert recto("--library", str(path), "list").code == 0
    Path(f"{path}.replacing").mkdir()
    done = recto("--library", str(path), "list")
    assert done.code == 0
    assert "a restore was interrupted and is undone" in done.err
    assert "a restore" not in recto("--library", str(path), "list").err
