"""RefWorks Tagged Format: each line is a tag, a space and a value, and each `RT` line starts an entry.

No line marks the end of an entry. But RefWorks itself always writes the tag OL last. So if the last entry of a file was
written by RefWorks and has no OL, the entry is incomplete. The value of SR shows who wrote an entry: RefWorks writes
"SR Electronic(1)", publishers write "SR Electronic". The date "02/10" means February 10th.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from store.formats.bibliography import fields, indexed_names
from store.formats.bibliography.tagged_records import Layout, Record, Records, Tagged
from store.model.entry import CutShort, Entry, Item, Refused
from store.model.errors import ListingError
from store.model.paper import Author, Paper

NAME = "refworks"
TITLE = "RefWorks tagged text"
FAMILY = "bibliography"
EXAMPLE = "refworks-export.txt"
STREAMS = False

# The tags in the legend that RefWorks prints above the entries of an export.
_KNOWN = frozenset({
    "RT", "SR", "ID", "A1", "T1", "JF", "JO", "YR", "FD", "VO", "IS", "SP", "OP", "K1", "AB", "NO", "A2", "T2",
    "ED", "PB", "PP", "A3", "A4", "A5", "A6", "T3", "SN", "AV", "AD", "AN", "LA", "CL", "SF", "OT", "LK", "DO",
    "CN", "DB", "DS", "IP", "RD", "ST", "UL", "SL", "LL", "CR", "WT", "WV", "WP", "OL", "PMID", "PMCID",
}) | {f"U{number}" for number in range(1, 16)}  # fmt: skip
_TAG = re.compile(r"([A-Z][A-Z0-9]|PMC?ID|U1\d)(?: (.*)|\s*$)")
_STARTS = re.compile(
    r"^RT (?:Abstract|Artwork|Bill|Book|Case|Computer|Conference|Court|Dissertation|DVD|Generic|Grant|Hearing|Journal"
    r"|Law|Magazine|Map|Monograph|Motion|Music|Newspaper|Online|Patent|Personal|Report|Resolution|Sound|Statute|Thesis"
    r"|Unpublished|Video|Web)",
    re.MULTILINE,
)
_HEADED = re.compile(r"\s*Refworks Export Tagged Format", re.IGNORECASE)
_OF_REFWORKS = re.compile(r"\w+\(\d?\)?")
_PARTS = ("book, section", "conference proceedings", "journal article", "journal, electronic", "abstract")


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is in RefWorks Tagged Format.

    The value is 0.95 for the heading of an export, and 0.9 for an RT line and a line with another common tag.
    """
    text = fields.start(head)
    if _HEADED.match(text):
        return 0.95
    return 0.9 if _STARTS.search(text) and re.search(r"^(?:SR|ID|A1|T1) \S", text, re.MULTILINE) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the file, in order."""
    index = notes = 0
    records = Records(stream, _LAYOUT)
    for complete in records:
        if fields.is_paper(complete.first("RT")):
            index += 1
            yield _item(index, complete)
        else:
            notes += 1
    record, last = records.unfinished, records.last_line
    if record is None:
        if last in ("R", "RT"):
            yield CutShort("the file ends in the first line of an entry")
            return
        raise ListingError("no RefWorks entry in this file")
    if _is_cut(record):
        yield CutShort(f"the file ends in the middle of the entry that starts at line {record.line}")
    elif not fields.is_paper(record.first("RT")):
        notes += 1
        if not index:
            raise ListingError("only notes in this RefWorks file, no paper")
    else:
        yield _item(index + 1, record)
        if last in ("R", "RT"):
            yield CutShort("the file ends in the first line of an entry")
    if notes:
        yield fields.left_out(notes)


def _tagged(line: str) -> Tagged | None:
    match = _TAG.fullmatch(line.strip())
    return (match[1], (match[2] or "").strip()) if match and match[1] in _KNOWN else None


_LAYOUT = Layout(_tagged, starts=lambda tag, record, after_blank: tag == "RT")


def _is_cut(record: Record) -> bool:
    """Whether `record`, the last of the file, is incomplete.

    A record is incomplete if its last tag is RT or SR. It is also incomplete if RefWorks wrote it and it has no tag OL,
    because RefWorks always writes OL last.
    """
    tags = record.tags
    return tags[-1] in ("RT", "SR") or (
        _OF_REFWORKS.fullmatch(record.first("SR") or "") is not None and "OL" not in tags
    )


def _item(index: int, record: Record) -> Entry | Refused:
    title = fields.plain(record.first("T1", "ST", "OT"))
    if title is None:
        return Refused(index, record.line, "no title")
    return Entry(paper=_paper(title, record), line=record.line)


def _paper(title: str, record: Record) -> Paper:
    kind = (record.first("RT") or "").lower()
    journal = record.first("JF", "T2", "JO", "WT", "T3")
    publisher = record.first("PB")
    if journal and (kind in _PARTS or not publisher):
        pages = fields.pages(record.first("SP"), record.first("OP"))
        venue = fields.venue(journal, record.first("VO"), record.first("IS"), pages)
    else:
        venue = fields.venue(publisher or journal)
    names = record.items("A1") or (record.items("A2") if kind in ("book, whole", "book, edited") else [])
    authors = fields.authors(indexed_names.given_first(name.strip() for each in names for name in each.split(";")))
    note = record.first("NO")
    pubmed = record.first("PMID")
    if len(authors) == 1:
        authors = (Author(authors[0].name, tuple(record.all("AD"))),)
    return fields.paper(
        title=title,
        abstract=fields.plain(record.first("AB")),
        authors=authors,
        published=fields.when(record.first("YR"), record.first("FD")),
        venue=venue,
        comment=fields.plain(note),
        dois=record.all("DO", "NO"),
        urls=[*record.all("UL"), *record.all("LK")],
        mentions=[*record.all("NO", "AN", "JF", "T2", "IP", "AV"), f"PMID: {pubmed}" if pubmed else None],
        keywords=record.all("K1"),
    )
