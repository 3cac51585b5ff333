"""Decides which stored papers an entry is about.

Two entries are about one paper when they share the arXiv id, else the DOI, else the title and a second field that
confirms it: an abstract or an author. Entries with one title that were published in different places are two papers
(`publications`).
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Container, Iterable, Sequence
from hashlib import blake2b
from typing import Literal

import msgspec

from store.matching import publications
from store.matching.identifiers import ARXIV_DOI, exact_arxiv_id, exact_doi
from store.model.paper import Author, Paper
from store.model.partial_date import PartialDate

# Two abstracts are of one paper when they are at least this alike (rapidfuzz ratio, 0 to 100).
MIN_ABSTRACT_LIKENESS = 85.0
# The length to which abstracts are cut before they are compared: the time grows with the square of the length.
_COMPARED_LETTERS = 5_000
# How many of the papers that share one title ("Editorial") are compared with an entry.
_MOST_WITH_ONE_TITLE = 100

# What the fields of two papers with one title say: they are the same paper, they are different papers, or nothing.
Verdict = Literal["same", "different", "unknown"]


def normalized(paper: Paper) -> Paper:
    """`paper` with its ids in the form in which they are compared. A DOI of arXiv becomes the arXiv id in it."""
    arxiv = exact_arxiv_id(paper.arxiv_id) if paper.arxiv_id else None
    name = exact_doi(paper.doi) if paper.doi else None
    if name and name.startswith(ARXIV_DOI) and (arxiv_in_doi := exact_arxiv_id(name[len(ARXIV_DOI) :])):
        arxiv = arxiv or arxiv_in_doi
        name = None
    number, version = arxiv or (None, None)
    version = version or paper.arxiv_version
    if (number, version, name) == (paper.arxiv_id, paper.arxiv_version, paper.doi):
        return paper
    return msgspec.structs.replace(paper, arxiv_id=number, arxiv_version=version, doi=name)


def fold_title(text: str) -> str:
    """The letters and digits that all spellings of a title share: without case, accents, TeX commands and spaces."""
    plain = text.casefold()
    if "\\" in plain or "math" in plain or "text" in plain:
        plain = _ELL.sub("l", _STYLE_COMMAND.sub(" ", plain))
    if not plain.isascii():
        # Twice, because a letter such as the script H becomes its plain capital only by the decomposition.
        decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
        plain = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_SPELLED_OUT)
        folded = _BETWEEN_WORDS.sub("", plain)
    else:
        folded = plain.translate(_BETWEEN_ASCII_WORDS)
    # A title of punctuation alone is itself, so that it differs from other such titles.
    return folded or "".join(text.casefold().split())


def title_key(title: str) -> int:
    """A hash of the folded title: a signed 64-bit number that the library looks up in an index."""
    return _hash(fold_title(title))


def doi_key(doi: str) -> int:
    """A hash of a normalized DOI, which differs from the key of every title.

    It is stored as an alias of a paper that has another DOI of its own.
    """
    # A folded title has no colon.
    return _hash(f"doi:{doi}")


def aliases(merged: Paper, entries: Iterable[Paper]) -> set[int]:
    """The keys of the titles and DOIs that `entries` have and that `merged`, which was made of them, lacks."""
    return {key for paper in entries for key in _keys(paper)} - _keys(merged)


def matches(
    connection: sqlite3.Connection, paper: Paper, family: str, among: Container[int] | None = None
) -> list[int]:
    """The numbers of the stored papers that a normalized `paper` from the source `family` is.

    There are several when `paper` shows that several stored papers are one. Ids count before titles: papers with
    different arXiv ids, or without these but with different DOIs, are never one. The titles and values of each match
    count as if `paper` had them, so that the result does not depend on the order of import. The same title without any
    confirmation is enough only between entries of one family. With `among`, no other papers are considered. Each id
    and each title costs one look-up in an index.
    """
    new = _with_ids_of(connection, paper, among)
    searched_titles = {title_key(paper.title)}
    candidates = {each.id: each for key in searched_titles for each in _with_title(connection, key, paper, among)}
    if not new and not candidates:
        return []
    matched: list[_Candidate] = []
    ids_of_all, versions, families = paper, [paper], {family}
    # Each match may bring titles and ids that find or exclude further candidates.
    while True:
        matched += new
        titles: set[int] = set()
        for match in new:
            ids_of_all = _with_missing_ids(ids_of_all, match.paper)
            families.update(match.families.split())
            titles |= _titles(connection, match)
        for key in sorted(titles - searched_titles):
            candidates.update((each.id, each) for each in _with_title(connection, key, ids_of_all, among))
        searched_titles |= titles
        for match in matched:
            candidates.pop(match.id, None)
        if not candidates:
            break
        for match in new:
            versions += _with_new_content(versions, [match.paper, *_entry_papers(connection, match.id)])
        candidates = {
            number: each
            for number, each in sorted(candidates.items())
            if not _ids_differ(ids_of_all, each.paper) and not _was_published_elsewhere(connection, each, versions)
        }
        verdicts = {number: _compare_with_stored(connection, each, versions) for number, each in candidates.items()}
        new = [candidates[number] for number, verdict in verdicts.items() if verdict == "same"][:1]
        if not new:
            unconfirmed = [each for number, each in candidates.items() if verdicts[number] == "unknown"]
            # First a paper that has nothing but a title either, then the one with the lowest number.
            unconfirmed.sort(key=lambda each: (bool(each.paper.abstract or each.paper.authors), each.id))
            new = [each for each in unconfirmed if not families.isdisjoint(each.families.split())][:1]
        if not new:
            break
    return sorted(each.id for each in matched)


def compare(one: Paper, other: Paper) -> Verdict:
    """Whether the abstracts or authors of two papers with one title say that they are the same paper.

    "unknown" when the papers have neither abstracts nor authors to compare.
    """
    comparable = False
    if one.abstract and other.abstract:
        # Imported here: the process that reads a listing compares nothing and saves the memory.
        from rapidfuzz import fuzz

        if fuzz.ratio(_plain(one.abstract), _plain(other.abstract), score_cutoff=MIN_ABSTRACT_LIKENESS):
            return "same"
        comparable = True
    if one.authors and other.authors:
        if _names(one.authors) & _names(other.authors):
            return "same"
        comparable = True
    return "different" if comparable else "unknown"


class _Candidate(msgspec.Struct, frozen=True):
    """A stored paper with the values that are compared."""

    id: int
    families: str
    title_key: int
    paper: Paper


_BETWEEN_WORDS = re.compile(r"[\W_]+")
# The same for ASCII texts, for which it is several times as fast.
_BETWEEN_ASCII_WORDS = {code: None for code in range(128) if not chr(code).isalnum()}
# Commands for how letters are drawn. Some sources drop the backslash of the longer ones.
_STYLE_COMMAND = re.compile(
    r"(?:\\|(?<![a-z]))(?:math(?:bb|bf|cal|frak|it|rm|scr|sf|tt)|text(?:bf|it|rm|sc|sf|sl|tt))(?![a-z])"
    r"|\\(?:bf|bm|boldsymbol|em|emph|ensuremath|it|operatorname|rm|sc|sf|text|tt)(?![a-z])|\\var(?=[a-z])"
)
_ELL = re.compile(r"\\ell(?![a-z])")
# Letters without a decomposition. Greek ones become their names in TeX, for sources that write "$\\alpha$".
_SPELLED_OUT = {
    **str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}),
    **{c: unicodedata.name(chr(c)).split()[-1].lower() for c in range(ord("α"), ord("ω") + 1)},
    ord("λ"): "lambda",
}
_SELECT = (
    "SELECT p.id, p.families, p.title_key, p.title, p.arxiv_id, p.doi, p.published, b.abstract, b.authors, b.venue"
    " FROM paper p JOIN body b ON b.paper_id = p.id"
)
# The ids of the stored paper do not contradict the arXiv id ?2 and the DOI ?3.
_IDS_AGREE = "(p.arxiv_id IS NULL OR ?2 IS NULL OR p.arxiv_id = ?2) AND (p.doi IS NULL OR ?3 IS NULL OR p.doi = ?3)"
_authors = msgspec.json.Decoder(tuple[Author, ...])
_paper = msgspec.json.Decoder(Paper)


def _candidates(
    connection: sqlite3.Connection, where: str, values: tuple[object, ...], among: Container[int] | None
) -> list[_Candidate]:
    return [
        _Candidate(
            number,
            families,
            key,
            Paper(
                title=title,
                arxiv_id=arxiv,
                doi=doi,
                abstract=abstract,
                authors=_authors.decode(authors) if authors else (),
                venue=venue,
                published=PartialDate.parse(published).first_day if published else None,
            ),
        )
        for number, families, key, title, arxiv, doi, published, abstract, authors, venue in connection.execute(
            f"{_SELECT} {where}", values
        )
        if among is None or number in among
    ]


def _with_ids_of(connection: sqlite3.Connection, paper: Paper, among: Container[int] | None) -> list[_Candidate]:
    """The stored papers that share an id with `paper`: at most one for each id."""
    found = _candidates(connection, "WHERE p.arxiv_id = ?", (paper.arxiv_id,), among) if paper.arxiv_id else []
    if paper.doi:
        with_doi = _candidates(
            connection,
            "WHERE p.id IN (SELECT id FROM paper WHERE doi = ?1 UNION SELECT paper_id FROM alias WHERE key = ?2)"
            " AND (p.arxiv_id IS NULL OR ?3 IS NULL OR p.arxiv_id = ?3)",
            (paper.doi, doi_key(paper.doi), paper.arxiv_id),
            among,
        )
        if with_doi:
            # arXiv has papers in several parts under one DOI: take the part with the same title.
            key = title_key(paper.title)
            first = min(with_doi, key=lambda each: (each.title_key != key, each.paper.arxiv_id or "", each.id))
            found += [first] if first not in found else []
    return found


def _with_title(
    connection: sqlite3.Connection, key: int, ids: Paper, among: Container[int] | None = None
) -> list[_Candidate]:
    """The stored papers that have the title with this key, now or in some listing, and ids that agree with `ids`."""
    return _candidates(
        connection,
        f"WHERE p.id IN (SELECT id FROM paper p WHERE title_key = ?1 AND {_IDS_AGREE}"
        " UNION SELECT paper_id FROM alias WHERE key = ?1)"
        f" AND {_IDS_AGREE} ORDER BY p.id LIMIT {_MOST_WITH_ONE_TITLE}",
        (key, ids.arxiv_id, ids.doi),
        among,
    )


def _titles(connection: sqlite3.Connection, candidate: _Candidate) -> set[int]:
    """The keys of all titles that a stored paper has or had in some listing, and of its other DOIs."""
    keys = connection.execute("SELECT key FROM alias WHERE paper_id = ?", (candidate.id,))
    return {candidate.title_key, *(key for (key,) in keys)}


def _entry_papers(connection: sqlite3.Connection, number: int) -> list[Paper]:
    """What the entries of a stored paper say, as far as it differs from the stored paper."""
    records = connection.execute("SELECT said FROM entry WHERE paper_id = ? AND said IS NOT NULL", (number,))
    return [_paper.decode(record) for (record,) in records]


def _with_new_content(papers: list[Paper], others: Iterable[Paper]) -> list[Paper]:
    """Those of `others` with what is compared, which none of `papers` has in this combination."""
    contents = {_compared(each) for each in papers} | {(None, (), None, None)}
    paper_by_content = {_compared(each): each for each in others}
    return [each for content, each in paper_by_content.items() if content not in contents]


def _compared(paper: Paper) -> tuple[object, ...]:
    """The values of a paper that confirm or exclude that it is another paper with its title."""
    return paper.abstract, paper.authors, paper.venue, paper.published


def _compare_with_stored(connection: sqlite3.Connection, candidate: _Candidate, versions: Sequence[Paper]) -> Verdict:
    """The verdict on a stored paper and `versions` of another one: "same" if any pair of their versions is the same."""
    verdicts = {compare(candidate.paper, version) for version in versions}
    if "different" in verdicts and "same" not in verdicts:
        others = _with_new_content([candidate.paper], _entry_papers(connection, candidate.id))
        verdicts |= {compare(other, version) for other in others for version in versions}
    return "same" if "same" in verdicts else "different" if "different" in verdicts else "unknown"


def _was_published_elsewhere(connection: sqlite3.Connection, candidate: _Candidate, versions: Sequence[Paper]) -> bool:
    """Whether an entry of a stored paper and one of `versions` are two publications, and no two of them are one."""
    if not any(publications.differ(candidate.paper, version) for version in versions):
        return False
    # The stored paper may have the date of one entry and the place of another.
    entries = _entry_papers(connection, candidate.id) or [candidate.paper]
    pairs = [(entry, version) for entry in entries for version in versions]
    return any(publications.differ(*pair) for pair in pairs) and not any(publications.agree(*pair) for pair in pairs)


def _keys(paper: Paper) -> set[int]:
    return {title_key(paper.title), *([doi_key(paper.doi)] if paper.doi else [])}


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def _with_missing_ids(paper: Paper, other: Paper) -> Paper:
    """The title and the ids of `paper`, each id that is unknown taken from `other`."""
    return Paper(title=paper.title, arxiv_id=paper.arxiv_id or other.arxiv_id, doi=paper.doi or other.doi)


def _ids_differ(one: Paper, other: Paper) -> bool:
    """Whether the ids of two papers say that they are two. The same arXiv id is one paper, whatever the DOIs are."""
    if one.arxiv_id and other.arxiv_id:
        return one.arxiv_id != other.arxiv_id
    return bool(one.doi and other.doi and one.doi != other.doi)


def _plain(text: str) -> str:
    return " ".join(text[:_COMPARED_LETTERS].casefold().split())


def _names(authors: tuple[Author, ...]) -> set[tuple[str, str]]:
    """The folded family name and first initial of each author: the same for "A. Lovelace" and "Lovelace, Ada"."""
    names = set()
    for author in authors:
        family, comma, given = author.name.partition(",")
        if not comma:
            *before, family = author.name.split() or [""]
            given = before[0] if before else ""
        if key := fold_title(family):
            # In "Lovelace, Jr, Ada" the given name comes last.
            names.add((key, fold_title(given.rpartition(",")[2])[:1]))
    return names
