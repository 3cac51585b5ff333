"""Examines the body of an answer: how many papers it has, or which error it explains."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

import msgspec

from store.fetching.network import TemporaryError
from store.formats.registry import named
from store.model.entry import CutShort, Entry, Refused
from store.model.errors import ListingError
from store.text.clean import line

# How many characters of an error text are shown.
_LONGEST_ERROR = 200
# How many bytes at the start of an answer decide what it is.
_HEAD = 4096
# Possessive: comments could otherwise be divided among the repetitions in ever more ways, and 30 of them take minutes.
_WEB_PAGE = re.compile(rb"\s*+(?:<!--(?>.*?-->)\s*+)*+<(?:!doctype\s+html|html)\b", re.I | re.S)
_TOTAL = re.compile(rb"<opensearch:totalResults[^>]*>\s*[1-9]")


class _Error(msgspec.Struct):
    error: str


def count_papers(body: bytes, format: str) -> int:
    """The number of papers in an answer in the listing format `format`, including those that cannot be read.

    Raises ListingError when it is not a listing or no paper can be read, and TemporaryError when it was cut short.
    """
    if _WEB_PAGE.match(body[:_HEAD]):
        raise ListingError("the answer is a web page and no listing; is there a page to sign in to in between?")
    if body.lstrip()[:1] == b"{" and (text := error_text(body)):
        raise ListingError(f"the answer is an error: {text}")
    read = 0
    refused: list[Refused] = []
    for item in named(format).read(io.BytesIO(body)):
        if isinstance(item, CutShort):
            raise TemporaryError("the answer was cut short")
        if isinstance(item, Refused):
            refused.append(item)
        read += isinstance(item, Entry)
    if refused and not read:
        raise ListingError(f"none of its {len(refused)} papers can be read: {line(refused[0].reason)}")
    if not read and _TOTAL.search(body[:_HEAD]):
        # arXiv sends such answers at times.
        raise TemporaryError("the answer counts papers and holds none")
    return read + len(refused)


def join_pages(pages: Iterable[bytes]) -> bytes:
    """One JSON array with the items of several. Items stay as they are, but bytes that are not UTF-8 become U+FFFD.

    Raises ListingError when a page is not a JSON array.
    """
    try:
        items = [item for page in pages for item in msgspec.json.decode(_text(page), type=list[msgspec.Raw])]
    except (ValueError, RecursionError):
        raise ListingError("a page of the answer is not a JSON list; nothing was kept") from None
    return b"[" + b",\n".join(bytes(item) for item in items) + b"]\n"


def error_text(body: bytes) -> str:
    """The explanation in an error answer: `{"error": …}`, or an error feed of arXiv. "" when there is none."""
    try:
        return line(msgspec.json.decode(_text(body), type=_Error).error)[:_LONGEST_ERROR]
    except (ValueError, RecursionError):
        pass
    # Only a feed with this address is an error feed; another feed may be wrong for reasons of its own.
    feed = named("arxiv-atom")
    if not feed.sniff(body, "") or b"/api/errors" not in body:
        return ""
    try:
        list(feed.read(io.BytesIO(body)))
    except ListingError as error:
        return line(str(error))[:_LONGEST_ERROR]
    return ""


def _text(body: bytes) -> str:
    """`body` as text. Bytes that are not UTF-8 are replaced here, because JSON decoders treat them differently."""
    return body.decode("utf-8-sig", "replace")
