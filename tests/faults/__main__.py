"""Runs every test about faults, prints one line for each row of the table of faults, and writes the results as JSON.

    python -m tests.faults [--row NUMBER]... [--processes NUMBER] [--json FILE] [--table] [PYTEST-OPTIONS...]

With --row, only the tests of these rows of the table run. With --table, the table in SECURITY.md is replaced by the
results.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
import traceback
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.faults import collector as collector_module
from tests.faults.collector import ROOT, Collector, Part, choose, line, table

_BEGIN, _END = "<!-- faults: made by make faults-table -->", "<!-- end of faults -->"
_SLOWEST = 20


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the tests about faults.")
    parser.add_argument("--row", type=int, action="append", default=[], help="only this row; may be repeated")
    parser.add_argument("--processes", type=int, default=2, help="how many tests run at once; those of times run alone")
    parser.add_argument("--json", type=Path, default=ROOT / ".run" / "faults.json", metavar="FILE")
    parser.add_argument("--table", action="store_true", help="write the table into SECURITY.md")
    chosen, options = parser.parse_known_args()
    if chosen.table and chosen.row:
        parser.error("the table needs all rows")
    os.environ["RECTO_TESTS"] = "thorough"
    rows = frozenset(chosen.row)
    collector = Collector(rows)
    began = time.monotonic()
    codes = []
    parts: dict[Part, list[str]] = {
        "others": ["-n", str(chosen.processes), "--dist", "worksteal"],
        "timing": ["-n", "0"],
    }
    # The tests use a separate temporary folder, because two runs at the same time would clean each other's files in
    # pytest's own folder. pytest removes the files of a test that has passed.
    with tempfile.TemporaryDirectory(prefix="recto-faults-", ignore_cleanup_errors=True) as folder:
        for part, how in parts.items():
            files = choose(rows, part)
            # An empty expression replaces the one in pyproject.toml, which excludes these tests.
            words = ["-m", "", "-p", collector_module.__name__, "--basetemp", f"{folder}/{part}"]
            words += ["-o", "tmp_path_retention_policy=failed", *how, *options, *files]
            try:
                codes.append(pytest.main(words, plugins=[collector]))
            except Exception:  # An error of pytest itself must not lose the results.
                traceback.print_exc()
                codes.append(pytest.ExitCode.INTERNAL_ERROR)
    results = collector.results()
    print("\n" + "\n".join(map(line, results)))
    for seconds, test in sorted(collector.slowest, reverse=True)[:_SLOWEST]:
        print(f"{seconds:6.1f} s of processor time · {test}")
    print(summary := _summary(results, time.monotonic() - began))
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps(results, indent=1) + "\n")
    if chosen.table:
        page = ROOT / "SECURITY.md"
        before, _, rest = page.read_text("utf-8").partition(_BEGIN)
        page.write_text(
            f"{before}{_BEGIN}\n\n{summary}\n\n{table(results)}\n\n{_END}{rest.partition(_END)[2]}", "utf-8"
        )
    # If a part contains no tests, it ends with NO_TESTS_COLLECTED, which is no error.
    return max(int(code) for code in codes if code != pytest.ExitCode.NO_TESTS_COLLECTED)


def _summary(results: list[dict[str, object]], seconds: float) -> str:
    """A sentence about all rows of the table: when and where the tests ran, and how many rows have which result."""
    verdicts = Counter(str(each["verdict"]) for each in results)
    counts = ", ".join(f"{count} × {verdict}" for verdict, count in verdicts.most_common())
    return (
        f"{date.today():%d %B %Y}, {platform.system()}, Python {platform.python_version()}, {os.cpu_count()} cores,"
        f" {seconds / 60:.0f} minutes: {counts}."
    )


if __name__ == "__main__":
    sys.exit(main())
