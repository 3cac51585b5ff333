"""Read bookmarks in JSON: backups of Firefox, and the bookmark file of Chromium and browsers that are based on it.

A folder is an object with the key `children`. Links that do not lead to a paper are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, BinaryIO

import msgspec

from store.formats.links.linked_papers import LinkedPapers
from store.formats.links.page_titles import page_title
from store.formats.shared import text_lines
from store.model.entry import Item, Warned
from store.model.errors import ListingError

NAME = "bookmarks-json"
TITLE = "Browser bookmarks as JSON (Firefox, Chromium)"
FAMILY = "links"
EXAMPLE = "bookmarks-backup.json"
STREAMS = False

# Strings that occur only in bookmark files: one for Firefox, one for Chromium.
_FIREFOX, _CHROMIUM = '"text/x-moz-place', '"bookmark_bar"'
# Chromium counts microseconds since the epoch of Windows, and Firefox since the epoch of Unix.
_WINDOWS_EPOCH, _UNIX_EPOCH = datetime(1601, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)
_MOST_MICROSECONDS = 10**17


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is a backup of Firefox or the bookmark file of Chromium: 0.97 or 0."""
    text = text_lines.text(head).lstrip("\ufeff \t\r\n")
    if not text.startswith("{"):
        return 0.0
    return 0.97 if _FIREFOX in text or (_CHROMIUM in text and '"roots"' in text) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The bookmarked papers, in file order. Raises ListingError when the file is empty or is not complete JSON."""
    with text_lines.open_text(stream) as opened:
        text = opened.read()
    if not text.strip():
        raise ListingError("an empty file")
    try:
        root = msgspec.json.decode(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        raise ListingError("the bookmarks are not whole JSON; export them again") from None
    papers = LinkedPapers()
    for bookmark in _bookmarks(root):
        address, title = bookmark.get("uri") or bookmark.get("url"), bookmark.get("title") or bookmark.get("name")
        if not isinstance(address, str):
            continue
        entry = papers.entry(address, page_title(title) if isinstance(title, str) else None, listed_on=_added(bookmark))
        if entry:
            yield entry
    if not papers.has_links:
        yield Warned("the file holds no bookmarks")
    yield from papers.remarks()


def _bookmarks(root: Any) -> Iterator[dict[str, Any]]:
    """The objects with an address in all folders, in the order of the file."""
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            if "uri" in value or "url" in value:
                yield value
            roots = value.get("roots")
            waiting += reversed(list(roots.values()) if isinstance(roots, dict) else [])
            waiting.append(value.get("children"))


def _added(bookmark: dict[str, Any]) -> date | None:
    """The day on which a bookmark was added; None when the bookmark contains no time."""
    for name, epoch in (("dateAdded", _UNIX_EPOCH), ("date_added", _WINDOWS_EPOCH)):
        value = bookmark.get(name)
        if isinstance(value, int | str) and str(value).isascii() and str(value).isdigit():
            microseconds = int(value) if len(str(value)) <= len(str(_MOST_MICROSECONDS)) else 0
            return (epoch + timedelta(microseconds=microseconds)).date() if microseconds else None
    return None
