"""Read saved mails as lines of text. A file may contain several mails, and a mail several parts.

Headers, quoted-printable and base64 are decoded. A file without any header is read as plain text. Each line is decoded
separately, because the mails in one file may have different encodings.
"""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from store.formats.shared import text_lines
from store.model import limits

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
# arXiv's separator lines have 78 characters. A line of quoted-printable can have only 76, so the encoding breaks the
# separator with "=". Text with such a broken line was copied from an encoded mail without its headers.
_BROKEN_RULE = re.compile(r"(?:-{75}|(?:%-){37}%|(?:%%--){18}%%-|(?:%%%---){12}%%%)=")
_ENCODED = ("quoted-printable", "base64")
# A line that starts with one of these characters does not take the fast path in `Mails`, because it may be "From ",
# ">From ", a boundary or a separator line.
_MARKS = ("F", ">", "-", "%")
# Quotation marks (">") or indentation before a separator of a listing. Mail programs write them before each quoted
# line, and people add them when they paste a listing.
_QUOTED = re.compile(r"((?:[ \t]*>){0,20}[ \t]*)(?:\\\\\s*\Z|-{40}|(?:%-){8}|(?:%%--){4}|%%%---)")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


class Line(NamedTuple):
    """A line of a mail's text without its line end, and the number of the line in the file, from 1."""

    number: int
    text: str


class Start(NamedTuple):
    """The start of a mail.

    `number` is the line on which the headers end. `date` is the text of the `Date:` header, None if there is none.
    """

    number: int
    date: str | None


class Mails:
    """The lines of a file that contains mails, or text without headers.

    The caller sets `inside` to True while a line that starts with "From:" or "Date:" is part of the text. While it is
    False, such a line starts the headers of the next mail.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.inside = False
        self._stream = stream
        self._number = 0
        # The headers that are being read; None while no headers are being read. `_part` is True if the headers belong
        # to a part of a mail, and False if they belong to the mail itself.
        self._headers: list[str] | None = None
        self._header_size = 0
        self._part = False
        self._boundaries: set[str] = set()
        # The prefix of each line in a quoted listing, for example "> ".
        self._quote = ""
        # True while lines need no decoding: no header is being read, and the text has no transfer encoding.
        self._plain = True
        # True in lines to be skipped: before the first part, after the last part, and in parts that are not plain text.
        self._skipping = False
        self._body("", None)

    def __iter__(self) -> Iterator[Line | Start]:
        started = False
        for number, raw in enumerate(_lines(self._stream), 1):
            self._number = number
            line = raw.decode("latin-1").rstrip()
            if self._plain and self.inside and not self._quote and line[:1] not in _MARKS and raw.isascii():
                # This fast path handles nearly every line.
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
        """Prepare for the text after the headers.

        `transfer` is the transfer encoding in the headers, and `charset` the match of their character set, if any.
        """
        self._transfer = transfer.strip().lower()
        self._charset = _known_charset((charset[1] or charset[2] or "") if charset else "")
        # The start of a line that continues on the next line of the file, and the line number of that start.
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
        """Yield the last line of the text if it ends in a sign that it continues on a next line, which is missing."""
        whole, self._pending = self._pending, b""
        if whole:
            yield self._text(self._number, whole)

    def _text(self, number: int, encoded: bytes) -> Line:
        text = encoded.decode(self._charset, "replace") if self._charset else _utf8_or_windows_1252(encoded)
        if text.startswith(">From "):
            # In a mailbox file, a line that starts with "From " begins a new mail. So programs write ">" before a line
            # of text that starts with "From ".
            text = text[1:]
        text = text.rstrip()
        if not self.inside and (mark := _QUOTED.match(text)):
            self._quote = mark[1]
        if self._quote:
            text = "" if text == self._quote.rstrip() else text.removeprefix(self._quote)
        return Line(number, text)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of `stream` without their ends (LF, CRLF or CR); UTF-16 is converted to UTF-8."""
    rest = b""
    for chunk in text_lines.utf8_chunks(stream):
        data = rest + chunk
        # The next chunk may start with the line feed that belongs to this carriage return.
        last_return = b"\r" if data.endswith(b"\r") else b""
        data = data.removesuffix(last_return).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *lines, rest = data.split(b"\n")
        yield from lines
        rest += last_return
        if len(rest) > limits.MAIL_LINE:
            yield rest
            rest = b""
    if rest:
        yield rest.removesuffix(b"\r")


def _utf8_or_windows_1252(encoded: bytes) -> str:
    try:
        return encoded.decode("utf-8")
    except UnicodeDecodeError:
        return encoded.decode("cp1252", "replace")


def _known_charset(name: str) -> str | None:
    """The codec for the character set in a mail's header; None when the encoding must be found from the bytes."""
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    if codec == "iso8859-1":
        # Windows-1252 is Latin-1 with quotation marks and dashes in place of control characters that text does not use.
        return "cp1252"
    return codec if codec.startswith(("iso8859", "cp", "koi8", "gb", "big5", "euc", "shift")) else None
