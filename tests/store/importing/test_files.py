"""Which files are opened as listings, with which message others are refused, and how archives are unpacked."""

from __future__ import annotations

import bz2
import contextlib
import errno
import gzip
import io
import os
import random
import socket
import struct
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.importing import files as opening
from store.importing import unpacking
from store.importing.files import CutListing, open_listing
from store.model import limits
from store.model.errors import ListingError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = b"".join(f"line {number} of a listing\n".encode() for number in range(5_000))
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": lambda data: bz2.compress(data, 1),  # use the smallest blocks
    "zst": zstd.compress,
}


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def contents(path: Path, *, follow_links: bool = False) -> dict[str, bytes]:
    return {member.name: member.stream.read() for member in open_listing(path, follow_links)}


def error(path: Path, *, follow_links: bool = False) -> str:
    with pytest.raises(ListingError) as raised:
        contents(path, follow_links=follow_links)
    text = str(raised.value)
    assert text
    assert "\n" not in text
    return text


def until_error(path: Path) -> tuple[dict[str, bytes], ListingError | None]:
    """The files in a listing file that could be read, and the error that ended the reading, if there was one."""
    found: dict[str, bytes] = {}
    try:
        for member in open_listing(path, False):
            found[member.name] = member.stream.read()
    except ListingError as raised:
        return found, raised
    return found, None


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


@pytest.mark.parametrize("ending", PACKERS)
def test_a_packed_file_is_unpacked_under_its_own_name(tmp_path: Path, ending: str) -> None:
    path = put(tmp_path, f"papers.jsonl.{ending}", PACKERS[ending](TEXT))
    assert contents(path) == {f"papers.jsonl.{ending}": TEXT}
    assert [member.size for member in open_listing(path, False)] == [None]


@pytest.mark.parametrize("ending", PACKERS)
def test_packing_is_told_by_the_first_bytes_not_by_the_name(tmp_path: Path, ending: str) -> None:
    assert contents(put(tmp_path, "papers.json", PACKERS[ending](TEXT))) == {"papers.json": TEXT}
    assert contents(put(tmp_path, f"not-packed.{ending}", TEXT)) == {f"not-packed.{ending}": TEXT}


def test_several_packed_streams_in_one_file_are_one_listing(tmp_path: Path) -> None:
    for ending, pack in PACKERS.items():
        path = put(tmp_path, f"pages.{ending}", pack(TEXT[:40_000]) + pack(TEXT[40_000:]))
        assert contents(path) == {path.name: TEXT}


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_each_file_in_a_zip_archive_is_a_listing(tmp_path: Path, compression: int) -> None:
    files = {"a/": b"", "a/one.json": TEXT, "two.txt": b"2", "__MACOSX/._two.txt": b"\0"}
    path = put(tmp_path, "export.zip", zipped(files, compression))
    assert contents(path) == {"a/one.json": TEXT, "two.txt": b"2"}
    assert [member.size for member in open_listing(path, False)] == [len(TEXT), 1]


def test_the_name_of_a_member_is_only_shown(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    archive = zipped({"../outside.json": b"1", "/etc/passwd": b"2", "\x1b[31mred\n": b"3", "C:\\x": b"4"})
    folder = tmp_path / "in"
    folder.mkdir()
    found = contents(put(folder, "a.zip", archive))
    assert list(found.values()) == [b"1", b"2", b"3", b"4"]
    assert not outside.exists()
    assert [path.name for path in folder.iterdir()] == ["a.zip"]
    assert not any("\x1b" in name or "\n" in name for name in found)


def test_a_packed_file_inside_a_packed_file_is_not_opened(tmp_path: Path) -> None:
    for ending, pack in PACKERS.items():
        assert "holds another packed file" in error(put(tmp_path, f"a.{ending}", pack(gzip.compress(TEXT))))
    assert "holds another packed file" in error(put(tmp_path, "b.gz", gzip.compress(zipped({"a": TEXT}))))
    assert "inner.zip: it holds another packed file" in error(
        put(tmp_path, "c.zip", zipped({"inner.zip": zipped({"a": TEXT})}))
    )


def test_a_member_that_cannot_be_read_costs_none_of_the_others(tmp_path: Path) -> None:
    archive = zipped({"good.json": TEXT, "packed.gz": gzip.compress(b"x"), "empty": b"", "last.json": b"last"})
    found, raised = until_error(put(tmp_path, "a.zip", archive))
    assert found == {"good.json": TEXT, "last.json": b"last"}
    assert isinstance(raised, CutListing)
    assert "packed.gz: it holds another packed file" in str(raised)
    assert "empty: an empty file" in str(raised)


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    archive = bytearray(zipped({"secret.json": b"[]"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        archive[archive.index(mark) + offset] |= 1
    assert "secret.json: it is encrypted" in error(put(tmp_path, "a.zip", bytes(archive)))
    # In a zip archive encrypted with AES, the compression method is 99.
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", archive, archive.index(mark) + offset, 99)
    assert "secret.json: it is encrypted" in error(put(tmp_path, "b.zip", bytes(archive)))


def test_a_member_packed_in_an_unknown_way_is_named(tmp_path: Path) -> None:
    archive = bytearray(zipped({"odd.json": b"[]"}))
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", archive, archive.index(mark) + offset, 97)
    assert "odd.json: it is packed in a way that recto does not know" in error(put(tmp_path, "a.zip", bytes(archive)))
    # Python's zipfile decompresses bzip2 and LZMA data in one piece of any size, so recto refuses these methods.
    for compression in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        path = put(tmp_path, "b.zip", zipped({"odd.json": TEXT}, compression))
        assert "odd.json: it is packed in a way that recto does not know" in error(path)


def test_a_zip_archive_without_files_says_so(tmp_path: Path) -> None:
    assert "no files in it" in error(put(tmp_path, "a.zip", zipped({})))
    assert "no files in it" in error(put(tmp_path, "b.zip", zipped({"folder/": b""})))


def test_a_zip_archive_of_too_many_files_is_refused(tmp_path: Path) -> None:
    many = zipped({str(number): b"x" for number in range(limits.ARCHIVE_MEMBERS + 1)}, zipfile.ZIP_STORED)
    assert "1,000 is the limit" in error(put(tmp_path, "a.zip", many))
    assert len(contents(put(tmp_path, "b.zip", zipped(dict.fromkeys(map(str, range(300)), b"x"))))) == 300


def test_a_zip_archive_with_an_enormous_table_of_contents_is_refused_before_it_is_read(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(40):
            info = zipfile.ZipInfo(f"{number}")
            info.comment = b"c" * 60_000
            archive.writestr(info, b"x")
    assert "table of contents is larger than 1 MiB" in error(put(tmp_path, "a.zip", made.getvalue()))


@pytest.mark.parametrize("ending", PACKERS)
def test_more_than_the_limit_is_not_unpacked(tmp_path: Path, ending: str) -> None:
    path = put(tmp_path, f"a.{ending}", PACKERS[ending](b"x" * 300_000))
    (member,) = open_listing(path, False, limit=300_000)
    read = [member.stream.read() for member in open_listing(path, False, limit=300_000)]
    assert [len(data) for data in read] == [300_000]
    with pytest.raises(ListingError, match="unpacks to more than 299,999 bytes, the limit"):
        [member.stream.read() for member in open_listing(path, False, limit=299_999)]
    del member


def test_the_limit_is_256_mib_and_a_bomb_is_refused_in_little_memory(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(2**20), 9) * 257
    path = put(tmp_path, "bomb.json.gz", bomb)
    assert len(bomb) < 300_000
    taken = 0
    with pytest.raises(ListingError, match=r"unpacks to more than 256 MiB, the limit"):
        for member in open_listing(path, False):
            while chunk := member.stream.read(2**16):
                taken += len(chunk)
    assert taken <= 256 * 2**20


def test_a_format_that_streams_may_ask_for_no_limit(tmp_path: Path) -> None:
    path = put(tmp_path, "a.gz", gzip.compress(b"x" * 300_000))
    for member in open_listing(path, False, limit=100_000):
        member.unlimited()
        assert len(member.stream.read()) == 300_000


def test_the_files_of_an_archive_have_a_limit_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ARCHIVE", 250_000)
    found: list[int] = []
    with pytest.raises(ListingError, match=r"the files in this archive together unpacks? to more than"):
        for member in open_listing(put(tmp_path, "a.zip", zipped(dict.fromkeys("abc", b"x" * 100_000))), False):
            found.append(len(member.stream.read()))
    assert found == [100_000, 100_000]


@pytest.mark.parametrize("ending", PACKERS)
def test_a_cut_file_gives_what_came_before_the_cut(tmp_path: Path, ending: str) -> None:
    noise = random.Random(7).randbytes(300_000).hex().encode()
    packed = PACKERS[ending](noise)
    longest = 0
    for percent in range(5, 100, 5):
        found, raised = until_error(put(tmp_path, f"a.{ending}", packed[: len(packed) * percent // 100]))
        assert isinstance(raised, ListingError)
        assert "ends early" in str(raised)
        data = found.get(f"a.{ending}", b"")
        assert noise.startswith(data)
        assert isinstance(raised, CutListing) or not data
        assert len(data) >= longest
        longest = len(data)
    assert longest > len(noise) // 2


def test_whoever_asks_about_a_cut_is_told_once(tmp_path: Path) -> None:
    path = put(tmp_path, "a.gz", gzip.compress(TEXT)[:-9])
    for member in open_listing(path, False):
        member.stream.read()
        with pytest.raises(CutListing, match="the gzip file ends early; download it again"):
            member.check()


def test_a_whole_file_passes_the_check(tmp_path: Path) -> None:
    for name, content in {"a": TEXT, "a.gz": gzip.compress(TEXT), "a.zip": zipped({"a": TEXT})}.items():
        for member in open_listing(put(tmp_path, name, content), False):
            member.stream.read()
            member.check()


def test_a_wrong_checksum_is_damage(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[-8] ^= 0xFF
    found, raised = until_error(put(tmp_path, "a.gz", bytes(packed)))
    assert found == {"a.gz": TEXT}
    assert isinstance(raised, CutListing)
    assert "damaged" in str(raised)
    archive = bytearray(zipped({"a": b"x" * 200_000, "b": b"good"}, zipfile.ZIP_STORED))
    archive[60_000] ^= 0xFF
    found, raised = until_error(put(tmp_path, "a.zip", bytes(archive)))
    assert found["b"] == b"good"
    assert isinstance(raised, CutListing)
    assert "a: the zip file is damaged" in str(raised)


def test_a_cut_zip_archive_is_refused(tmp_path: Path) -> None:
    archive = zipped({"a": TEXT, "b": TEXT})
    for end in range(4, len(archive) - 1, 97):
        assert "damaged or cut short" in error(put(tmp_path, "a.zip", archive[:end]))


def test_what_follows_a_packed_file_is_damage(tmp_path: Path) -> None:
    found, raised = until_error(put(tmp_path, "a.gz", gzip.compress(TEXT) + b"something else"))
    assert found == {"a.gz": TEXT}
    assert isinstance(raised, CutListing)


def test_a_missing_file(tmp_path: Path) -> None:
    assert error(tmp_path / "nothing.json") == "no such file; check the name"
    assert error(put(tmp_path, "file", b"x") / "below") == "no such file; check the name"


def test_an_empty_file(tmp_path: Path) -> None:
    assert "an empty file" in error(put(tmp_path, "a.json", b""))
    for ending, pack in PACKERS.items():
        assert "an empty file" in error(put(tmp_path, f"a.{ending}", pack(b"")))


def test_a_folder(tmp_path: Path) -> None:
    assert error(tmp_path) == "a folder, not a file; import the folder, or name a file in it"


def test_a_named_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    started = time.monotonic()
    assert "a named pipe, not a file" in error(tmp_path / "pipe.json")
    assert time.monotonic() - started < 1


def test_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("s.json")
        assert "a socket or a device, not a file" in error(tmp_path / "s.json")


def test_a_device() -> None:
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
    found, raised = until_error(put(tmp_path, "a.json", TEXT))
    assert found == {"a.json": TEXT[:65536]}
    assert isinstance(raised, CutListing)
    assert "cannot be read further (Input/output error); check the disk" in str(raised)
    found, raised = until_error(put(tmp_path, "a.gz", gzip.compress(random.Random(1).randbytes(200_000))))
    assert len(found["a.gz"]) > 60_000
    assert "check the disk" in str(raised)


def test_names_that_no_file_can_have(tmp_path: Path) -> None:
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
        put(tmp_path, "a.zst", zstd.compress(TEXT)),
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
