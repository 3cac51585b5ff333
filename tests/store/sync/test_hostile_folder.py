"""recto survives any files in a shared folder, made by a hostile machine or an unusual file system."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.importing import folders
from store.library.file_states import FileState, storable
from store.library.library import Library
from store.marks import exchange, identities, stored_marks, stored_registers
from store.marks.clock import Clock
from store.marks.registers import Register
from store.model.paper import Author, Paper
from store.sync import register_lines, rounds, segment_files
from tests.store.listings import add_listing

PAPER = "arxiv:2310.06770"
BEGUN = 1_764_509_400_000


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    """The folder `recto-sync`, in the form in which another machine creates it in the shared folder."""
    path = tmp_path / "shared" / segment_files.NAME
    path.mkdir(parents=True)
    return path


def lines(*changes: tuple[str, str, object]) -> bytes:
    """The lines of a segment file from another machine.

    Each contains the identity (ids and title) of a paper, a field and a value.
    """
    return b"".join(
        register_lines.encode(Register(paper, field, value, Clock(BEGUN + number, 0, "other")))
        for number, (paper, field, value) in enumerate(changes)
    )


@pytest.mark.parametrize("year", [1, 1600, 2300, 9999])
def test_a_file_with_a_modification_time_of_any_year_is_read(library: Library, inside: Path, year: int) -> None:
    path = inside / "x.rj"
    path.write_bytes(lines((PAPER, "rating", 4)))
    seconds = (year - 1970) * 31_556_952
    os.utime(path, (seconds, seconds))
    if path.stat().st_mtime != seconds:
        pytest.skip("the file system has no such times")
    assert rounds.run(library, inside.parent).applied == 1
    assert rounds.run(library, inside.parent).applied == 0


@pytest.mark.parametrize("number", [2**63, 253_370_764_800 * 10**9, -(2**63) - 1, 2**64 - 1])
def test_a_state_with_any_numbers_can_be_stored(library: Library, tmp_path: Path, number: int) -> None:
    stored = storable(number)
    assert (stored - number) % 2**64 == 0
    folders.remember(library, tmp_path / "listing.txt", FileState(1, stored, stored), "read")
    assert storable(stored) == stored


def test_one_paper_gets_a_limited_number_of_fields(
    library: Library, inside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each batch reads all registers (single values of marks) of its papers.

    Without a limit the total time would be quadratic.
    """
    monkeypatch.setattr(exchange, "MOST_FIELDS", 20)
    (inside / "one.rj").write_bytes(lines(*((PAPER, f"tag:{number}", True) for number in range(30))))
    # The limit is checked between batches, so the registers of one batch may exceed it.
    assert rounds.run(library, inside.parent).applied == 30
    (inside / "two.rj").write_bytes(lines(*((PAPER, f"tag:more{number}", True) for number in range(30))))
    assert rounds.run(library, inside.parent).applied == 0
    # Fields that the paper already has can still be changed.
    changed = Register(PAPER, "tag:1", None, Clock(BEGUN + 100_000, 0, "other"))
    (inside / "three.rj").write_bytes(register_lines.encode(changed))
    assert rounds.run(library, inside.parent).applied == 1
    assert len(stored_registers.of_identity(library.reader(), PAPER)) == 30


@pytest.mark.parametrize("described", [False, True], ids=["by name", "by description"])
def test_one_paper_gets_a_limited_number_of_identities(
    library: Library, inside: Path, monkeypatch: pytest.MonkeyPatch, described: bool
) -> None:
    monkeypatch.setattr(identities, "_MOST_OF_PAPER", 10)
    stored = Paper(title="Graph Learning of Things", authors=(Author("Ada Lovelace"),), arxiv_id="2310.06770")
    (number,) = add_listing(library, None, stored)
    names = [f"doi:10.1/{number}" if described else f"{PAPER}#{number}" for number in range(2, 60)]
    about = {"title": "Graph Learning of Things", "authors": ["Ada Lovelace"]}
    changes: list[tuple[str, str, object]] = [(name, "rating", 3) for name in names]
    if described:
        changes = [(name, "about", about) for name in names] + changes
    (inside / "x.rj").write_bytes(lines(*changes))
    rounds.run(library, inside.parent)
    found = [name for name in names if identities.paper_of(library.reader(), name) is not None]
    assert 0 < len(found) <= 10
    (count,) = library.reader().execute("SELECT count(*) FROM paper").fetchone()
    assert count <= 2
    assert described or stored_marks.read(library.reader(), number).rating == 3
