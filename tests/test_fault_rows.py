"""The table of faults names only tests that exist, and each row once."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.faults.rows import NOT_TESTED, ROWS, Row, row_of

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_the_tests_of_a_row_exist(row: Row) -> None:
    assert row.tests
    for name in row.tests:
        path, _, test = name.partition("::")
        assert (ROOT / path).is_file(), name
        if test:
            tree = ast.parse((ROOT / path).read_text("utf-8"))
            assert test in {getattr(node, "name", None) for node in ast.walk(tree)}, name
        assert row.number in row_of(name if test else f"{path}::test_any")


def test_each_row_is_named_once() -> None:
    numbers = [row.number for row in ROWS] + list(NOT_TESTED)
    assert sorted(numbers) == sorted(set(numbers))
    assert set(numbers) == set(range(1, 74))
