"""Saved mails as lines of text: headers, quoted-printable, base64, several parts, several mails in one file.

A file without any header is text as it is. Each line is decoded by itself, for mails in one file were written in
several encodings.
"""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from store.formats.shared import text_lines
from store.model import limits

_CHUNK = 64 * 1024
_MAIL_HEADER = re.compile(
    r"(?:Return-Path|Received|Delivered-To|From|To|Cc|Subject|Date|Message-ID|MIME-Version|Content-[\w-]+"
    r"|X-[\w-]+|Reply-To|Sender|List-[\w-]+|DKIM-Signature|ARC-[\w-]+|Authentication-Results|Precedence"
    r"|Errors-To):(?:\s|$)",
    re.IGNORECASE,
)
_HEADER = re.compile(r"([!-9;-~]+)\s*:[ \t]*(.*)", re.DOTALL)
_MBOX_FROM = re.compile(r"From \S+.{0,40}\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b.{0,60}\d{4}")
_PARAMETER = r"""(?:^|;|\s){}\s*=\s*(?:"([^"]*)"|([^\s;"]+))"""
_BOUNDARY = re.compile(_PARAMETER.format("boundary"), re.IGNORECASE)
_CHARSET = re.compile(_PARAMETER.format("charset"), re.IGNORECASE)
# arXiv's rules of 78 signs do not fit into a line of quoted-printable: a text copied out of a mail shows by it.
_BROKEN_RULE = re.compile(r"(?:-{75}|(?:%-){37}%|(?:%%--){18}%%-|(?:%%%---){12}%%%)=")
_ENCODED = ("quoted-printable", "base64")
# What a line may start with that is more than text: "From ", ">From ", boundaries and rules.
_MARKS = ("F", ">", "-", "%")
# What mail programs put before each line that they quote, and people who paste, before one that only a listing has.
_QUOTED = re.compile(r"((?:[ \t]*>){0,20}[ \t]*)(?:\\\\\s*\Z|-{40}|(?:%-){8}|(?:%%--){4}|%%%---)")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


class Line(NamedTuple):
    """A line of a mail's text without its end, and its place in the file, from 1."""

    number: int
    text: str


class Start(NamedTuple):
    """A mail begins: the date in its header as it is written there, and the line on which the header ends."""

    number: int
    date: str | None


class Mails:
    """The lines of a file of mails, or of a text without headers.

    Whoever reads them sets `inside` while "From:" and "Date:" at the start of a line belong to the text.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.inside = False
        self._stream = stream
        self._number = 0
        # The header that is being read, and whether it is that of a part.
        self._headers: list[str] | None = None
        self._header_size = 0
        self._part = False
        self._boundaries: set[str] = set()
        # What stands before each line of a listing that is quoted.
        self._quote = ""
        # No header is being read, and nothing is encoded: lines are text.
        self._plain = True
        # Before the first part, behind the last, and in parts that are no plain text.
        self._skipping = False
        self._body("", None)

    def __iter__(self) -> Iterator[Line | Start]:
        started = False
        for number, raw in enumerate(_lines(self._stream), 1):
            self._number = number
            line = raw.decode("latin-1").rstrip()
            if self._plain and self.inside and not self._quote and line[:1] not in _MARKS and raw.isascii():
                # Nearly every line of nearly every file.
                yield Line(number, line)
            elif started or line:
                yield from self._line(line, raw)
                started = True
        yield from self._rest()

    def _line(self, line: str, raw: bytes) -> Iterator[Line | Start]:
        if self._headers is not None:
            yield from self._header(line)
        elif (line.startswith("From ") and _MBOX_FROM.match(line)) or (not self.inside and _MAIL_HEADER.match(line)):
            yield from self._rest()
            self._headers = []
            self._part = self._plain = False
            yield from self._header(line)
        elif line.startswith("--") and line in self._boundaries:
            yield from self._rest()
            self._headers = []
            self._part = True
        elif line.endswith("--") and line[:-2] in self._boundaries:
            yield from self._rest()
            self._skipping = True
        elif not self._skipping:
            yield from self._decoded(line, raw)

    def _header(self, line: str) -> Iterator[Start]:
        assert self._headers is not None
        if line:
            self._header_size += len(line)
            if self._header_size > limits.MAIL_HEADER:
                return
            if line[0] in " \t" and self._headers:
                self._headers[-1] += " " + line.strip()
            else:
                self._headers.append(line)
            return
        fields: dict[str, str] = {}
        for header in self._headers:
            if match := _HEADER.fullmatch(header):
                fields.setdefault(match[1].lower(), match[2])
        self._headers = None
        self._header_size = 0
        content = fields.get("content-type", "text/plain")
        if boundary := _BOUNDARY.search(content):
            self._boundaries.add("--" + (boundary[1] or boundary[2] or ""))
        self._body(fields.get("content-transfer-encoding", ""), _CHARSET.search(content))
        readable = content.lower().startswith(("text/plain", "message/")) or not self._part
        self._skipping = not readable or content.lower().startswith("multipart/")
        self._plain = not (self._skipping or self._boundaries or self._transfer in _ENCODED)
        if not self._part:
            self._quote = ""
            yield Start(self._number, fields.get("date"))

    def _body(self, transfer: str, charset: re.Match[str] | None) -> None:
        """What follows is a text in this transfer encoding and this character set."""
        self._transfer = transfer.strip().lower()
        self._charset = _known_charset((charset[1] or charset[2]) if charset else "")
        # A line that goes on in the next one, and where it began.
        self._pending = b""
        self._pending_at = 0

    def _decoded(self, line: str, raw: bytes) -> Iterator[Line]:
        if not self._transfer and _BROKEN_RULE.fullmatch(line):
            self._transfer = "quoted-printable"
            self._plain = False
        if self._transfer == "quoted-printable":
            yield from self._quoted_printable(line)
        elif self._transfer == "base64":
            yield from self._base64(line)
        else:
            yield self._text(self._number, raw)

    def _quoted_printable(self, line: str) -> Iterator[Line]:
        if not self._pending:
            self._pending_at = self._number
        soft = line.endswith("=") and len(self._pending) < limits.MAIL_LINE
        self._pending += binascii.a2b_qp((line[:-1] if soft else line).encode("latin-1"))
        if not soft:
            whole, self._pending = self._pending, b""
            yield self._text(self._pending_at, whole)

    def _base64(self, line: str) -> Iterator[Line]:
        if not _BASE64.fullmatch(line) or len(line) % 4:
            if line:
                yield self._text(self._number, line.encode("latin-1"))
            return
        *whole, self._pending = (self._pending + binascii.a2b_base64(line)).split(b"\n")
        for each in whole:
            yield self._text(self._number, each)
        if len(self._pending) > limits.MAIL_LINE:
            yield from self._rest()

    def _rest(self) -> Iterator[Line]:
        """The end of a text: what still waited for its next line."""
        whole, self._pending = self._pending, b""
        if whole:
            yield self._text(self._number, whole)

    def _text(self, number: int, said: bytes) -> Line:
        text = said.decode(self._charset, "replace") if self._charset else _any_text(said)
        if text.startswith(">From "):
            # How mailboxes keep a line from looking like the start of a mail.
            text = text[1:]
        text = text.rstrip()
        if not self.inside and (mark := _QUOTED.match(text)):
            self._quote = mark[1]
        if self._quote:
            text = "" if text == self._quote.rstrip() else text.removeprefix(self._quote)
        return Line(number, text)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of `stream` without their ends (LF, CRLF or CR); a file in UTF-16 is made UTF-8."""
    chunk = stream.read(_CHUNK)
    encoding = text_lines.encoding(chunk)
    wide = codecs.getincrementaldecoder(encoding)("replace") if encoding.startswith("utf-16") else None
    chunk = chunk.removeprefix(codecs.BOM_UTF8)
    rest = b""
    while chunk:
        data = rest + (wide.decode(chunk).encode("utf-8", "replace") if wide else chunk)
        chunk = stream.read(_CHUNK)
        # The line feed of a carriage return may be in the next chunk.
        held = b"\r" if chunk and data.endswith(b"\r") else b""
        data = data.removesuffix(held).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *lines, rest = data.split(b"\n")
        yield from lines
        rest += held
        if len(rest) > limits.MAIL_LINE:
            yield rest
            rest = b""
    if rest:
        yield rest


def _any_text(said: bytes) -> str:
    try:
        return said.decode("utf-8")
    except UnicodeDecodeError:
        return said.decode("cp1252", "replace")


def _known_charset(name: str) -> str | None:
    """A character set that lines can be read in; None to tell by the bytes."""
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    if known == "iso8859-1":
        # Windows-1252 has quotation marks and dashes where that has controls that no text holds.
        return "cp1252"
    return known if known.startswith(("iso8859", "cp", "koi8", "gb", "big5", "euc", "shift")) else None
