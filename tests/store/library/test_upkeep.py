"""recto makes backups and looks for damage by itself, in the background."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library import backup, upkeep
from store.library.library import Library
from store.model.errors import LibraryError
from tests.store.library.test_backup import put
from tests.store.library.test_damage import damage_leaf

LISTING = Path(__file__).parents[3] / "assets" / "listings" / "trending.txt"
NOW = datetime(2026, 7, 1, 9, 0)


def go_on() -> bool:
    return False


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        list(take_in(library, [LISTING], Options(today=date(2026, 7, 1))))
    return path


def made(file: Path) -> int:
    return len(backup.backups(file))


def test_a_backup_is_made_once_a_day_and_by_one_process_only(file: Path) -> None:
    with Library.open(file) as library:
        put(library, "held")
        now = datetime.now()
        with Library.open(file) as other:
            assert upkeep.look_after(other, go_on, now) is None and made(file) == 0
        assert upkeep.look_after(library, go_on, now) is None and made(file) == 1
        upkeep.look_after(library, go_on, now + timedelta(hours=20))
        assert made(file) == 1
        upkeep.look_after(library, go_on, now + timedelta(days=1, minutes=1))
        assert made(file) == 2


def test_a_clock_that_was_wrong_does_not_end_the_backups(file: Path) -> None:
    with Library.open(file) as library:
        put(library, "held")
        upkeep.look_after(library, go_on, datetime.now())
        upkeep.look_after(library, go_on, datetime.now() - timedelta(days=3000))
        assert made(file) == 2


def test_no_backup_fills_the_disk(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(file.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=file.stat().st_size))
    with Library.open(file) as library:
        put(library, "held")
        upkeep.look_after(library, go_on)
    assert made(file) == 0


def test_a_backup_that_is_interrupted_leaves_nothing(file: Path) -> None:
    with Library.open(file) as library:
        put(library, "held")
        assert upkeep.look_after(library, lambda: True) is None
    assert list(backup.folder(file).iterdir()) == []


def test_damage_that_a_backup_shows_ends_writing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damage_leaf(file, "entry")
    monkeypatch.setattr("store.library.damage.first_sign", lambda *_: None)
    with Library.open(file) as library:
        put(library, "before it was noticed")
        assert upkeep.look_after(library, go_on) is not None
        assert made(file) == 0
        with pytest.raises(LibraryError, match="damaged"):
            put(library, "lost")


def test_after_a_kill_the_library_is_searched(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(file) as library:
        put(library, "held")
        upkeep.look_after(library, go_on, datetime.now())
    code = f"""
import os, signal
from pathlib import Path
from store.library.library import Library
library = Library.open(Path({str(file)!r}))
with library.writing(): pass
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    monkeypatch.setattr("store.library.damage.first_sign", lambda *_: None)
    searches: list[bool] = []
    monkeypatch.setattr("store.library.damage.problems", lambda *_, complete: searches.append(complete) or ["a page"])
    for _ in range(2):
        with Library.open(file) as library:
            put(library, "held")
            upkeep.look_after(library, go_on, datetime.now())
    # Only the first start found traces of a killed process, so the library was searched for damage only then.
    assert searches == [False]
    assert Path(f"{file}.lock").stat().st_size == 0
