"""Fixtures for the tests of library files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import pytest

from store.library import schema
from tests import new_tables
from tests.store.library.libraries import ROOT, Process, Start


@pytest.fixture(autouse=True)
def all_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the tables of new libraries as the program does it: by all migrations since the first version."""
    monkeypatch.setattr(schema, "migrate", new_tables.migrate_step_by_step)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


@pytest.fixture
def start() -> Iterator[Start]:
    """A function that runs code in a Python process.

    The test writes to the stdin of the process and reads its stdout.
    """
    running: list[Process] = []

    def run(code: str, *arguments: object) -> Process:
        command = [sys.executable, "-c", code, *map(str, arguments)]
        running.append(Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        return running[-1]

    yield run
    for process in running:
        process.kill()
        process.communicate()
