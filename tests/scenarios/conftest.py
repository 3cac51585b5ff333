"""Fixtures of the scenarios: a library with papers, recto in the process of the test, and recto in a terminal."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, ExitStack
from datetime import date
from pathlib import Path

import pytest

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from tests.scenarios import papers
from tests.scenarios.reader import Reader, opened
from tests.scenarios.terminal import Terminal
from tui.workers import import_process


class OpenReader:
    """Opens recto in this process, on the test's library or another one."""

    def __init__(self, library: Path) -> None:
        self._library = library

    def __call__(
        self, size: tuple[int, int] = (160, 40), *, library: Path | None = None, first: tuple[Path, ...] = ()
    ) -> AbstractAsyncContextManager[Reader]:
        return opened(library or self._library, size, first)


class OpenTerminal:
    """Runs `recto` in a terminal, on the test's library or another one."""

    def __init__(self, library: Path, open_until_the_end: ExitStack) -> None:
        self.library = library
        self._stack = open_until_the_end

    def __call__(
        self,
        *words: str | Path,
        size: tuple[int, int] = (100, 30),
        library: Path | None = None,
        env: dict[str, str] | None = None,
        errors: int | None = None,
    ) -> Terminal:
        opened = Terminal("--library", library or self.library, *words, size=size, env=env, errors=errors)
        return self._stack.enter_context(opened)


@pytest.fixture(scope="session", autouse=True)
def no_garbage_collection_of_imports() -> None:
    """Exclude imported modules from garbage collections, which would otherwise take half of a scenario's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(autouse=True)
def normal_priority_of_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the import process at normal priority.

    With a low priority, it might get no processor time on a busy machine.
    """
    monkeypatch.setattr(import_process, "_NICE_SESSION", 0)
    monkeypatch.setattr(import_process, "_NICER", 0)


@pytest.fixture(scope="session")
def autumn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a library with the 24 papers of the autumn listing, made once for all tests."""
    folder = tmp_path_factory.mktemp("autumn")
    path = folder / "library.db"
    with Library.open(path) as library:
        listing = papers.write(folder, papers.AUTUMN, papers.AUTUMN_DAY)
        (report,) = take_in(library, [listing], Options(today=date(2026, 1, 1)))
        assert report.added == len(papers.AUTUMN)
    return path


@pytest.fixture
def library(tmp_path: Path, autumn: Path) -> Path:
    """A copy, for one test, of the library with the 24 papers of the autumn listing. All of them are new."""
    path = tmp_path / "recto" / "library.db"
    path.parent.mkdir(mode=0o700)
    shutil.copy(autumn, path)
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """The path of a library that does not exist yet."""
    return tmp_path / "fresh" / "library.db"


@pytest.fixture
def inbox(library: Path) -> Path:
    """The inbox of the test's library: the folder from which listings are imported automatically."""
    path = library.parent / "inbox"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture
def reader(library: Path) -> OpenReader:
    """Opens recto in this process."""
    return OpenReader(library)


@pytest.fixture
def terminal(library: Path) -> Iterator[OpenTerminal]:
    """Runs the real program on terminals that are closed at the end of the test."""
    with ExitStack() as stack:
        yield OpenTerminal(library, stack)
