"""An index that changes often stays small, and a long-lived search keeps few files open."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.library.library import Library
from store.papers.views import View
from store.search import index_sync
from store.search.parser import parse
from store.search.search import Search
from tests.store.search.index_checks import TODAY, put, retitle

_PAPERS = 60
_CHANGES = 60


def test_many_small_changes_leave_few_files_on_disk_and_few_open(tmp_path: Path) -> None:
    own = Path("/proc/self")
    if not (own / "fd").is_dir():
        pytest.skip("this system does not list the open files")

    def open_files() -> tuple[int, int]:
        """The number of open files, and the number of deleted files that are still mapped into memory."""
        deleted = sum(".index/" in line and "(deleted)" in line for line in (own / "maps").read_text().splitlines())
        return sum(1 for _ in (own / "fd").iterdir()), deleted

    with Library.open(tmp_path / "library.db") as library, Library.open(tmp_path / "library.db") as other:
        put(library, *(f"Bees {number}" for number in range(_PAPERS)))
        search = Search(library)
        answer = search.answer(View("all"), parse("bees", TODAY))
        assert len(answer.ids) == _PAPERS
        files_before, _ = open_files()
        for step in range(_CHANGES):
            retitle(other, step % _PAPERS + 1, f"Bees {step} again")
            assert index_sync.catch_up(other)
            answer = search.answer(View("all"), parse("bees", TODAY))
            assert len(answer.ids) == _PAPERS
        files, deleted = open_files()
        assert files <= files_before + 4
        # The search still maps the files of segments (parts of the index) that were merged and deleted after it opened
        # them.
        assert deleted <= 10 * 8
        # An index has at most ten segments, each with about eight files.
        assert sum(1 for _ in index_sync.index_folder(library).rglob("*")) < 100
