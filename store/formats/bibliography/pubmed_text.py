"""PubMed's text with abstracts: "Save, Abstract (text)" of the site, and efetch with `rettype=abstract&retmode=text`.

A record is a sequence of paragraphs. The first one is "1. Journal. Date;12(3):4-5. doi: …". The next ones are the
title, the authors with the numbers of their affiliations, "Author information:" with the affiliations, and the
abstract. The last paragraph has the identifiers "DOI:", "PMCID:" and "PMID:".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from store.formats.bibliography import fields, medline, pubmed_citation
from store.formats.bibliography.pubmed_citation import joined
from store.formats.shared import text_lines
from store.model.entry import CutShort, Entry, Item, Refused
from store.model.errors import ListingError
from store.model.paper import Author, Paper

NAME = "pubmed-text"
TITLE = "PubMed text with abstracts"
FAMILY = "pubmed"
EXAMPLE = "abstract-set.txt"
STREAMS = False

# The first paragraph of a record: a number, the journal (or a book and its publisher), and a date that starts with the
# year.
_START = re.compile(
    rf"(?P<number>\d{{1,6}})\. ?(?P<journal>\S.{{0,400}}?)[.;] (?P<rest>{pubmed_citation.YEAR}\b.*)", re.DOTALL
)
_NUMBERED = re.compile(r"\d{1,6}\. ?[^\s\d]")
_CUT_START = re.compile(r"\d{1,6}\.?")
_SNIFFED = re.compile(rf"\d{{1,6}}\. ?\S.{{0,400}}?[.;]\s{pubmed_citation.YEAR}\b")
_HAS_ID = re.compile(r"^PMID: \d{1,9}\b", re.MULTILINE)
_ID = re.compile(r"^PMID: \d{1,9}\b", re.MULTILINE)
# Matches a date with volume, issue and pages, for example "2026 Jan 5;12(1):3-9", "2005;59:587-635" or "2016 Mar;36
# Suppl 1:S1-5".
_ISSUE = re.compile(
    r"(?P<date>[^;:.]{4,60})(?:;\s?(?P<volume>[^(:.;]{0,60})(?:\((?P<issue>[^)]{0,60})\))?(?::\s?(?P<pages>[^.;]{0,60}))?)?"
)
_EPUB = re.compile(rf"\bEpub ({pubmed_citation.YEAR}[^.;]{{0,20}})")
_WHOLE_DAY = re.compile(r"\d{4} [A-Z][a-z]{2} \d{1,2}")
_ID = re.compile(r"(DOI|PMCID|PMID|PII): ?(\S+)")
_PLACE_NUMBERS = re.compile(r"\(([^()\s]{1,6})\)")
_PLACE = re.compile(r"^\(([^()\s]{1,6})\)", re.MULTILINE)
_ADDRESSES = "Author information:"
# Paragraphs that are not part of the abstract and are not stored in any other field of a paper.
_ASIDE = re.compile(
    r"(?:Author information|Collaborators|Conflict of interest statement|Comment (?:in|on)|Erratum (?:in|for)"
    r"|Update (?:in|of)|Republished (?:in|from)|Corrected and republished (?:in|from)|Retraction (?:in|of)"
    r"|Expression of concern (?:in|for)|Summary for patients in|Original report in|Publisher|Cited in)\b(?::|\n| {4})"
    r"|(?:Copyright )?©|Copyright \(c\)|\[(?:Article in|No authors listed|Indexed for)",
    re.IGNORECASE,
)


class _Record(NamedTuple):
    """The paragraphs of a record, with their line breaks, and the line number at which the first paragraph starts."""

    line: int
    paragraphs: list[str]

    @property
    def is_whole(self) -> bool:
        return _HAS_ID.search(self.paragraphs[-1]) is not None


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is PubMed's text with abstracts.

    The value is 0.95 if the file starts with the first paragraph of a record and has a PMID line.
    """
    text = fields.start(head)
    return 0.95 if _SNIFFED.match(text) and _HAS_ID.search(text) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the file, in order."""
    index = 0
    record: _Record | None = None
    is_cut = False
    for line, paragraph in _paragraphs(stream):
        if _starts(record, paragraph):
            if record:
                index += 1
                yield _item(index, record)
            record, is_cut = _Record(line, [paragraph]), False
        elif record and not record.is_whole:
            record.paragraphs.append(paragraph)
        else:
            is_cut = _CUT_START.fullmatch(paragraph) is not None
    if record is None:
        raise ListingError("no PubMed record in this file")
    if record.is_whole:
        yield _item(index + 1, record)
    if is_cut:
        yield CutShort("the file ends in the first line of a record")
    elif not record.is_whole:
        yield CutShort(f"the file ends in the middle of the record at line {record.line}")


def _paragraphs(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """The paragraphs of the file, which blank lines separate, each with the number of its first line, from 1."""
    lines: list[str] = []
    number = first = 0
    for number, line in enumerate(text_lines.lines(stream), 1):
        text = line.lstrip("\ufeff").rstrip()
        if text:
            first = first if lines else number
            lines.append(text)
        elif lines:
            yield first, "\n".join(lines)
            lines = []
    if lines:
        yield first, "\n".join(lines)


def _starts(record: _Record | None, paragraph: str) -> bool:
    """Whether `paragraph` is the first paragraph of a record. `record` is the record that was read before it."""
    start = _START.match(paragraph)
    if record is None:
        return start is not None
    if record.is_whole:
        return start is not None or _NUMBERED.match(paragraph) is not None
    # `record` is incomplete, so a numbered paragraph may also be part of its abstract. Such a paragraph starts a new
    # record only if it has the next number and looks like the first paragraph of a record.
    before = _START.match(record.paragraphs[0])
    follows = start is not None and before is not None and int(start["number"]) == int(before["number"]) + 1
    return follows and start is not None and len(record.paragraphs) > 1 and ";" in start["rest"][:40]


def _item(index: int, record: _Record) -> Entry | Refused:
    if not record.is_whole:
        return Refused(index, record.line, "it has no PubMed number, so that it is incomplete")
    paper = _paper(record.paragraphs)
    return Entry(paper=paper, line=record.line) if paper else Refused(index, record.line, "no title")


def _paper(paragraphs: Sequence[str]) -> Paper | None:
    if len(paragraphs) < 3:
        return None
    title = medline.title(joined(paragraphs[1]))
    if title is None:
        return None
    source = _START.match(paragraphs[0])
    rest = joined(source["rest"]) if source else ""
    ids = {kind: value.rstrip(".;") for kind, value in _ID.findall(paragraphs[-1])}
    doi = ids.get("DOI") or pubmed_citation.doi(rest)
    body = list(paragraphs[2:-1])
    addresses = next((text for text in body if text.startswith(_ADDRESSES)), "")
    authors: tuple[Author, ...] = ()
    if body and pubmed_citation.are_names(joined(body[0])):
        authors = _authors(joined(body.pop(0)), addresses)
    return medline.paper(
        title,
        abstract="\n\n".join(joined(text) for text in body if not _ASIDE.match(text)) or None,
        authors=authors,
        published=pubmed_citation.published(rest),
        venue=pubmed_citation.venue(joined(source["journal"]) if source else None, rest),
        identifiers=[(kind, value) for kind, value in (("doi", doi), ("pmc", ids.get("PMCID"))) if value],
        pmid=ids.get("PMID"),
    )


def _authors(text: str, addresses: str) -> tuple[Author, ...]:
    """The authors with the affiliations whose numbers follow their names.

    An affiliation without a number belongs to every author without a number.
    """
    numbered = _PLACE.split(addresses.removeprefix(_ADDRESSES).strip())
    place_of = {number: joined(place) for number, place in zip(numbered[1::2], numbered[2::2], strict=True)}
    shared = (joined(numbered[0]),) if numbered[0].strip() else ()
    authors: list[Author] = []
    for part in re.split(r"[,;]", text.rstrip(".")):
        numbers = _PLACE_NUMBERS.findall(part)
        name = _PLACE_NUMBERS.sub("", part).strip()
        if name and any(letter.isalpha() for letter in name):
            places = tuple(place_of[number] for number in numbers if number in place_of)
            authors.append(Author(medline.person(name), places or shared))
    return tuple(authors)
