"""Libraries for measurements are reused in later runs.

They are indexed again if the version of the index has changed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from store.search import index_schema, index_sync
from tests.bench import libraries


def test_a_kept_library_is_used_again_with_an_index_of_this_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_BENCH_CACHE", str(tmp_path))
    with libraries.built(100).open() as library:
        with library.writing() as connection:
            connection.execute("UPDATE indexed SET generation = ? || '-of-old'", (index_schema.VERSION - 1,))
        assert not index_sync.fits(library)
        kept = library.path.stat().st_ino
    with libraries.built(100).open() as library:
        assert library.path.stat().st_ino == kept
        assert index_sync.fits(library) and index_sync.Snapshots(library).missing_count() == 0
