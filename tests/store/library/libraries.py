"""Helper functions for tests with libraries: values to store, processes that open a library, and checks for damage."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from store.library.library import Library

ROOT = Path(__file__).parents[3]


def keep(library: Library, key: str, value: str = "x") -> None:
    with library.writing() as connection:
        connection.execute("INSERT INTO setting (key, value) VALUES (?, ?)", (key, value))


def kept(library: Library) -> set[str]:
    return {key for (key,) in library.reader().execute("SELECT key FROM setting")}


def assert_sound(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


Process = subprocess.Popen[str]
Start = Callable[..., Process]


def told(process: Process) -> str:
    assert process.stdout
    return process.stdout.readline().strip()
