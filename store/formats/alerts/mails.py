"""Read the mails in a file: one saved mail, or a mailbox with several mails. Bodies and headers are decoded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime

import msgspec

# Matches the line with which each mail in a mailbox file starts. `store.formats.shared.mail` has the same pattern for
# decoded lines.
_MBOX_FROM = re.compile(rb"^From \S+.{0,40}\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b.{0,60}\d{4}[^\n]{0,20}\n", re.MULTILINE)
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,76}:(?:[ \t]|[\r\n])")
_IS_MAIL = re.compile(
    rb"^(?:MIME-Version|Content-Type|Message-ID|Received|Return-Path|Delivered-To|Subject|From)\s?:",
    re.MULTILINE | re.I,
)
_LENGTH = re.compile(rb"(\d{1,9})[ \t]*\n(?=[!-9;-~]{1,76}:)")
# `is_mail` looks for headers in this many bytes at the start of a file.
_HEADERS = 32 * 1024


class Mail(msgspec.Struct, frozen=True):
    """A mail: the day on which it was sent (in UTC), its sender and subject, and its bodies as HTML and as text."""

    sent_on: date | None
    sender: str
    subject: str
    pages: tuple[str, ...]
    texts: tuple[str, ...]


def is_mail(head: bytes) -> bool:
    """Whether a file that starts with `head` is a mail or a mailbox, with headers at its start."""
    start = _normal(head[: 2 * _HEADERS])
    if _MBOX_FROM.match(start):
        return True
    headers = start[:_HEADERS].partition(b"\n\n")[0]
    return _HEADER_LINE.match(start) is not None and len(set(map(bytes.lower, _IS_MAIL.findall(headers)))) >= 2


def mails(content: bytes) -> Iterator[Mail]:
    """Yield every mail in a file. A mail that cannot be parsed is yielded without a body."""
    content = _normal(content)
    starts = [match.end() for match in _MBOX_FROM.finditer(content)]
    if not starts or _MBOX_FROM.match(content) is None:
        yield _mail(content)
        return
    ends = [match.start() for match in _MBOX_FROM.finditer(content)][1:]
    for start, end in zip(starts, [*ends, len(content)], strict=True):
        yield _mail(content[start:end])


def _normal(content: bytes) -> bytes:
    """The content of a file with every line end as a line feed, and without anything before the first header."""
    content = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip()
    # In a file of Apple Mail, the length of the mail is on the line above the mail, and a property list follows the
    # mail.
    length = _LENGTH.match(content)
    return content[length.end() :][: int(length[1])] if length else content


def _mail(content: bytes) -> Mail:
    pages: list[str] = []
    texts: list[str] = []
    try:
        message = message_from_bytes(content)
        for part in message.walk():
            if part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment":
                (pages if part.get_content_subtype() == "html" else texts).append(_body(part))
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError):
        # The parser of the standard library raises these errors for invalid headers and boundaries.
        message = Message()
    return Mail(_sent_on(message), _header(message, "From"), _header(message, "Subject"), tuple(pages), tuple(texts))


def _body(part: Message) -> str:
    """The text of a part of a mail: as UTF-8 if the bytes are valid UTF-8, otherwise in the declared character set."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return payload.decode(part.get_content_charset() or "cp1252", "replace")
    except (LookupError, ValueError):
        return payload.decode("cp1252", "replace")


def _header(message: Message, name: str) -> str:
    """The header `name` as text, with its encoded words decoded; "" when the mail has no such header."""
    written = message.get(name)
    if written is None:
        return ""
    words: list[str] = []
    try:
        for word, charset in decode_header(str(written)):
            words.append(word.decode(charset or "latin-1", "replace") if isinstance(word, bytes) else word)
    except (LookupError, ValueError):
        return str(written)
    return " ".join("".join(words).split())


def _sent_on(message: Message) -> date | None:
    """The day in UTC on which a mail was sent; None when its `Date:` header is missing or is not a date."""
    try:
        sent = parsedate_to_datetime(str(message.get("Date", "")))
        return (sent.astimezone(UTC) if sent.tzinfo else sent).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
