"""Fixtures for the tests of synchronization."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.sync.machines import Machine


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    """Two machines that synchronize through one folder."""
    folder = tmp_path / "shared"
    folder.mkdir()
    one, other = (Machine(tmp_path / f"{name}.db", folder) for name in ("one", "other"))
    yield one, other
    one.library.close()
    other.library.close()
