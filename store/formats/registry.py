"""The list of all formats, and the choice of the format for a file.

A listing is a file with papers, for example a saved page, a mailing or a bibliography. Its entries are the papers.

To add a format, write a module in one of the packages below `store.formats` with all that `Format` describes, add its
path to `MODULES`, and add a sample to tests/store/formats/samples.py. If no other format has the new format's FAMILY
(the source of the listings), the FAMILY also needs a rank in `_FAMILIES` of store/matching/source_ranks.py. Tests fail
until all of these agree. `recto formats` and the table in the README (`make readme`) are made from the modules.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from typing import BinaryIO, Protocol

from store.model.entry import Item
from store.model.errors import ListingError

# The number of bytes at the start of a file that are passed to `sniff`.
HEAD_SIZE = 64 * 1024
# The format whose `sniff` returns the highest value reads the file, but only if that value is at least SURE_ENOUGH.
SURE_ENOUGH = 0.5
# Every format module, as a path below `store.formats`, in the order of their NAMEs. When the `sniff` functions of two
# formats return the same value for a file, the format that is earlier in this list reads the file.
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
    """The names that a format module must define. The module itself has these names, not a class in the module.

    The modules in `store.formats.shared` open and decode a file: `json_items` for JSON, `xml_records` for XML,
    `text_lines` for lines of text, `html_text` for web pages, `mail` for mailings. A format converts the lines or items
    that these modules yield into entries.
    """

    # The format's name in `--format NAME`, in reports and in libraries: "hf-text". The name must never change, because
    # libraries on disk store it.
    NAME: str
    # The format's name in texts for users: "Hugging Face Daily Papers, copied page text".
    TITLE: str
    # The source that the listings come from: "hf", "arxiv", "bibliography". Two entries of the same family with the
    # same title are treated as one paper even when nothing else confirms it. Where entries of different families
    # disagree, `_FAMILIES` in store/matching/source_ranks.py defines which family wins. The name must never change,
    # because libraries on disk store it.
    FAMILY: str
    # A typical file name: "daily-papers.txt".
    EXAMPLE: str
    # True if `read` needs constant memory. A file may then have any length, and a long file is read in a separate
    # process. If False, a file may have at most `limits.WHOLE_FILE` bytes.
    STREAMS: bool

    def sniff(self, head: bytes, name: str) -> float:
        """The certainty, from 0 to 1, that a file is in this format.

        `head` is the first HEAD_SIZE bytes; `name` is the file's name, which is only a hint. An implementation must
        take linear time and must not raise. It must look for features that no other format has, because every file is
        passed to the `sniff` functions of all formats.
        """
        ...

    def read(self, stream: BinaryIO) -> Iterator[Item]:
        """The items of the listing, in file order.

        An item is one of five types: an Entry is a paper; a Refused is an entry that cannot be read, with the reason; a
        ListingDay is the day that is printed above the listing; a Warned is any other message for the report of the
        import; a CutShort, always the last item, reports that the file is truncated. An implementation must leave the
        text of an entry as it is in the file, because the importer cleans every entry. An unknown value must be None,
        never 0 or "".

        If `stream` has an attribute `name`, it is the name of the file, which is only a hint, as in `sniff`.

        Raises ListingError when the file is not a listing of this format. It must raise no other error.
        """
        ...


@cache
def formats() -> tuple[Format, ...]:
    """The modules of all formats, in the order of `MODULES`."""
    return tuple(importlib.import_module(f"store.formats.{name}") for name in MODULES)


def named(name: str) -> Format:
    """The format whose NAME is `name`. Raises ListingError when there is none."""
    for each in formats():
        if name == each.NAME:
            return each
    names = ", ".join(each.NAME for each in formats())
    raise ListingError(f"no format is called {name!r}; there are: {names}")


def detect(head: bytes, name: str) -> Format:
    """The format of a file called `name` that starts with `head`. Raises ListingError when no format fits the file."""
    surest = max(formats(), key=lambda each: each.sniff(head, name))
    if surest.sniff(head, name) < SURE_ENOUGH:
        from store.formats import unknown_files

        described = unknown_files.description(head)
        raise ListingError(f"not a listing that recto can read: {described} (see: recto formats)")
    return surest
