"""`recto sync`: synchronization with a folder, its state, and notes that were replaced by later ones."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from store.library.library import Library
from store.marks import marking, stored_marks, stored_registers
from store.papers import paper_details
from tests.store.sync.test_hostile_carrier import library_with
from tui.cli.group import recto


@pytest.fixture
def libraries(tmp_path: Path) -> tuple[Path, Path]:
    """Two libraries with the same papers."""
    paths = tmp_path / "one.db", tmp_path / "other.db"
    for path in paths:
        shutil.copy(library_with(6), path)
        with Library.open(path) as library, library.writing() as connection:
            stored_registers.renew_device(connection)
    (tmp_path / "shared").mkdir()
    return paths


def run(library: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(recto, ["--library", str(library), *map(str, words)])


def test_a_round_remembers_its_folder_and_the_state_names_each_machine(
    libraries: tuple[Path, Path], tmp_path: Path
) -> None:
    one, other = libraries
    with Library.open(one) as library:
        marking.queue(library, [1])
    first = run(one, "sync", tmp_path / "shared", "--name", "desktop")
    assert first.output == "3 changes written\n"
    assert (
        run(other, "sync", tmp_path / "shared", "--name", "laptop\x1b[2J").output
        == "1 change written, 3 changes read\n"
    )
    assert run(one, "sync").output == "1 change read\n"
    assert run(one, "sync").output == "nothing new\n"
    state = json.loads(run(one, "sync", "status", "--json").output)
    assert state["folder"] == str(tmp_path / "shared")
    assert {each["name"]: each["this_machine"] for each in state["devices"]} == {"desktop": True, "laptop␛[2J": False}
    assert "Nothing waits." in run(one, "sync", "status").output
    with Library.open(other) as library:
        assert stored_marks.read(library.reader(), 1).queue_position == 1
    assert run(one, "sync", "off").exit_code == 0
    assert isinstance(run(one, "sync").exception, Exception)
    assert "No folder is set" in run(one, "sync", "status").output


def test_a_lost_note_is_shown_until_it_is_removed(libraries: tuple[Path, Path], tmp_path: Path) -> None:
    one, other = libraries
    for path, text in ((one, "written on one"), (other, "written on the other")):
        with Library.open(path) as library:
            marking.note(library, 2, text)
    run(one, "sync", tmp_path / "shared", "--name", "desktop")
    assert "1 note lost to a later change and kept" in run(other, "sync", tmp_path / "shared").output
    state = run(other, "sync", "status").output
    assert "Paper b" in state
    assert "written on one" in state
    with Library.open(other) as library:
        assert paper_details.details(library.reader(), 2).lost_notes == ("written on one",)
    assert run(other, "sync", "forget", "2").output == "1 lost note removed\n"
    assert "written on one" not in run(other, "sync", "status").output
    with Library.open(other) as library:
        assert paper_details.details(library.reader(), 2).lost_notes == ()
