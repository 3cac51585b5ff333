"""What changed in a paper from one listing to the next: its title, its abstract."""

from __future__ import annotations

import sqlite3
from datetime import date
from itertools import pairwise
from typing import Literal

import msgspec
from rapidfuzz import fuzz

from store.paper import Paper
from store.shelf import day

# Of a longer abstract so many letters are compared; the time it takes grows with their square.
_COMPARED = 5_000

_paper = msgspec.json.Decoder(Paper)


class Change(msgspec.Struct, frozen=True):
    """A field that a later version words otherwise. `likeness` of the two is 0 to 100."""

    field: Literal["title", "abstract"]
    before: str
    after: str
    seen_on: date | None
    likeness: float


def of(connection: sqlite3.Connection, number: int) -> tuple[Change, ...]:
    """The changes of the paper `number` between versions that listings of one source knew, oldest first.

    Two sources that word a title differently show no change: only what one source said before and after counts.
    """
    said: dict[str, list[tuple[str | None, Paper]]] = {}
    for family, listed_on, record in connection.execute(
        "SELECT l.family, e.listed_on, e.said FROM entry e JOIN listing l ON l.id = e.listing_id"
        " WHERE e.paper_id = ? AND e.said IS NOT NULL ORDER BY e.listed_on, e.id",
        (number,),
    ):
        said.setdefault(family, []).append((listed_on, _paper.decode(record)))
    return tuple(change for versions in said.values() for change in _between(versions))


def _between(versions: list[tuple[str | None, Paper]]) -> list[Change]:
    found: list[Change] = []
    fields: tuple[Literal["title", "abstract"], ...] = ("title", "abstract")
    for field in fields:
        known = [(listed_on, text) for listed_on, paper in versions if (text := getattr(paper, field))]
        for (_, before), (listed_on, after) in pairwise(known):
            if " ".join(before.split()) != " ".join(after.split()):
                likeness = fuzz.ratio(before[:_COMPARED], after[:_COMPARED])
                found.append(Change(field, before, after, day(listed_on), likeness))
    return found
