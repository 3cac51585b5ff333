"""The decoding of text files: encodings, byte order marks, line ends."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats.shared import text_lines

STRANGE = "Måns “naïve” – 数学 😀 •"


def read(data: bytes) -> str:
    with text_lines.open_text(io.BytesIO(data)) as opened:
        return opened.read()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_file_in_unicode_reads_the_same_in_every_encoding_and_with_every_line_end(
    encoding: str, line_end: str
) -> None:
    text = f"One paper\n{STRANGE}\n\nand its abstract, a little longer\n"
    data = text.replace("\n", line_end).encode(encoding)
    assert read(data) == text
    assert text_lines.text(data) == text.replace("\n", line_end)
    assert list(text_lines.lines(io.BytesIO(data))) == text.split("\n")[:-1]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_is_not_part_of_the_text(encoding: str) -> None:
    assert read(("\ufeff" + STRANGE).encode(encoding)) == STRANGE
    assert text_lines.text(("\ufeff" + STRANGE).encode(encoding)) == STRANGE


def test_windows_bullets_and_quotation_marks_are_kept() -> None:
    data = "Köpfe “in” ‘Göteborg’ – 5 € … • 4 authors".encode("cp1252")
    assert read(data) == "Köpfe “in” ‘Göteborg’ – 5 € … • 4 authors"
    assert text_lines.text(data) == read(data)
    assert text_lines.encoding(data) == "cp1252"


def test_latin_1_is_read_letter_for_letter() -> None:
    every = bytes([*range(0x20, 0x7F), *range(0xA0, 0x100)])
    assert read(every) == every.decode("latin-1")


def test_windows_letters_far_from_the_start_are_kept() -> None:
    data = "é".encode("cp1252") + b" plain" * 20_000 + "“late”".encode("cp1252")
    assert read(data).endswith("“late”")


def test_a_byte_that_windows_1252_does_not_define_becomes_a_replacement_character() -> None:
    assert read(b"caf\xe9 \x81\x9d") == "café \ufffd\ufffd"


def test_a_damaged_character_becomes_a_replacement_character_and_costs_no_other() -> None:
    data = "Måns, Åsa, José and Zoë".encode()
    assert read(data.replace("é".encode(), b"\xc3")) == "Måns, Åsa, Jos\ufffd and Zoë"


def test_a_damaged_character_far_from_the_start_becomes_a_replacement_character() -> None:
    assert read("Åsa ".encode() * 20_000 + b"\xe5!").endswith("Åsa \ufffd!")


def test_a_character_cut_at_the_end_does_not_change_the_encoding() -> None:
    data = "abc 数".encode()[:-1]
    assert text_lines.encoding(data) == "utf-8"
    assert text_lines.text(data) == "abc "
    assert read(data) == "abc \ufffd"


def test_half_a_character_of_utf_16_becomes_a_replacement_character() -> None:
    assert read("Åsa".encode("utf-16") + b"\x41") == "Åsa\ufffd"


@pytest.mark.parametrize("data", [b"", b"\n", b"a", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_a_tiny_file_is_read(data: bytes) -> None:
    assert read(data) == data.decode("ascii", "ignore")


def test_only_line_ends_end_a_line() -> None:
    text = "a\x0bb\x0cc\x1cd\x85e\u2028f"
    assert list(text_lines.lines(io.BytesIO(text.encode()))) == [text]


def test_a_buffered_stream_is_read_from_its_position() -> None:
    stream = io.BufferedReader(io.BytesIO("Åsa\r\nZoë".encode()))
    assert stream.read(5) == "Åsa\r".encode()
    with text_lines.open_text(stream) as opened:
        assert opened.read() == "\nZoë"


@given(st.binary(max_size=300))
def test_any_bytes_are_decoded(data: bytes) -> None:
    decoded = read(data)
    decoded.encode("utf-8")
    assert "\r" not in decoded
    # `text_lines.text` drops the bytes of an incomplete character at the end.
    assert decoded.startswith(text_lines.text(data).replace("\r\n", "\n").replace("\r", "\n"))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=300))
def test_any_text_in_utf_8_is_decoded_unchanged(text: str) -> None:
    assert read(b"\xef\xbb\xbf" + text.encode()) == text
    assert text_lines.text(b"\xef\xbb\xbf" + text.encode()) == text


def test_a_file_in_gbk_is_decoded_as_chinese() -> None:
    chinese = "@article{wang2020,\n  title = {基于深度学习的文本分类方法研究},\n  author = {王小明 and 李华}\n}\n"
    assert list(text_lines.lines(io.BytesIO(chinese.encode("gbk")))) == chinese.splitlines()


@pytest.mark.parametrize(
    "western", ["Müller, Größe, naïve façade, Ångström", "«déjà vu» à Élysée, œuvre", "señor año piñata"]
)
def test_a_western_file_is_not_decoded_as_chinese(western: str) -> None:
    assert list(text_lines.lines(io.BytesIO((western * 5).encode("cp1252")))) == [western * 5]
