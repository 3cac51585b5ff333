"""Notes about why a figure misses its goal: only if it does, and from a profile of the real code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.corpus import papers
from tests.bench.figures import Figure
from tests.bench.libraries import ROOT
from tests.bench.limits import PARTS, explained, of_a_key, of_a_start, of_an_import
from tests.bench.listings import snapshot_line


def test_only_a_figure_that_misses_its_goal_is_explained() -> None:
    missed = Figure(name="key", at=100, figure=13, unit="ms", goal=12, note="3 keys")
    assert explained(missed, lambda: "painting").note == "3 keys; limit: painting"
    reached = Figure(name="key", at=100, figure=11, unit="ms", goal=12, note="3 keys")
    assert explained(reached, lambda: "painting") is reached
    without = Figure(name="key", at=100, figure=11, unit="ms")
    assert explained(without, lambda: "painting") is without


def test_a_start_goes_to_imports_and_the_first_layout() -> None:
    said = of_a_start(100_000)
    numbers = [float(word.strip(",;").replace(",", "")) for word in said.split() if word[0].isdigit()]
    textual, own, _, drawn = numbers
    assert textual > 10 and own > 1
    assert sum(numbers) == pytest.approx(100_000, abs=5)
    assert said.startswith("importing Textual ") and drawn > 50_000


def test_a_key_goes_to_the_store_and_to_textual() -> None:
    said = of_a_key(0.5, [1, 2, 3], [4, 5, 6])
    assert "the store answers in 2.0 ms, Textual's echo takes 5.0" in said


def test_every_part_of_an_import_names_files_that_exist() -> None:
    assert [start for start, _ in PARTS if not list((ROOT / "store").glob(f"{start}*"))] == []


def test_the_profile_of_an_import_gives_the_time_of_each_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECTO_BENCH_CACHE", str(tmp_path))
    snapshot = tmp_path / "snapshot.json"
    snapshot.write_text("".join(snapshot_line(paper) + "\n" for paper in papers(200)))
    said = of_an_import(snapshot)
    parts = dict(part.rsplit(" ", 1) for part in said.partition(": ")[2].split(", "))
    assert set(parts) == {"reading", "cleaning", "indexing", "making ready", "SQLite", "start and the rest"}
    assert all(int(microseconds) > 0 for microseconds in parts.values())
