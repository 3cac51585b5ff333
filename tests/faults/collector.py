"""Selects the tests about faults, measures them, and counts their results for each row of the table of faults.

The functions with names that begin with `pytest_` are a plugin of pytest for the processes that run the tests, and
`Collector` is one for the process that prints the results. This module has no assertions that pytest would have to
rewrite (PYTEST_DONT_REWRITE).
"""

from __future__ import annotations

import dataclasses
import os
import resource
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import pytest

from tests.faults.rows import NOT_TESTED, NOT_TRIED, ROWS, Row, row_of

ROOT = Path(__file__).parents[2]
# These tests compare durations, so they need a machine that does nothing else, and run alone after the others.
Part = Literal["timing", "others"]
_TIMING, _MARKS = "timing", ("faults", "timing", "thorough")
# The environment variables that specify which tests to run: the numbers of rows, separated by blanks ("" for all rows
# and all tests with one of `_MARKS`), and the part of the tests.
_ROWS_VARIABLE, _PART_VARIABLE = "RECTO_FAULT_ROWS", "RECTO_FAULT_PART"
# The names of the properties of a test: the arguments with which the fixture `report` was called (row, rounds, figure,
# holds), and the processor time of the test and its child processes (s).
REPORTED, PROCESSOR = "fault", "processor"
# A test that takes longer than this fails, so that the other tests run (s). If it continues nevertheless, it is
# interrupted again.
_LONGEST_TEST, _INTERRUPTED_AGAIN = 1_200.0, 60.0


def choose(rows: frozenset[int], part: Part) -> list[str]:
    """Let the next run of pytest select the tests of `rows`, or of all rows if it is empty.

    Returns the files of these tests.
    """
    os.environ[_ROWS_VARIABLE] = " ".join(map(str, sorted(rows)))
    os.environ[_PART_VARIABLE] = part
    named = {name.partition("::")[0] for row in ROWS if not rows or row.number in rows for name in row.tests}
    if not rows:
        # pytest needs a long time to import all tests, and most files contain none of these, so only the files that do
        # are passed to it.
        marks = (*(f"mark.{mark}" for mark in _MARKS), "thorough")
        for path in (ROOT / "tests").rglob("test_*.py"):
            if any(mark in path.read_text("utf-8") for mark in marks):
                named.add(str(path.relative_to(ROOT)))
    return sorted(str(ROOT / path) for path in named)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    rows = frozenset(map(int, os.environ[_ROWS_VARIABLE].split()))
    part = os.environ[_PART_VARIABLE]
    chosen = [
        item
        for item in items
        if _is_chosen(item, rows) and (item.get_closest_marker(_TIMING) is not None) == (part == _TIMING)
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
    items[:] = chosen


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    def interrupt(*_: object) -> None:
        pytest.fail(f"it had not ended after {_LONGEST_TEST:.0f} s")

    before = _processor_time()
    handled = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, _LONGEST_TEST, _INTERRUPTED_AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handled)
        item.user_properties.append((PROCESSOR, _processor_time() - before))


def _is_chosen(item: pytest.Item, rows: frozenset[int]) -> bool:
    of_test = row_of(item.nodeid)
    if rows:
        return not rows.isdisjoint(of_test)
    return bool(of_test) or any(item.get_closest_marker(mark) is not None for mark in _MARKS)


@dataclasses.dataclass
class _Counts:
    """The results of the tests of one row so far."""

    passed: int = 0
    failed: list[str] = dataclasses.field(default_factory=list)
    skipped: list[str] = dataclasses.field(default_factory=list)
    rounds: int = 0
    figures: list[str] = dataclasses.field(default_factory=list)
    seconds: float = 0.0
    processor: float = 0.0

    @property
    def verdict(self) -> str:
        if self.failed:
            return "falls short"
        if not self.passed:
            return "not run here"
        return "holds in part" if self.skipped else "holds"

    @property
    def figure(self) -> str:
        """The figures that the tests reported. Without figures, how many tests failed; and why tests were skipped."""
        failed = f"{len(self.failed)} of {self.passed + len(self.failed)} tests failed"
        skipped = [f"skipped: {reason.removeprefix('Skipped: ')}" for reason in dict.fromkeys(self.skipped)]
        return "; ".join(
            [*dict.fromkeys(self.figures), *([failed] if self.failed or not self.figures else []), *skipped]
        )


class Collector:
    """A plugin of pytest that counts the results of the tests of `rows`, or of all rows if it is empty.

    It prints the line of a row as soon as all tests of the row that this run contains have ended.
    """

    def __init__(self, rows: frozenset[int]) -> None:
        self._rows = rows
        self._counts = {row.number: _Counts() for row in ROWS}
        # For each row, the number of tests that have not ended.
        self._left: dict[int, int] = {}
        self._began = time.monotonic()
        self.slowest: list[tuple[float, str]] = []

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        self._count(ids)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._count([item.nodeid for item in session.items])

    def _count(self, tests: Sequence[str]) -> None:
        """Set how many tests of each row are to be run. All processes of xdist collect the same tests."""
        self._left = {row.number: 0 for row in ROWS}
        for test in tests:
            for number in row_of(test):
                self._left[number] += 1

    def _print_if_ended(self, row: Row) -> None:
        self._left[row.number] = self._left.get(row.number, 0) - 1
        if self._left[row.number] == 0 and (not self._rows or row.number in self._rows):
            print(f"\n{time.monotonic() - self._began:5.0f} s · {line(self._result(row))}", flush=True)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._keep(report)
        if report.when == "teardown":
            for row in ROWS:
                if row.number in row_of(report.nodeid):
                    self._print_if_ended(row)

    def _keep(self, report: pytest.TestReport) -> None:
        for number in row_of(report.nodeid):
            counts = self._counts[number]
            counts.seconds += report.duration
            if report.failed:
                counts.failed.append(report.nodeid)
            elif report.skipped:
                counts.skipped.append(_reason(report))
            elif report.when == "call":
                counts.passed += 1
            if report.when == "call":
                counts.processor += sum(value for name, value in report.user_properties if name == PROCESSOR)
        if report.when == "call":
            self.slowest += [(value, report.nodeid) for name, value in report.user_properties if name == PROCESSOR]
            for name, value in report.user_properties:
                if name == REPORTED:
                    number, rounds, figure, _ = value
                    self._counts[number].rounds += rounds
                    self._counts[number].figures.append(figure)

    def results(self) -> list[dict[str, object]]:
        """One object for each row that was run, and for each row that no test covers, in the order of their numbers."""
        tested = [self._result(row) for row in ROWS if not self._rows or row.number in self._rows]
        return sorted(
            [*tested, *([] if self._rows else map(_untested, NOT_TESTED))], key=lambda each: int(str(each["row"]))
        )

    def _result(self, row: Row) -> dict[str, object]:
        counts = self._counts[row.number]
        return {
            "row": row.number,
            "fault": row.fault,
            "rounds": max(counts.rounds, counts.passed + len(counts.failed)),
            "figure": counts.figure,
            "verdict": counts.verdict,
            "passed": counts.passed,
            "failed": counts.failed,
            "skipped": counts.skipped,
            "seconds": round(counts.seconds, 1),
            "processor_seconds": round(counts.processor, 1),
        }


def line(result: dict[str, object]) -> str:
    """The line that is printed for a row: its number, the number of rounds, the figure, the verdict and the fault."""
    return (
        f"row {result['row']:>2} · {result['rounds']:>5} rounds · {result['figure']} · {result['verdict']}"
        f" · {result['fault']} · {result['processor_seconds']} s of processor time"
    )


def table(results: list[dict[str, object]]) -> str:
    """The rows as a Markdown table."""
    lines = ["| row | what goes wrong | rounds | figure | result | not tried |", "|---|---|---|---|---|---|"]
    for each in results:
        cells = [str(each[name]).replace("|", "\\|") for name in ("row", "fault", "rounds", "figure", "verdict")]
        cells.append(NOT_TRIED.get(int(cells[0]), ""))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _untested(number: int) -> dict[str, object]:
    return {
        "row": number,
        "fault": NOT_TESTED[number],
        "rounds": 0,
        "figure": "",
        "verdict": "not tested",
        "passed": 0,
        "failed": [],
        "skipped": [],
        "seconds": 0.0,
        "processor_seconds": 0.0,
    }


def _reason(report: pytest.TestReport) -> str:
    """The reason why a test was skipped. pytest stores it after a file and a line number."""
    return str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)


def _processor_time() -> float:
    """The processor time of this process and of its child processes that have ended (s)."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
