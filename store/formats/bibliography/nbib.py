"""PubMed's tagged text, the .nbib file behind its "Cite" and "Save" buttons: `PMID- `, fields, and SO as the last one.

Dates and titles are read as from PubMed's XML. Unknown tags are read and not used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from store.formats.bibliography import fields, medline
from store.formats.bibliography.tagged_records import Record
from store.formats.shared import text_lines
from store.model.entry import CutShort, Entry, Item, Refused
from store.model.errors import ListingError
from store.model.paper import Author, Paper

NAME = "nbib"
TITLE = "PubMed tagged text (.nbib)"
FAMILY = "pubmed"
EXAMPLE = "pubmed-set.nbib"
STREAMS = False

_TAG = re.compile(r"([A-Z]{2,4}) {0,2}-(?: (.*)|$)")
_GOES_ON = "      "
_STARTS = re.compile(r"^PMID- ?\d+\s*$", re.MULTILINE)
_OWN = re.compile(r"^(?:OWN |STAT|TI  |FAU |DP  |JT  )- ", re.MULTILINE)
_CUT_TAG = re.compile(r"P(?:M(?:I(?:D-? ?)?)?)?")
# "10.1038/nature14539 [doi]"
_KIND = re.compile(r"(\S+) \[(\w+)\]")
# "2015 May 28", and not "2015 May" or "2015 May-Jun".
_WHOLE_DAY = re.compile(r"\d{4} [A-Z][a-z]{2} \d{1,2}")
_INITIALS = re.compile(r"(.+) ([^\W\d_a-z]{1,4}(?:-[^\W\d_a-z])?)")


def sniff(head: bytes, name: str) -> float:
    """Sure by the number of a record and a field that can follow it."""
    text = fields.start(head)
    return 0.95 if _STARTS.search(text) and _OWN.search(text) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The records, one at a time."""
    index = 0
    record: Record | None = None
    last = ""
    ended = True
    with text_lines.open_text(stream) as opened:
        for number, raw in enumerate(opened, 1):
            ended = raw.endswith("\n")
            line = raw.replace("\ufeff", "").rstrip()
            last = line or last
            match = None if line.startswith(_GOES_ON) else _TAG.fullmatch(line)
            if match is None:
                if record and line:
                    record.go_on(line.strip())
                continue
            tag, value = match[1], (match[2] or "").strip()
            if tag == "PMID":
                if record:
                    index += 1
                    yield _item(index, record)
                record = Record(number)
            if record:
                record.add(tag, value)
    if record is None:
        if _CUT_TAG.fullmatch(last):
            yield CutShort("the file ends in the first line of a record")
            return
        raise ListingError("no PubMed record in this file")
    source = record.first("SO")
    if source:
        yield _item(index + 1, record)
    if not source or _CUT_TAG.fullmatch(last) or not (ended or source.endswith(".")):
        yield CutShort(f"the file ends in the middle of the record at line {record.line}, or behind it")


def _item(index: int, record: Record) -> Entry | Refused:
    title = medline.title(_said(record, "TI", "BTI"), _said(record, "TT"))
    if title is None:
        return Refused(index, record.line, "no title")
    return Entry(paper=_paper(title, record), line=record.line)


def _paper(title: str, record: Record) -> Paper:
    printed = record.first("DP")
    journal, book = _said(record, "JT", "TA"), _said(record, "BTI")
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
        abstract=fields.plain(_said(record, "AB", "OAB")),
        authors=_authors(record),
        published=medline.published(
            fields.when(record.first("DEP")),
            fields.when(printed),
            printed_is_whole=bool(printed and _WHOLE_DAY.fullmatch(printed)),
        ),
        venue=venue,
        identifiers=[*identifiers, *(("pmc", number) for number in record.all("PMC"))],
        pmid=record.first("PMID"),
    )


def _authors(record: Record) -> tuple[Author, ...]:
    """The authors in full where FAU has them, each with the addresses behind them, and the groups among them; the
    editors of a book that has none."""
    tags = [tag for tag, _ in record.fields]
    names = "FAU" if "FAU" in tags else "AU" if "AU" in tags else "FED" if "CN" not in tags else ""
    found: list[tuple[str, list[str]]] = []
    for tag, lines in record.fields:
        text = " ".join(lines).strip()
        if tag in (names, "CN") and text:
            found.append((_person(text) if tag != "CN" else text, []))
        elif tag == "AD" and found and text:
            found[-1][1].append(text)
    return tuple(Author(name, tuple(addresses)) for name, addresses in found)


def _person(name: str) -> str:
    """ "LeCun, Yann", or "LeCun Y" where only that is given."""
    if "," not in name and (match := _INITIALS.fullmatch(name)):
        return f"{match[2]} {match[1]}"
    return fields.person(name)


def _said(record: Record, *tags: str) -> str | None:
    text = record.first(*tags)
    return " ".join(text.split()) if text else None
