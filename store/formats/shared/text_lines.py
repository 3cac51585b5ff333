"""Decode text files in UTF-8, UTF-16 or an encoding that is guessed, with any kind of line end.

Zero bytes are dropped: some programs leave them in a text, although they have no meaning in it.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, cast

from store.formats.shared import encodings

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD = 64 * 1024
_CHUNK = 256 * 1024
# Matches the name of an encoding near the beginning of a text: in XML, in HTML or in the header of a mail.
_NAMES_ENCODING = re.compile(rb"(?:encoding|charset)\s?=", re.IGNORECASE)
_HEAD_OF_HEAD = 4 * 1024
# All bytes except the control characters that do not occur in text files.
_NO_CONTROLS = bytes(byte for byte in range(256) if byte >= 0x20 or byte in b"\t\n\f\r\x1a\x1b")
# A text file may contain up to _FEW_CONTROLS control characters, or one per _CONTROL_SHARE bytes, whichever is more. In
# random bytes, about one byte in eleven is a control character.
_FEW_CONTROLS = 3
_CONTROL_SHARE = 200


def encoding(head: bytes) -> str:
    """The encoding of a file that starts with `head`. Zero bytes mean that it is UTF-16 without a byte order mark.

    The encoding of a text that is not Unicode is guessed (store/formats/shared/encodings.py).
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
    if head.isascii():
        return encodings.escaped(head) or "utf-8"
    return "utf-8" if _mostly_utf8(head) else encodings.guess(head)


def guessed_encoding(head: bytes) -> str | None:
    """A readable name of the encoding that is guessed for a text that starts with `head`.

    None for Unicode, for files that are not text, and for texts that name their encoding themselves.
    """
    name = encoding(head)
    if name.startswith(("utf-8", "utf-16")) or is_binary(head) or _NAMES_ENCODING.search(head[:_HEAD_OF_HEAD]):
        return None
    return encodings.title(name)


def text(head: bytes) -> str:
    """The start of a file as text, for `sniff`. A character that is incomplete at the end of `head` is dropped."""
    return codecs.getincrementaldecoder(encoding(head))("replace").decode(head).replace("\0", "")


def is_binary(head: bytes) -> bool:
    """Whether a file that starts with `head` is not text: it contains zero bytes and many control characters."""
    if b"\0" not in head or encoding(head).startswith("utf-16"):
        return False
    return len(head.translate(None, _NO_CONTROLS)) > max(_FEW_CONTROLS, len(head) // _CONTROL_SHARE)


def open_text(stream: BinaryIO) -> io.TextIOWrapper:
    """`stream` as text. Every line end becomes a line feed, and bytes that cannot be decoded become U+FFFD."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream), _HEAD)
    name = encoding(buffered.peek(_HEAD)[:_HEAD])
    if not name.startswith("utf-16"):
        buffered = io.BufferedReader(_WithoutZeros(buffered), _HEAD)
    return io.TextIOWrapper(buffered, encoding=name, errors="replace", newline=None)


def lines(stream: BinaryIO) -> Iterator[str]:
    """The lines of `stream` without their ends."""
    with open_text(stream) as opened:
        for each in opened:
            yield each.rstrip("\n")


def utf8_chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of `stream` in chunks, without a UTF-8 byte order mark. UTF-16 is converted to UTF-8.

    Use this function in code that must split the bytes into lines itself, because files are large or have several
    encodings.
    """
    chunk = stream.read(_CHUNK)
    name = encoding(chunk[:_HEAD])
    utf16 = codecs.getincrementaldecoder(name)("replace") if name.startswith("utf-16") else None
    chunk = chunk.removeprefix(codecs.BOM_UTF8)
    while chunk:
        chunk = utf16.decode(chunk).encode("utf-8", "replace") if utf16 else chunk
        yield chunk.replace(b"\0", b"")
        chunk = stream.read(_CHUNK)


class _WithoutZeros(io.RawIOBase):
    """The bytes of another stream without its zero bytes."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        room = memoryview(buffer)
        while data := self._stream.read1(len(room)):
            if without_zeros := data.replace(b"\0", b""):
                room[: len(without_zeros)] = without_zeros
                return len(without_zeros)
        return 0


def _mostly_utf8(head: bytes) -> bool:
    """Whether `head` is UTF-8 with at most a few damaged characters. An incomplete last character is not damage."""
    decoder = codecs.getincrementaldecoder("utf-8")
    try:
        decoder().decode(head)
    except UnicodeDecodeError:
        beyond_ascii = [character for character in decoder("replace").decode(head) if character > "\x7f"]
        return len(beyond_ascii) > 2 * beyond_ascii.count("\ufffd")
    return True
