"""When two entries are one paper: the arXiv id, else the DOI, else the title and a second field that confirms it."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from hashlib import blake2b

import msgspec
from rapidfuzz import fuzz

from store.paper import Author, Paper

# Two abstracts of one paper differ by this much at the most (rapidfuzz ratio, 0 to 100).
ALIKE = 85.0

_NEW_ID = r"\d{4}\.\d{4,5}"
_OLD_ID = r"[a-z][a-z-]*(?:\.[A-Z]{2})?/\d{7}"
_ARXIV = re.compile(
    rf"(?:arxiv:\s*|(?:https?://)?(?:[a-z]+\.)?arxiv\.org/(?:abs|pdf|html)/)?({_NEW_ID}|{_OLD_ID})(?:v(\d{{1,4}}))?"
    r"(?:\.pdf)?",
    re.I,
)
_DOI = re.compile(r"(?:doi:\s*|(?:https?://)?(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.I)
_ARXIV_DOI = "10.48550/arxiv."


def arxiv_id(text: str) -> tuple[str, int | None] | None:
    """The id without its version, and the version: "arXiv:2510.01234v2" is ("2510.01234", 2). None if it is none."""
    match = _ARXIV.fullmatch(text.strip())
    if match is None:
        return None
    found = match[1]
    if "/" in found:
        # math.GT/0309136 and math/0309136 are one paper.
        archive, number = found.split("/")
        found = f"{archive.split('.')[0].lower()}/{number}"
    return found, int(match[2]) if match[2] else None


def doi(text: str) -> str | None:
    """The DOI alone, in lower case: "https://doi.org/10.1000/ABC" is "10.1000/abc". None if it is none."""
    match = _DOI.fullmatch(text.strip())
    return match[1].lower().rstrip(".,;") if match else None


def normal(paper: Paper) -> Paper:
    """`paper` with its ids in the form they are compared in; an arXiv DOI is the arXiv id it stands for."""
    found = arxiv_id(paper.arxiv_id) if paper.arxiv_id else None
    known_doi = doi(paper.doi) if paper.doi else None
    if known_doi and known_doi.startswith(_ARXIV_DOI):
        found = found or arxiv_id(known_doi.removeprefix(_ARXIV_DOI))
        known_doi = None
    number, version = found or (None, None)
    version = version or paper.arxiv_version
    if (number, version, known_doi) == (paper.arxiv_id, paper.arxiv_version, paper.doi):
        return paper
    return msgspec.structs.replace(paper, arxiv_id=number, arxiv_version=version, doi=known_doi)


def fold(text: str) -> str:
    """Letters and digits alone, without case, accents or TeX's braces: what two spellings of a title share."""
    plain = text.casefold()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return "".join(c for c in plain if c.isalnum()) or plain.strip()


def title_key(title: str) -> int:
    """The folded title as a signed 64-bit number, for an index probe."""
    return int.from_bytes(blake2b(fold(title).encode(), digest_size=8).digest(), "big", signed=True)


def candidates(connection: sqlite3.Connection, paper: Paper) -> tuple[list[int], list[int]]:
    """Stored papers that have an id of `paper`'s; and those that have its title only. One index probe each."""
    by_id: list[int] = []
    for column, value in (("arxiv_id", paper.arxiv_id), ("doi", paper.doi)):
        if value is not None:
            row = connection.execute(f"SELECT id FROM paper WHERE {column} = ?", (value,)).fetchone()
            if row and row[0] not in by_id:
                by_id.append(row[0])
    titled = connection.execute("SELECT id FROM paper WHERE title_key = ?", (title_key(paper.title),))
    return by_id, [number for (number,) in titled if number not in by_id]


def same(one: Paper, other: Paper, *, one_family: bool) -> bool:
    """Whether two papers with one title are one. `one_family`: every source of both belongs to one."""
    if fold(one.title) != fold(other.title):
        return False
    for field in ("arxiv_id", "doi"):
        first, second = getattr(one, field), getattr(other, field)
        if first and second and first != second:
            return False
    comparable = False
    if one.abstract and other.abstract:
        if fuzz.ratio(_plain(one.abstract), _plain(other.abstract), score_cutoff=ALIKE):
            return True
        comparable = True
    if one.authors and other.authors:
        if _names(one.authors) & _names(other.authors):
            return True
        comparable = True
    return one_family and not comparable


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _names(authors: tuple[Author, ...]) -> set[tuple[str, str]]:
    """Family name and first initial of each author, folded: "A. Lovelace" and "Ada Lovelace" are one."""
    return {
        (fold(parts[-1]), fold(parts[0])[:1]) for author in authors if (parts := author.name.replace(",", " ").split())
    }
