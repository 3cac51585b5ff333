"""Decoding of text files: UTF-8 with or without a byte order mark, UTF-16, GBK, else Windows-1252; any line end."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, cast

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD = 64 * 1024
_CHUNK = 256 * 1024
# Text is GBK rather than Western when it has this many characters beyond ASCII, and this share of them is common in
# Chinese.
_ENOUGH_CHINESE = 6
_COMMON_SHARE = 0.9


def encoding(head: bytes) -> str:
    """The encoding of a file that starts with `head`. UTF-16 without a byte order mark is recognized by its zero bytes.

    An encoding with one byte for each character is taken for Windows-1252, which is Latin-1 with bullets, dashes and
    quotation marks in place of control characters that text files do not contain.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if len(head) >= 4:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if odd > len(head) // 4 and even < odd // 8:
            return "utf-16-le"
        if even > len(head) // 4 and odd < even // 8:
            return "utf-16-be"
    if _mostly_utf8(head):
        return "utf-8"
    return "gb18030" if _is_chinese(head) else "cp1252"


def text(head: bytes) -> str:
    """The start of a file as text, for `sniff`, without a character that is cut in two at the end."""
    return codecs.getincrementaldecoder(encoding(head))("replace").decode(head)


def open_text(stream: BinaryIO) -> io.TextIOWrapper:
    """`stream` as text with every line end as a line feed, and U+FFFD for bytes that cannot be decoded."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream), _HEAD)
    head = buffered.peek(_HEAD)[:_HEAD]
    return io.TextIOWrapper(buffered, encoding=encoding(head), errors="replace", newline=None)


def lines(stream: BinaryIO) -> Iterator[str]:
    """The lines of `stream` without their ends."""
    with open_text(stream) as opened:
        for each in opened:
            yield each.rstrip("\n")


def utf8_chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of `stream` in chunks, without a UTF-8 byte order mark; UTF-16 is converted to UTF-8.

    For readers that split the bytes into lines themselves, because a file is too large or has several encodings.
    """
    chunk = stream.read(_CHUNK)
    name = encoding(chunk[:_HEAD])
    utf16 = codecs.getincrementaldecoder(name)("replace") if name.startswith("utf-16") else None
    chunk = chunk.removeprefix(codecs.BOM_UTF8)
    while chunk:
        yield utf16.decode(chunk).encode("utf-8", "replace") if utf16 else chunk
        chunk = stream.read(_CHUNK)


def _is_chinese(head: bytes) -> bool:
    """Whether bytes that are not UTF-8 are Chinese in GBK or its superset GB 18030, and little else.

    In GBK an accented Latin-1 letter and the letter after it form a Chinese character too. It is not one of the common
    characters of GB 2312, whose two bytes are both beyond ASCII.
    """
    decoder = codecs.getincrementaldecoder("gb18030")()
    try:
        beyond_ascii = [letter for letter in decoder.decode(head) if not letter.isascii()]
    except UnicodeDecodeError:
        return False
    enough = len(beyond_ascii) >= _ENOUGH_CHINESE
    return enough and sum(map(_is_common, beyond_ascii)) >= _COMMON_SHARE * len(beyond_ascii)


def _is_common(letter: str) -> bool:
    try:
        return len(letter.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def _mostly_utf8(head: bytes) -> bool:
    """Whether `head` is UTF-8, or UTF-8 with a few damaged characters. A cut at its end is not damage."""
    decoder = codecs.getincrementaldecoder("utf-8")
    try:
        decoder().decode(head)
    except UnicodeDecodeError:
        beyond_ascii = [character for character in decoder("replace").decode(head) if character > "\x7f"]
        return len(beyond_ascii) > 2 * beyond_ascii.count("\ufffd")
    return True
