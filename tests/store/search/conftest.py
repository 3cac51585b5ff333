"""A fixture for the tests of the search: an empty library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.search.sample_library import SampleLibrary


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[SampleLibrary]:
    opened = SampleLibrary(tmp_path / "library.db")
    yield opened
    opened.library.close()
