"""Bytes to lines: UTF-8 with or without a byte order mark, UTF-16, GBK, else Windows-1252; any line end."""

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
# So many characters beyond ASCII, and such a share of them common in Chinese, tell GBK from Western text.
_ENOUGH = 6
_MOSTLY = 0.9


def encoding(head: bytes) -> str:
    """The encoding of a file by its first bytes. UTF-16 without a mark is known by its zero bytes.

    What has one byte for each character is Windows-1252: Latin-1, with bullets, dashes and quotation marks where
    that has controls that no text holds.
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
    """The start of a file as text, for `sniff`; a character cut in two at the end is left out."""
    return codecs.getincrementaldecoder(encoding(head))("replace").decode(head)


def open_text(stream: BinaryIO) -> io.TextIOWrapper:
    """`stream` as text with every line end as a line feed; what cannot be decoded becomes U+FFFD."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream), _HEAD)
    head = buffered.peek(_HEAD)[:_HEAD]
    return io.TextIOWrapper(buffered, encoding=encoding(head), errors="replace", newline=None)


def lines(stream: BinaryIO) -> Iterator[str]:
    """The lines of `stream` without their ends."""
    with open_text(stream) as opened:
        for each in opened:
            yield each.rstrip("\n")


def _is_chinese(head: bytes) -> bool:
    """Whether bytes that are no UTF-8 read as Chinese in GBK (or GB 18030, which holds it) and as little else.

    An accented letter and the letter after it are a Chinese character too, but not one of the common ones of
    GB 2312, whose two bytes are both beyond ASCII.
    """
    decoder = codecs.getincrementaldecoder("gb18030")()
    try:
        other = [letter for letter in decoder.decode(head) if not letter.isascii()]
    except UnicodeDecodeError:
        return False
    return len(other) >= _ENOUGH and sum(map(_is_common, other)) >= _MOSTLY * len(other)


def _is_common(letter: str) -> bool:
    try:
        return len(letter.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def _mostly_utf8(head: bytes) -> bool:
    """Whether `head` is UTF-8, or would be but for a few damaged characters; one that is cut at the end is none."""
    decoder = codecs.getincrementaldecoder("utf-8")
    try:
        decoder().decode(head)
    except UnicodeDecodeError:
        beyond = [character for character in decoder("replace").decode(head) if character > "\x7f"]
        return len(beyond) > 2 * beyond.count("\ufffd")
    return True
