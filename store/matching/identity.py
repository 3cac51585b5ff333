"""Decides which stored papers an entry is about.

Two entries are about the same paper when they have the same arXiv id. If one of them has no arXiv id, they are about
the same paper when they have the same DOI. If one of them has no DOI either, they are about the same paper when they
have the same title and a similar abstract or a common author. But entries with one title that were published in
different places are about two papers; the module `publications` decides that.
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

# Two papers with the same title are one if their abstracts are at least this similar (`rapidfuzz.fuzz.ratio`, which is
# 0 for texts that have nothing in common and 100 for equal texts).
MIN_ABSTRACT_LIKENESS = 85.0
# Abstracts are cut to this length (characters) before they are compared, because the time that a comparison takes grows
# with the square of the length.
_COMPARED_LETTERS = 5_000
# An entry is compared with at most this many stored papers of the same title. Titles such as "Editorial" are frequent.
_MOST_WITH_ONE_TITLE = 100

# The result of comparing two papers with one title: they are the same paper, they are different papers, or their fields
# are not enough to decide.
Verdict = Literal["same", "different", "unknown"]


def normalized(paper: Paper) -> Paper:
    """`paper` with its arXiv id and DOI in the form in which ids are compared.

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


def fold_title(text: str) -> str:
    """The folded title: only letters and digits, in lower case, without accents and TeX commands.

    Titles that differ only in spelling, for example in case, spaces or punctuation, have the same folded title.

    Libraries store hashes of folded titles (`title_key`): in the tables `paper`, `alias` and `retraction`. If this
    function changes, a migration in store/library/schema.py must compute them again: otherwise stored papers are no
    longer matched by title. Marks of papers without an arXiv id and a DOI name their paper by such a hash too
    (store/marks/registers.py), also in the folder that machines share: they must not lose their papers.
    """
    plain = text.casefold()
    if "\\" in plain or "math" in plain or "text" in plain:
        plain = _ELL.sub("l", _STYLE_COMMAND.sub(" ", plain))
    if not plain.isascii():
        # Fold the case and normalize a second time: the first NFKD may turn a symbol such as the script "ℋ", which has
        # no lower case, into the capital "H", whose case must then be folded.
        decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
        plain = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_SPELLED_OUT)
        folded = _BETWEEN_WORDS.sub("", plain)
    else:
        folded = plain.translate(_BETWEEN_ASCII_WORDS)
    # A title without letters and digits is returned with its punctuation, so that two such titles differ.
    return folded or "".join(text.casefold().split())


def title_key(title: str) -> int:
    """A hash of the folded title, as a signed 64-bit number. The library has an index of these numbers."""
    return _hash(fold_title(title))


def doi_key(doi: str) -> int:
    """A hash of a normalized DOI, as a signed 64-bit number. The text hashed is never the folded title of a paper.

    The hash is stored as an alias of a paper when one of its entries has this DOI, but the stored paper has another.
    """
    # No folded title begins like this, because a folded title with letters contains no colon.
    return _hash(f"doi:{doi}")


def aliases(merged: Paper, entries: Iterable[Paper]) -> set[int]:
    """The keys of those titles and DOIs of `entries` that differ from the title and DOI of `merged`.

    `merged` is the paper that was made by merging `entries`.
    """
    return {key for paper in entries for key in _keys(paper)} - _keys(merged)


def matches(
    connection: sqlite3.Connection, paper: Paper, family: str, among: Container[int] | None = None
) -> list[int]:
    """The numbers of the stored papers that are the same as `paper`, which is normalized and of the source `family`.

    The result has several numbers when `paper` shows that several stored papers are one. Ids are stronger than titles:
    papers with different arXiv ids are never the same; nor are papers with different DOIs, unless they have the same
    arXiv id. After a match, the titles, ids and values of the matching paper are used like those of `paper`, so that
    the result does not depend on the order of import. If neither abstracts nor authors can be compared, the same title
    is enough only between entries of one family. If `among` is given, only the papers with these numbers are
    considered. For each id and each title, there is one search in an index of the database.
    """
    new = _with_ids_of(connection, paper, among)
    searched_titles = {title_key(paper.title)}
    candidates = {each.id: each for key in searched_titles for each in _with_title(connection, key, paper, among)}
    if not new and not candidates:
        return []
    matched: list[_Candidate] = []
    ids_of_all, versions, families = paper, [paper], {family}
    # Each match may add titles by which further candidates are found, and ids by which candidates are excluded.
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
            # Prefer a stored paper without abstract and authors, and among several the one with the lowest number.
            unconfirmed.sort(key=lambda each: (bool(each.paper.abstract or each.paper.authors), each.id))
            new = [each for each in unconfirmed if not families.isdisjoint(each.families.split())][:1]
        if not new:
            break
    return sorted(each.id for each in matched)


def compare(one: Paper, other: Paper) -> Verdict:
    """Decide from the abstracts and authors of two papers with one title whether they are the same paper.

    The result is "unknown" if nothing can be compared, because the papers do not both have an abstract and do not both
    have authors.
    """
    comparable = False
    if one.abstract and other.abstract:
        # Imported here to save memory in the worker process of an import, which never compares papers.
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
    """A stored paper that may match, with only those values that are compared. `families` are separated by spaces."""

    id: int
    families: str
    title_key: int
    paper: Paper


_BETWEEN_WORDS = re.compile(r"[\W_]+")
# A table for `str.translate` that removes the same characters from an ASCII text. It is several times as fast.
_BETWEEN_ASCII_WORDS = {code: None for code in range(128) if not chr(code).isalnum()}
# TeX commands for the style of letters. Some sources omit the backslash of the longer commands ("mathbb R").
_STYLE_COMMAND = re.compile(
    r"(?:\\|(?<![a-z]))(?:math(?:bb|bf|cal|frak|it|rm|scr|sf|tt)|text(?:bf|it|rm|sc|sf|sl|tt))(?![a-z])"
    r"|\\(?:bf|bm|boldsymbol|em|emph|ensuremath|it|operatorname|rm|sc|sf|text|tt)(?![a-z])|\\var(?=[a-z])"
)
_ELL = re.compile(r"\\ell(?![a-z])")
# How letters that Unicode does not decompose are written with ASCII letters. A Greek letter becomes its name in TeX, so
# that it equals the "$\\alpha$" of other sources.
_SPELLED_OUT = {
    **str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}),
    **{c: unicodedata.name(chr(c)).split()[-1].lower() for c in range(ord("α"), ord("ω") + 1)},
    ord("λ"): "lambda",
}
_SELECT = (
    "SELECT p.id, p.families, p.title_key, p.title, p.arxiv_id, p.doi, p.published, b.abstract, b.authors, b.venue"
    " FROM paper p JOIN body b ON b.paper_id = p.id"
)
# The SQL condition that the ids of a stored paper do not contradict the arXiv id ?2 and the DOI ?3. A missing id
# contradicts nothing.
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
            # Several stored papers may have this DOI, because arXiv lists papers in several parts that share one DOI.
            # Take the part with the same title.
            key = title_key(paper.title)
            first = min(with_doi, key=lambda each: (each.title_key != key, each.paper.arxiv_id or "", each.id))
            found += [first] if first not in found else []
    return found


def _with_title(
    connection: sqlite3.Connection, key: int, ids: Paper, among: Container[int] | None = None
) -> list[_Candidate]:
    """The stored papers with the title key `key` whose ids do not contradict those of `ids`.

    The title may be that of the stored paper or the title that some listing has for the paper.
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
    """The keys of the title of a stored paper, of the titles that listings have for it, and of its other DOIs."""
    keys = connection.execute("SELECT key FROM alias WHERE paper_id = ?", (candidate.id,))
    return {candidate.title_key, *(key for (key,) in keys)}


def _entry_papers(connection: sqlite3.Connection, number: int) -> list[Paper]:
    """The records of the entries of a stored paper: the paper as each entry describes it.

    Entries that describe exactly the stored paper have no record and are left out.
    """
    records = connection.execute("SELECT said FROM entry WHERE paper_id = ? AND said IS NOT NULL", (number,))
    return [_paper.decode(record) for (record,) in records]


def _with_new_content(papers: list[Paper], others: Iterable[Paper]) -> list[Paper]:
    """Those of `others` that add something to a comparison.

    A paper is left out if the values that are compared (`_compared`) are all missing, or are those of one of `papers`.
    If several papers have the same values, one of them is returned.
    """
    contents = {_compared(each) for each in papers} | {(None, (), None, None)}
    paper_by_content = {_compared(each): each for each in others}
    return [each for content, each in paper_by_content.items() if content not in contents]


def _compared(paper: Paper) -> tuple[object, ...]:
    """The values of a paper that show whether it is the same as another paper with the same title."""
    return paper.abstract, paper.authors, paper.venue, paper.published


def _compare_with_stored(connection: sqlite3.Connection, candidate: _Candidate, versions: Sequence[Paper]) -> Verdict:
    """Compare a stored paper with `versions` of another paper: "same" if any pair of their versions is the same."""
    verdicts = {compare(candidate.paper, version) for version in versions}
    if "different" in verdicts and "same" not in verdicts:
        others = _with_new_content([candidate.paper], _entry_papers(connection, candidate.id))
        verdicts |= {compare(other, version) for other in others for version in versions}
    return "same" if "same" in verdicts else "different" if "different" in verdicts else "unknown"


def _was_published_elsewhere(connection: sqlite3.Connection, candidate: _Candidate, versions: Sequence[Paper]) -> bool:
    """Whether a stored paper and `versions` of another paper were published in different places.

    That is so if at least one entry of the stored paper differs in its publication from at least one of `versions`, and
    no entry agrees with any of `versions`.
    """
    if not any(publications.differ(candidate.paper, version) for version in versions):
        return False
    # Compare the entries, because the stored paper may combine the date of one entry with the place of another.
    entries = _entry_papers(connection, candidate.id) or [candidate.paper]
    pairs = [(entry, version) for entry in entries for version in versions]
    return any(publications.differ(*pair) for pair in pairs) and not any(publications.agree(*pair) for pair in pairs)


def _keys(paper: Paper) -> set[int]:
    return {title_key(paper.title), *([doi_key(paper.doi)] if paper.doi else [])}


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def _with_missing_ids(paper: Paper, other: Paper) -> Paper:
    """A paper with the title and the ids of `paper`. An id that `paper` lacks is taken from `other`."""
    return Paper(title=paper.title, arxiv_id=paper.arxiv_id or other.arxiv_id, doi=paper.doi or other.doi)


def _ids_differ(one: Paper, other: Paper) -> bool:
    """Whether the ids of two papers show that they are different papers.

    With the same arXiv id they are never different, even if their DOIs differ.
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
        family, comma, given = author.name.partition(",")
        if not comma:
            *before, family = author.name.split() or [""]
            given = before[0] if before else ""
        if key := fold_title(family):
            # In "Lovelace, Jr, Ada" the given name comes last.
            names.add((key, fold_title(given.rpartition(",")[2])[:1]))
    return names
