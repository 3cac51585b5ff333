"""The search index is completed while an import runs."""

from __future__ import annotations

import time

import pytest

from store.library.library import Library
from store.search import index_sync
from tests.tui.processes import wait_for
from tui.cli import index


def test_the_index_follows_an_import_in_whole_parts_and_takes_the_rest_at_its_end(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper_count = index_sync.paper_count(library.reader())
    part = paper_count // 2 - 1
    assert part > 2
    monkeypatch.setattr(index_sync, "PART", part)
    monkeypatch.setattr(index, "_CHECK_SECONDS", 0.01)
    with library.writing() as connection:
        connection.execute("UPDATE indexed SET generation = '', done = 0, claimed = 0")
        connection.execute("DELETE FROM unindexed")

    def indexed_count() -> int:
        done: int = library.reader().execute("SELECT done FROM indexed").fetchone()[0]
        return done

    with index.Following(library, lambda progress: None, lambda: False):
        wait_for(lambda: indexed_count() == 2 * part, "two parts are in the index")
        time.sleep(0.1)
        assert indexed_count() == 2 * part < paper_count
    assert indexed_count() == paper_count
