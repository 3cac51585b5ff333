"""Prints the coverage of lines and branches of each package, and whether it is high enough: `make cover`."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

from coverage import Coverage

_ROOT = Path(__file__).parent.parent


def shares(summaries: dict[str, dict[str, int]], package: str) -> tuple[float, float, float]:
    """The percentages of lines, of branches and of both together that the tests ran in the modules of a package.

    `summaries` contains, for each path relative to the checkout, the numbers in the JSON report of coverage.
    """
    lines = run_lines = branches = run_branches = 0
    for path, summary in summaries.items():
        if path.startswith(f"{package}/"):
            lines += summary["num_statements"]
            run_lines += summary["covered_lines"]
            branches += summary["num_branches"]
            run_branches += summary["covered_branches"]
    return (
        _percent(run_lines, lines),
        _percent(run_branches, branches),
        _percent(run_lines + run_branches, lines + branches),
    )


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 100.0


def main() -> None:
    """Combine the coverage data of all processes and print the table.

    Exit with 1 if the coverage of a package is too low.
    """
    floors = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["recto"]["cover"]
    measured = Coverage()
    measured.combine()
    measured.save()
    measured.report(sort="cover")
    with TemporaryDirectory() as folder:
        measured.json_report(outfile=f"{folder}/cover.json")
        files = json.loads(Path(folder, "cover.json").read_text("utf-8"))["files"]
    summaries = {path: file["summary"] for path, file in files.items()}
    short = []
    for package, floor in floors.items():
        lines, branches, both = shares(summaries, package)
        print(f"{package}: {lines:.1f} % of the lines, {branches:.1f} % of the branches, {both:.1f} % together")
        if both < floor:
            short.append(f"{package} has {both:.1f} % of at least {floor} %")
    sys.exit(f"coverage is too low: {'; '.join(short)}" if short else 0)


if __name__ == "__main__":
    main()
