"""Notes that two machines edit before they synchronize: both texts stay available."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.library import backup
from store.marks import exchange
from store.marks.clock import Clock
from store.marks.registers import Register
from store.sync import register_lines
from tests.store.sync.machines import PAPER, Machine


class TestNotes:
    """If another machine changed a note later without having seen this one, this note is stored as a lost note."""

    def test_a_lost_note_is_kept_on_both_machines(self, machines: tuple[Machine, Machine]) -> None:
        one, other = machines
        one.set("note", "written on one")
        other.set("note", "written on the other")
        one.round()
        assert other.round().lost_notes == 1
        assert one.round().lost_notes == 1
        # If both notes have the same time (ms), the random device ids decide which one counts as later.
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
