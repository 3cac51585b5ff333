"""Finds the work to which an entry of a bibliography refers."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

import msgspec

from store.matching import identifiers
from store.matching.title_merging import title_key
from store.texts.blocks import Block

# A shorter text (letters) is not taken for the title of a work, because it may be a name or a journal.
_SHORTEST_TITLE = 16
_LABEL = re.compile(r"\s*(?:\[[^\]]{1,20}\]|\d{1,3}\.)\s+")
_QUOTED = re.compile(r"[“\"]([^”\"]{16,300}?)[,.]?[”\"]")
_PARTS = re.compile(r"(?<=[\w)\]]{2})[.?!]\s+|,\s+[“\"]|\(\d{4}[a-z]?\)[.,]?\s+")


class Cited(msgspec.Struct, frozen=True):
    """A cited work: its identifiers, a web address, and the id of the paper if the library has it."""

    paper_id: int | None
    arxiv_id: str | None
    doi: str | None
    address: str | None


def look_up(connection: sqlite3.Connection, reference: Block) -> Cited:
    """The work to which an entry of a bibliography refers, found by arXiv id, or else DOI, or else title."""
    addresses = [span.target for span in reference.spans if span.target.startswith(("http://", "https://"))]
    texts = [*addresses, reference.text]
    arxiv = next(filter(None, (identifiers.arxiv_in(text) for text in texts)), None)
    doi = next(filter(None, (identifiers.doi_in(text) for text in texts)), None)
    paper_id = (
        (arxiv and _paper(connection, "arxiv_id", arxiv.id))
        or (doi and _paper(connection, "doi", doi))
        or next(
            filter(None, (_paper(connection, "title_key", title_key(title)) for title in _titles(reference))),
            None,
        )
    )
    address = identifiers.arxiv_page(arxiv.id) if arxiv else next(iter(addresses), None)
    if address is None and doi:
        address = f"https://doi.org/{doi}"
    return Cited(paper_id or None, arxiv.id if arxiv else None, doi, address)


def _titles(reference: Block) -> Iterator[str]:
    """The parts of a bibliography entry that may be the title of the work."""
    text = _LABEL.sub("", reference.text, count=1)
    yield from (match[1] for match in _QUOTED.finditer(text))
    yield from (
        span.text.strip(" .,") for span in reference.spans if span.kind in ("emphasis", "link") and _is_long(span.text)
    )
    yield from (part.strip(' .,“”"') for part in _PARTS.split(text) if _is_long(part))


def _is_long(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= _SHORTEST_TITLE


def _paper(connection: sqlite3.Connection, column: str, value: str | int) -> int | None:
    rows = connection.execute(f"SELECT id FROM paper WHERE {column} = ? LIMIT 2", (value,)).fetchall()
    return int(rows[0][0]) if len(rows) == 1 else None
