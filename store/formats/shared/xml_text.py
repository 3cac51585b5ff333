"""XML documents as UTF-8 without their declarations, whatever they were written in."""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Iterator
from typing import BinaryIO

from store.formats.shared import text_lines

_HEAD = 64 * 1024
_CHUNK = 64 * 1024
_DECLARATION = re.compile(r"\s*+<\?xml\b[^>]{0,400}\?>")
_DECLARED = re.compile(r"""\s*+<\?xml\b[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_KNOWN_ENCODINGS = re.compile(
    r"us-ascii|iso[-_]?8859[-_]\d+|latin\d|windows-125\d|cp\d+|koi8-[ru]|gb2312|gbk|gb18030|big5"
    r"|shift[-_]jis|euc-(?:jp|kr)",
    re.IGNORECASE,
)
_NO_XML_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def start(head: bytes) -> str:
    """The start of a document as text, for `sniff`: without its declaration and white space before it."""
    text = _safe(codecs.getincrementaldecoder(_encoding(head))("replace").decode(head))
    text = text.lstrip("\ufeff")
    # `match`, for only the start can be a declaration; a search would try each of 64 KiB of white space.
    declaration = _DECLARATION.match(text)
    return text[declaration.end() if declaration else 0 :].lstrip()


def pieces(stream: BinaryIO) -> Iterator[bytes]:
    """The document in UTF-8 without its declaration, in pieces; none of them is empty."""
    head = b""
    while len(head) < _HEAD and (more := stream.read(_HEAD - len(head))):
        head += more
    decoder = codecs.getincrementaldecoder(_encoding(head))("replace")
    said = decoder.decode(head)
    if declaration := _DECLARATION.match(said):
        # Its lines still count.
        said = "\n" * declaration[0].count("\n") + said[declaration.end() :]
    if encoded := _safe(said).encode("utf-8"):
        yield encoded
    while chunk := stream.read(_CHUNK):
        if encoded := _safe(decoder.decode(chunk)).encode("utf-8"):
            yield encoded
    if encoded := _safe(decoder.decode(b"", True)).encode("utf-8"):
        yield encoded


def declaration_size(start: bytes) -> int:
    """How many bytes of UTF-8 at the start of a document are its declaration."""
    declaration = _DECLARATION.match(start.decode("utf-8", "replace"))
    return len(declaration[0].encode("utf-8")) if declaration else 0


def _safe(said: str) -> str:
    """`said` with characters that XML cannot hold as U+FFFD."""
    return _NO_XML_CHARACTER.sub("\ufffd", said)


def _encoding(head: bytes) -> str:
    """The encoding of a document: by its bytes, and where they leave it open by what it declares."""
    by_bytes = text_lines.encoding(head)
    if by_bytes == "cp1252" and _mostly_utf8(head):
        return "utf-8"
    declared = _DECLARED.match(head[:1024].decode("latin-1"))
    if declared is None or not _KNOWN_ENCODINGS.fullmatch(declared[1]):
        return by_bytes
    if by_bytes == "cp1252" or (by_bytes == "utf-8" and head.isascii()):
        with contextlib.suppress(LookupError):
            name = codecs.lookup(declared[1]).name
            # As browsers do: what declares Latin-1 or ASCII and holds more than that is Windows-1252.
            return "cp1252" if name in ("iso8859-1", "ascii") else name
    return by_bytes


def _mostly_utf8(head: bytes) -> bool:
    """Whether more characters beyond ASCII are right in UTF-8 than wrong: one bad byte is no other encoding."""
    beyond = [character for character in head.decode("utf-8", "replace") if character > "\x7f"]
    wrong = beyond.count("\ufffd")
    return len(beyond) - wrong > wrong
