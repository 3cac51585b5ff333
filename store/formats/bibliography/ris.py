"""RIS, as reference managers and publishers export it: an entry is a line `TY  - `, fields, and a line `ER  - `.

The year is that in PY or, if it is missing, that in DA or Y1. Month and day may come from any of these three fields.
Unknown tags, and text or fields between two entries (which Ovid writes), are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from store.formats.bibliography import fields, indexed_names
from store.formats.bibliography.tagged_records import Layout, Record, Records, Tagged
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Paper

NAME = "ris"
TITLE = "RIS"
FAMILY = "bibliography"
EXAMPLE = "citations.ris"
STREAMS = False

_KNOWN = frozenset({
    "A1", "A2", "A3", "A4", "AB", "AD", "AN", "AU", "AV", "BT", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8",
    "CA", "CN", "CP", "CR", "CT", "CY", "D1", "D2", "DA", "DB", "DI", "DO", "DP", "ED", "EP", "ER", "ET", "H1",
    "H2", "ID", "IS", "J1", "J2", "JA", "JF", "JO", "KW", "L1", "L2", "L3", "L4", "LA", "LB", "LK", "M1", "M2",
    "M3", "M4", "N1", "N2", "NO", "NV", "OP", "PA", "PB", "PP", "PY", "RD", "RI", "RN", "RP", "SE", "SN", "SP",
    "ST", "SV", "T1", "T2", "T3", "TA", "TI", "TS", "TT", "TY", "U1", "U2", "U3", "U4", "U5", "UR", "VL", "VO",
    "WP", "WT", "WV", "Y1", "Y2",
})  # fmt: skip
# With the spacing of the standard, "AB  - ", a line may have any tag. With another spacing, only known tags count,
# because a line of text may start in a similar way, for example "AB - initio".
_STRICT = re.compile(r"\s*([A-Z][A-Z0-9])  -(?: (.*)|$)")
_LOOSE = re.compile(r"\s*([A-Z][A-Z0-9])(?:\s+-(.*)|-(?:\s(.*)|$))")
_TYPE = re.compile(r"\s*TY\s*-\s*(\S.*)")
_END = re.compile(r"\s*ER\s*-?\s*")
_CUT_TYPE = re.compile(r"\s*TY?\s*")
# The white space in this pattern excludes line feeds. Otherwise, in a run of empty lines, the search would scan from
# each line to the end of the run, which takes quadratic time.
_STARTS = re.compile(r"^[^\S\n]*+TY[^\S\n]*+-[ \t]*+\S", re.MULTILINE)
_NOTE_OF_A_READER = re.compile(r"\s*<(?:p|div|h\d)\b", re.IGNORECASE)

# Types of works that are not part of a journal or book. The venue of such a work is its publisher.
_WHOLE = frozenset({
    "BOOK", "EBOOK", "EDBOOK", "SER", "JFULL", "THES", "RPRT", "DATA", "STAND", "COMP", "GOVDOC", "PAMP", "PAT",
    "AGGR", "DBASE",
})  # fmt: skip
_EDITED = frozenset(("BOOK", "EBOOK", "EDBOOK", "SER"))
_JOURNAL = ("JF", "T2", "BT", "JO", "JA", "J2", "J1", "T3")


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is RIS: 0.95 if a line of it starts an entry."""
    text = fields.start(head)
    if text[:1] in ("<", "{", "["):
        return 0.0
    return 0.95 if _STARTS.search(text) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the file, in order."""
    index = notes = 0
    has_report = False
    for record in _records(stream):
        if not isinstance(record, Record):
            has_report = True
            yield record
        elif not fields.is_paper(record.first("TY")):
            notes += 1
        else:
            index += 1
            paper = _paper(record)
            yield Entry(paper=paper, line=record.line) if paper else Refused(index, record.line, "no title")
    if not index and not has_report:
        raise ListingError("only notes in this RIS file, no paper" if notes else "no RIS entry in this file")
    if notes:
        yield fields.left_out(notes)


def _records(stream: BinaryIO) -> Iterator[Record | CutShort | Warned]:
    """The complete records; then a report if the last record is not or may not be complete."""
    records = Records(stream, _LAYOUT)
    closed = unclosed = 0
    for record in records:
        if _is_stray(record):
            continue
        closed += record.is_closed
        unclosed += not record.is_closed
        yield record
    if unclosed:
        yield Warned(f"entries without an ER line at their end: {unclosed}")
    rest = records.unfinished
    if rest and _is_stray(rest):
        rest = None
    if rest and unclosed and not closed:
        yield rest
        yield Warned("no entry has an ER line: whether the last one is whole cannot be told")
    elif rest:
        yield CutShort(f"the file ends in the middle of the entry that starts at line {rest.line}")
    elif _CUT_TYPE.fullmatch(records.last_line):
        yield CutShort("the file ends in the first line of an entry")


def _tagged(line: str) -> Tagged | None:
    """The tag and value of a line, in strict or loose spacing; None for a line without a tag."""
    # Nearly all lines have a known tag and the spacing of the standard, and need no pattern.
    if line[2:6] == "  - " and line[:2] in _KNOWN:
        return line[:2], line[6:].strip()
    return _matched(line)


def _matched(line: str) -> Tagged | None:
    """The same as `_tagged`, found with patterns."""
    if match := _TYPE.fullmatch(line):
        return ("TY", match[1].strip())
    if match := _STRICT.fullmatch(line):
        return (match[1], (match[2] or "").strip())
    if (match := _LOOSE.fullmatch(line)) and match[1] in _KNOWN:
        return (match[1], (match[2] or match[3] or "").strip())
    return ("ER", "") if _END.fullmatch(line) else None


def _starts(tag: str, record: Record | None, after_blank: bool) -> bool:
    """Whether a line with `tag` starts a new entry after `record`.

    A TY line does, with one exception: if the file has fields before its first TY line, and these fields alone form no
    paper, then they belong to the entry of that TY line.
    """
    if record is None:
        return True
    return tag == "TY" and (record.follows_end or bool(record.first("TY") or _paper(record)))


def _is_stray(record: Record) -> bool:
    """Whether `record` consists of fields that belong to no entry: they come after the ER line that ends an entry."""
    return record.follows_end and "TY" not in record.tags and not record.is_closed and _paper(record) is None


_LAYOUT = Layout(_tagged, _starts, ends=frozenset(["ER"]))


def _paper(record: Record) -> Paper | None:
    title = fields.plain(record.first("TI", "T1", "CT", "BT", "ST", "TT"))
    if title is None:
        return None
    kind = (record.first("TY") or "").upper()
    notes = [note for note in record.all("N1", "NO") if not _NOTE_OF_A_READER.match(note)]
    comment = next((text for note in notes if (text := fields.plain(note)) and text != title), None)
    return fields.paper(
        title=title,
        abstract=fields.plain(record.first("AB", "N2")),
        authors=_authors(record, kind),
        published=fields.when(record.first("PY"), record.first("DA"), record.first("Y1")),
        venue=_venue(record, kind),
        comment=comment,
        dois=record.all("DO", "DI", "M3", "L3", "N1"),
        urls=record.all("UR", "L2", "LK", "L3"),
        pdfs=record.all("L1"),
        mentions=record.all("L1", "N1", "NO", "M1", "M3", "AN", "SP", "VL", "ET", "C1", "C7", "PB", "RN", *_JOURNAL),
        keywords=[word for words in record.all("KW") for word in re.split(r"[;\n]", words)],
    )


def _venue(record: Record, kind: str) -> str | None:
    publisher = record.first("PB", "PP")
    if kind in _WHOLE and (publisher or not record.first(*_JOURNAL)):
        return fields.venue(publisher)
    pages = fields.pages(record.first("SP"), record.first("EP")) or record.first("C7")
    name = record.first(*_JOURNAL, *(["C3"] if kind in ("CONF", "CPAPER") else []))
    if name is None:
        return fields.venue(publisher)
    return fields.venue(name, record.first("VL", "VO"), record.first("IS"), pages)


def _authors(record: Record, kind: str) -> tuple[Author, ...]:
    """The authors; for a book without authors, its editors.

    Addresses after the name of an author belong to that author. If there is only one author, all addresses are theirs.
    """
    tags = ("AU", "A1")
    if not record.all(*tags) and kind in _EDITED:
        tags = ("ED", "ED") if record.all("ED") else ("A2", "A3")
    written: list[tuple[str, list[str]]] = []
    for tag, lines in record.fields:
        if tag in tags:
            written += [(name.strip(), []) for line in lines for name in line.split(";") if name.strip()]
        elif tag == "AD" and written:
            written[-1][1].extend(line for line in lines if line)
    names = indexed_names.given_first(name for name, _ in written)
    if not record.all("AD"):
        return fields.authors(names)
    with_addresses = [(name, addresses) for name, (_, addresses) in zip(names, written, strict=True)]
    authors = fields.authors(names)
    addresses = [address for _, addresses in with_addresses for address in addresses] or record.items("AD")
    if len(authors) == 1:
        return (Author(authors[0].name, tuple(addresses)),)
    if len(authors) == len(with_addresses) == sum(1 for _, addresses in with_addresses if addresses):
        return tuple(Author(name, tuple(addresses)) for name, addresses in with_addresses)
    return authors
