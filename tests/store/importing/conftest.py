"""Fixtures for the tests of imports: a library, and worker processes also for short listings."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.importing import importer, worker
from store.library.library import Library
from store.model.entry import Item
from tests.store.importing.followed_folder import Folder
from tests.store.importing.listings import Script, Scripted


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
    """A list of the worker processes that the importer has started so far in the test."""
    processes: list[subprocess.Popen[bytes]] = []

    class Kept(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            processes.append(self)

    monkeypatch.setattr(worker.subprocess, "Popen", Kept)
    return processes


@pytest.fixture
def folder(library: Library, tmp_path: Path) -> Folder:
    return Folder(library, tmp_path / "inbox")


@pytest.fixture
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """A function that makes a file from which the next import reads the given items.

    If an item is an exception, it is raised.
    """
    numbers = itertools.count()

    def write(*items: Item | Exception) -> Path:
        monkeypatch.setattr(importer, "detect", lambda head, name: Script(items))
        path = tmp_path / f"scripted{next(numbers)}.txt"
        path.write_text(f"{path}")
        return path

    return write
