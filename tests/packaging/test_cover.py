"""`make cover` counts the lines and branches of one package (store or tui) separately from those of other packages."""

from __future__ import annotations

import pytest

from tests.cover import shares


def summary(lines: int, run_lines: int, branches: int, run_branches: int) -> dict[str, int]:
    return {
        "num_statements": lines,
        "covered_lines": run_lines,
        "num_branches": branches,
        "covered_branches": run_branches,
    }


def test_a_package_has_the_shares_of_all_its_modules_together() -> None:
    measured = {
        "store/library/library.py": summary(100, 100, 10, 10),
        "store/text/clean.py": summary(100, 50, 30, 0),
        "storehouse.py": summary(1000, 0, 0, 0),
        "tui/app.py": summary(10, 0, 0, 0),
    }
    assert shares(measured, "store") == pytest.approx((75.0, 25.0, 100 * 160 / 240))
    assert shares(measured, "tui") == pytest.approx((0.0, 100.0, 0.0))
