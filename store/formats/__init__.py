"""Listing formats: one module each. The registry is this folder.

A format module says `NAME` ("hf-text"), `FAMILY` (the source it belongs to: "hf", "arxiv", "bibliography", …),
`EXAMPLE` (a file name as people have it), and has `sniff` and `read`. One that reads in constant memory says
`STREAMS = True`, and its files may be of any length. `read` streams; it raises nothing but
`ListingError`, and gives text as the file has it: the importer cleans every entry.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import BinaryIO, Protocol

from store.paper import Item, ListingError

# How much of a file a format may look at to say whether it is its own.
HEAD_SIZE = 64 * 1024
# A format less sure than this does not get the file.
SURE_ENOUGH = 0.5


class Format(Protocol):
    """What a format module offers."""

    NAME: str
    FAMILY: str
    EXAMPLE: str

    def sniff(self, head: bytes, name: str) -> float:
        """How sure the format is, 0 to 1, that a file named `name` that starts with `head` is its own."""
        ...

    def read(self, stream: BinaryIO) -> Iterator[Item]:
        """The items of the listing, in file order. Raises ListingError when the file is none."""
        ...


@cache
def formats() -> tuple[Format, ...]:
    """Every format, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    return tuple(importlib.import_module(f"{__name__}.{name}") for name in names)


def named(name: str) -> Format:
    """The format called `name`. Raises ListingError when there is none."""
    for each in formats():
        if name == each.NAME:
            return each
    known = ", ".join(each.NAME for each in formats())
    raise ListingError(f"no format is called {name!r}; there are: {known}")


def detect(head: bytes, name: str) -> Format:
    """The format of a file by its first 64 KiB. Raises ListingError when no format knows it."""
    surest = max(formats(), key=lambda each: each.sniff(head, name))
    if surest.sniff(head, name) < SURE_ENOUGH:
        raise ListingError("not a listing that recto can read (see: recto formats)")
    return surest
