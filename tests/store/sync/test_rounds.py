"""Sync rounds of several libraries through one folder: each machine reads what the others wrote, despite bad copies."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from store.library import backup
from store.library.library import Library
from store.marks import copied_library, exchange, identities, stored_registers
from store.marks.clock import Clock, HybridClock, wall_milliseconds
from store.marks.registers import Register
from store.model.errors import LibraryError
from store.sync import register_lines, rounds, segment_files, unwritten
from store.sync.rounds import RoundResult
from store.sync.status import status

NOW = 1_764_509_400_000
PAPER = "arxiv:2310.06770"


class Machine:
    """A machine that syncs: its library and the shared folder."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.library = Library.open(path)
        self.folder = folder

    @property
    def inside(self) -> Path:
        return self.folder / segment_files.NAME

    @property
    def device(self) -> str:
        device = stored_registers.device(self.library.reader())
        assert device
        return device

    def set(self, field: str, value: Any, paper: str = PAPER) -> None:
        """Change a field of a paper as the user would."""
        self.set_all([(paper, field, value)])

    def set_all(self, changes: Iterable[tuple[str, str, Any]]) -> None:
        with self.library.writing() as connection:
            writer = stored_registers.Writer(connection)
            for paper, field, value in changes:
                identities.add(connection, paper)
                writer.write(paper, field, value, (), stored_registers.read(connection, paper, field))
            writer.finish()

    def value(self, field: str, paper: str = PAPER) -> Any:
        register = stored_registers.read(self.library.reader(), paper, field)
        return register.value if register else None

    def round(self) -> RoundResult:
        return rounds.run(self.library, self.folder)

    def lost(self) -> list[str]:
        return [each.text for each in exchange.lost_notes(self.library.reader())]


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    """Two machines that share one folder."""
    folder = tmp_path / "shared"
    folder.mkdir()
    one, other = (Machine(tmp_path / f"{name}.db", folder) for name in ("one", "other"))
    yield one, other
    one.library.close()
    other.library.close()


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
def test_a_round_that_was_killed_before_the_flags_were_cleared_is_repeated_without_harm(
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
    # A sync program may replace a file by one of the same size and even the same modification time.
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
    """The folder may be on a disk that is not mounted now."""
    one, _ = machines
    one.folder.rmdir()
    with pytest.raises(LibraryError, match="connect its disk"):
        one.round()
    assert not one.folder.exists()


def test_everything_is_written_into_a_new_folder(machines: tuple[Machine, Machine], tmp_path: Path) -> None:
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
    # A restored library keeps its path.
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


class TestNotes:
    """If another machine changed a note later without having seen this one, this note is kept as a lost note."""

    def test_a_lost_note_is_kept_on_both_machines(self, machines: tuple[Machine, Machine]) -> None:
        one, other = machines
        one.set("note", "written on one")
        other.set("note", "written on the other")
        one.round()
        assert other.round().lost_notes == 1
        assert one.round().lost_notes == 1
        # If both notes have the same millisecond, the random device ids decide which one counts as later.
        texts = {"written on one", "written on the other"}
        assert one.value("note") == other.value("note")
        assert one.lost() == other.lost() == [*texts - {one.value("note")}]

    def test_a_note_that_was_read_and_changed_is_not_lost(self, machines: tuple[Machine, Machine]) -> None:
        one, other = machines
        for number in range(5):
            one.set("note", f"one {number}")
            one.round()
            other.round()
            other.set("note", f"other {number}")
            other.round()
            one.round()
        assert one.lost() == other.lost() == []

    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
    def test_versions_that_arrive_in_another_order_lose_nothing(
        self, machines: tuple[Machine, Machine], order: tuple[int, ...]
    ) -> None:
        _, other = machines
        clocks = [Clock(1_000, 0, "a"), Clock(2_000, 0, "b"), Clock(3_000, 0, "c")]
        versions = [
            Register(PAPER, "note", f"version {at}", clocks[at], clocks[at - 1] if at else None) for at in range(3)
        ]
        for number, at in enumerate(order):
            other.inside.mkdir(exist_ok=True)
            (other.inside / f"{number}").write_bytes(register_lines.encode(versions[at]))
            other.round()
        assert other.value("note") == "version 2"
        assert other.lost() == []


def _copied(machine: Machine, path: Path) -> Machine:
    """Another machine with a copy of this machine's library file, while both libraries are in use."""
    backup.copy_library(machine.library.reader(), path)
    return Machine(path, machine.folder)


def test_two_copies_that_edit_one_note_before_they_meet_keep_both(
    machines: tuple[Machine, Machine], tmp_path: Path
) -> None:
    one, other = machines
    one.set("note", "before")
    one.round()
    copy = _copied(one, tmp_path / "copy.db")
    one.set("note", "written in the original")
    copy.set("note", "written in the copy")
    assert copy.device != one.device
    for _ in range(2):
        for machine in (one, copy, other):
            machine.round()
    for machine in (one, copy, other):
        assert machine.value("note") == "written in the copy"
        assert [each.text for each in exchange.lost_notes(machine.library.reader())] == ["written in the original"]
    copy.library.close()


def test_a_copy_that_only_synchronizes_writes_no_file_of_the_original(
    machines: tuple[Machine, Machine], tmp_path: Path
) -> None:
    one, _ = machines
    one.set("rating", 4)
    one.round()
    one.set("later", "2026-07-02")
    before = {path: path.read_bytes() for path in one.inside.iterdir()}
    copy = _copied(one, tmp_path / "copy.db")
    assert copy.round().renewed
    assert copy.device != one.device
    assert not copy.round().renewed
    assert all(path.read_bytes() == content for path, content in before.items())
    copy.library.close()
