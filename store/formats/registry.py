"""The listing formats, and which of them a file is in.

A format module says `NAME` ("hf-text"), `FAMILY` (the source it belongs to: "hf", "arxiv", "bibliography", …),
`EXAMPLE` (a file name as people have it), and has `sniff` and `read`. One that reads in constant memory says
`STREAMS = True`, and its files may be of any length. `read` streams; it raises nothing but
`ListingError`, and gives text as the file has it: the importer cleans every entry.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from typing import BinaryIO, Protocol

from store.model.entry import Item
from store.model.errors import ListingError

# How much of a file a format may look at to say whether it is its own.
HEAD_SIZE = 64 * 1024
# A format less sure than this does not get the file.
SURE_ENOUGH = 0.5
# Every format module, as a path below `store.formats`.
MODULES = (
    "arxiv.atom",
    "arxiv.mailing",
    "arxiv.oai_pmh",
    "arxiv.rss",
    "arxiv.snapshot",
    "bibliography.bibtex",
    "indexes.crossref",
    "bibliography.csl_json",
    "tables.delimited",
    "bibliography.endnote_tagged",
    "bibliography.endnote_xml",
    "hugging_face.saved_page",
    "hugging_face.api_json",
    "hugging_face.copied_page",
    "bibliography.nbib",
    "indexes.openalex",
    "indexes.papers_with_code",
    "bibliography.pubmed",
    "recto_jsonl",
    "bibliography.refworks",
    "bibliography.ris",
    "indexes.semantic_scholar",
    "bibliography.web_of_science",
    "bibliography.zotero_rdf",
)


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
    """Every format, in the order of `MODULES`. When two formats are equally sure, the earlier one gets the file."""
    return tuple(importlib.import_module(f"store.formats.{name}") for name in MODULES)


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
