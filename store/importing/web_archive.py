"""Reads the page in a web archive (.mhtml), the file that a browser saves as “Webpage, Single File”.

Such a file is a MIME message whose parts are the page, its pictures and its style sheets. Only the page is read.
"""

from __future__ import annotations

import binascii
import io
import re
from collections.abc import Iterator
from typing import Any

# A file is recognized as a web archive by the header lines that Chromium, Edge and Internet Explorer write.
_SAVED = re.compile(rb"^(?:Snapshot-Content-Location:|From: <Saved by )", re.MULTILINE | re.I)
_RELATED = re.compile(rb"^Content-Type:\s*multipart/related\b", re.MULTILINE | re.I)
_BOUNDARY = re.compile(rb'boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))', re.I)
_HTML_PART = re.compile(rb"^Content-Type:\s*text/html\b", re.MULTILINE | re.I)
_ENCODING = re.compile(rb"^Content-Transfer-Encoding:\s*([\w-]{1,40})", re.MULTILINE | re.I)
_LOCATION = re.compile(rb"^(?:Snapshot-)?Content-Location:\s*(https?://[^\s<>\"]{1,2000})", re.MULTILINE | re.I)
# At most this many bytes of the header of the message or of a part are read, and at most this many of a line at once.
_HEADER = 16 * 1024
_LINE = 2**20


def is_web_archive(head: bytes) -> bool:
    """Whether a file that starts with `head` is a web archive."""
    header = _unfolded(head[:_HEADER])
    return _SAVED.search(header) is not None and _RELATED.search(header) is not None


class WebArchive:
    """The page in a web archive, decoded while it is read. An HTML comment with the address of the page precedes it.

    `read1` raises ValueError if the file contains no page, and EOFError if the file ends inside the page.
    """

    def __init__(self, file: io.FileIO) -> None:
        self._file = io.BufferedReader(file, 2**16)
        self._pieces = _page(self._file)
        self._ready = b""

    def read1(self, size: int, /) -> bytes:
        """The next bytes of the page, at most `size`. The result is empty only at the end of the page."""
        while not self._ready and (piece := next(self._pieces, None)) is not None:
            self._ready = piece
        data, self._ready = self._ready[:size], self._ready[size:]
        return data

    def __enter__(self) -> WebArchive:
        return self

    def __exit__(self, *error: Any) -> None:
        self._pieces = iter(())
        # Separate the buffer from the file, because garbage collection of the buffer would close the caller's file.
        self._file.detach()


def _page(file: io.BufferedReader[Any]) -> Iterator[bytes]:
    """The decoded lines of the first part that is an HTML page. Raises ValueError when there is none."""
    header = _header(file)
    boundary = _BOUNDARY.search(header)
    if boundary is None:
        raise ValueError("no boundary between its parts")
    divider = b"--" + (boundary[1] or boundary[2])
    address = _LOCATION.search(header)
    for line in iter(lambda: file.readline(_LINE), b""):
        if not line.startswith(divider):
            continue
        part = _header(file)
        if _HTML_PART.search(part):
            if address:
                yield b"<!-- saved from url=(%04d)%s -->\n" % (len(address[1]), address[1])
            encoding = _ENCODING.search(part)
            yield from _decoded(file, divider, encoding[1].lower() if encoding else b"")
            return
    raise ValueError("no page in it")


def _decoded(file: io.BufferedReader[Any], divider: bytes, encoding: bytes) -> Iterator[bytes]:
    """The decoded lines of a MIME part, up to a line that starts with `divider`.

    Raises EOFError when the file ends without such a line.
    """
    for line in iter(lambda: file.readline(_LINE), b""):
        if line.startswith(divider):
            return
        if encoding == b"quoted-printable":
            text = line.rstrip(b"\r\n")
            yield binascii.a2b_qp(text[:-1] if text.endswith(b"=") else text + b"\n")
        elif encoding == b"base64":
            yield binascii.a2b_base64(line)
        else:
            yield line
    raise EOFError


def _header(file: io.BufferedReader[Any]) -> bytes:
    """Read a header from `file` up to the blank line after it. Continuation lines are joined to the preceding lines."""
    lines: list[bytes] = []
    size = 0
    while (line := file.readline(_LINE)).strip() and size < _HEADER:
        lines.append(line)
        size += len(line)
    return _unfolded(b"".join(lines))


def _unfolded(header: bytes) -> bytes:
    """The header up to the first blank line. Continuation lines are joined to the preceding lines."""
    header = header.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return re.sub(rb"\n[ \t]+", b" ", header)
