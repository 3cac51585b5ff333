"""Row 16: recto is killed while it migrates an older library. No mark is lost, and the next start ends the migration.

The libraries are those of earlier releases (tests/store/library/test_register_migration.py).
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store.library import backup, schema
from store.library.library import Library
from tests.faults.conftest import Report
from tests.faults.injection import killed_at, needs_strace, traced
from tests.store.library.test_register_migration import RELEASED, made, shown
from tests.thorough import number_of_rounds

pytestmark = [pytest.mark.faults, needs_strace]

# The system calls that change files, each with the number of kills per library. The kills are distributed over all
# calls of the migration.
_CALLS = {
    "pwrite64,write": number_of_rounds(4, 40),
    "fsync,fdatasync": number_of_rounds(1, 6),
    "rename,unlink,ftruncate": number_of_rounds(1, 6),
}
_PROGRAM = """
import sys
from pathlib import Path
from store.library.library import Library
Library.open(Path(sys.argv[1])).close()
"""


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


@pytest.mark.parametrize("file", RELEASED, ids=lambda file: file.stem)
def test_a_library_whose_migration_was_killed_has_every_mark(file: Path, tmp_path: Path, report: Report) -> None:
    released: dict[str, Any] = json.loads(file.read_text("utf-8"))
    older = made(tmp_path / "older.db", released)
    rounds = killed = unchanged = 0
    wrong: list[str] = []
    for calls, most in _CALLS.items():
        path = tmp_path / "counted" / "library.db"
        path.parent.mkdir(exist_ok=True)
        shutil.copy(older, path)
        # The first calls belong to the start of Python. The last ones belong to the migration, the backup and the
        # closing.
        count = len(traced(calls, tmp_path / "log", "-c", _PROGRAM, path))
        shutil.rmtree(path.parent)
        for number in range(min(most, count)):
            when = 1 + number * count // min(most, count)
            path = tmp_path / f"{rounds}" / "library.db"
            path.parent.mkdir()
            shutil.copy(older, path)
            killed += killed_at(calls, when, "-c", _PROGRAM, path).returncode != 0
            rounds += 1
            version = _version(path)
            unchanged += version == released["version"]
            if version not in (released["version"], schema.version()):
                wrong.append(f"{calls} {when}: version {version}")
            with Library.open(path) as library:
                if shown(library) != released["present"]:
                    wrong.append(f"{calls} {when}: other marks")
            if not backup.backups(path):
                wrong.append(f"{calls} {when}: no backup of the older library")
            shutil.rmtree(path.parent)
    figure = f"{killed} kills, {unchanged} times the library was as before, {len(wrong)} marks or versions wrong"
    report(16, rounds, f"{figure} {wrong[:3] or ''}".strip(), not wrong and killed > rounds // 2 and unchanged > 0)
