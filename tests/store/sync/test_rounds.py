"""Syncs of several libraries through one folder: each machine reads what the others wrote, even after bad copies."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from store.library import backup
from store.marks import copied_library
from store.marks.clock import Clock, HybridClock, wall_milliseconds
from store.marks.registers import Register
from store.model.errors import LibraryError
from store.sync import register_lines, segment_files, unwritten
from store.sync.rounds import RoundResult
from store.sync.status import status
from tests.store.sync.machines import PAPER, Machine

NOW = 1_764_509_400_000


def test_a_mark_of_one_machine_reaches_the_other(machines: tuple[Machine, Machine]) -> None:
    one, other = machines
    one.set("rating", 4)
    assert one.round().written == 1
    assert other.round().applied == 1
    assert other.value("rating") == 4
    assert one.round() == other.round() == RoundResult()


def test_the_files_and_the_folder_are_private(machines: tuple[Machine, Machine]) -> None:
    one, _ = machines
    one.set("rating", 4)
    one.round()
    assert one.inside.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in one.inside.iterdir()] == [0o600]


def test_nothing_is_written_twice_and_a_round_without_anything_new_writes_nothing(
    machines: tuple[Machine, Machine],
) -> None:
    one, _ = machines
    one.set("rating", 4)
    one.round()
    states = segment_files.states(one.inside)
    assert one.round().written == 0
    assert segment_files.states(one.inside) == states


@pytest.mark.parametrize(("module", "function"), [(segment_files, "append"), (unwritten, "set_written")])
def test_a_round_that_was_killed_can_be_repeated(
    machines: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch, module: ModuleType, function: str
) -> None:
    one, other = machines
    one.set("rating", 4)
    with monkeypatch.context() as patch:
        patch.setattr(module, function, _killed)
        with pytest.raises(KeyboardInterrupt):
            one.round()
    assert one.round().written == 1
    assert other.round().applied == 1
    assert other.value("rating") == 4


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_line_that_a_full_disk_cut_does_not_damage_the_next_one(machines: tuple[Machine, Machine]) -> None:
    one, other = machines
    one.set("rating", 4)
    one.round()
    segment = next(one.inside.iterdir())
    segment.write_bytes(segment.read_bytes() + b"0123 half a li")
    one.set("rating", 5)
    one.round()
    other.round()
    assert other.value("rating") == 5


def test_full_segments_never_change(machines: tuple[Machine, Machine]) -> None:
    one, other = machines
    sizes = []
    for number in range(4):
        one.set_all((f"arxiv:{number}.{paper}", "status", ["seen", NOW * 1000]) for paper in range(800))
        one.round()
        sizes.append({name: state.size for name, state in segment_files.states(one.inside).items()})
    assert len(sizes[-1]) > 1
    for before, after in pairwise(sizes):
        *full, _ = before
        assert all(after[name] == before[name] for name in full)
    assert max(sizes[-1].values()) <= segment_files.SEGMENT_SIZE
    assert other.round().applied == 3_200


@pytest.mark.parametrize("name", ["x", "one.0001 (conflicted copy).rj", "one.0001.sync-conflict-1-A.rj", "README.md"])
def test_a_file_is_read_under_any_name(machines: tuple[Machine, Machine], name: str) -> None:
    one, other = machines
    one.set("rating", 4)
    one.round()
    next(one.inside.iterdir()).rename(one.inside / name)
    other.round()
    assert other.value("rating") == 4


def test_a_file_that_arrives_in_pieces_is_read_as_far_as_it_is_there(machines: tuple[Machine, Machine]) -> None:
    one, other = machines
    for paper in range(20):
        one.set("rating", 4, f"arxiv:{paper}")
    one.round()
    segment = next(one.inside.iterdir())
    content = segment.read_bytes()
    applied = 0
    for end in range(0, len(content) + 1, 37):
        segment.write_bytes(content[:end])
        applied += other.round().applied
    segment.write_bytes(content)
    assert applied + other.round().applied == 20


def test_damaged_lines_are_counted_and_read_when_they_come_whole(machines: tuple[Machine, Machine]) -> None:
    one, other = machines
    for paper in range(20):
        one.set("rating", 4, f"arxiv:{paper}")
    one.round()
    segment = next(one.inside.iterdir())
    content = segment.read_bytes()
    segment.write_bytes(content[:200] + bytes(100) + content[300:])
    result = other.round()
    assert result.damaged > 0
    assert 0 < result.applied < 20
    # A sync program may replace a file by one of the same size and even the same modification time. recto must read it
    # nevertheless.
    (other.folder / "new").write_bytes(content)
    (other.folder / "new").replace(segment)
    again = other.round()
    assert result.applied + again.applied == 20
    assert again.damaged == 0


@pytest.mark.parametrize("what", ["link", "pipe", "folder", "huge", "temporary", "hidden"])
def test_other_things_in_the_folder_are_not_read(machines: tuple[Machine, Machine], what: str, tmp_path: Path) -> None:
    one, other = machines
    line = register_lines.encode(Register(PAPER, "rating", 1, Clock(5, 0, "evil")))
    one.set("rating", 4, "arxiv:1")
    one.round()
    path = one.inside / "evil.0001.rj"
    if what == "link":
        (tmp_path / "outside").write_bytes(line)
        path.symlink_to(tmp_path / "outside")
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
    elif what == "huge":
        path.write_bytes(line)
        os.truncate(path, 2**40)
    else:
        (one.inside / {"temporary": "evil.rj.tmp", "hidden": ".evil.rj"}[what]).write_bytes(line)
    result = other.round()
    assert result.applied == 1
    assert other.value("rating") is None
    assert bool(result.unreadable) == (what == "huge")


def test_a_link_in_the_place_of_the_folder_is_refused(machines: tuple[Machine, Machine], tmp_path: Path) -> None:
    one, _ = machines
    (tmp_path / "elsewhere").mkdir()
    one.inside.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LibraryError, match="is not a folder"):
        one.round()


def test_a_link_in_the_place_of_the_own_segment_is_not_followed(
    machines: tuple[Machine, Machine], tmp_path: Path
) -> None:
    one, _ = machines
    one.inside.mkdir()
    (tmp_path / "precious").write_text("precious")
    one.set("rating", 4)
    (one.inside / f"{one.device}.0001.rj").symlink_to(tmp_path / "precious")
    with pytest.raises(LibraryError, match="cannot write"):
        one.round()
    assert (tmp_path / "precious").read_text() == "precious"


def test_a_missing_folder_is_not_created(machines: tuple[Machine, Machine]) -> None:
    """The folder may be on a disk that is not mounted at the moment."""
    one, _ = machines
    one.folder.rmdir()
    with pytest.raises(LibraryError, match="connect its disk"):
        one.round()
    assert not one.folder.exists()


def test_all_marks_are_written_into_a_new_folder(machines: tuple[Machine, Machine], tmp_path: Path) -> None:
    one, other = machines
    one.set("rating", 4)
    one.round()
    other.round()
    other.set("later", "2026-07-02")
    other.folder = tmp_path / "new"
    other.folder.mkdir()
    assert other.round().written == 2
    one.folder = other.folder
    one.round()
    assert one.value("later") == "2026-07-02"


@pytest.mark.parametrize("loss", ["removed", "cut", "damaged"])
def test_own_segments_that_were_lost_are_written_again(machines: tuple[Machine, Machine], loss: str) -> None:
    one, other = machines
    one.set("rating", 4)
    one.set("later", "2026-07-02")
    one.round()
    segment = next(one.inside.iterdir())
    if loss == "removed":
        segment.unlink()
    elif loss == "cut":
        segment.write_bytes(segment.read_bytes()[:-5])
    else:
        segment.write_bytes(b"not a " + segment.read_bytes())
    assert one.round().written == 2
    assert one.round().written == 0
    other.round()
    assert (other.value("rating"), other.value("later")) == (4, "2026-07-02")


def test_a_library_restored_from_a_backup_gets_a_new_device_id_and_its_marks_back(
    machines: tuple[Machine, Machine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = machines
    # A restored library has the same path as before.
    monkeypatch.setattr(copied_library, "has_moved", lambda connection: False)
    one.set("rating", 4)
    one.round()
    backup.copy_library(one.library.reader(), tmp_path / "restored.db")
    one.set("rating", 5)
    one.round()
    before = {path: path.read_bytes() for path in one.inside.iterdir()}
    restored = Machine(tmp_path / "restored.db", one.folder)
    restored.set("later", "2026-07-02")
    assert restored.device == one.device
    assert restored.round().renewed
    assert restored.value("rating") == 5
    assert restored.device != one.device
    assert all(path.read_bytes() == content for path, content in before.items())
    one.round()
    assert one.value("later") == "2026-07-02"
    restored.library.close()


def test_a_clock_that_is_ahead_is_accepted_and_reported(
    machines: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = machines
    ahead = wall_milliseconds() + 24 * 3_600_000
    with monkeypatch.context() as patch:
        patch.setattr(HybridClock.__init__, "__defaults__", (0, lambda: ahead))
        one.set("rating", 4)
    one.round()
    other.round()
    assert other.value("rating") == 4
    (device,) = status(other.library.reader()).devices
    assert 23 * 3_600_000 < device.device.ahead <= 24 * 3_600_000
    other.set("rating", 5)
    other.round()
    one.round()
    assert one.value("rating") == 5
