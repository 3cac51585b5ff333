"""Decides which stored papers an entry is about.

Two entries are about the same paper when they have the same arXiv id. If one of them has no arXiv id, they are about
the same paper when they have the same DOI. If one of them has no DOI either, they are about the same paper when they
have the same title and a similar abstract or a common author. But entries with the same title that were published in
different places are about two papers; store/matching/publications.py decides that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterable, Sequence
from typing import Literal

import msgspec

from store.matching import publications
from store.matching.identifiers import ARXIV_DOI, exact_arxiv_id, exact_doi
from store.matching.title_merging import fold_title, text_hash, title_key
from store.model.paper import Author, Paper
from store.model.partial_date import PartialDate

# Two papers with the same title count as one if their abstracts are at least this similar (`rapidfuzz.fuzz.ratio`,
# which is 0 for texts that have nothing in common and 100 for equal texts).
MIN_ABSTRACT_LIKENESS = 85.0
# Abstracts are shortened to this length (characters) before they are compared, because the time that a comparison takes
# grows with the square of the length.
_COMPARED_LETTERS = 5_000
# An entry is compared with at most this many stored papers of the same title, because titles such as "Editorial" are
# frequent, and each comparison takes time.
_MOST_WITH_ONE_TITLE = 100

# The result of comparing two papers with the same title: they are the same paper, they are different papers, or their
# fields are not enough to decide.
Verdict = Literal["same", "different", "unknown"]


def normalized(paper: Paper) -> Paper:
    """A copy of `paper` with its arXiv id and DOI in the form in which ids are compared.

    A DOI that arXiv itself registered is replaced by the arXiv id that the DOI contains.
    """
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


def doi_key(doi: str) -> int:
    """A hash of a normalized DOI, as a signed 64-bit number.

    The hashed text is never the folded title of a paper, so that the hash does not match that of a title. The hash is
    stored as an alias of a paper if an entry of the paper has this DOI, but the stored paper has another DOI.
    """
    # No folded title begins with "doi:", because a folded title with letters contains no colon.
    return text_hash(f"doi:{doi}")


def aliases(merged: Paper, entries: Iterable[Paper]) -> set[int]:
    """The hashes (`title_key`, `doi_key`) of those titles and DOIs of `entries` that differ from those of `merged`.

    `merged` is the paper that was made by merging `entries`.
    """
    return {key for paper in entries for key in _keys(paper)} - _keys(merged)


def matches(
    connection: sqlite3.Connection, paper: Paper, family: str, among: Container[int] | None = None
) -> list[int]:
    """The ids of the stored papers that are the same paper as `paper`, which must be normalized (`normalized`).

    The result has several ids if `paper` shows that several stored papers are one, for example because it has the arXiv
    id of one and the title of another. `family` is the source of the entry ("arxiv"). If `among` is given, only the
    papers with these ids are considered.

    Papers with different arXiv ids are never the same, even if they have the same title. Nor are papers with different
    DOIs, unless they have the same arXiv id. When a stored paper matches, its titles, ids and values are used to find
    further matches, as if `paper` had them. So the result does not depend on the order of import. If neither abstracts
    nor authors can be compared, papers with the same title match only if both have an entry from the same source. Each
    id and each title needs one search in an index of the database.
    """
    new = _with_ids_of(connection, paper, among)
    searched_titles = {title_key(paper.title)}
    candidates = {each.id: each for key in searched_titles for each in _with_title(connection, key, paper, among)}
    if not new and not candidates:
        return []
    matched: list[_Candidate] = []
    ids_of_all, versions, families = paper, [paper], {family}
    # Repeat the search after each match: its titles may lead to further candidates, and its ids may exclude some.
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
            # Match only one of these papers: preferably one without abstract and authors, and of several, the one with
            # the lowest id.
            unconfirmed.sort(key=lambda each: (bool(each.paper.abstract or each.paper.authors), each.id))
            new = [each for each in unconfirmed if not families.isdisjoint(each.families.split())][:1]
        if not new:
            break
    return sorted(each.id for each in matched)


def compare(one: Paper, other: Paper) -> Verdict:
    """Compare the abstracts and authors of two papers with the same title, to decide whether they are the same paper.

    The result is "unknown" if at least one paper has no abstract and at least one has no authors, so that nothing can
    be compared.
    """
    comparable = False
    if one.abstract and other.abstract:
        # Import rapidfuzz only here, to save memory in the worker process of an import, which never compares papers.
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
    """A stored paper that may match, with only the values that are compared.

    `families` contains the sources of the entries of the paper ("arxiv hf"), separated by spaces.
    """

    id: int
    families: str
    title_key: int
    paper: Paper


_SELECT = (
    "SELECT p.id, p.families, p.title_key, p.title, p.arxiv_id, p.doi, p.published, b.abstract, b.authors, b.venue"
    " FROM paper p JOIN body b ON b.paper_id = p.id"
)
# The SQL condition that a stored paper does not have a different arXiv id than ?2, nor a different DOI than ?3. An id
# that the stored paper or the entry lacks does not count as different.
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
    """The stored papers that have the arXiv id or the DOI of `paper`: at most one for each of these two ids."""
    candidates = _candidates(connection, "WHERE p.arxiv_id = ?", (paper.arxiv_id,), among) if paper.arxiv_id else []
    if paper.doi:
        with_doi = _candidates(
            connection,
            "WHERE p.id IN (SELECT id FROM paper WHERE doi = ?1 UNION SELECT paper_id FROM alias WHERE key = ?2)"
            " AND (p.arxiv_id IS NULL OR ?3 IS NULL OR p.arxiv_id = ?3)",
            (paper.doi, doi_key(paper.doi), paper.arxiv_id),
            among,
        )
        if with_doi:
            # Several stored papers may have this DOI, because arXiv lists papers in several parts that share one DOI.
            # Take the part with the same title.
            key = title_key(paper.title)
            first = min(with_doi, key=lambda each: (each.title_key != key, each.paper.arxiv_id or "", each.id))
            candidates += [first] if first not in candidates else []
    return candidates


def _with_title(
    connection: sqlite3.Connection, key: int, ids: Paper, among: Container[int] | None = None
) -> list[_Candidate]:
    """The stored papers with the title key `key`, except for those with another arXiv id or DOI than `ids`.

    The key may be that of the paper's stored title, or that of a title which some listing has for the paper.
    """
    return _candidates(
        connection,
        f"WHERE p.id IN (SELECT id FROM paper p WHERE title_key = ?1 AND {_IDS_AGREE}"
        " UNION SELECT paper_id FROM alias WHERE key = ?1)"
        f" AND {_IDS_AGREE} ORDER BY p.id LIMIT {_MOST_WITH_ONE_TITLE}",
        (key, ids.arxiv_id, ids.doi),
        among,
    )


def _titles(connection: sqlite3.Connection, candidate: _Candidate) -> set[int]:
    """The hashes of the title of a stored paper, of the titles that listings have for it, and of its other DOIs."""
    keys = connection.execute("SELECT key FROM alias WHERE paper_id = ?", (candidate.id,))
    return {candidate.title_key, *(key for (key,) in keys)}


def _entry_papers(connection: sqlite3.Connection, number: int) -> list[Paper]:
    """The paper with the id `number` as each of its entries describes it.

    Entries that describe it exactly as it is stored are left out, because the library does not store their values.
    """
    records = connection.execute("SELECT said FROM entry WHERE paper_id = ? AND said IS NOT NULL", (number,))
    return [_paper.decode(record) for (record,) in records]


def _with_new_content(papers: list[Paper], others: Iterable[Paper]) -> list[Paper]:
    """The papers of `others` that are worth comparing in addition to `papers`.

    A paper is left out if all the values that are compared (`_compared`) are missing, or are the same as those of one
    of `papers`. If several of `others` have the same values, only one of them is returned.
    """
    contents = {_compared(each) for each in papers} | {(None, (), None, None)}
    paper_by_content = {_compared(each): each for each in others}
    return [each for content, each in paper_by_content.items() if content not in contents]


def _compared(paper: Paper) -> tuple[object, ...]:
    """The values of a paper that are compared with those of another paper with the same title."""
    return paper.abstract, paper.authors, paper.venue, paper.published


def _compare_with_stored(connection: sqlite3.Connection, candidate: _Candidate, versions: Sequence[Paper]) -> Verdict:
    """Compare a stored paper with `versions`, descriptions of one other paper.

    The result is "same" if any description of the stored paper is the same as any of `versions`.
    """
    verdicts = {compare(candidate.paper, version) for version in versions}
    if "different" in verdicts and "same" not in verdicts:
        others = _with_new_content([candidate.paper], _entry_papers(connection, candidate.id))
        verdicts |= {compare(other, version) for other in others for version in versions}
    return "same" if "same" in verdicts else "different" if "different" in verdicts else "unknown"


def _was_published_elsewhere(connection: sqlite3.Connection, candidate: _Candidate, versions: Sequence[Paper]) -> bool:
    """Whether a stored paper was published in another place than the paper of which `versions` are descriptions.

    The result is True if at least one entry of the stored paper differs in its publication from at least one of
    `versions`, and no entry agrees with any of `versions`.
    """
    if not any(publications.differ(candidate.paper, version) for version in versions):
        return False
    # Compare the entries and not the stored paper, which may combine the date of one entry with the place of another.
    entries = _entry_papers(connection, candidate.id) or [candidate.paper]
    pairs = [(entry, version) for entry in entries for version in versions]
    return any(publications.differ(*pair) for pair in pairs) and not any(publications.agree(*pair) for pair in pairs)


def _keys(paper: Paper) -> set[int]:
    return {title_key(paper.title), *([doi_key(paper.doi)] if paper.doi else [])}


def _with_missing_ids(paper: Paper, other: Paper) -> Paper:
    """A paper with only the title and the ids of `paper`. If `paper` lacks an id, the id of `other` is used."""
    return Paper(title=paper.title, arxiv_id=paper.arxiv_id or other.arxiv_id, doi=paper.doi or other.doi)


def _ids_differ(one: Paper, other: Paper) -> bool:
    """Whether the ids of two papers show that they are different papers.

    Papers with the same arXiv id are the same, even if their DOIs differ.
    """
    if one.arxiv_id and other.arxiv_id:
        return one.arxiv_id != other.arxiv_id
    return bool(one.doi and other.doi and one.doi != other.doi)


def _plain(text: str) -> str:
    return " ".join(text[:_COMPARED_LETTERS].casefold().split())


def _names(authors: tuple[Author, ...]) -> set[tuple[str, str]]:
    """The folded family name and first initial of each author.

    For example, ("lovelace", "a") both for "A. Lovelace" and for "Lovelace, Ada".
    """
    names = set()
    for author in authors:
        family, comma, given_name = author.name.partition(",")
        if not comma:
            *before, family = author.name.split() or [""]
            given_name = before[0] if before else ""
        if key := fold_title(family):
            # The given name is the part after the last comma, even in "Lovelace, Jr, Ada".
            names.add((key, fold_title(given_name.rpartition(",")[2])[:1]))
    return names
