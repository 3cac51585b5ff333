"""The listing formats, and the choice of the format that a file is in.

To add a format, write a module in one of the packages below `store.formats` with all that `Format` describes, and
add its path to `MODULES`. Nothing else keeps a list of formats: `recto formats` and the table in the README
(`make readme`) are made from these modules.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from typing import BinaryIO, Protocol

from store.model.entry import Item
from store.model.errors import ListingError

# How much of a file `sniff` gets to see (bytes).
HEAD_SIZE = 64 * 1024
# A file is read by the format that is surest about it, if that one is at least this sure.
SURE_ENOUGH = 0.5
# Every format module, as a path below `store.formats`. When two are equally sure of a file, the earlier one reads it.
MODULES = (
    "indexes.ads",
    "alerts.mail_alert",
    "arxiv.atom",
    "arxiv.mailing",
    "arxiv.listing_page",
    "arxiv.oai_pmh",
    "arxiv.rss",
    "arxiv.snapshot",
    "arxiv.listing_text",
    "bibliography.bibtex",
    "indexes.biorxiv",
    "links.bookmarks",
    "links.bookmarks_json",
    "indexes.crossref",
    "bibliography.csl_json",
    "bibliography.csl_yaml",
    "tables.delimited",
    "indexes.dblp",
    "indexes.dblp_xml",
    "bibliography.endnote_tagged",
    "bibliography.endnote_xml",
    "indexes.europe_pmc",
    "indexes.europe_pmc_xml",
    "feeds.paper_feed",
    "hugging_face.saved_page",
    "hugging_face.api_json",
    "hugging_face.copied_page",
    "indexes.inspire",
    "links.link_list",
    "links.saved_links",
    "bibliography.mods",
    "bibliography.nbib",
    "indexes.openalex",
    "indexes.openreview",
    "pages.paper_page",
    "indexes.papercopilot",
    "indexes.papers_with_code",
    "documents.pdf",
    "bibliography.pubmed",
    "bibliography.pubmed_summary",
    "bibliography.pubmed_text",
    "recto_jsonl",
    "bibliography.refworks",
    "bibliography.ris",
    "indexes.semantic_scholar",
    "bibliography.word_sources",
    "bibliography.web_of_science",
    "tables.excel",
    "bibliography.zotero_rdf",
)


class Format(Protocol):
    """A format module: the module itself, not a class in it, has these names.

    The readers in `store.formats.shared` open and decode a file: `json_items` for JSON, `xml_records` for XML,
    `text_lines` for lines of text, `html_text` for pages, `mail` for mailings. A format turns their pieces into
    entries.
    """

    # The format's name in `--format NAME`, in reports and in libraries: "hf-text". It never changes, because libraries
    # on disk hold it.
    NAME: str
    # The format's name for a person: "Hugging Face Daily Papers, copied page text".
    TITLE: str
    # The source that the listings come from: "hf", "arxiv", "bibliography". Two entries of the same family with the
    # same title are about one paper even when nothing else confirms it. `matching.merge` says which family is believed
    # first where entries differ; a family that it does not name comes last. Libraries on disk hold it.
    FAMILY: str
    # A typical file name: "daily-papers.txt".
    EXAMPLE: str
    # Whether `read` needs constant memory. Then a file may have any length, and a long one is read by a process of
    # its own. Files of other formats are limited to `limits.WHOLE_FILE` bytes.
    STREAMS: bool

    def sniff(self, head: bytes, name: str) -> float:
        """How sure the format is, from 0 to 1, that a file is its own.

        `head` is the first HEAD_SIZE bytes; `name` is the file's name, which is only a hint. Takes linear time, raises
        nothing, and decides by what only this format has: the sniffers of all formats see every file.
        """
        ...

    def read(self, stream: BinaryIO) -> Iterator[Item]:
        """The items of the listing, in file order.

        Items are: Entry, a paper; Refused, an entry that cannot be read, with the reason; ListingDay, the day that
        is printed over the listing; Warned, anything else the report should say; CutShort, at the end of a file that
        ends too early. An entry holds the text as the file has it, because the importer cleans every entry.
        Unknown values are None, never 0 or "".

        Raises ListingError, and no other error, when the file is not a listing of this format.
        """
        ...


@cache
def formats() -> tuple[Format, ...]:
    """Every format, in the order of `MODULES`."""
    return tuple(importlib.import_module(f"store.formats.{name}") for name in MODULES)


def named(name: str) -> Format:
    """The format with the NAME `name`. Raises ListingError when there is none."""
    for each in formats():
        if name == each.NAME:
            return each
    names = ", ".join(each.NAME for each in formats())
    raise ListingError(f"no format is called {name!r}; there are: {names}")


def detect(head: bytes, name: str) -> Format:
    """The format of a file called `name` that starts with `head`. Raises ListingError when no format knows it."""
    surest = max(formats(), key=lambda each: each.sniff(head, name))
    if surest.sniff(head, name) < SURE_ENOUGH:
        raise ListingError("not a listing that recto can read (see: recto formats)")
    return surest
