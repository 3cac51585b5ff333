"""A run of the benchmark measures every row at every size, rows with goals first, even if some rows fail."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench.__main__ import in_order, measure
from tests.bench.figures import Figure
from tests.bench.stand import Stand

_STANDS = [Stand(100), Stand(1_000)]


@dataclass
class Row:
    """A row of the table that returns one figure, or raises an error."""

    NAME: str
    fails: bool = False
    measured: list[int] = field(default_factory=list)

    def measure(self, stand: Stand) -> Iterator[Figure]:
        self.measured.append(stand.size)
        if self.fails:
            raise ValueError("cannot\nbe measured")
        yield Figure(name=self.NAME, at=stand.size, figure=1, unit="ms")


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    made = [Row("first"), Row("failing", fails=True), Row("beside")]
    monkeypatch.setattr(bench, "_GOALS", made[:2])
    monkeypatch.setattr(bench, "_BESIDE", made[2:])
    return made


def test_rows_with_goals_come_first_and_one_that_fails_costs_no_other(rows: list[Row]) -> None:
    figures, missed, took = measure(_STANDS, [row.NAME for row in rows], None)
    assert [(each.name, each.at) for each in figures] == [
        ("first", 100), ("first", 1_000), ("beside", 100), ("beside", 1_000),
    ]  # fmt: skip
    assert [(each.name, each.size, each.reason) for each in missed] == [
        ("failing", 100, "cannot"), ("failing", 1_000, "cannot"),
    ]  # fmt: skip
    assert [(each.name, each.size) for each in took] == [
        (name, stand.size) for names in (("first", "failing"), ("beside",)) for stand in _STANDS for name in names
    ]


def test_a_row_that_does_not_depend_on_the_size_is_measured_once(
    rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "_ONCE", ("beside",))
    _, missed, _ = measure(_STANDS, ["first", "beside"], None)
    assert (rows[0].measured, rows[2].measured, missed) == ([100, 1_000], [100], [])


def test_programs_are_started_as_they_are_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": "kept"})
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "paper.py").write_text("x = 1\n")
    for name in ("tui", "tests/bench"):
        (tmp_path / name).mkdir(parents=True)
    bench.as_installed()
    assert os.environ == {"PYTHONPATH": "kept"}
    assert list((tmp_path / "store" / "__pycache__").glob("paper.*.pyc"))


def test_rows_for_which_no_time_was_left_are_named(rows: list[Row]) -> None:
    figures, missed, _ = measure(_STANDS, ["first"], time.monotonic() - 1)
    assert (figures, [(each.name, each.size) for each in missed]) == ([], [("first", 100), ("first", 1_000)])
    assert rows[0].measured == []
    assert measure(_STANDS, ["first"], math.inf)[1] == []


def test_figures_are_shown_row_by_row_each_size_once() -> None:
    def figure(name: str, at: int, found: float) -> Figure:
        return Figure(name=name, at=at, figure=found, unit="ms")

    shown = in_order([figure("b", 1_000, 1), figure("a", 100, 2), figure("b", 100, 3), figure("b", 1_000, 4)])
    assert [(each.name, each.at, each.figure) for each in shown] == [("b", 100, 3), ("b", 1_000, 1), ("a", 100, 2)]
