"""When two entries are one paper: the arXiv id, else the DOI, else the title and a second field that confirms it."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Container, Iterable, Sequence
from hashlib import blake2b
from typing import Literal

import msgspec

from store.model.paper import Author, Paper

# Two abstracts of one paper differ by this much at the most (rapidfuzz ratio, 0 to 100).
ALIKE = 85.0
# Of a longer abstract so many letters are compared; the time it takes grows with their square.
_COMPARED = 5_000
# Of the papers that share one title ("Editorial") the first so many are compared.
_MOST_TITLED = 100

Likeness = Literal["one", "perhaps", "two"]

_NEW_ID = r"\d{4}\.\d{4,5}"
_OLD_ID = r"[a-z][a-z-]*(?:\.[A-Z]{2})?/\d{7}"
_ARXIV = re.compile(
    rf"(?:arxiv:\s*|(?:https?://)?(?:[a-z]+\.)?arxiv\.org/(?:abs|pdf|html)/)?({_NEW_ID}|{_OLD_ID})(?:v(\d{{1,4}}))?"
    r"(?:\.pdf)?",
    re.I | re.A,
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
    found = match[1].lower().rstrip(".,;") if match else ""
    return found if found and not found.endswith("/") else None


def normal(paper: Paper) -> Paper:
    """`paper` with its ids in the form they are compared in; an arXiv DOI is the arXiv id it stands for."""
    found = arxiv_id(paper.arxiv_id) if paper.arxiv_id else None
    known_doi = doi(paper.doi) if paper.doi else None
    if known_doi and known_doi.startswith(_ARXIV_DOI) and (stands_for := arxiv_id(known_doi[len(_ARXIV_DOI) :])):
        found = found or stands_for
        known_doi = None
    number, version = found or (None, None)
    version = version or paper.arxiv_version
    if (number, version, known_doi) == (paper.arxiv_id, paper.arxiv_version, paper.doi):
        return paper
    return msgspec.structs.replace(paper, arxiv_id=number, arxiv_version=version, doi=known_doi)


def fold(text: str) -> str:
    """Letters and digits alone, without case, accents or TeX's commands: what two spellings of a title share."""
    plain = text.casefold()
    if "\\" in plain or "math" in plain or "text" in plain:
        plain = _ELL.sub("l", _COMMAND.sub(" ", plain))
    if not plain.isascii():
        # Twice: a letter such as the script H gets its plain capital by the decomposition.
        decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
        plain = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_SPELLED)
        found = _BETWEEN_WORDS.sub("", plain)
    else:
        found = plain.translate(_BETWEEN_ASCII_WORDS)
    return found or "".join(text.casefold().split())


def title_key(title: str) -> int:
    """The folded title as a signed 64-bit number, for an index probe."""
    return _key(fold(title))


def doi_key(doi: str) -> int:
    """A normal DOI as a number that no title has: the alias of a paper that has another one."""
    # No folded title has a colon.
    return _key(f"doi:{doi}")


def aliases(best: Paper, said: Iterable[Paper]) -> set[int]:
    """Keys of the titles and DOIs that `said` has and `best`, which was made of it, has not."""
    return {key for paper in said for key in _keys(paper)} - _keys(best)


def matches(
    connection: sqlite3.Connection, paper: Paper, family: str, among: Container[int] | None = None
) -> list[int]:
    """The stored papers that a normal `paper` from `family` is: several, when it shows that those are one.

    Ids are believed before titles; no two papers with different arXiv ids, or different DOIs, are ever one. What a
    paper that was found is called and says counts as if `paper` said it, so that the order of entries does not. A
    title that nothing confirms is enough only inside one family. An index probe for each id and title.
    `among` are the only papers that are looked at.
    """
    new = _by_id(connection, paper, among)
    asked = {title_key(paper.title)}
    beside = {each.id: each for key in asked for each in _titled(connection, key, paper, among)}
    if not new and not beside:
        return []
    found: list[_Stored] = []
    known, said, families = paper, [paper], {family}
    while True:
        found += new
        titles: set[int] = set()
        for stored in new:
            known = _with_ids(known, stored)
            families.update(stored.families.split())
            titles |= _titles(connection, stored)
        for key in sorted(titles - asked):
            beside.update((each.id, each) for each in _titled(connection, key, known, among))
        asked |= titles
        for stored in found:
            beside.pop(stored.id, None)
        if not beside:
            break
        for stored in new:
            said += _differing(said, [stored.paper, *_said(connection, stored.id)])
        beside = {number: each for number, each in sorted(beside.items()) if not _apart(known, each.paper)}
        likenesses = {number: _likeness(connection, each, said) for number, each in beside.items()}
        new = [beside[number] for number, likeness in likenesses.items() if likeness == "one"][:1]
        if not new:
            perhaps = [each for number, each in beside.items() if likenesses[number] == "perhaps"]
            # One that has nothing but a title too, else the first.
            perhaps.sort(key=lambda each: (bool(each.paper.abstract or each.paper.authors), each.id))
            new = [each for each in perhaps if not families.isdisjoint(each.families.split())][:1]
        if not new:
            break
    return sorted(each.id for each in found)


def alike(one: Paper, other: Paper) -> Likeness:
    """Whether two papers with one title, which no ids tell apart, are one. "perhaps": nothing confirms or denies it."""
    comparable = False
    if one.abstract and other.abstract:
        # Imported here: the process that reads a listing compares nothing, and saves the memory.
        from rapidfuzz import fuzz

        if fuzz.ratio(_plain(one.abstract), _plain(other.abstract), score_cutoff=ALIKE):
            return "one"
        comparable = True
    if one.authors and other.authors:
        if _names(one.authors) & _names(other.authors):
            return "one"
        comparable = True
    return "two" if comparable else "perhaps"


class _Stored(msgspec.Struct, frozen=True):
    """A stored paper: what of it is compared."""

    id: int
    families: str
    title_key: int
    paper: Paper


_BETWEEN_WORDS = re.compile(r"[\W_]+")
# The same for ASCII, several times as fast.
_BETWEEN_ASCII_WORDS = {code: None for code in range(128) if not chr(code).isalnum()}
# What says how a letter is drawn. Some sources leave the backslash out.
_COMMAND = re.compile(
    r"(?:\\|(?<![a-z]))(?:math(?:bb|bf|cal|frak|it|rm|scr|sf|tt)|text(?:bf|it|rm|sc|sf|sl|tt))(?![a-z])"
    r"|\\(?:bf|bm|boldsymbol|em|emph|ensuremath|it|operatorname|rm|sc|sf|text|tt)(?![a-z])|\\var(?=[a-z])"
)
_ELL = re.compile(r"\\ell(?![a-z])")
# Letters that have no decomposition; a Greek one is as TeX calls it.
_SPELLED = {
    **str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}),
    **{c: unicodedata.name(chr(c)).split()[-1].lower() for c in range(ord("α"), ord("ω") + 1)},
    ord("λ"): "lambda",
}
_STORED = (
    "SELECT p.id, p.families, p.title_key, p.title, p.arxiv_id, p.doi, b.abstract, b.authors"
    " FROM paper p JOIN body b ON b.paper_id = p.id"
)
_NOT_APART = "(p.arxiv_id IS NULL OR ?2 IS NULL OR p.arxiv_id = ?2) AND (p.doi IS NULL OR ?3 IS NULL OR p.doi = ?3)"
_authors = msgspec.json.Decoder(tuple[Author, ...])
_paper = msgspec.json.Decoder(Paper)


def _stored(
    connection: sqlite3.Connection, rest: str, values: tuple[object, ...], among: Container[int] | None
) -> list[_Stored]:
    return [
        _Stored(
            number,
            families,
            key,
            Paper(
                title=title,
                arxiv_id=arxiv,
                doi=doi,
                abstract=abstract,
                authors=_authors.decode(authors) if authors else (),
            ),
        )
        for number, families, key, title, arxiv, doi, abstract, authors in connection.execute(
            f"{_STORED} {rest}", values
        )
        if among is None or number in among
    ]


def _by_id(connection: sqlite3.Connection, paper: Paper, among: Container[int] | None) -> list[_Stored]:
    """The stored papers with an id of `paper`'s: at most one for each id."""
    found = _stored(connection, "WHERE p.arxiv_id = ?", (paper.arxiv_id,), among) if paper.arxiv_id else []
    if paper.doi:
        named = _stored(
            connection,
            "WHERE p.id IN (SELECT id FROM paper WHERE doi = ?1 UNION SELECT paper_id FROM alias WHERE key = ?2)"
            " AND (p.arxiv_id IS NULL OR ?3 IS NULL OR p.arxiv_id = ?3)",
            (paper.doi, doi_key(paper.doi), paper.arxiv_id),
            among,
        )
        if named:
            # arXiv has papers in several parts under one DOI.
            key = title_key(paper.title)
            first = min(named, key=lambda each: (each.title_key != key, each.paper.arxiv_id or "", each.id))
            found += [first] if first not in found else []
    return found


def _titled(
    connection: sqlite3.Connection, key: int, known: Paper, among: Container[int] | None = None
) -> list[_Stored]:
    """Stored papers that have, or in some listing had, the title with this `key`, and no other id than `known` has."""
    return _stored(
        connection,
        f"WHERE p.id IN (SELECT id FROM paper p WHERE title_key = ?1 AND {_NOT_APART}"
        " UNION SELECT paper_id FROM alias WHERE key = ?1)"
        f" AND {_NOT_APART} ORDER BY p.id LIMIT {_MOST_TITLED}",
        (key, known.arxiv_id, known.doi),
        among,
    )


def _titles(connection: sqlite3.Connection, stored: _Stored) -> set[int]:
    """The keys of all titles that a stored paper has, or had in some listing; those of DOIs are no title's."""
    rows = connection.execute("SELECT key FROM alias WHERE paper_id = ?", (stored.id,))
    return {stored.title_key, *(key for (key,) in rows)}


def _said(connection: sqlite3.Connection, number: int) -> list[Paper]:
    """What entries said of a stored paper that is not all the best that is known."""
    rows = connection.execute("SELECT said FROM entry WHERE paper_id = ? AND said IS NOT NULL", (number,))
    return [_paper.decode(record) for (record,) in rows]


def _differing(known: list[Paper], said: Iterable[Paper]) -> list[Paper]:
    """Those of `said` that say something to compare that `known` do not say."""
    told = {(each.abstract, each.authors) for each in known} | {(None, ())}
    found = {(each.abstract, each.authors): each for each in said}
    return [each for words, each in found.items() if words not in told]


def _likeness(connection: sqlite3.Connection, stored: _Stored, said: Sequence[Paper]) -> Likeness:
    """How like a stored paper is, by the best known of it or by what an entry said, to one of which this is `said`."""
    found = {alike(stored.paper, each) for each in said}
    if "two" in found and "one" not in found:
        others = _differing([stored.paper], _said(connection, stored.id))
        found |= {alike(each, mine) for each in others for mine in said}
    return "one" if "one" in found else "two" if "two" in found else "perhaps"


def _keys(paper: Paper) -> set[int]:
    return {title_key(paper.title), *([doi_key(paper.doi)] if paper.doi else [])}


def _key(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def _with_ids(paper: Paper, stored: _Stored) -> Paper:
    return Paper(title=paper.title, arxiv_id=paper.arxiv_id or stored.paper.arxiv_id, doi=paper.doi or stored.paper.doi)


def _apart(one: Paper, other: Paper) -> bool:
    """Whether the ids of two papers say that they are two. One arXiv id is one paper, whatever the DOIs are."""
    if one.arxiv_id and other.arxiv_id:
        return one.arxiv_id != other.arxiv_id
    return bool(one.doi and other.doi and one.doi != other.doi)


def _plain(text: str) -> str:
    return " ".join(text[:_COMPARED].casefold().split())


def _names(authors: tuple[Author, ...]) -> set[tuple[str, str]]:
    """Family name and first initial of each author, folded: "A. Lovelace" and "Lovelace, Ada" are one."""
    found = set()
    for author in authors:
        family, comma, given = author.name.partition(",")
        if not comma:
            *before, family = author.name.split() or [""]
            given = before[0] if before else ""
        if key := fold(family):
            # "Lovelace, Jr, Ada"
            found.add((key, fold(given.rpartition(",")[2])[:1]))
    return found
