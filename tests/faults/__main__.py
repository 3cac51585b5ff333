"""Runs every test about faults, prints one line for each row of the table, and writes the results as JSON.

    python -m tests.faults [--json FILE] [--table] [PYTEST-OPTIONS...]

With --table, the table in SECURITY.md is replaced by the results.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

import pytest

from tests.faults.rows import NOT_TESTED, ROWS, row_of

ROOT = Path(__file__).parents[2]
_MARKS = ("faults", "timing", "thorough")
_BEGIN, _END = "<!-- faults: made by make faults-table -->", "<!-- end of faults -->"


class Collector:
    """A plugin of pytest. It runs the tests that have one of `_MARKS` or belong to a row, and counts their results."""

    def __init__(self) -> None:
        self.passed: dict[int, int] = {}
        self.failed: dict[int, list[str]] = {}
        self.skipped: dict[int, int] = {}
        self.seconds: dict[int, float] = {}

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        chosen = [
            item
            for item in items
            if row_of(item.nodeid) or any(item.get_closest_marker(mark) is not None for mark in _MARKS)
        ]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
        items[:] = chosen

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for number in row_of(report.nodeid):
            self.seconds[number] = self.seconds.get(number, 0.0) + report.duration
            if report.failed:
                self.failed.setdefault(number, []).append(report.nodeid)
            elif report.skipped:
                self.skipped[number] = self.skipped.get(number, 0) + 1
            elif report.when == "call":
                self.passed[number] = self.passed.get(number, 0) + 1

    def results(self) -> list[dict[str, object]]:
        """One object for each row: its number, the fault, the numbers of tests, and the verdict."""
        return [
            {
                "row": row.number,
                "fault": row.fault,
                "passed": self.passed.get(row.number, 0),
                "failed": self.failed.get(row.number, []),
                "skipped": self.skipped.get(row.number, 0),
                "seconds": round(self.seconds.get(row.number, 0.0), 1),
                "verdict": self._verdict(row.number),
            }
            for row in ROWS
        ]

    def _verdict(self, number: int) -> str:
        if self.failed.get(number):
            return "falls short"
        if not self.passed.get(number):
            return "not run here"
        return "holds in part" if self.skipped.get(number) else "holds"


def line(result: dict[str, object]) -> str:
    """The line of a row."""
    return (
        f"row {result['row']:>2} · {result['passed']:>5} tests · {result['seconds']:>6} s · {result['verdict']}"
        f" · {result['fault']}"
    )


def table(results: list[dict[str, object]]) -> str:
    """The rows as a table of Markdown."""
    lines = ["| row | what goes wrong | tests | result |", "|---|---|---|---|"]
    lines += [f"| {each['row']} | {each['fault']} | {each['passed']} | {each['verdict']} |" for each in results]
    lines += [f"| {number} | {reason} | 0 | not tested |" for number, reason in NOT_TESTED.items()]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the tests about faults.")
    parser.add_argument("--json", type=Path, default=ROOT / ".run" / "faults.json")
    parser.add_argument("--table", action="store_true", help="write the table into SECURITY.md")
    chosen, options = parser.parse_known_args()
    os.environ["RECTO_TESTS"] = "thorough"
    collector = Collector()
    began = time.monotonic()
    # An empty expression replaces the one in pyproject.toml, which leaves these tests out.
    code = pytest.main(["-m", "", *options], plugins=[collector])
    results = collector.results()
    print("\n".join(map(line, results)))
    print(f"{time.monotonic() - began:.0f} s")
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps(results, indent=1) + "\n")
    if chosen.table:
        page = ROOT / "SECURITY.md"
        before, _, rest = page.read_text("utf-8").partition(_BEGIN)
        page.write_text(f"{before}{_BEGIN}\n\n{table(results)}\n\n{_END}{rest.partition(_END)[2]}", "utf-8")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
