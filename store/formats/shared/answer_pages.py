"""Read responses of web services that contain one page of a longer list of papers; warn about the missing pages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import BinaryIO, TypeVar

import msgspec

from store.formats.shared import json_items
from store.formats.shared.json_items import Around, Path
from store.model.entry import Entry, Item, Warned

_Record = TypeVar("_Record")
_Page = TypeVar("_Page")


def one_page(count: int, total: int | None, noun: str = "papers") -> Warned:
    """The warning that a file contains only `count` papers of a longer list. `total` is None when it is unknown."""
    of = "" if total is None else f" of {total:,}"
    return Warned(f"one page of a longer answer: {count:,}{of} {noun} are in it")


def entries(
    stream: BinaryIO,
    decoder: msgspec.json.Decoder[_Record],
    entry: Callable[[_Record, int], Entry],
    page: msgspec.json.Decoder[_Page],
    total: Callable[[_Page], int | None],
    *,
    lists: Sequence[Path],
    landmarks: Collection[str] = (),
    noun: str = "papers",
) -> Iterator[Item]:
    """The entries of a response, as `json_items.entries` reads them, and a warning if it is one page of a longer list.

    `page` decodes the JSON object around the list of papers. `total` returns the number of all papers that this object
    states.
    """
    whole: int | None = None
    count = 0
    for item in json_items.entries(stream, decoder, entry, lists=lists, landmarks=landmarks):
        if isinstance(item, Around):
            around = json_items.around(item, page)
            stated = total(around) if around else None
            whole = whole if stated is None else stated
        else:
            count += isinstance(item, Entry)
            yield item
    if whole is not None and 0 < count < whole:
        yield one_page(count, whole, noun)
