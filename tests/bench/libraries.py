"""Libraries to measure on: generated papers, imported by `recto import` and stored in a scratch folder.

The folder is RECTO_BENCH_CACHE, or recto-bench in the system's temporary folder if that variable is not set. A library
is made again when the code that creates the tables or generates the papers changes. Its search index is made again when
the version of the index format changes.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from store.library import first_tables, register_migration, register_tables, schema
from store.library.library import Library
from store.search.index_sync import Snapshots
from tests.bench import catalogue
from tests.bench.answers import wait_until_findable
from tests.bench.catalogue import Catalogue
from tests.bench.corpus import fingerprint, papers
from tests.bench.listings import snapshot_line
from tests.bench.progress import Progress
from tests.bench.source_hash import source_hash
from tui.settings import session
from tui.settings.session import Session

# A folder that was last changed longer ago than this (s) is not in use any more, so it may be removed.
_IN_USE_SECONDS = 3_600
# The ids of the papers that are imported while something is measured. No generated corpus contains these ids.
_COMING, _COMING_SEED, _COMING_FIRST = 60_000, 99, 30_000
ROOT = Path(__file__).parent.parent.parent
_RECTO = [sys.executable, "-m", "tui"]
# The modules that create the tables. When one of them changes, the libraries are made again.
_TABLES = (first_tables, schema, register_migration, register_tables)


@dataclass(frozen=True)
class Built:
    """A library of `size` papers, and the catalogue of these papers. No measurement may change the papers."""

    size: int
    folder: Path

    @property
    def library(self) -> Path:
        return self.folder / "library.db"

    @property
    def catalogue(self) -> Catalogue:
        return known(self.size)

    def open(self) -> Library:
        """Open the library. The caller closes it."""
        return Library.open(self.library)

    def begin(self) -> None:
        """Store a session (the state of the last use), so that recto opens all papers, unfiltered, at the first one."""
        with self.open() as library:
            session.save(library, Session(view="all"))


def built(size: int) -> Built:
    """The library of `size` papers. If it does not exist yet, import the papers first."""
    tables = source_hash(Path(str(module.__file__)) for module in _TABLES)
    folder = _cache() / f"library-{size}-{fingerprint()}-{tables}"
    if not folder.is_dir():
        snapshot = known(size).snapshot
        _clear(f"library-{size}-*")
        with scratch() as made, Progress(f"importing {size:,} papers (kept for the next run)"):
            import_into(made / "library.db", snapshot)
            wait_until_findable(made / "library.db", snapshot)
            _rename(made, folder)
    library = folder / "library.db"
    with Library.open(library) as opened:
        behind = Snapshots(opened).missing_count()
    if behind:
        # The search index of the library was made by another version, so index the library again.
        with Progress(f"indexing {behind:,} papers (kept for the next run)"):
            subprocess.run([*_RECTO, "index", "--library", str(library)], cwd=ROOT, check=True)
    os.utime(folder)
    return Built(size, folder)


def known(size: int) -> Catalogue:
    """The snapshot and the catalogue of `size` papers. If they do not exist yet, make them."""
    folder = _cache() / f"papers-{size}-{fingerprint()}"
    if not folder.is_dir():
        _clear(f"papers-{size}-*")
        with scratch() as made, Progress(f"making {size:,} papers (kept for the next run)", size) as progress:
            catalogue.write(made, size, progress.step)
            _rename(made, folder)
    os.utime(folder)
    return Catalogue(folder)


def coming() -> Path:
    """The path of a snapshot to import during a measurement. Its papers are in none of the libraries."""
    folder = _cache() / f"coming-{_COMING}-{fingerprint()}"
    if not folder.is_dir():
        _clear("coming-*")
        with scratch() as made, Progress(f"making {_COMING:,} papers to come in (kept for the next run)"):
            with (made / catalogue.SNAPSHOT).open("w", encoding="ascii") as file:
                for number, paper in enumerate(papers(_COMING, _COMING_SEED), _COMING_FIRST):
                    file.write(snapshot_line(replace(paper, arxiv_id=f"2601.{number:05}")) + "\n")
            _rename(made, folder)
    os.utime(folder)
    return folder / catalogue.SNAPSHOT


def import_into(library: Path, *listings: Path) -> None:
    """Import listings into a library with `recto import`. Raises CalledProcessError if that fails."""
    # The command shows a progress bar on standard error, so this function prints nothing.
    subprocess.run(import_command(library, *listings), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def import_command(library: Path, *listings: Path) -> list[str]:
    """The command that imports `listings` into `library`."""
    return [*_RECTO, "import", "--library", str(library), "--json", *map(str, listings)]


def reader_command(library: Path) -> list[str]:
    """The command that opens recto on `library`: the installed `recto`, if there is one in this environment."""
    installed = Path(sys.executable).with_name("recto")
    command = [str(installed)] if installed.is_file() else _RECTO
    return [*command, "--library", str(library)]


@contextmanager
def scratch() -> Iterator[Path]:
    """A context with a new folder next to the libraries. The folder is removed at the end, unless it was renamed."""
    folder = Path(tempfile.mkdtemp(prefix="scratch-", dir=_cache()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _rename(made: Path, folder: Path) -> None:
    """Rename a finished folder to its final name, unless another process has made the same folder meanwhile."""
    try:
        made.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


def _clear(pattern: str) -> None:
    """Remove folders made with older tables or an older generator, unless another checkout may be using them."""
    for outdated in _cache().glob(pattern):
        # Another checkout may remove the folder at the same time, or it may be a link whose target is gone.
        with contextlib.suppress(FileNotFoundError):
            if time.time() - outdated.stat().st_mtime > _IN_USE_SECONDS:
                shutil.rmtree(outdated, ignore_errors=True)


def _cache() -> Path:
    named = os.environ.get("RECTO_BENCH_CACHE")
    folder = Path(named) if named else Path(tempfile.gettempdir()) / "recto-bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
