"""`recto doctor` finds each kind of damage in a library, and repairs it if that loses no data."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from store.doctor import disks, examination, files
from store.doctor.finding import Finding
from store.importing.folders import add
from store.importing.importer import Options
from store.importing.sources import take_in
from store.library import backup
from store.library.config_and_library_paths import Places, places
from store.library.library import Library
from store.search import index_sync

LISTING = Path(__file__).parents[3] / "assets" / "listings" / "trending.txt"


@pytest.fixture
def sound(tmp_path: Path) -> Iterator[Places]:
    """The path of a library without any damage."""
    file = tmp_path / "data" / "library.db"
    with Library.open(file) as library:
        list(take_in(library, [LISTING], Options(today=date(2026, 7, 1))))
        index_sync.catch_up(library)
        backup.make(library.reader(), library.file)
    yield places(file)


def problems(of: Places) -> dict[str, Finding]:
    return {finding.subject: finding for finding in examination.examine(of) if finding.problem}


def test_a_sound_library_has_no_problem_and_is_not_changed(sound: Places) -> None:
    before = {path: path.stat().st_mtime_ns for path in sound.library.parent.rglob("*.db")}
    assert problems(sound) == {}
    assert {path: path.stat().st_mtime_ns for path in sound.library.parent.rglob("*.db")} == before


def test_a_library_that_does_not_exist_is_no_problem(tmp_path: Path) -> None:
    assert problems(places(tmp_path / "none" / "library.db")) == {}
    assert not (tmp_path / "none").exists()


def spoil_permissions(of: Places) -> None:
    of.library.chmod(0o644)


def spoil_index(of: Places) -> None:
    shutil.rmtree(index_sync.folder_of(of.library))


def spoil_backups(of: Places) -> None:
    shutil.rmtree(backup.folder(of.library))


def spoil_newest_backup(of: Places) -> None:
    path = backup.backups(of.library)[0].path
    path.write_bytes(path.read_bytes()[:20_000])


def age_backup(of: Places) -> None:
    path = backup.backups(of.library)[0].path
    path.rename(path.with_name("1.2020-01-31T120000.db"))


def leave_unfinished_backup(of: Places) -> None:
    (backup.folder(of.library) / ".2.db.123.partial").write_bytes(b"half")


@pytest.mark.parametrize(
    ("spoil", "subject"),
    [
        (spoil_permissions, "permissions"),
        (spoil_index, "search index"),
        (spoil_backups, "backups"),
        (spoil_newest_backup, "backups"),
        (age_backup, "backups"),
        (leave_unfinished_backup, "files beside the library"),
    ],
)
def test_problems_that_can_be_repaired_without_loss_are_repaired(
    sound: Places, spoil: Callable[[Places], None], subject: str
) -> None:
    spoil(sound)
    findings = problems(sound)
    assert list(findings) == [subject]
    assert findings[subject].command
    mend = findings[subject].mend
    assert mend is not None and mend()
    assert problems(sound) == {}
    assert stat.S_IMODE(sound.library.stat().st_mode) == 0o600


def test_damage_is_found_and_not_mended_without_the_user(sound: Places) -> None:
    content = bytearray(sound.library.read_bytes())
    for start in range(8192, len(content), 8192):
        content[start : start + 8] = b"\xff" * 8
    sound.library.write_bytes(content)
    finding = problems(sound)["library"]
    assert (
        "damaged" in finding.text and finding.command == "recto restore --newest --with-marks" and finding.mend is None
    )
    assert sound.library.read_bytes() == bytes(content)


@pytest.mark.parametrize("content", [b"text\n" * 100, b"SQLite format 3\0" + bytes(200)])
def test_a_file_that_is_no_library_is_named(sound: Places, content: bytes) -> None:
    sound.library.write_bytes(content)
    assert "not a library" in problems(sound)["library"].text
    assert sound.library.read_bytes() == content


def test_links_pipes_and_folders_beside_the_library_are_named(sound: Places) -> None:
    lock = Path(f"{sound.library}.lock")
    lock.unlink()
    os.mkfifo(lock)
    assert "named pipe" in problems(sound)["files beside the library"].text


def test_a_watched_folder_that_is_gone_is_named(sound: Places, tmp_path: Path) -> None:
    folder = tmp_path / "listings"
    folder.mkdir()
    with Library.open(sound.library) as library:
        add(library, folder)
    folder.rmdir()
    assert problems(sound)["watched folders"].command == f"recto watch remove {folder}"


def test_an_inbox_that_is_a_file_is_reported(sound: Places) -> None:
    sound.inbox.write_text("not a folder")
    assert "not a folder" in problems(sound)["inbox"].text


@pytest.mark.parametrize(
    ("name", "program"), [("Dropbox", "Dropbox"), ("OneDrive - Lab", "OneDrive"), ("Mobile Documents", "iCloud")]
)
def test_the_program_that_synchronizes_a_folder_is_named(tmp_path: Path, name: str, program: str) -> None:
    library = tmp_path / name / "papers" / "library.db"
    library.parent.mkdir(parents=True)
    assert disks.synchronizer(library) == program
    assert disks.synchronizer(tmp_path / "library.db") is None
    (tmp_path / ".stfolder").mkdir()
    assert disks.synchronizer(tmp_path / "papers" / "library.db") == "Syncthing"


@pytest.mark.parametrize(
    ("kind", "is_network"),
    [("nfs4", True), ("cifs", True), ("fuse.sshfs", True), ("fuse.rclone", True), ("ext4", False), ("fuseblk", False)],
)
def test_a_network_file_system_is_named(monkeypatch: pytest.MonkeyPatch, kind: str, is_network: bool) -> None:
    mounts = [("/", "ext4"), ("/home/ada lovelace", kind), ("/home/ada", "tmpfs")]
    monkeypatch.setattr(disks, "_mounts_of_linux", lambda: mounts)
    monkeypatch.setattr(disks, "_mounts_of_macos", lambda: mounts)
    library = Path("/home/ada lovelace/papers/library.db")
    assert (disks.network_type(library) is not None) == is_network
    assert (disks.warning(library) is not None) == is_network
    assert disks.network_type(Path("/home/ada/library.db")) is None


def test_a_disk_that_is_almost_full_is_named(sound: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(sound.library.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    assert "free some space" in problems(sound)["disk space"].text


def test_the_version_of_sqlite_is_reported() -> None:
    assert "SQLite" in files.sqlite_version().text
