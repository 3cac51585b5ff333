"""Libraries to measure on: made-up papers, imported by `recto import` and kept in a scratch folder.

The folder is RECTO_BENCH_CACHE, else recto-bench in the system's temporary folder. A library is built again when the
tables (store/schema.py) or the generator change.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from store import schema
from store.library import Library
from tests.bench.corpus import fingerprint
from tests.bench.listings import write_snapshot
from tui import session
from tui.session import Session

# What was used so long ago (s) is used no more.
_IN_USE_SECONDS = 3_600
ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Built:
    """A library of `size` papers, and the same as arXiv's snapshot. Nothing that measures changes its papers."""

    size: int
    folder: Path

    @property
    def library(self) -> Path:
        return self.folder / "library.db"

    @property
    def snapshot(self) -> Path:
        return _snapshot(self.size)

    @property
    def titles(self) -> Path:
        """The titles, one a line, the newest first: what fzf is given."""
        path = self.folder / "titles.txt"
        if not path.exists():
            with sqlite3.connect(self.library) as connection, path.open("w", encoding="utf-8") as file:
                found = connection.execute("SELECT title FROM paper ORDER BY published DESC, id DESC")
                file.writelines(f"{title}\n" for (title,) in found)
        return path

    def open(self) -> Library:
        """The library, open."""
        return Library.open(self.library)

    def begin(self) -> None:
        """The reader will open on all papers, without a filter, at the first one."""
        with self.open() as library:
            session.save(library, Session(view="all"))


def built(size: int) -> Built:
    """The library of `size` papers; it takes about as long as importing them when there is none yet."""
    tables = hashlib.sha256(Path(schema.__file__).read_bytes()).hexdigest()[:12]
    folder = _cache() / f"library-{size}-{fingerprint()}-{tables}"
    if not folder.is_dir():
        _clear(f"library-{size}-*")
        with scratch() as made:
            import_into(made / "library.db", _snapshot(size))
            _rename(made, folder)
    os.utime(folder)
    return Built(size, folder)


def import_into(library: Path, *listings: Path) -> None:
    """Import listings into a library with the command. Raises CalledProcessError when it could not."""
    subprocess.run(import_command(library, *listings), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def import_command(library: Path, *listings: Path) -> list[str]:
    """The command that imports `listings` into `library`."""
    return [sys.executable, "-m", "tui", "import", "--library", str(library), "--json", *map(str, listings)]


def reader_command(library: Path) -> list[str]:
    """The command that opens the reader on `library`."""
    return [sys.executable, "-m", "tui", "--library", str(library)]


@contextmanager
def scratch() -> Iterator[Path]:
    """A new folder beside the libraries; taken away at the end unless it was renamed."""
    folder = Path(tempfile.mkdtemp(prefix="scratch-", dir=_cache()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _snapshot(size: int) -> Path:
    """The snapshot of `size` papers, written if there is none."""
    path = _cache() / f"snapshot-{size}-{fingerprint()}" / "arxiv-metadata-oai-snapshot.json"
    if not path.exists():
        _clear(f"snapshot-{size}-*")
        with scratch() as made:
            write_snapshot(made / path.name, size)
            _rename(made, path.parent)
    os.utime(path.parent)
    return path


def _rename(made: Path, folder: Path) -> None:
    """Put a finished folder in its place, unless another run has meanwhile made the same."""
    try:
        made.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


def _clear(pattern: str) -> None:
    """Take away what was made of other tables or by another generator, but for what another checkout may be using."""
    for outdated in _cache().glob(pattern):
        if time.time() - outdated.stat().st_mtime > _IN_USE_SECONDS:
            shutil.rmtree(outdated, ignore_errors=True)


def _cache() -> Path:
    named = os.environ.get("RECTO_BENCH_CACHE")
    folder = Path(named) if named else Path(tempfile.gettempdir()) / "recto-bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
