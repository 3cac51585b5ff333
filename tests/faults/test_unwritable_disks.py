"""A library on a read-only disk, or on a disk that was full before recto started, can be read and searched."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Report

pytestmark = pytest.mark.faults
LISTINGS = Path(__file__).parents[2] / "assets" / "listings"


def recto(library: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "tui", "--library", str(library), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def mount(*words: str) -> bool:
    try:
        return subprocess.run(["mount", *words], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """The mount point of a small file system that contains a library of the sample papers."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)):
        pytest.skip("this user cannot mount a file system")
    try:
        recto(folder / "library.db", "import", str(LISTINGS))
        recto(folder / "library.db", "mark", "2", "--queue")
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


def fill(folder: Path) -> None:
    with contextlib.suppress(OSError), (folder / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


@pytest.mark.parametrize("fault", ["read-only", "full"])
def test_every_command_that_only_reads_works(disk: Path, fault: str) -> None:
    library = disk / "library.db"
    if fault == "full":
        for name in ("library.db-wal", "library.db-shm", "library.db.lock"):
            (disk / name).unlink(missing_ok=True)
        fill(disk)
    else:
        assert mount("-o", "remount,ro", str(disk))
    before = library.read_bytes()
    for words in (
        ["list"], ["list", "attenton"], ["show", "1"], ["queue"], ["log"], ["paths"], ["watch", "list"],
        ["export", "-o", "-", "--format", "bibtex", "language"], ["export", "-o", "-", "--format", "recto"],
    ):  # fmt: skip
        ended = recto(library, *words)
        # The output for a mistyped word contains the spelling that was searched for instead.
        said = "recto: 3 papers, as attention\n" if words == ["list", "attenton"] else ""
        assert (ended.returncode, ended.stderr) == (0, said), (words, ended)
        assert ended.stdout, words
    for words in (["mark", "1", "--bookmark"], ["import", str(LISTINGS)]):
        ended = recto(library, *words)
        assert ended.returncode == 1 and ended.stderr.count("\n") == 1, (words, ended)
        assert "not saved" in ended.stderr
    assert library.read_bytes() == before
    if fault == "full":
        (disk / "filler").unlink()
    else:
        assert mount("-o", "remount,rw", str(disk))
    assert recto(library, "mark", "1", "--bookmark").returncode == 0
    assert json.loads(recto(library, "show", "1", "--json").stdout)["bookmarked"] is True


def test_an_export_or_backup_on_a_full_disk_leaves_the_old_file(disk: Path, tmp_path: Path, report: Report) -> None:
    """The library is on another disk.

    Each kind of file is written over an old one while the disk of that file is full.
    """
    library = tmp_path / "library.db"
    recto(library, "import", str(LISTINGS))
    names = [f"papers.{ending}" for ending in ("bib", "json", "csv", "md", "html", "jsonl", "ris", "epub")]
    exports = disk / "exports"
    exports.mkdir()
    commands = [("export", "-o", str(exports / name)) for name in names]
    commands.append(("backup", str(exports / "copy.db")))
    recto(library, "backup", str(exports / "copy.db"))
    for name in names:
        (exports / name).write_text("old\n")
    before = {path.name: path.read_bytes() for path in exports.iterdir()}
    fill(disk)
    damaged = 0
    for words in commands:
        ended = recto(library, *words)
        assert ended.returncode == 1 and ended.stderr.count("\n") == 1, (words, ended)
        damaged += {path.name: path.read_bytes() for path in exports.iterdir()} != before
    (disk / "filler").unlink()
    for words in commands[:-1]:
        assert recto(library, *words).returncode == 0, words
    report(11, len(commands), f"{damaged} old files damaged or temporary files left by a full disk", not damaged)
