"""PubMed's list of citations, which the site saves as "Summary (text)".

A citation looks like "1: Alpha A, Beta B. Title. Journal. 2026 Jan;12(1):3-9. … PMID: …".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from store.formats.bibliography import fields, medline, pubmed_citation
from store.formats.shared import text_lines
from store.model.entry import CutShort, Entry, Item, Refused
from store.model.errors import ListingError
from store.model.paper import Author, Paper

NAME = "pubmed-summary"
TITLE = "PubMed citations as text"
FAMILY = "pubmed"
EXAMPLE = "summary-set.txt"
STREAMS = False

_NUMBER = re.compile(r"\d{1,6}: (?=\S)")
_CUT_NUMBER = re.compile(r"\d{1,6}:?")
_PUBMED = re.compile(r"\bPMID: (\d{1,9})\b")
_CENTRAL = re.compile(r"\bPMCID: (PMC\d{1,9})\b")
# The boundary between the name of the journal and the date.
_DATE = re.compile(rf"\. (?={pubmed_citation.YEAR}\b(?:[ ;:.-]|$))")
# The end of the title: the last full stop, question mark or exclamation mark before the name of the journal.
_END = re.compile(r"[.?!]\]? (?=[^.?!]*$)")
_NO_AUTHORS = re.compile(r"\[No authors listed\]\.? ", re.IGNORECASE)
# Only this many characters of a citation are read. A paper of a large collaboration has a long citation, because it
# lists all authors.
_LONGEST = 200_000


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is a list of citations from PubMed.

    The value is 0.95 if the first citation has a number, a date and a PubMed id.
    """
    first = fields.start(head).partition("\n\n")[0][:4_000]
    text = pubmed_citation.joined(first)
    return 0.95 if _NUMBER.match(text) and _DATE.search(text) and _PUBMED.search(text) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the citations in the file, in order."""
    index = 0
    waiting: list[str] = []
    first = number = 0
    for number, line in enumerate(text_lines.lines(stream), 1):
        text = line.lstrip("\ufeff").strip()
        if _NUMBER.match(text) and (not waiting or _PUBMED.search(" ".join(waiting[-2:]))):
            if waiting:
                index += 1
                yield _item(index, first, waiting)
            waiting, first = [text], number
        elif text and waiting:
            waiting.append(text)
    if not waiting:
        raise ListingError("no citation of PubMed in this file")
    whole = _PUBMED.search(" ".join(waiting)) is not None
    if whole and not _CUT_NUMBER.fullmatch(waiting[-1]):
        yield _item(index + 1, first, waiting)
    elif whole:
        yield _item(index + 1, first, waiting[:-1])
        yield CutShort("the file ends in the first line of a citation")
    else:
        yield CutShort(f"the file ends in the middle of the citation at line {first}")


def _item(index: int, line: int, lines: list[str]) -> Entry | Refused:
    paper = _paper(_NUMBER.sub("", " ".join(lines)[:_LONGEST], count=1))
    return (
        Entry(paper=paper, line=line)
        if paper
        else Refused(index, line, "its title cannot be separated from its journal")
    )


def _paper(citation: str) -> Paper | None:
    """The paper that `citation`, without its leading number, describes.

    None when the title cannot be separated from the name of the journal.
    """
    date = _DATE.search(citation)
    before, rest = (citation[: date.start()], citation[date.end() :]) if date else (citation, "")
    authors: tuple[Author, ...] = ()
    names, stop, titled = before.partition(". ")
    if unnamed := _NO_AUTHORS.match(before):
        titled = before[unnamed.end() :]
    elif stop and pubmed_citation.are_names(f"{names}."):
        authors = tuple(Author(medline.person(name.strip())) for name in re.split(r"[,;]", names) if name.strip())
    else:
        titled = before
    end = _END.search(titled)
    title = medline.title(titled[: end.end()].strip() if end else None)
    if title is None or end is None:
        return None
    pubmed, central = _PUBMED.search(citation), _CENTRAL.search(citation)
    ids = (("doi", pubmed_citation.doi(rest)), ("pmc", central[1] if central else None))
    return medline.paper(
        title,
        abstract=None,
        authors=authors,
        published=pubmed_citation.published(rest) if rest else None,
        venue=pubmed_citation.venue(titled[end.end() :].strip() or None, rest),
        identifiers=[(kind, value) for kind, value in ids if value],
        pmid=pubmed[1] if pubmed else None,
    )
