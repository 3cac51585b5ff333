"""`make matrix` finds each minor version of Python on the machine once, and ignores programs that are not Python."""

from __future__ import annotations

import sys
from pathlib import Path

from tests import matrix


def program(path: Path, answer: str) -> str:
    """Write a shell script that runs the command `answer`. It replaces a Python whose version is asked for."""
    path.write_text(f"#!/bin/sh\n{answer}\n")
    path.chmod(0o700)
    return str(path)


def test_each_minor_version_is_taken_once_in_its_newest_final_release(tmp_path: Path) -> None:
    programs = [
        program(tmp_path / "old", "echo 3 10 4 True /old"),
        program(tmp_path / "newer", "echo 3 12 9 True '/with a space/python'"),
        program(tmp_path / "older", "echo 3 12 1 True /older"),
        program(tmp_path / "beta", "echo 3 15 0 False /beta"),
        program(tmp_path / "broken", "echo no such version >&2; exit 127"),
        program(tmp_path / "oldest", "echo 3 11 0 True /oldest"),
        str(tmp_path / "missing"),
    ]
    assert matrix.pythons(programs) == {"3.11": "/oldest", "3.12": "/with a space/python"}


def test_the_python_that_runs_the_tests_is_found() -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert matrix.pythons([sys.executable]) == {version: sys.executable}
