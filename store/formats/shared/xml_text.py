"""Convert XML documents to UTF-8 and remove their XML declarations."""

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
_NOT_XML_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def start(head: bytes) -> str:
    """The start of a document as text, without the XML declaration and surrounding white space, for `sniff`."""
    text = _safe(codecs.getincrementaldecoder(_encoding(head))("replace").decode(head))
    text = text.lstrip("\ufeff")
    # Use `match`: the declaration is at the start, and `search` would try every position in 64 KiB of spaces.
    declaration = _DECLARATION.match(text)
    return text[declaration.end() if declaration else 0 :].lstrip()


def pieces(stream: BinaryIO) -> Iterator[bytes]:
    """The document in UTF-8 without its XML declaration, in chunks that are not empty."""
    head = b""
    while len(head) < _HEAD and (more := stream.read(_HEAD - len(head))):
        head += more
    decoder = codecs.getincrementaldecoder(_encoding(head))("replace")
    first = decoder.decode(head)
    if declaration := _DECLARATION.match(first):
        # Keep the line feeds of the declaration, so that line numbers stay correct.
        first = "\n" * declaration[0].count("\n") + first[declaration.end() :]
    if encoded := _safe(first).encode("utf-8"):
        yield encoded
    while chunk := stream.read(_CHUNK):
        if encoded := _safe(decoder.decode(chunk)).encode("utf-8"):
            yield encoded
    if encoded := _safe(decoder.decode(b"", True)).encode("utf-8"):
        yield encoded


def declaration_size(start: bytes) -> int:
    """The size of the XML declaration at the start of a document, in bytes of UTF-8; 0 when there is none."""
    declaration = _DECLARATION.match(start.decode("utf-8", "replace"))
    return len(declaration[0].encode("utf-8")) if declaration else 0


def _safe(text: str) -> str:
    """`text` without NUL characters, and with U+FFFD in place of other characters that XML does not allow."""
    return _NOT_XML_CHARACTER.sub("\ufffd", text.replace("\0", ""))


def _encoding(head: bytes) -> str:
    """The encoding of a document that starts with `head`.

    The encoding in the XML declaration is used only when the bytes are valid in several encodings.
    """
    by_bytes = text_lines.encoding(head)
    if by_bytes == "cp1252" and _mostly_utf8(head):
        return "utf-8"
    declared = _DECLARED.match(head[:1024].decode("latin-1"))
    if declared is None or not _KNOWN_ENCODINGS.fullmatch(declared[1]):
        return by_bytes
    if by_bytes == "cp1252" or (by_bytes == "utf-8" and head.isascii()):
        with contextlib.suppress(LookupError):
            name = codecs.lookup(declared[1]).name
            # As in browsers, a document that declares Latin-1 or ASCII is decoded as Windows-1252.
            return "cp1252" if name in ("iso8859-1", "ascii") else name
    return by_bytes


def _mostly_utf8(head: bytes) -> bool:
    """Whether most characters beyond ASCII are valid UTF-8, so that a few bad bytes do not change the encoding."""
    beyond_ascii = [character for character in head.decode("utf-8", "replace") if character > "\x7f"]
    invalid = beyond_ascii.count("\ufffd")
    return len(beyond_ascii) - invalid > invalid
