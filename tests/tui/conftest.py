"""Fixtures for the tests of widgets and commands: a library with papers, and `recto` run in the test's process."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pytest

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from tests.tui import samples
from tui.cli import group


class Said(NamedTuple):
    """The output of a command, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def titles(self) -> list[str]:
        """The titles in the printed table of papers, in the order of the table."""
        assert self.code == 0, self
        return [line.split("  ")[-1] for line in self.lines]

    @property
    def report(self) -> dict[str, Any]:
        """The report of an `import --json` of one listing, which is a single line of JSON."""
        (line,) = self.lines
        found: dict[str, Any] = json.loads(line)
        return found

    def complaint(self, code: int = 1) -> str:
        """The error message of a command, without "recto: ".

        The test fails if the command did not exit with this code.
        """
        assert self.code == code, self
        assert self.err.startswith("recto: ")
        assert self.err.count("\n") == 1, self.err
        assert len(self.err) > len("recto: \n")
        return self.err.removeprefix("recto: ").rstrip()


class Recto(Protocol):
    """Runs a command line in this process, as `recto` in a shell would."""

    def __call__(self, *words: str | Path) -> Said: ...


@pytest.fixture
def recto(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Recto:
    def run(*words: str | Path) -> Said:
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", ["recto", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            group.run()
        out, err = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return Said(ended.value.code, out, err)

    return run


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a library with the sample papers, made once for all tests."""
    folder = tmp_path_factory.mktemp("made")
    path = folder / "library.db"
    with Library.open(path) as library:
        reports = list(take_in(library, samples.write(folder / "listings"), Options(today=date(2026, 7, 15))))
    assert [report.added for report in reports] == [len(samples.DAILY), len(samples.LIBRARY)]
    return path


@pytest.fixture
def path(tmp_path: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a library with the sample papers, which the commands of this test use."""
    path = tmp_path / "recto" / "library.db"
    path.parent.mkdir(mode=0o700)
    shutil.copy(made, path)
    monkeypatch.setenv("RECTO_LIBRARY", str(path))
    return path


@pytest.fixture
def library(path: Path) -> Iterator[Library]:
    """The test's library of sample papers, as an open Library."""
    with Library.open(path) as opened:
        yield opened


@pytest.fixture
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of the configuration file, which does not exist yet."""
    file = tmp_path / "config.toml"
    monkeypatch.setenv("RECTO_CONFIG", str(file))
    return file


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A listing file with two papers, one of which is in the library already."""
    path = tmp_path / "page.txt"
    path.write_text(samples.page([samples.DAILY[0], "Salt Flats Have a Sound"], day="Jul 3, 2026"), "utf-8")
    return path
