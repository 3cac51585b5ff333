"""recto's own export: JSON with one paper per line, or one array of papers. The keys are the field names of Paper.

The export also contains the user's marks on each paper (bookmarked, queue_position, status, tags, note). An import
ignores these keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import BinaryIO, get_args

import msgspec

from store.formats.shared import ids_and_links, json_items
from store.formats.shared.json_items import Around, Count, Unfit
from store.model.entry import AnnounceType, Entry, Item
from store.model.paper import Author, Link, LinkKind, Organization, Paper
from store.model.partial_date import UNDATED, PartialDate

NAME = "recto"
TITLE = "recto's own JSON lines"
FAMILY = "recto"
EXAMPLE = "recto-export.jsonl"
STREAMS = True

_MARKS = {"bookmarked", "queue_position", "listings", "first_listed", "last_listed"}
_FIELDS = {"author_count", "arxiv_version", "comment_count", "ai_summary", "ai_keywords", "links.kind"}
_LINK_KINDS = get_args(LinkKind)
_ANNOUNCE_TYPES = get_args(AnnounceType)


class _Author(msgspec.Struct):
    name: str | None = None
    affiliations: list[str] | None = None


class _Organization(msgspec.Struct):
    name: str | None = None
    slug: str | None = None


class _Link(msgspec.Struct):
    kind: str | None = None
    url: str | None = None
    stars: Count | None = None


class _Appearance(msgspec.Struct):
    listed_on: str | None = None
    announce_type: str | None = None


class _Exported(msgspec.Struct):
    """An exported paper. Days are in ISO 8601; `published` may also be only a month or a year ("2024-06", "2024").

    Every field may be missing or null.
    """

    title: str | None = None
    abstract: str | None = None
    authors: list[_Author | str] | None = None
    author_count: Count | None = None
    organization: _Organization | str | None = None
    published: str | None = None
    updated: str | None = None
    arxiv_id: str | None = None
    arxiv_version: Count | None = None
    doi: str | None = None
    categories: list[str] | None = None
    venue: str | None = None
    comment: str | None = None
    decision: str | None = None
    track: str | None = None
    scores: list[float] | None = None
    upvotes: Count | None = None
    comment_count: Count | None = None
    links: list[_Link] | None = None
    citation_key: str | None = None
    submitter: str | None = None
    ai_summary: str | None = None
    ai_keywords: list[str] | None = None
    first_listed: str | None = None
    last_listed: str | None = None
    listings: list[_Appearance] | None = None


_EXPORTED = msgspec.json.Decoder(_Exported)


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is recto's own export: near 1 when the items have keys that only recto writes."""
    keys = json_items.keys(head)
    if "title" in keys and len(keys & _MARKS) >= 2:
        return 0.98
    return 0.8 if "title" in keys and keys & _MARKS and keys & _FIELDS else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """An entry for each paper. The entry's listing day is the last day on which the paper was listed."""
    for item in json_items.entries(stream, _EXPORTED, _entry):
        if not isinstance(item, Around):
            yield item


def _entry(exported: _Exported, line: int) -> Entry:
    if not exported.title or not exported.title.strip():
        raise Unfit("it has no title")
    identity = ids_and_links.identity(dois=[exported.doi], arxiv_ids=[exported.arxiv_id])
    latest = max(
        ((day, each) for each in exported.listings or () if (day := _day(each.listed_on))),
        key=lambda each: each[0],
        default=None,
    )
    announced = latest[1].announce_type if latest else None
    authors = (_Author(each) if isinstance(each, str) else each for each in exported.authors or ())
    organization = (
        _Organization(exported.organization) if isinstance(exported.organization, str) else exported.organization
    )
    published, published_to = _when(exported.published) or UNDATED
    return Entry(
        paper=Paper(
            title=exported.title,
            abstract=exported.abstract,
            authors=tuple(Author(each.name, tuple(each.affiliations or ())) for each in authors if each.name),
            author_count=exported.author_count,
            organization=Organization(organization.name, organization.slug)
            if organization and organization.name
            else None,
            published=published,
            published_to=published_to,
            updated=_day(exported.updated),
            arxiv_id=identity.arxiv_id,
            arxiv_version=identity.arxiv_version or exported.arxiv_version,
            doi=identity.doi,
            categories=tuple(exported.categories or ()),
            venue=exported.venue,
            comment=exported.comment,
            decision=exported.decision,
            track=exported.track,
            scores=tuple(exported.scores or ()),
            upvotes=exported.upvotes,
            comment_count=exported.comment_count,
            links=tuple(
                Link(each.kind, each.url, each.stars)  # type: ignore[arg-type]
                for each in exported.links or ()
                if each.kind in _LINK_KINDS and each.url
            ),
            submitter=exported.submitter,
            ai_summary=exported.ai_summary,
            ai_keywords=tuple(exported.ai_keywords or ()),
        ),
        line=line,
        listed_on=_day(exported.last_listed) or (latest[0] if latest else None) or _day(exported.first_listed),
        announce_type=announced if announced in _ANNOUNCE_TYPES else None,  # type: ignore[arg-type]
        citation_key=exported.citation_key,
    )


def _when(text: str | None) -> PartialDate | None:
    """A day, a month or a year written as ISO 8601; None for anything else."""
    try:
        return PartialDate.parse((text or "")[:10])
    except ValueError:
        return None


def _day(text: str | None) -> date | None:
    """A day written as ISO 8601; None for anything else."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
