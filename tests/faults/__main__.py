"""Runs every test about faults, prints one line for each row of the table, and writes the results as JSON.

    python -m tests.faults [--row NUMBER]... [--json FILE] [--table] [PYTEST-OPTIONS...]

With --row, only the tests of these rows run. With --table, the table in SECURITY.md is replaced by the results.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

import pytest

from tests.faults.collector import Collector, line, table

ROOT = Path(__file__).parents[2]
_BEGIN, _END = "<!-- faults: made by make faults-table -->", "<!-- end of faults -->"
_SLOWEST = 20


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the tests about faults.")
    parser.add_argument("--row", type=int, action="append", default=[], help="only this row; may be repeated")
    parser.add_argument("--json", type=Path, default=ROOT / ".run" / "faults.json", metavar="FILE")
    parser.add_argument("--table", action="store_true", help="write the table into SECURITY.md")
    chosen, options = parser.parse_known_args()
    if chosen.table and chosen.row:
        parser.error("the table needs all rows")
    os.environ["RECTO_TESTS"] = "thorough"
    collector = Collector(frozenset(chosen.row))
    began = time.monotonic()
    # An empty expression replaces the one in pyproject.toml, which leaves these tests out.
    code = pytest.main(["-m", "", *options], plugins=[collector])
    results = collector.results()
    print("\n".join(map(line, results)))
    for seconds, test in sorted(collector.slowest, reverse=True)[:_SLOWEST]:
        print(f"{seconds:6.1f} s of processor time · {test}")
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
