"""An index that changes often stays small, and who searches in it for long holds no more than at the beginning."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.library.library import Library
from store.papers.views import View
from store.search import index_sync
from store.search.parser import parse
from store.search.search import Search
from tests.store.search.test_index_sync import TODAY, put, retitle

_PAPERS = 60
_CHANGES = 60


def test_many_small_changes_leave_few_files_and_keep_none_open(tmp_path: Path) -> None:
    own = Path("/proc/self")
    if not (own / "fd").is_dir():
        pytest.skip("this system does not tell which files are open")

    def held() -> tuple[int, int]:
        """Open files, and files in memory that have been deleted."""
        deleted = sum(".index/" in line and "(deleted)" in line for line in (own / "maps").read_text().splitlines())
        return sum(1 for _ in (own / "fd").iterdir()), deleted

    with Library.open(tmp_path / "library.db") as library, Library.open(tmp_path / "library.db") as other:
        put(library, *(f"Bees {number}" for number in range(_PAPERS)))
        searching = Search(library)
        found = searching.answer(View("all"), parse("bees", TODAY))
        begin, _ = held()
        for step in range(_CHANGES):
            retitle(other, step % _PAPERS + 1, f"Bees {step} again")
            assert index_sync.catch_up(other)
            found = searching.answer(View("all"), parse("bees", TODAY))
            assert len(found.ids) == _PAPERS
        files, deleted = held()
        assert files <= begin + 4
        # The newest state may have been merged away since it was opened.
        assert deleted <= 10 * 8
        # Ten segments of some eight files each at the most.
        assert sum(1 for _ in index_sync.index_folder(library).rglob("*")) < 100
