"""The hash of source files is the same after a docstring or comment is reworded, and another after a code change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.source_hash import source_hash

_CODE = '"""A module."""\n\n\ndef half(number: int) -> float:\n    """Half of a number."""\n    return number / 2\n'


@pytest.mark.parametrize(
    ("old", "new", "is_same"),
    [
        ("A module.", "One function.", True),
        ("    return", "    # Never an integer.\n    return", True),
        ('    """Half of a number."""\n', "", True),
        ("number / 2", "number / 3", False),
        ("half", "part", False),
        ("int", "float", False),
    ],
)
def test_only_code_counts(tmp_path: Path, old: str, new: str, is_same: bool) -> None:
    first, second = tmp_path / "first.py", tmp_path / "second.py"
    first.write_text(_CODE)
    second.write_text(_CODE.replace(old, new, 1))
    assert (source_hash([first]) == source_hash([second])) is is_same


def test_the_order_of_files_counts(tmp_path: Path) -> None:
    first, second = tmp_path / "first.py", tmp_path / "second.py"
    first.write_text(_CODE)
    second.write_text("PAPERS = 3\n")
    assert source_hash([first, second]) != source_hash([second, first])
