"""What changed in a paper from one version to the next: its title, its abstract."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date
from itertools import groupby, pairwise
from typing import Literal

import msgspec

from store.model.paper import Paper
from store.papers.rows import parse_day

# Of a longer abstract so many letters are compared; the time it takes grows with their square.
_COMPARED = 5_000

_paper = msgspec.json.Decoder(Paper)


class Change(msgspec.Struct, frozen=True):
    """A field that a later version words otherwise. `likeness` of the two is 0 to 100."""

    field: Literal["title", "abstract"]
    before: str
    after: str
    seen_on: date
    likeness: float


class _Said(msgspec.Struct, frozen=True):
    """What one entry said, and the last day that it speaks of."""

    on: date
    paper: Paper


def of(connection: sqlite3.Connection, number: int) -> tuple[Change, ...]:
    """The changes of the paper `number` between versions that listings of one source knew, oldest first.

    Two sources that word a title differently show no change: only what one source said before and after counts. An
    entry without a day is neither before nor after.
    """
    said: dict[str, list[_Said]] = {}
    for family, listed_on, record in connection.execute(
        "SELECT l.family, e.listed_on, e.said FROM entry e JOIN listing l ON l.id = e.listing_id"
        " WHERE e.paper_id = ? AND e.said IS NOT NULL",
        (number,),
    ):
        paper = _paper.decode(record)
        if days := [each for each in (parse_day(listed_on), paper.updated) if each]:
            said.setdefault(family, []).append(_Said(max(days), paper))
    found = [change for each in said.values() for change in _between(_versions(each))]
    return tuple(sorted(found, key=lambda change: (change.seen_on, change.field == "abstract")))


def _versions(said: Iterable[_Said]) -> list[list[_Said]]:
    """Entries by the version that they speak of, oldest first. What is said on one day is said of one version."""
    groups: list[list[_Said]] = []
    for _, same_day in groupby(sorted(said, key=lambda each: each.on), key=lambda each: each.on):
        group = list(same_day)
        if groups and _numbers(groups[-1]) & _numbers(group):
            groups[-1] += group
        else:
            groups.append(group)
    return groups


def _numbers(version: list[_Said]) -> set[int]:
    return {each.paper.arxiv_version for each in version if each.paper.arxiv_version}


def _between(versions: list[list[_Said]]) -> list[Change]:
    # Imported here, as below: hardly any paper that is shown has changed.
    from rapidfuzz import fuzz

    found: list[Change] = []
    fields: tuple[Literal["title", "abstract"], ...] = ("title", "abstract")
    for field in fields:
        known = [(version[0].on, _wordings(version, field)) for version in versions]
        for (_, before), (seen_on, after) in pairwise((on, wordings) for on, wordings in known if wordings):
            if not before.keys() & after.keys():
                one, other = max(before.values()), max(after.values())
                likeness = fuzz.ratio(one[:_COMPARED], other[:_COMPARED])
                found.append(Change(field, one, other, seen_on, likeness))
    return found


def _wordings(version: list[_Said], field: str) -> dict[str, str]:
    """The wordings of a field that differ in more than signs and spelling."""
    from store.matching.identity import fold_title

    texts = sorted(text for each in version if (text := getattr(each.paper, field)))
    return {fold_title(text): text for text in texts}
