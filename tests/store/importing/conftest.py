"""Fixtures for the tests of imports: a library, and worker processes for short listings too."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.importing import worker
from store.library.library import Library
from tests.store.importing.followed_folder import Folder


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the importer read every listing with a worker process, as it does with long listings on two or more cores."""
    monkeypatch.setattr(worker, "LONG", 0)
    monkeypatch.setattr(worker, "_cores", lambda: 2)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, long: None) -> list[subprocess.Popen[bytes]]:
    """A list of the worker processes that the importer has started during the test."""
    found: list[subprocess.Popen[bytes]] = []

    class Kept(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            found.append(self)

    monkeypatch.setattr(worker.subprocess, "Popen", Kept)
    return found


@pytest.fixture
def folder(library: Library, tmp_path: Path) -> Folder:
    return Folder(library, tmp_path / "inbox")
