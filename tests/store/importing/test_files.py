"""Which files are opened as listings, with which message others are refused, and how archives are unpacked."""

from __future__ import annotations

import contextlib
import errno
import gzip
import io
import os
import random
import socket
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.importing import files as opening
from store.importing import unpacking
from store.importing.files import CutListing, open_listing
from store.model.errors import ListingError
from tests.store.importing.packed_files import PACKERS, TEXT, contents, error, put, until_error, zipped


def open_descriptors() -> list[str]:
    return sorted(os.listdir("/dev/fd"))  # noqa: PTH208


def test_a_plain_file_is_given_as_it_is(tmp_path: Path) -> None:
    path = put(tmp_path, "day.json", TEXT)
    (member,) = open_listing(path, False)
    assert (member.name, member.size) == ("day.json", len(TEXT))
    assert contents(path) == {"day.json": TEXT}


def test_the_first_64_kib_can_be_looked_at_before_reading(tmp_path: Path) -> None:
    for name, content in {"a.txt": TEXT, "a.txt.gz": gzip.compress(TEXT), "a.zip": zipped({"a": TEXT})}.items():
        for member in open_listing(put(tmp_path, name, content), False):
            assert member.stream.peek(65536)[:65536] == TEXT[:65536]  # type: ignore[attr-defined]
            assert member.stream.read() == TEXT


def test_a_missing_file(tmp_path: Path) -> None:
    assert error(tmp_path / "nothing.json") == "no such file; check the name"
    assert error(put(tmp_path, "file", b"x") / "below") == "no such file; check the name"


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "an empty file" in error(put(tmp_path, "a.json", b""))
    for ending, pack in PACKERS.items():
        assert "an empty file" in error(put(tmp_path, f"a.{ending}", pack(b"")))


def test_a_folder_is_refused_with_a_hint(tmp_path: Path) -> None:
    assert error(tmp_path) == "a folder, not a file; import the folder, or name a file in it"


def test_a_named_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    started = time.monotonic()
    assert "a named pipe, not a file" in error(tmp_path / "pipe.json")
    assert time.monotonic() - started < 1


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("s.json")
        assert "a socket or a device, not a file" in error(tmp_path / "s.json")


def test_a_device_is_refused() -> None:
    assert "a socket or a device, not a file" in error(Path("/dev/zero"))


def test_a_link_is_followed_only_when_asked(tmp_path: Path) -> None:
    target = put(tmp_path, "real.json", TEXT)
    link = tmp_path / "link.json"
    link.symlink_to(target)
    assert "a symbolic link, which is not followed here" in error(link)
    assert contents(link, follow_links=True) == {"link.json": TEXT}


def test_a_link_to_a_device_or_to_nothing_is_refused(tmp_path: Path) -> None:
    zero, nowhere, circle = tmp_path / "zero", tmp_path / "nowhere", tmp_path / "circle"
    zero.symlink_to("/dev/zero")
    nowhere.symlink_to(tmp_path / "gone")
    circle.symlink_to(circle)
    assert "a socket or a device" in error(zero, follow_links=True)
    assert "no such file" in error(nowhere, follow_links=True)
    assert "leads in a circle" in error(circle, follow_links=True)


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, "a.json", TEXT)
    if os.geteuid():
        path.chmod(0)
    else:  # The tests may run as root, who may read every file, so let `open` fail.
        monkeypatch.setattr(os, "open", lambda *_: (_ for _ in ()).throw(PermissionError(13, "no")))
    assert "no permission to read it" in error(path)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file here that gives an error when it is read")
def test_a_file_that_cannot_be_read() -> None:
    assert error(Path("/proc/self/mem")) == "it cannot be read (Input/output error); check the disk it is on"


def test_a_disk_that_fails_in_the_middle_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(io.FileIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() >= 65536:
                raise OSError(errno.EIO, "Input/output error")
            return super().read(size)

    monkeypatch.setattr(opening.io, "FileIO", Failing)
    content, raised = until_error(put(tmp_path, "a.json", TEXT))
    assert content == {"a.json": TEXT[:65536]}
    assert isinstance(raised, CutListing)
    assert "cannot be read further (Input/output error); check the disk" in str(raised)
    content, raised = until_error(put(tmp_path, "a.gz", gzip.compress(random.Random(1).randbytes(200_000))))
    assert len(content["a.gz"]) > 60_000
    assert "check the disk" in str(raised)


def test_impossible_file_names_are_refused(tmp_path: Path) -> None:
    assert "name" in error(tmp_path / "a\0b")
    assert "name" in error(tmp_path / ("x" * 300))
    assert "name" in error(tmp_path / "\ud800")


def test_no_descriptor_stays_open(tmp_path: Path) -> None:
    paths = [
        put(tmp_path, "a", TEXT),
        put(tmp_path, "a.gz", gzip.compress(TEXT)),
        put(tmp_path, "b.gz", gzip.compress(TEXT)[:500]),
        put(tmp_path, "a.zip", zipped({"a": TEXT, "b": TEXT})),
        put(tmp_path, "b.zip", zipped({"a": TEXT})[:300]),
        put(tmp_path, "a.zst", PACKERS["zst"](TEXT)),
        tmp_path,
    ]
    before = open_descriptors()
    for path in paths:
        until_error(path)
        left_early = open_listing(path, False)
        with contextlib.suppress(ListingError):
            next(left_early)
        left_early.close()  # type: ignore[attr-defined]
    assert open_descriptors() == before


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    made=st.sampled_from(["gz", "bz2", "zst", "zip"]),
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8),
    cut=st.integers(0, 10**6),
)
def test_no_damage_does_anything_but_raise_listing_error(
    tmp_path: Path, made: str, changes: list[tuple[int, int]], cut: int
) -> None:
    packed = bytearray(zipped({"a": TEXT[:3000], "b/c": b"x"}) if made == "zip" else PACKERS[made](TEXT[:3000]))
    for at, byte in changes:
        packed[at % len(packed)] = byte
    path = put(tmp_path, "a", bytes(packed[: cut % len(packed) + 1]))
    until_error(path)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(magic=st.sampled_from([magic for magic, _ in unpacking._MAGIC] + [b"BZh91AY&SY"]), rest=st.binary(max_size=200))
def test_random_bytes_after_a_magic_number_never_crash(tmp_path: Path, magic: bytes, rest: bytes) -> None:
    until_error(put(tmp_path, "a", magic + rest))
