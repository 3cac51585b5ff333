"""What several entries say of one paper becomes one paper: for each field the best known value, and whose it is.

The result depends on the set of entries alone, never on the order in which they came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from store.paper import Author, Link, Paper

# Whose word is taken first where sources differ: who publishes the paper before who lists it.
_RANK = {
    family: rank
    for rank, family in enumerate(
        (
            "arxiv",
            "pubmed",
            "crossref",
            "openalex",
            "semantic-scholar",
            "recto",
            "hf",
            "paperswithcode",
            "bibliography",
        )
    )
}
# What these call the day of a paper may be that of its journal, or stand for a year alone.
_DATED_LATER = {"pubmed", "crossref", "openalex", "semantic-scholar", "bibliography", "table"}


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What one entry said of a paper. `year_printed` is False for a date whose year recto had to find.

    `path` is that of its listing: of two entries that are as good, the one first by path and then by id is named.
    """

    entry_id: int
    family: str
    paper: Paper
    listed_on: date | None = None
    year_printed: bool = True
    path: str = ""


class Folded(msgspec.Struct, frozen=True):
    """The best of all entries, and the id of the entry that gave each known field; empty when there is one alone."""

    paper: Paper
    sources: dict[str, int]
    first_listed: date | None
    last_listed: date | None


def fold(entries: Sequence[Said]) -> Folded:
    """The paper that `entries`, at least one, speak of."""
    days = [said.listed_on for said in entries if said.listed_on]
    first, last = min(days, default=None), max(days, default=None)
    if len(entries) == 1:
        paper = entries[0].paper
        count = _count(paper.authors, [paper]) if paper.authors else paper.author_count
        return Folded(msgspec.structs.replace(paper, links=_links(entries), author_count=count), {}, first, last)
    # Of equals the first one counts.
    entries = sorted(entries, key=lambda said: (said.path, said.entry_id))
    values: dict[str, Any] = {}
    sources: dict[str, int] = {}
    for field, better in _BETTER.items():
        known = [said for said in entries if _known(getattr(said.paper, field))]
        if known:
            # The value itself decides between equals, so that no order of arrival can.
            best = max(known, key=lambda said: (*better(said, field), repr(getattr(said.paper, field))))
            values[field] = getattr(best.paper, field)
            sources[field] = best.entry_id
    if links := _links(entries):
        values["links"] = links
    if authors := values.get("authors"):
        values["author_count"] = _count(authors, (said.paper for said in entries))
        sources["author_count"] = sources["authors"]
    return Folded(Paper(**values), sources, first, last)


def _known(value: object) -> bool:
    return value is not None and value != ()


def _count(authors: tuple[Author, ...], papers: Iterable[Paper]) -> int:
    """How many authors there are: as many as are named, or more where who named these said so ("and 300 others")."""
    return max([len(authors), *(paper.author_count or 0 for paper in papers if paper.authors == authors)])


def _first_hand(said: Said) -> int:
    return -_RANK.get(said.family, len(_RANK))


def _day(said: Said) -> int:
    return said.listed_on.toordinal() if said.listed_on else 0


def _as_of(said: Said) -> int:
    """The last day that an entry speaks of: a wording of a later one is that of a later version."""
    updated = said.paper.updated
    return max(_day(said), updated.toordinal() if updated else 0)


def _wording(said: Said, field: str) -> tuple[int, ...]:
    text: str = getattr(said.paper, field)
    return "\ufffd" not in text, _first_hand(said), _as_of(said), len(text)


def _title(said: Said, field: str) -> tuple[int, ...]:
    # Neither capitals nor commands of TeX are how a title reads; what is between dollars is shown as a formula.
    title = said.paper.title
    in_capitals = title.isupper() and len(title.split()) >= _MANY_WORDS
    return not in_capitals and "\\" not in _FORMULA.sub("", title), *_wording(said, field)


def _authors(said: Said, field: str) -> tuple[int, ...]:
    names = [author.name for author in said.paper.authors]
    return (
        len(names),
        sum(_GARBLED.search(name) is None for name in names),
        sum(map(_is_spelled_out, names)),
        # Where one has the letter that another put an A for.
        sum(_LATIN_LETTER.search(name) is not None for name in names),
        sum(1 for author in said.paper.authors if author.affiliations),
        _first_hand(said),
        _as_of(said),
    )


def _categories(said: Said, field: str) -> tuple[int, ...]:
    # Filters ask for arXiv's; the subjects and topics of others are more, and are called otherwise.
    categories = said.paper.categories
    return all(map(_CATEGORY.fullmatch, categories)), _first_hand(said), len(categories)


def _latest(said: Said, field: str) -> tuple[int, ...]:
    return _day(said), _first_hand(said)


def _latest_count(said: Said, field: str) -> tuple[int, ...]:
    return _day(said), getattr(said.paper, field)


def _first_version(said: Said, field: str) -> tuple[int, ...]:
    value: date = getattr(said.paper, field)
    exact = 0
    if said.family in _DATED_LATER:
        # 1 January is how a year alone is written, the first of another month a month.
        exact = (value.day > 1) + ((value.month, value.day) > (1, 1))
    return said.family not in _DATED_LATER, said.year_printed, exact, _first_hand(said), -value.toordinal()


def _newest(said: Said, field: str) -> tuple[int, ...]:
    value = getattr(said.paper, field)
    return (value.toordinal() if isinstance(value, date) else value,)


def _is_spelled_out(name: str) -> bool:
    """Whether a given name stands before the last one, as in "Ada Lovelace", and not its initial alone."""
    given = name.split()[:-1]
    return not given or any(
        word[1:2].isalpha() and not word[1].isupper() and not word[0].islower()  # not "JR" and not "von"
        for word in given
    )


# A title of so few words may be an acronym.
_MANY_WORDS = 4
_FORMULA = re.compile(r"\$[^$]*\$")
_GARBLED = re.compile(r"[\\{}$\ufffd]")
_LATIN_LETTER = re.compile(r"[À-ÖØ-öø-ɏḀ-ỿ]")
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)+|[a-z]+(?:-[a-z]+)*\.[A-Za-z]+(?:-[a-z]+)*")

_BETTER: dict[str, Callable[[Said, str], tuple[int, ...]]] = {
    "title": _title,
    "abstract": _wording,
    "authors": _authors,
    "author_count": _latest_count,
    "organization": _latest,
    "published": _first_version,
    "updated": _newest,
    "arxiv_id": _latest,
    "arxiv_version": _newest,
    "doi": _wording,
    "categories": _categories,
    "venue": _wording,
    "comment": _wording,
    "upvotes": _latest_count,
    "comment_count": _latest_count,
    "ai_summary": _latest,
    "ai_keywords": _latest,
}


def _links(entries: Iterable[Said]) -> tuple[Link, ...]:
    """Every link once, in a steady order; of a repository's star counts the highest known.

    Of the spellings of one address the safest and shortest one is kept.
    """
    stars: dict[tuple[str, str], int | None] = {}
    spelled: dict[tuple[str, str], str] = {}
    for said in entries:
        for link in said.paper.links:
            place = link.kind, _place(link.url)
            known = stars.get(place)
            stars[place] = max((count for count in (known, link.stars) if count is not None), default=None)
            spelled[place] = min(spelled.get(place, link.url), link.url, key=_spelling)
    found = [Link(kind, spelled[kind, place], count) for (kind, place), count in stars.items()]  # type: ignore[arg-type]
    return tuple(sorted(found, key=lambda link: (_KINDS.index(link.kind), link.url)))


_KINDS = ("page", "pdf", "code", "project", "dataset")
_SCHEME = re.compile(r"https?://(?:www\.|dx\.(?=doi\.org/)|export\.(?=arxiv\.org/))?", re.I)
_VERSION = re.compile(r"(arxiv\.org/(?:abs|pdf)/.*?)(?:v\d+)?(?:\.pdf)?", re.I)
_CASELESS = re.compile(r"(doi\.org/.*|github\.com/[^/]+/[^/]+?)(?:\.git)?", re.I)


def _place(url: str) -> str:
    """What an address leads to, in one spelling: a paper on arXiv whatever the version, a DOI whatever the case."""
    found = _SCHEME.sub("", url, count=1).rstrip("/")
    if match := _VERSION.fullmatch(found) or _CASELESS.fullmatch(found):
        return match[1].casefold()
    host, slash, rest = found.partition("/")
    return f"{host.casefold()}{slash}{rest}"


def _spelling(url: str) -> tuple[bool, int, str]:
    return not url.startswith("https://"), len(url), url
