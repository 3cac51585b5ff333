"""Finds how the title and the abstract of a paper changed from one version of the paper to the next."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby, pairwise
from typing import Literal

import msgspec

from store.model.paper import Paper
from store.papers.stored_papers import parse_day

# Texts are shortened to this length (characters) before they are compared, because the time that a comparison takes
# grows with the square of the length.
_COMPARED_LETTERS = 5_000

_paper = msgspec.json.Decoder(Paper)


class Change(msgspec.Struct, frozen=True):
    """A change of the title or the abstract from one version to the next.

    `seen_on` is the first day on which the new text was listed. `likeness` is the similarity of the two texts, from 0
    to 100 for equal texts.
    """

    field: Literal["title", "abstract"]
    before: str
    after: str
    seen_on: date
    likeness: float


class FactChange(msgspec.Struct, frozen=True):
    """The change of the version ("v1", "v2") or the venue of a paper. `before` is "" if the paper had none before.

    `seen_on` is the first day on which a listing had the new value.
    """

    field: Literal["version", "venue"]
    before: str
    after: str
    seen_on: date


class _Record(msgspec.Struct, frozen=True):
    """A paper as one entry describes it.

    `as_of` is the later of the entry's listing day and the paper's day of update.
    """

    as_of: date
    paper: Paper


def of_all(connection: sqlite3.Connection, papers: Sequence[int]) -> dict[int, tuple[Change, ...]]:
    """The changes of each of `papers`, oldest first. Papers without a change are left out.

    Only entries from the same source ("arxiv", "hf", …) are compared with each other, because two sources often word a
    title differently. Entries without a day cannot be ordered and are left out.
    """
    entries: dict[tuple[int, str], list[tuple[str | None, str]]] = {}
    for number, family, listed_on, record in connection.execute(
        "SELECT e.paper_id, l.family, e.listed_on, e.said FROM json_each(?) i JOIN entry e ON e.paper_id = i.value"
        " JOIN listing l ON l.id = e.listing_id WHERE e.said IS NOT NULL",
        (msgspec.json.encode(list(papers)).decode(),),
    ):
        entries.setdefault((number, family), []).append((listed_on, record))
    changes: dict[int, list[Change]] = {}
    for (number, _), of_family in entries.items():
        # Decode the entries only if there are at least two from this source, because a single entry shows no change.
        if len(of_family) > 1 and (found := _changes(_versions(_records(of_family)))):
            changes.setdefault(number, []).extend(found)
    return {
        number: tuple(sorted(found, key=lambda change: (change.seen_on, change.field == "abstract")))
        for number, found in changes.items()
    }


def _records(entries: Iterable[tuple[str | None, str]]) -> Iterator[_Record]:
    """Yield a record for each entry that has a day. Each of `entries` is a listing day and a paper as JSON."""
    for listed_on, record in entries:
        paper = _paper.decode(record)
        if days := [day for day in (parse_day(listed_on), paper.updated) if day]:
            yield _Record(max(days), paper)


def _versions(records: Iterable[_Record]) -> list[list[_Record]]:
    """Group the records by version, oldest version first.

    Records with the same `as_of` belong to one version. The records of a day are added to the previous version if that
    has a record with the same arXiv version number as one of them.
    """
    versions: list[list[_Record]] = []
    for _, group in groupby(sorted(records, key=lambda record: record.as_of), key=lambda record: record.as_of):
        same_day = list(group)
        if versions and _version_numbers(versions[-1]) & _version_numbers(same_day):
            versions[-1] += same_day
        else:
            versions.append(same_day)
    return versions


def _version_numbers(version: list[_Record]) -> set[int]:
    return {record.paper.arxiv_version for record in version if record.paper.arxiv_version}


def _changes(versions: list[list[_Record]]) -> list[Change]:
    # Imported here and not at the top of the module, because few displayed papers have more than one version.
    from rapidfuzz import fuzz

    changes: list[Change] = []
    fields: tuple[Literal["title", "abstract"], ...] = ("title", "abstract")
    for field in fields:
        wordings = [(version[0].as_of, _wordings(version, field)) for version in versions]
        for (_, before), (seen_on, after) in pairwise((day, texts) for day, texts in wordings if texts):
            if not before.keys() & after.keys():
                old, new = max(before.values()), max(after.values())
                likeness = fuzz.ratio(old[:_COMPARED_LETTERS], new[:_COMPARED_LETTERS])
                changes.append(Change(field, old, new, seen_on, likeness))
    return changes


def _wordings(version: list[_Record], field: str) -> dict[str, str]:
    """The different texts that the records of a version have in the field `field`, by their folded texts.

    Texts that differ only in case, spaces or punctuation have the same folded text, so only one of them is returned.
    """
    from store.matching.title_merging import fold_title

    texts = sorted(text for record in version if (text := getattr(record.paper, field)))
    return {fold_title(text): text for text in texts}
