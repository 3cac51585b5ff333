"""PubMed's tagged text: the .nbib files that PubMed's buttons "Cite" and "Save" write, and the .nbib files of ERIC.

A record starts with the line `PMID- ` and ends with the field SO. In a file of ERIC, it starts with the line
`OWN - ERIC` and ends with the field PT. Dates and titles are interpreted as in PubMed's XML. Unknown tags are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from store.formats.bibliography import fields, medline
from store.formats.bibliography.tagged_records import Layout, Record, Records, Tagged
from store.model.entry import CutShort, Entry, Item, Refused
from store.model.errors import ListingError
from store.model.paper import Author, Paper

NAME = "nbib"
TITLE = "PubMed and ERIC tagged text (.nbib)"
FAMILY = "pubmed"
EXAMPLE = "pubmed-set.nbib"
STREAMS = False

_TAG = re.compile(r"([A-Z]{2,4}) {0,2}-(?: (.*)|$)")
_CONTINUATION = "      "
_STARTS = re.compile(r"^(?:PMID- ?\d+|OWN - ERIC)\s*$", re.MULTILINE)
_OWN = re.compile(r"^(?:OWN |STAT|TI  |FAU |DP  |JT  )- ", re.MULTILINE)
_CUT_TAG = re.compile(r"P(?:M(?:I(?:D-? ?)?)?)?")
# An identifier followed by its kind, for example "10.1038/nature14539 [doi]".
_KIND = re.compile(r"(\S+) \[(\w+)\]")
# A date with a day, for example "2015 May 28", but not "2015 May" or "2015 May-Jun".
_WHOLE_DAY = re.compile(r"\d{4} [A-Z][a-z]{2} \d{1,2}")


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is PubMed's tagged text.

    The value is 0.95 if the file has a PMID line and a line with another tag of PubMed.
    """
    text = fields.start(head)
    return 0.95 if _STARTS.search(text) and _OWN.search(text) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the file, in order."""
    index = 0
    records = Records(stream, _LAYOUT)
    for index, complete in enumerate(records, 1):
        yield _item(index, complete)
    record = records.unfinished
    if record is None:
        if _CUT_TAG.fullmatch(records.last_line):
            yield CutShort("the file ends in the first line of a record")
            return
        raise ListingError("no PubMed record in this file")
    source = record.first("PT" if _is_of_eric(record) else "SO")
    if source:
        yield _item(index + 1, record)
    is_whole = source and (records.has_final_newline or source.endswith("."))
    if not is_whole or _CUT_TAG.fullmatch(records.last_line):
        yield CutShort(f"the file ends in the middle of the record at line {record.line}, or behind it")


def _tagged(line: str) -> Tagged | None:
    match = None if line.startswith(_CONTINUATION) else _TAG.fullmatch(line)
    return (match[1], (match[2] or "").strip()) if match else None


def _starts(tag: str, record: Record | None, after_blank: bool) -> bool:
    """Whether a line with `tag` starts a new record after `record`. A record of ERIC starts with its owner."""
    return tag == "PMID" or (tag == "OWN" and (record is None or record.first("OWN") is not None))


_LAYOUT = Layout(_tagged, _starts)


def _is_of_eric(record: Record) -> bool:
    return record.first("OWN") == "ERIC"


def _item(index: int, record: Record) -> Entry | Refused:
    title = medline.title(record.first_line("TI", "BTI"), record.first_line("TT"))
    if title is None:
        return Refused(index, record.line, "no title")
    return Entry(paper=_paper(title, record), line=record.line)


def _paper(title: str, record: Record) -> Paper:
    printed = record.first("DP")
    journal, book = record.first_line("JT", "TA"), record.first_line("BTI")
    if journal:
        venue = fields.venue(journal, record.first("VI"), record.first("IP"), record.first("PG"))
    else:
        whole = book if record.first("TI") else None
        venue = fields.venue(whole, pages=record.first("PG")) if whole else fields.venue(record.first("PB"))
    identifiers: list[tuple[str | None, str]] = [
        (match[2], match[1]) for text in record.all("LID", "AID") if (match := _KIND.fullmatch(text))
    ]
    return medline.paper(
        title,
        abstract=fields.plain(record.first_line("AB", "OAB")),
        authors=_authors(record),
        published=medline.published(
            fields.when(record.first("DEP")),
            fields.when(printed),
            printed_is_whole=bool(printed and _WHOLE_DAY.fullmatch(printed)),
        ),
        venue=venue,
        identifiers=[*identifiers, *(("pmc", number) for number in record.all("PMC"))],
        pmid=record.first("PMID"),
        pages=[text for text in record.all("LID", "AID") if text.startswith("http")],
    )


def _authors(record: Record) -> tuple[Author, ...]:
    """The authors, each with the addresses that follow the name. Groups keep their position among the authors.

    The names are read from FAU (full names), or, without FAU, from AU. For a book without authors and groups, the
    editors become the authors.
    """
    tags = record.tags
    names = "FAU" if "FAU" in tags else "AU" if "AU" in tags else "FED" if "CN" not in tags else ""
    with_addresses: list[tuple[str, list[str]]] = []
    for tag, lines in record.fields:
        text = " ".join(lines).strip()
        if tag in (names, "CN") and text:
            with_addresses.append((medline.person(text) if tag != "CN" else text, []))
        elif tag == "AD" and with_addresses and text:
            with_addresses[-1][1].append(text)
    return tuple(Author(name, tuple(addresses)) for name, addresses in with_addresses)
