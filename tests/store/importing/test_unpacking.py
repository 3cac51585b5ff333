"""Packed files and archives are unpacked within limits.

From truncated or damaged ones, the content before the damage is read.
"""

from __future__ import annotations

import gzip
import io
import random
import struct
import sys
import zipfile
from pathlib import Path

import pytest

from store.importing.files import CutListing, open_listing
from store.model import limits
from store.model.errors import ListingError
from tests.store.importing.packed_files import PACKERS, TEXT, contents, error, put, until_error, zipped

if sys.version_info >= (3, 14):
    pass
else:
    pass


@pytest.mark.parametrize("ending", PACKERS)
def test_a_packed_file_is_unpacked_under_its_own_name(tmp_path: Path, ending: str) -> None:
    path = put(tmp_path, f"papers.jsonl.{ending}", PACKERS[ending](TEXT))
    assert contents(path) == {f"papers.jsonl.{ending}": TEXT}
    assert [member.size for member in open_listing(path, False)] == [None]


@pytest.mark.parametrize("ending", PACKERS)
def test_compression_is_detected_by_the_first_bytes_and_not_by_the_name(tmp_path: Path, ending: str) -> None:
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
    content = contents(put(folder, "a.zip", archive))
    assert list(content.values()) == [b"1", b"2", b"3", b"4"]
    assert not outside.exists()
    assert [path.name for path in folder.iterdir()] == ["a.zip"]
    assert not any("\x1b" in name or "\n" in name for name in content)


def test_a_packed_file_inside_a_packed_file_is_not_opened(tmp_path: Path) -> None:
    for ending, pack in PACKERS.items():
        assert "holds another packed file" in error(put(tmp_path, f"a.{ending}", pack(gzip.compress(TEXT))))
    assert "holds another packed file" in error(put(tmp_path, "b.gz", gzip.compress(zipped({"a": TEXT}))))
    assert "inner.zip: it holds another packed file" in error(
        put(tmp_path, "c.zip", zipped({"inner.zip": zipped({"a": TEXT})}))
    )


def test_a_member_that_cannot_be_read_costs_none_of_the_others(tmp_path: Path) -> None:
    archive = zipped({"good.json": TEXT, "packed.gz": gzip.compress(b"x"), "empty": b"", "last.json": b"last"})
    content, raised = until_error(put(tmp_path, "a.zip", archive))
    assert content == {"good.json": TEXT, "last.json": b"last"}
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
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(40):
            info = zipfile.ZipInfo(f"{number}")
            info.comment = b"c" * 60_000
            archive.writestr(info, b"x")
    assert "table of contents is larger than 1 MiB" in error(put(tmp_path, "a.zip", file.getvalue()))


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
    size = 0
    with pytest.raises(ListingError, match=r"unpacks to more than 256 MiB, the limit"):
        for member in open_listing(path, False):
            while chunk := member.stream.read(2**16):
                size += len(chunk)
    assert size <= 256 * 2**20


def test_a_format_that_streams_may_ask_for_no_limit(tmp_path: Path) -> None:
    path = put(tmp_path, "a.gz", gzip.compress(b"x" * 300_000))
    for member in open_listing(path, False, limit=100_000):
        member.unlimited()
        assert len(member.stream.read()) == 300_000


def test_the_files_of_an_archive_have_a_limit_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ARCHIVE", 250_000)
    sizes: list[int] = []
    with pytest.raises(ListingError, match=r"the files in this archive together unpacks? to more than"):
        for member in open_listing(put(tmp_path, "a.zip", zipped(dict.fromkeys("abc", b"x" * 100_000))), False):
            sizes.append(len(member.stream.read()))
    assert sizes == [100_000, 100_000]


@pytest.mark.parametrize("ending", PACKERS)
def test_a_cut_file_gives_what_came_before_the_cut(tmp_path: Path, ending: str) -> None:
    noise = random.Random(7).randbytes(300_000).hex().encode()
    packed = PACKERS[ending](noise)
    longest = 0
    for percent in range(5, 100, 5):
        content, raised = until_error(put(tmp_path, f"a.{ending}", packed[: len(packed) * percent // 100]))
        assert isinstance(raised, ListingError)
        assert "ends early" in str(raised)
        data = content.get(f"a.{ending}", b"")
        assert noise.startswith(data)
        assert isinstance(raised, CutListing) or not data
        assert len(data) >= longest
        longest = len(data)
    assert longest > len(noise) // 2


def test_a_truncated_file_is_reported_by_the_check(tmp_path: Path) -> None:
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
    content, raised = until_error(put(tmp_path, "a.gz", bytes(packed)))
    assert content == {"a.gz": TEXT}
    assert isinstance(raised, CutListing)
    assert "damaged" in str(raised)
    archive = bytearray(zipped({"a": b"x" * 200_000, "b": b"good"}, zipfile.ZIP_STORED))
    archive[60_000] ^= 0xFF
    content, raised = until_error(put(tmp_path, "a.zip", bytes(archive)))
    assert content["b"] == b"good"
    assert isinstance(raised, CutListing)
    assert "a: the zip file is damaged" in str(raised)


def test_a_cut_zip_archive_is_refused(tmp_path: Path) -> None:
    archive = zipped({"a": TEXT, "b": TEXT})
    for end in range(4, len(archive) - 1, 97):
        assert "damaged or cut short" in error(put(tmp_path, "a.zip", archive[:end]))


def test_data_after_the_end_of_a_compressed_file_is_damage(tmp_path: Path) -> None:
    content, raised = until_error(put(tmp_path, "a.gz", gzip.compress(TEXT) + b"something else"))
    assert content == {"a.gz": TEXT}
    assert isinstance(raised, CutListing)
