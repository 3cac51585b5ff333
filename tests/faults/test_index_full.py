"""Row 61: the disk becomes full during indexing. recto reports this.

When space is free again, the index becomes correct.
"""

from __future__ import annotations

import contextlib
import errno
import random
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.model.errors import LibraryError
from store.papers.views import View
from store.search import index_sync
from store.search.parser import parse
from store.search.search import Search
from tests.faults.conftest import Report
from tests.faults.test_index_kill import _listing
from tests.store.search.index_checks import assert_complete
from tests.thorough import number_of_rounds

pytestmark = pytest.mark.faults

_ROUNDS = number_of_rounds(6, 30)
_TODAY = date(2026, 7, 15)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small disk can only be made by root")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def _fill(path: Path, free: int) -> None:
    """Fill the disk until only `free` bytes are left."""
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError as error:
            assert error.errno == errno.ENOSPC
        file.truncate(max(0, file.tell() - free))


def test_a_full_disk_is_said_and_the_index_is_right_when_there_is_space(
    small_disk: Path, tmp_path: Path, report: Report
) -> None:
    chance = random.Random(6)
    said = wrong = strange = 0
    filling = small_disk / "filling"
    with Library.open(small_disk / "library.db") as library:
        list(take_in(library, [_listing(tmp_path, 0)], Options(today=_TODAY)))
        assert index_sync.catch_up(library)
        searching = Search(library)
        there = {number for (number,) in library.reader().execute("SELECT id FROM paper")}
        for round_ in range(_ROUNDS):
            with library.writing() as connection:
                connection.execute("UPDATE paper SET title = title || ' again' WHERE id % 3 = ?", (round_ % 3,))
            _fill(filling, 4096 * chance.randrange(0, 60))
            try:
                index_sync.catch_up(library)
            except LibraryError:
                said += 1
            except Exception:
                strange += 1
            answer = searching.answer(View("all"), parse("bees", _TODAY))
            wrong += set(answer.ids) != there
            with contextlib.suppress(FileNotFoundError):
                filling.unlink()
            assert_complete(library, tmp_path)
    figure = f"said {said} times, {strange} other errors, {wrong} wrong answers meanwhile, the index right after each"
    report(61, _ROUNDS, figure, said > 0 and not (wrong or strange))
