"""What several entries say of one paper becomes one paper: for each field the best known value, and whose it is.

The result depends on the set of entries alone, never on the order in which they came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from store.paper import Link, Paper

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


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What one entry said of a paper. `year_printed` is False for a date whose year recto had to find."""

    entry_id: int
    family: str
    paper: Paper
    listed_on: date | None = None
    year_printed: bool = True


class Folded(msgspec.Struct, frozen=True):
    """The best of all entries, and the id of the entry that gave each known field; empty when there is one entry only."""

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
        alone = msgspec.structs.replace(
            paper, links=_links(entries), author_count=len(paper.authors) or paper.author_count
        )
        return Folded(alone, {}, first, last)
    values: dict[str, Any] = {}
    sources: dict[str, int] = {}
    for field, better in _BETTER.items():
        known = [said for said in entries if _known(getattr(said.paper, field))]
        if known:
            # The value itself decides between equals, so that no order of arrival can.
            best = max(
                known,
                key=lambda said: (*better(said, field), repr(getattr(said.paper, field)), -said.entry_id),
            )
            values[field] = getattr(best.paper, field)
            sources[field] = best.entry_id
    if links := _links(entries):
        values["links"] = links
    values["author_count"] = len(values.get("authors", ())) or values.get("author_count")
    return Folded(Paper(**values), sources, first, last)


def _known(value: object) -> bool:
    return value is not None and value != ()


def _first_hand(said: Said) -> int:
    return -_RANK.get(said.family, len(_RANK))


def _day(said: Said) -> int:
    return said.listed_on.toordinal() if said.listed_on else 0


def _wording(said: Said, field: str) -> tuple[int, ...]:
    return _first_hand(said), _day(said), len(getattr(said.paper, field))


def _longest(said: Said, field: str) -> tuple[int, ...]:
    authors = said.paper.authors
    affiliated = sum(1 for author in authors if author.affiliations)
    return len(getattr(said.paper, field)), affiliated, _first_hand(said)


def _latest(said: Said, field: str) -> tuple[int, ...]:
    return _day(said), _first_hand(said)


def _latest_count(said: Said, field: str) -> tuple[int, ...]:
    return _day(said), getattr(said.paper, field)


def _earliest(said: Said, field: str) -> tuple[int, ...]:
    value: date = getattr(said.paper, field)
    return int(said.year_printed), _first_hand(said), -value.toordinal()


def _newest(said: Said, field: str) -> tuple[int, ...]:
    value = getattr(said.paper, field)
    return (value.toordinal() if isinstance(value, date) else value,)


_BETTER: dict[str, Callable[[Said, str], tuple[int, ...]]] = {
    "title": _wording,
    "abstract": _wording,
    "authors": _longest,
    "author_count": _latest_count,
    "organization": _latest,
    "published": _earliest,
    "updated": _newest,
    "arxiv_id": _latest,
    "arxiv_version": _newest,
    "doi": _wording,
    "categories": _longest,
    "venue": _wording,
    "comment": _wording,
    "upvotes": _latest_count,
    "comment_count": _latest_count,
    "ai_summary": _latest,
    "ai_keywords": _latest,
}


def _links(entries: Iterable[Said]) -> tuple[Link, ...]:
    """Every link once, in a steady order; of a repository's star counts the highest known."""
    stars: dict[tuple[str, str], int | None] = {}
    for said in entries:
        for link in said.paper.links:
            known = stars.get((link.kind, link.url))
            stars[link.kind, link.url] = max(
                (count for count in (known, link.stars) if count is not None), default=None
            )
    kinds = ("page", "pdf", "code", "project", "dataset")
    ordered = sorted(stars, key=lambda key: (kinds.index(key[0]), key[1]))
    return tuple(Link(kind, url, stars[kind, url]) for kind, url in ordered)  # type: ignore[arg-type]
