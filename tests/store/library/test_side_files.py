"""Files next to the library are opened only if they are regular files: no links, pipes, sockets or devices."""

from __future__ import annotations

import os
import socket
import tracemalloc
from pathlib import Path

import pytest

from store.library import side_files
from store.library.side_files import NotAFileError, open_regular, read_small


def regular(path: Path) -> None:
    path.write_text("content")


def link_to_file(path: Path) -> None:
    target = path.with_name("target")
    target.write_text("content")
    path.symlink_to(target)


def dangling_link(path: Path) -> None:
    path.symlink_to(path.with_name("nothing"))


def circle(path: Path) -> None:
    path.symlink_to(path)


def bound_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        # The path of a Unix socket may have only about 100 bytes, so bind the socket to a relative path.
        server.bind(os.path.relpath(path))


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (os.mkfifo, "a named pipe"),
        (Path.mkdir, "a folder"),
        (bound_socket, "a socket or a device"),
        (link_to_file, "a symbolic link"),
        (dangling_link, "a symbolic link"),
        (circle, "a symbolic link"),
    ],
)
@pytest.mark.parametrize("flags", [os.O_RDONLY, os.O_RDWR | os.O_CREAT, os.O_WRONLY | os.O_CREAT])
def test_only_a_regular_file_is_opened(
    make: object, kind: str, flags: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "side"
    make(path)  # type: ignore[operator]
    with pytest.raises(NotAFileError, match=f"it is {kind}, not a file"):
        open_regular(path, flags)
    assert not (tmp_path / "nothing").exists()


def test_opening_a_device_as_a_side_file_is_refused() -> None:
    with pytest.raises(NotAFileError, match="a socket or a device"):
        open_regular(Path(os.devnull))


def test_a_link_is_followed_when_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "side"
    link_to_file(path)
    assert read_small(path, 100, follow_links=True) == b"content"
    path.unlink()
    os.mkfifo(tmp_path / "pipe")
    path.symlink_to(tmp_path / "pipe")
    with pytest.raises(NotAFileError, match="a named pipe"):
        read_small(path, 100, follow_links=True)
    path.unlink()
    circle(path)
    with pytest.raises(OSError, match="symbolic links"):
        read_small(path, 100, follow_links=True)


def test_a_file_that_is_made_is_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        os.close(open_regular(tmp_path / "side", os.O_RDWR | os.O_CREAT))
    finally:
        os.umask(before)
    assert (tmp_path / "side").stat().st_mode & 0o777 == 0o600


def test_a_small_file_is_read_up_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "side"
    path.write_bytes(b"x" * 2048)
    assert read_small(path, 2048) == b"x" * 2048
    with pytest.raises(OSError, match="larger than 1 KiB"):
        read_small(path, 1024)
    # A sparse file of one terabyte, which must not be read.
    os.truncate(path, 2**40)
    with pytest.raises(OSError, match="larger than 2 KiB"):
        read_small(path, 2048)


def test_a_missing_or_impossible_path_raises_the_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_regular(tmp_path / "side")
    with pytest.raises(ValueError, match="null"):
        open_regular(tmp_path / "a\0b")


def test_the_owner_of_a_side_file_is_the_user_or_the_owner_of_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = tmp_path.stat()

    def owned_by(user: int) -> os.stat_result:
        fields = list(status)
        fields[4] = user
        return os.stat_result(fields)

    monkeypatch.setattr(side_files.os, "geteuid", lambda: 1000)
    assert side_files.is_own(owned_by(1000), owned_by(1000))
    assert side_files.is_own(owned_by(500), owned_by(500))
    assert not side_files.is_own(owned_by(500), owned_by(1000))
    monkeypatch.setattr(side_files.os, "geteuid", lambda: 0)
    assert side_files.is_own(owned_by(500), owned_by(1000))


def test_a_small_file_is_read_with_little_memory_whatever_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "small"
    path.write_bytes(b"x" * 3_000_000)
    tracemalloc.start()
    try:
        assert len(side_files.read_small(path, 2**30)) == 3_000_000
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()
