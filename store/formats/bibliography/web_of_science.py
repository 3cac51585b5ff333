"""Plain text of Web of Science: an entry is a line `PT J`, fields, and a line `ER`; the file ends in a line `EF`.

A line that starts with three spaces continues a field. The names of authors come from AF (full names) if an entry has
this field. Unknown tags are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from store.formats.bibliography import fields, indexed_names
from store.formats.bibliography.tagged_records import Layout, Record, Records, Tagged
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Paper

NAME = "wos"
TITLE = "Web of Science tagged text"
FAMILY = "bibliography"
EXAMPLE = "savedrecs.txt"
STREAMS = False

_TAG = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|\s*$)")
_CONTINUATION = "   "
_STARTS = re.compile(r"^PT [A-Z]\s*$", re.MULTILINE)
_HEADED = re.compile(r"\s*FN .*(?:Web of|ISI|Clarivate|Thomson)", re.IGNORECASE)
# An address with the authors it belongs to, for example "[Smith, John; Doe, Ann] Univ Bern, Bern, Switzerland.".
_NAMED_ADDRESS = re.compile(r"\[([^\]]+)\]\s*(.+)")
_ROLE = re.compile(r"(?<!\s)\s*+\([^()]*+\)\s*+$")


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is from Web of Science.

    The value is 0.95 for the heading of an export, and 0.9 for a PT line and a line with another common tag.
    """
    text = fields.start(head)
    if _HEADED.match(text):
        return 0.95
    return 0.9 if _STARTS.search(text) and re.search(r"^(?:AU|TI|SO) \S", text, re.MULTILINE) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the file, in order."""
    index = unclosed = 0
    records = Records(stream, _LAYOUT)
    for index, record in enumerate(records, 1):
        unclosed += not record.is_closed
        yield _item(index, record)
    cut = _cut(records)
    if cut:
        yield cut
    elif not index:
        raise ListingError("no Web of Science entry in this file")
    if unclosed:
        yield Warned(f"entries without an ER line at their end: {unclosed}")


def _tagged(line: str) -> Tagged | None:
    match = None if line.startswith(_CONTINUATION) else _TAG.fullmatch(line)
    return (match[1], (match[2] or "").strip()) if match else None


_LAYOUT = Layout(
    _tagged,
    starts=lambda tag, record, after_blank: tag == "PT",
    ends=frozenset(["ER"]),
    framing=frozenset(["FN", "VR", "EF"]),
)


def _cut(records: Records) -> CutShort | None:
    """A report if the file is truncated. A file that starts with a heading (FN, VR) must end in EF."""
    if records.unfinished:
        return CutShort(f"the file ends in the middle of the entry that starts at line {records.unfinished.line}")
    if records.last_framing in ("FN", "VR") or records.last_line in ("P", "PT"):
        return CutShort("the file ends without its last line, EF: entries may be missing")
    return None


def _item(index: int, record: Record) -> Entry | Refused:
    title = fields.plain(record.first("TI"))
    if title is None:
        return Refused(index, record.line, "no title")
    return Entry(paper=_paper(title, record), line=record.line)


def _paper(title: str, record: Record) -> Paper:
    pages = fields.pages(record.first("BP", "PS", "AR"), record.first("EP"))
    pubmed = record.first("PM")
    return fields.paper(
        title=title,
        abstract=fields.plain(record.first("AB")),
        authors=_authors(record),
        published=fields.when(record.first("PY"), record.first("PD"), record.first("EA")),
        venue=fields.venue(record.first("SO", "SE", "PU"), record.first("VL"), record.first("IS"), pages),
        dois=record.all("DI", "D2"),
        eprints=[text for text in record.all("AR") if "arxiv" in text.lower()],
        urls=record.all("UR"),
        mentions=[f"PMID: {pubmed}" if pubmed else None, *record.all("SO")],
        keywords=[word for words in record.all("DE") for word in words.split(";")],
    )


def _authors(record: Record) -> tuple[Author, ...]:
    """The authors with full names; for a book without authors, its editors. Groups come last."""
    people = next((names for tag in ("AF", "AU", "BF", "BA", "BE") if (names := _names(record, tag))), [])
    groups = record.items("CA")
    written = [_ROLE.sub("", name) for name in people]
    names = indexed_names.given_first(written)
    lines = record.items("C1")
    if not lines:
        return tuple(map(Author, names)) + fields.authors(groups)
    short_names = _names(record, "AU") if record.items("AF") else []
    # The addresses give the names of authors as in AF, or, in older files, as in AU.
    aliases = [
        {name.lower(), short_names[at].lower()} if len(short_names) == len(written) else {name.lower()}
        for at, name in enumerate(written)
    ]
    addresses = _addresses(lines, aliases)
    authors = tuple(Author(name, tuple(where)) for name, where in zip(names, addresses, strict=True))
    return authors + fields.authors(groups)


def _names(record: Record, tag: str) -> list[str]:
    """The names in a field, usually one on each line. In records of MEDLINE, semicolons separate them."""
    return [name.strip() for line in record.items(tag) for name in line.split(";") if name.strip()]


def _addresses(lines: Sequence[str], aliases: Sequence[set[str]]) -> list[list[str]]:
    """The addresses of each author. `aliases` has, for each author, the names by which an address may list the author.

    An address that lists no names belongs to every author, but only if it is the only address or there is only one
    author. Otherwise it is left out.
    """
    whole: list[str] = []
    for line in lines:
        if whole and not whole[-1].endswith("."):
            whole[-1] += f" {line}"
        else:
            whole.append(line)
    by_author: list[list[str]] = [[] for _ in aliases]
    for address in whole:
        match = _NAMED_ADDRESS.fullmatch(address)
        if match is None and len(whole) > 1 and len(aliases) > 1:
            continue
        names = {name.strip().lower() for name in match[1].split(";")} if match else None
        for own, alias in zip(by_author, aliases, strict=True):
            if names is None or names & alias:
                own.append((match[2] if match else address).rstrip("."))
    return by_author
