"""The table of faults is consistent: its tests exist, and each row has a protection in the code that can be removed."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.faults.protections import PROTECTIONS, Protection
from tests.faults.rows import NOT_TESTED, ROWS, Row, row_of

ROOT = Path(__file__).parents[1]


@cache
def names_in(path: str) -> set[str | None]:
    """The names of the functions and classes in a file."""
    return {getattr(node, "name", None) for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8")))}


def rows_of_file(path: str) -> set[int]:
    """The numbers of the rows to which the tests in a file belong."""
    return {row.number for row in ROWS if any(name.partition("::")[0] == path for name in row.tests)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_the_tests_of_a_row_exist(row: Row) -> None:
    assert row.tests
    for name in row.tests:
        path, _, test = name.partition("::")
        assert (ROOT / path).is_file(), name
        assert not test or test in names_in(path), name
        assert row.number in row_of(name if test else f"{path}::test_any")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_make_test_runs_a_part_of_a_row(row: Row) -> None:
    """The rest of the row's tests, in tests/faults, is left out by `make test`."""
    assert any(not name.startswith("tests/faults/") for name in row.tests)


def test_each_row_is_named_once() -> None:
    numbers = [row.number for row in ROWS] + list(NOT_TESTED)
    assert sorted(numbers) == sorted(set(numbers))
    assert set(numbers) == set(range(1, max(numbers) + 1))


def test_a_test_reports_only_figures_of_its_own_rows() -> None:
    for path in (ROOT / "tests" / "faults").glob("test_*.py"):
        reported = {int(number) for number in re.findall(r"\breport\((\d+),", path.read_text("utf-8"))}
        assert reported <= rows_of_file(f"tests/faults/{path.name}"), path.name


def test_each_row_has_a_protection() -> None:
    assert {each.row for each in PROTECTIONS} == {row.number for row in ROWS}


@pytest.mark.parametrize("protection", PROTECTIONS, ids=lambda each: f"{each.row}-{Path(each.path).stem}")
def test_a_protection_can_be_removed(protection: Protection) -> None:
    compile(protection.removed((ROOT / protection.path).read_text("utf-8")), protection.path, "exec")
    path, _, test = protection.test.partition("::")
    assert not test or test in names_in(path), protection.test
    assert protection.row in (row_of(protection.test) if test else rows_of_file(path)), protection.test
