"""What a server answered: papers, an error in its own words, or no listing at all."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

import msgspec

from store.fetching.network import Passing
from store.formats.registry import named
from store.model.entry import CutShort, Entry, Refused
from store.model.errors import ListingError
from store.text.clean import line

# Of what an error says so much is shown (characters), and so much of an answer is looked at for a sign (bytes).
_LONGEST_ERROR = 200
_HEAD = 4096
_PAGE_OF_THE_WEB = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S)
_TOTAL = re.compile(rb"<opensearch:totalResults[^>]*>\s*[1-9]")


class _Error(msgspec.Struct):
    error: str


def papers(body: bytes, format: str) -> int:
    """How many papers an answer in `format` holds, those that cannot be read among them.

    Raises ListingError when it is no listing or none of them can be read, Passing when it was cut on its way.
    """
    if _PAGE_OF_THE_WEB.match(body[:_HEAD]):
        raise ListingError("the answer is a web page and no listing; is there a page to sign in to in between?")
    if body.lstrip()[:1] == b"{" and (said := error(body)):
        raise ListingError(f"the answer is an error: {said}")
    read = 0
    refused: list[Refused] = []
    for item in named(format).read(io.BytesIO(body)):
        if isinstance(item, CutShort):
            raise Passing("the answer was cut short")
        if isinstance(item, Refused):
            refused.append(item)
        read += isinstance(item, Entry)
    if refused and not read:
        raise ListingError(f"none of its {len(refused)} papers can be read: {line(refused[0].reason)}")
    if not read and _TOTAL.search(body[:_HEAD]):
        # arXiv does so at times.
        raise Passing("the answer counts papers and holds none")
    return read + len(refused)


def joined(pages: Iterable[bytes]) -> bytes:
    """JSON arrays as one, their items unchanged except for bytes that are not UTF-8, which become U+FFFD.

    Raises ListingError when a page is not a JSON array.
    """
    try:
        items = [item for page in pages for item in msgspec.json.decode(_text(page), type=list[msgspec.Raw])]
    except (ValueError, RecursionError):
        raise ListingError("a page of the answer is not a JSON list; nothing was kept") from None
    return b"[" + b",\n".join(bytes(item) for item in items) + b"]\n"


def error(body: bytes) -> str:
    """What an error says of itself, as `{"error": …}` or as a feed of arXiv's; "" when that is not to be read."""
    try:
        return line(msgspec.json.decode(_text(body), type=_Error).error)[:_LONGEST_ERROR]
    except (ValueError, RecursionError):
        pass
    # Whatever else is wrong with a feed says nothing of what was asked.
    feed = named("arxiv-atom")
    if not feed.sniff(body, "") or b"/api/errors" not in body:
        return ""
    try:
        list(feed.read(io.BytesIO(body)))
    except ListingError as found:
        return line(str(found))[:_LONGEST_ERROR]
    return ""


def _text(body: bytes) -> str:
    """`body` as text. What is not UTF-8 is replaced here: JSON decoders differ in what they do with it."""
    return body.decode("utf-8-sig", "replace")
