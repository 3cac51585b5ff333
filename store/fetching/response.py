"""Examine the body of an HTTP answer: for example, count the papers in it or find the error message in it."""

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

# A longer error message is shortened to this many characters.
_LONGEST_ERROR = 200
# Only this many bytes at the start of an answer are examined to find out whether it is a web page.
_HEAD = 4096
# The largest number of models that are stored for one paper, and the largest number of data sets.
_MOST_REPOSITORIES = 20
# Possessive quantifiers avoid exponential backtracking: without them, 30 comments at the start of a page take minutes.
_WEB_PAGE = re.compile(rb"\s*+(?:<!--(?>.*?-->)\s*+)*+<(?:!doctype\s+html|html)\b", re.I | re.S)
_TOTAL = re.compile(rb"<opensearch:totalResults[^>]*>\s*[1-9]")


class _Repository(msgspec.Struct):
    id: str


class _Repositories(msgspec.Struct):
    models: list[_Repository] = []
    datasets: list[_Repository] = []


class _Error(msgspec.Struct):
    error: str


def is_web_page(body: bytes) -> bool:
    """Whether an answer begins as an HTML page does. Comments may come first."""
    return _WEB_PAGE.match(body[:_HEAD]) is not None


def count_papers(body: bytes, format: str) -> int:
    """The number of papers in an answer in the listing format `format`, including papers that cannot be read.

    Raises ListingError when `body` is not a listing or none of its papers can be read. Raises TemporaryError when
    `body` is truncated, or when it states a number of papers but contains none.
    """
    if is_web_page(body):
        raise ListingError("the answer is a web page and no listing; is there a page to sign in to in between?")
    if body.lstrip()[:1] == b"{" and (text := error_text(body)):
        raise ListingError(f"the answer is an error: {text}")
    read = refused = 0
    reason = ""
    for item in named(format).read(io.BytesIO(body)):
        if isinstance(item, CutShort):
            raise TemporaryError("the answer was cut short")
        if isinstance(item, Refused):
            refused += 1
            reason = reason or item.reason
        read += isinstance(item, Entry)
    if refused and not read:
        raise ListingError(f"none of its {refused:,} papers can be read: {line(reason)}")
    if not read and _TOTAL.search(body[:_HEAD]):
        # arXiv sometimes states a number of papers but sends none. If the request is repeated, it succeeds.
        raise TemporaryError("the answer counts papers and holds none")
    return read + refused


def join_pages(pages: Iterable[bytes]) -> bytes:
    """One JSON array with the items of all `pages`, each of which must be a JSON array.

    Items stay unchanged, except that bytes that are not UTF-8 become U+FFFD.

    Raises ListingError when a page is not a JSON array.
    """
    try:
        items = [item for page in pages for item in msgspec.json.decode(_text(page), type=list[msgspec.Raw])]
    except (ValueError, RecursionError):
        raise ListingError("a page of the answer is not a JSON list; nothing was kept") from None
    return b"[" + b",\n".join(bytes(item) for item in items) + b"]\n"


def linked_repositories(body: bytes) -> dict[str, object]:
    """The models and data sets in an answer about the repositories that cite a paper, as JSON keys for the data of the
    paper.

    Raises ListingError when `body` is not such an answer.
    """
    try:
        repositories = msgspec.json.decode(_text(body), type=_Repositories)
    except (ValueError, RecursionError):
        raise ListingError("the answer does not list models and data sets") from None
    return {
        "linkedModels": [{"id": each.id} for each in repositories.models[:_MOST_REPOSITORIES]],
        "linkedDatasets": [{"id": each.id} for each in repositories.datasets[:_MOST_REPOSITORIES]],
    }


def with_keys(body: bytes, keys: dict[str, object]) -> bytes:
    """Add `keys` to the JSON object `body`. Raises ListingError when `body` is not a JSON object."""
    try:
        item = msgspec.json.decode(_text(body), type=dict[str, msgspec.Raw])
    except (ValueError, RecursionError):
        raise ListingError("the answer is not a paper") from None
    return msgspec.json.encode({**item, **keys})


def error_text(body: bytes) -> str:
    """The message in an error answer, which is `{"error": …}` or an error feed of arXiv; "" for any other answer."""
    try:
        return line(msgspec.json.decode(_text(body), type=_Error).error)[:_LONGEST_ERROR]
    except (ValueError, RecursionError):
        pass
    # arXiv's error feeds contain this address. For any other feed, the message of the ListingError would come from
    # recto and not from arXiv.
    feed = named("arxiv-atom")
    if not feed.sniff(body, "") or b"/api/errors" not in body:
        return ""
    try:
        list(feed.read(io.BytesIO(body)))
    except ListingError as error:
        return line(str(error))[:_LONGEST_ERROR]
    return ""


def _text(body: bytes) -> str:
    """Decode `body`. Bytes that are not UTF-8 are replaced here, because JSON decoders differ in how they
    treat them.
    """
    return body.decode("utf-8-sig", "replace")
