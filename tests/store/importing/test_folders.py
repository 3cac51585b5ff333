"""Followed folders: a file is read when it has stopped growing, again after each change, and never incompletely."""

from __future__ import annotations

import inspect
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from store.importing import folders
from store.importing.folders import SETTLE_SECONDS, Watch
from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from tests.store.importing.followed_folder import Folder
from tests.tui import samples


def test_a_file_is_ready_only_when_two_scans_a_second_apart_agree(folder: Folder) -> None:
    folder.put("a.txt")
    assert folder.scan() == []
    assert folder.watch.waiting
    assert folder.scan(SETTLE_SECONDS / 2) == []
    assert folder.scan(SETTLE_SECONDS / 2 - 0.001) == []
    assert folder.scan(0.001) == ["a.txt"]
    assert not folder.watch.waiting


def test_two_scans_in_quick_succession_do_not_make_a_file_ready(folder: Folder) -> None:
    folder.put("a.txt")
    for _ in range(20):
        assert folder.scan(0.0) == []
    assert folder.scan(SETTLE_SECONDS) == ["a.txt"]


def test_a_growing_file_is_not_ready(folder: Folder) -> None:
    for size in range(1, 6):
        folder.put("a.txt", "x" * size)
        assert folder.scan(SETTLE_SECONDS) == []
        assert folder.watch.waiting
    # The file stops growing for less than the settling time (after which it counts as complete), and then grows again.
    assert folder.scan(SETTLE_SECONDS * 0.9) == []
    folder.put("a.txt", "x" * 9)
    assert folder.scan(SETTLE_SECONDS * 0.9) == []
    assert folder.scan(SETTLE_SECONDS) == ["a.txt"]


def test_a_file_that_is_overwritten_with_the_same_size_is_not_ready(folder: Folder) -> None:
    path = folder.put("a.txt", "one")
    before = path.stat()
    folder.scan()
    path.write_text("two")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert folder.scan(SETTLE_SECONDS) == []
    assert folder.scan(SETTLE_SECONDS) == ["a.txt"]


def test_a_file_that_is_replaced_by_one_of_the_same_size_and_time_is_not_ready(folder: Folder) -> None:
    path = folder.put("a.txt", "one")
    before = path.stat()
    folder.scan()
    twin = folder.put(".twin", "two")
    os.utime(twin, ns=(before.st_atime_ns, before.st_mtime_ns))
    twin.replace(path)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert folder.scan(SETTLE_SECONDS) == []
    assert folder.scan(SETTLE_SECONDS) == ["a.txt"]


def test_an_empty_file_is_not_ready(folder: Folder) -> None:
    path = folder.put("a.txt", "")
    assert folder.settled() == []
    assert not folder.watch.waiting
    path.write_text("now")
    assert folder.settled() == ["a.txt"]


def test_a_download_settles_after_it_gets_its_final_name(folder: Folder) -> None:
    path = folder.put("a.txt.part", "all of it")
    assert folder.settled() == []
    path.rename(folder.inbox / "a.txt")
    assert folder.scan() == []
    assert folder.scan(SETTLE_SECONDS) == ["a.txt"]


def test_a_renamed_file_must_settle_again(folder: Folder) -> None:
    path = folder.put("a.txt")
    folder.scan()
    path.rename(folder.inbox / "b.txt")
    assert folder.scan(SETTLE_SECONDS) == []
    assert folder.scan(SETTLE_SECONDS) == ["b.txt"]


def test_a_deleted_file_is_forgotten(folder: Folder) -> None:
    path = folder.put("a.txt")
    folder.scan()
    path.unlink()
    assert folder.scan(SETTLE_SECONDS) == []
    assert not folder.watch.waiting
    folder.put("a.txt")
    assert folder.scan(SETTLE_SECONDS) == []


@pytest.mark.parametrize(
    "name",
    [
        ".a.txt", ".DS_Store", "~a.txt", "~$a.docx", "a.txt~", "#a.txt#", ".#a.txt", "a.txt.part", "a.partial",
        "a.crdownload", "a.CRDOWNLOAD", "a.download", "a.tmp", "a.TMP", ".a.txt.swp", "a.swp", ".git/a.txt",
        "a.download/a.txt",
    ],
)  # fmt: skip
def test_temporary_files_of_programs_are_not_read(folder: Folder, name: str) -> None:
    folder.put(name)
    assert folder.settled() == []
    assert not folder.watch.waiting


@pytest.mark.parametrize(
    "name", ["a.txt", "A.BIB", "no ending", "a.tmp.txt", "part", "-rf", "a b\tc", "ä/ö/ü.json", "[a].txt"]
)
def test_any_other_name_is_read(folder: Folder, name: str) -> None:
    folder.put(name)
    assert folder.settled() == [name]


def test_a_file_whose_name_is_not_utf_8_is_read_once(folder: Folder) -> None:
    names = [os.fsdecode(name) for name in (b"caf\xe9.txt", b"caf\xff.txt", b"caf\\xff.txt", b"caf\xc3\xa9.txt")]
    for number, name in enumerate(names):
        folder.put(name, samples.page([f"Paper from File {number}"]))
    assert sum(report.added for report in folder.import_ready()) == len(names)
    assert folder.settled() == []
    # Each change affects only one file: when one file changes, only that file is read again.
    for name in names:
        folder.put(name, samples.page(["Another Paper"]))
        assert folder.settled() == [name]
        folder.import_ready()


def test_links_are_not_followed(folder: Folder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    folder.inbox.joinpath("link.txt").symlink_to(outside / "secret.txt")
    folder.inbox.joinpath("folder").symlink_to(outside)
    folder.inbox.joinpath("zero").symlink_to("/dev/zero")
    folder.inbox.joinpath("dead").symlink_to(outside / "nothing")
    folder.inbox.joinpath("itself").symlink_to(folder.inbox / "itself")
    folder.inbox.joinpath("up").symlink_to(folder.inbox)
    assert folder.settled() == []
    # A link to a file is written into the log, once. A link to a folder is no listing, so it is ignored.
    assert folder.settled() == []
    refused = folder.library.reader().execute("SELECT path, error FROM log").fetchall()
    assert [(Path(path).name, "symbolic link" in error) for path, error in refused] == [("link.txt", True)]
    assert [report.error for report in take_in(folder.library, [folder.inbox], Options(today=date(2026, 7, 1)))] == [
        refused[0][1]
    ]


def test_only_regular_files_are_read(folder: Folder) -> None:
    os.mkfifo(folder.inbox / "pipe.txt")
    (folder.inbox / "folder.txt").mkdir()
    folder.put("a.txt")
    assert folder.settled() == ["a.txt"]


def test_subfolders_are_scanned_in_order_of_their_names_at_any_depth(folder: Folder) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/y.txt", "c/x.txt"):
        folder.put(name)
    assert folder.settled() == ["a/b/y.txt", "a/z.txt", "b.txt", "c/x.txt"]


def test_folders_nested_deeper_than_the_recursion_limit_are_scanned(folder: Folder) -> None:
    deep = str(Path(*["d"] * 300, "a.txt"))
    folder.put(deep)
    limit = sys.getrecursionlimit()
    # The limit is lower than the number of nested folders, so the innermost ones are not searched.
    sys.setrecursionlimit(len(inspect.stack(0)) + 150)
    try:
        assert folder.settled() == [deep]
    finally:
        sys.setrecursionlimit(limit)


def test_an_unreadable_folder_does_not_hide_others(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.put("closed/a.txt")
    folder.put("open/b.txt")
    real = os.scandir

    def scandir(path: os.PathLike[str] | str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert folder.settled() == ["open/b.txt"]


def test_a_folder_that_disappears_is_scanned_again_when_it_is_back(folder: Folder, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    (usb / "a.txt").write_text("x")
    folders.add(folder.library, usb)
    folder.scan()
    usb.rename(tmp_path / "unplugged")
    assert folder.scan(SETTLE_SECONDS) == []
    (tmp_path / "unplugged").rename(usb)
    assert folder.scan() == []
    assert folder.scan(SETTLE_SECONDS) == ["../usb/a.txt"]


def test_a_deleted_inbox_is_made_again(folder: Folder) -> None:
    folder.inbox.rmdir()
    assert folder.scan() == []
    assert folder.inbox.is_dir()


def test_other_folders_are_followed_when_the_inbox_cannot_be_made(library: Library, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_text("x")
    folders.add(library, other)
    for place in (Path("/dev/null/inbox"), Path("/proc/recto/inbox"), other / "a.txt"):
        watch = Watch(library, place)
        assert watch.scan(0.0) == []
        assert watch.scan(SETTLE_SECONDS) == [other / "a.txt"]


def test_a_folder_inside_another_is_scanned_once(folder: Folder) -> None:
    folder.put("sub/a.txt")
    folders.add(folder.library, folder.inbox)
    folders.add(folder.library, folder.inbox / "sub")
    assert folder.settled() == ["sub/a.txt"]


def test_the_library_itself_is_no_listing(folder: Folder) -> None:
    folders.add(folder.library, folder.library.path.parent)
    (folder.library.path.parent / "a.txt").write_text("x")
    with folder.library.writing() as connection:
        connection.execute("INSERT INTO setting (key, value) VALUES ('a', 'b')")
    assert (folder.library.path.parent / "library.db-wal").exists()
    index = folder.library.path.parent / "library.db.index" / "1"
    index.mkdir(parents=True)
    (index / "meta.json").write_text("{}")
    assert [Path(name).name for name in folder.settled()] == ["a.txt"]


def test_files_of_a_library_and_files_beside_a_link_to_it_are_not_imported(tmp_path: Path) -> None:
    """The path of the library may be a symbolic link to a file in another folder.

    The path of a followed folder may be a symbolic link too.
    """
    for name in ("named", "real", "inbox"):
        (tmp_path / name).mkdir()
    (tmp_path / "named" / "library.db").symlink_to(tmp_path / "real" / "papers.db")
    (tmp_path / "other").symlink_to(tmp_path / "real")
    with Library.open(tmp_path / "named" / "library.db") as library:
        (tmp_path / "named" / "library.db.page").write_text("the last page")
        (tmp_path / "named" / "a.txt").write_text("x")
        (tmp_path / "real" / "b.txt").write_text("x")
        assert (tmp_path / "real" / "papers.db.lock").exists()
        folders.add(library, tmp_path / "named")
        folders.add(library, tmp_path / "other")
        assert sorted(Folder(library, tmp_path / "inbox").settled()) == ["../named/a.txt", "../other/b.txt"]


def test_an_unreadable_file_does_not_delay_others_and_is_imported_later(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """chmod changes neither the size nor the modification time of a file, so recto must try the file again."""
    secret = folder.put("a.txt", samples.page(["Mine"]))
    folder.put("b.txt", samples.page(["Everybody's"]))
    # The tests may run as root, who may read every file, so let `open` and `access` raise the error.
    with monkeypatch.context() as patch:
        real_open, real_access = os.open, os.access

        def denied(path: Path, flags: int, *rest: Any, **more: Any) -> int:
            if str(path) == str(secret):
                raise PermissionError(13, "Permission denied", str(path))
            return real_open(path, flags, *rest, **more)

        patch.setattr(os, "open", denied)
        patch.setattr(os, "access", lambda path, mode: str(path) != str(secret) and real_access(path, mode))
        reports = {Path(report.path).name: report for report in folder.import_ready()}
        assert "no permission" in (reports["a.txt"].error or "")
        assert reports["b.txt"].added == 1
        assert folder.settled() == []
    assert [report.added for report in folder.import_ready()] == [1]
    assert folder.settled() == []
