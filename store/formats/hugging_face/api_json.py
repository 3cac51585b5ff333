"""Read Hugging Face Daily Papers from JSON: the site's API, the data in its pages, or the output of the `hf` command.

An item is a paper, or an object with the paper under the key `paper`. The `hf` command writes keys in snake case; the
other sources use camel case. A file is an array of items, an object with a list of items (`{"dailyPapers": […]}` or
`{"papers": […]}`), a single item, or JSON lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, BinaryIO
from urllib.parse import quote

import msgspec

from store.formats.hugging_face.addresses import SITE, paper_addresses
from store.formats.shared import ids_and_links, json_items
from store.formats.shared.json_items import Around, Count, Unfit
from store.model.entry import Entry, Item, ListingDay
from store.model.paper import Author, Link, Organization, Paper
from store.model.partial_date import MonthDay

NAME = "hf-json"
TITLE = "Hugging Face Daily Papers, JSON"
FAMILY = "hf"
EXAMPLE = "daily_papers.json"
STREAMS = True

_LISTS = (("dailyPapers",), ("papers",))
# Keys that occur only in items of Hugging Face.
_ITEM_MARKS = {"paper.upvotes", "paper.discussionId", "paper.submittedOnDailyAt", "paper.publishedAt", "paper.summary"}
_BARE_MARKS = {
    "upvotes",
    "discussionId",
    "submittedOnDailyAt",
    "githubRepo",
    "publishedAt",
    "discussion_id",
    "submitted_at",
    "submitted_by",
    "published_at",
}
# Keys that occur only in items of other formats. Such items may also contain some of the keys in the list above.
_FOREIGN = {"bookmarked", "listings", "queue_position", "paperId", "authors_parsed", "issued", "abstract"}


class _Person(msgspec.Struct):
    name: str | None = None


class _Submitter(msgspec.Struct):
    fullname: str | None = None
    name: str | None = None
    user: str | None = None


class _Organization(msgspec.Struct):
    name: str | None = None
    fullname: str | None = None


class _Repository(msgspec.Struct):
    id: str | None = None


class _Item(msgspec.Struct, rename="camel"):
    """The keys of an item and of the paper in it.

    Some keys, such as `organization`, may be in either of these two objects.
    """

    id: str | None = None
    title: str | None = None
    summary: str | None = None
    authors: list[_Person | str] | None = None
    upvotes: Count | None = None
    published_at: str | None = None
    submitted_on_daily_at: str | None = None
    num_comments: Count | None = None
    organization: _Organization | str | None = None
    github_repo: str | None = None
    github_stars: Count | None = None
    project_page: str | None = None
    linked_models: list[_Repository] | None = None
    linked_datasets: list[_Repository] | None = None
    submitted_on_daily_by: _Submitter | str | None = None
    submitted_by: _Submitter | str | None = None
    ai_summary: str | None = msgspec.field(name="ai_summary", default=None)
    ai_keywords: list[str] | None = msgspec.field(name="ai_keywords", default=None)
    paper: _Item | None = None
    # The same keys as above, spelled in snake case. In the output of `hf`, `comments` is a count; in other sources, it
    # is a list.
    published_at_snake: str | None = msgspec.field(name="published_at", default=None)
    submitted_at_snake: str | None = msgspec.field(name="submitted_at", default=None)
    comments: Any = None
    github_repo_snake: str | None = msgspec.field(name="github_repo", default=None)
    github_stars_snake: Count | None = msgspec.field(name="github_stars", default=None)
    project_page_snake: str | None = msgspec.field(name="project_page", default=None)
    submitted_by_snake: _Submitter | str | None = msgspec.field(name="submitted_by", default=None)
    linked_models_snake: list[_Repository] | None = msgspec.field(name="linked_models", default=None)
    linked_datasets_snake: list[_Repository] | None = msgspec.field(name="linked_datasets", default=None)


class _Page(msgspec.Struct, rename="camel"):
    """The object around the list of papers, which describes the page.

    `date` is a timestamp, or a day, week or month such as "2026-06-12", "2026-W24" or "2026-06".
    """

    date: str | None = None
    date_string: str | None = None
    period_type: str | None = None


_ITEM = msgspec.json.Decoder(_Item)
_PAGE = msgspec.json.Decoder(_Page)


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is JSON of Daily Papers: near 1 when its items have keys that only it uses."""
    keys = json_items.keys(head)
    if "papers[]" in keys:
        # Some scripts store the papers of a page as a list under the key "papers".
        keys = frozenset(key.removeprefix("papers.") for key in keys if key.startswith("papers."))
    if "dailyPapers" in keys:
        return 0.97
    if "paper.id" in keys and keys & _ITEM_MARKS:
        return 0.97
    if {"id", "title"} <= keys and not keys & _FOREIGN:
        marks = len(keys & _BARE_MARKS) + ("ai_summary" in keys) + ("summary" in keys)
        return 0.95 if marks >= 3 else 0.8 if marks == 2 else 0.0
    return 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield a ListingDay, if the object around the list has a date, and then an entry for each paper."""
    day: date | None = None

    def entry(item: _Item, line: int) -> Entry:
        return _entry(item, line, day)

    for piece in json_items.entries(stream, _ITEM, entry, lists=_LISTS, landmarks=("paper",)):
        if not isinstance(piece, Around):
            yield piece
        elif day is None and (day := _page_day(json_items.around(piece, _PAGE))):
            yield ListingDay(MonthDay(day.month, day.day, day.year))


def _entry(item: _Item, line: int, page_day: date | None) -> Entry:
    paper = item.paper or item
    title = item.title if item.title and item.title.strip() else paper.title
    if not title or not title.strip():
        raise Unfit("it has no title")
    identity = ids_and_links.identity(arxiv_ids=[paper.id])
    authors = tuple(
        Author(name)
        for each in paper.authors or item.authors or ()
        if (name := each if isinstance(each, str) else each.name) and name.strip()
    )
    published = _timestamp(paper.published_at or paper.published_at_snake)
    return Entry(
        paper=Paper(
            title=title,
            abstract=paper.summary or item.summary,
            authors=authors,
            author_count=len(authors) or None,
            organization=_organization(item.organization) or _organization(paper.organization),
            published=published.date() if published else None,
            arxiv_id=identity.arxiv_id,
            arxiv_version=identity.arxiv_version,
            upvotes=_first(paper.upvotes, item.upvotes),
            comment_count=_first(item.num_comments, paper.num_comments, _count(item.comments)),
            links=_links(paper, item, identity.arxiv_id),
            submitter=_submitter(paper, item),
            ai_summary=paper.ai_summary or item.ai_summary,
            ai_keywords=tuple(paper.ai_keywords or item.ai_keywords or ()),
        ),
        line=line,
        listed_on=_listed_on(item, paper, published, page_day),
    )


def _listed_on(item: _Item, paper: _Item, published: datetime | None, page_day: date | None) -> date | None:
    """The day on which the site listed the paper.

    If no key contains that day, returns the day on which the paper was submitted to Hugging Face.

    In files of 2024, `publishedAt` of the item is the time of submission; the `hf` command names it `submitted_at`. In
    later files, `publishedAt` of the item is the publication time of the paper in another time zone. This time is
    earlier than the paper's own `publishedAt`, so it is recognized and not used.
    """
    stated = _timestamp(paper.submitted_on_daily_at or item.submitted_on_daily_at)
    if stated or page_day:
        return stated.date() if stated else page_day
    submitted = _timestamp(item.published_at if item is not paper else None) or _timestamp(item.submitted_at_snake)
    return submitted.date() if submitted and (published is None or submitted >= published) else None


def _links(paper: _Item, item: _Item, arxiv_id: str | None) -> tuple[Link, ...]:
    def first(*names: str) -> Any:
        return next((value for name in names for each in (paper, item) if (value := getattr(each, name))), None)

    models = first("linked_models", "linked_models_snake") or ()
    datasets = first("linked_datasets", "linked_datasets_snake") or ()
    return ids_and_links.links(
        *paper_addresses(paper.id, arxiv_id),
        ("code", first("github_repo", "github_repo_snake")),
        ("project", first("project_page", "project_page_snake")),
        *(("model", f"{SITE}/{quote(each.id)}") for each in models if each.id),
        *(("dataset", f"{SITE}/datasets/{quote(each.id)}") for each in datasets if each.id),
        stars=_first(paper.github_stars, item.github_stars, paper.github_stars_snake, item.github_stars_snake),
    )


def _submitter(paper: _Item, item: _Item) -> str | None:
    """The name of the person who submitted a paper to the site."""
    for each in (paper, item):
        for person in (each.submitted_on_daily_by, each.submitted_by, each.submitted_by_snake):
            name = (
                person if isinstance(person, str) or person is None else person.fullname or person.name or person.user
            )
            if name and name.strip():
                return name
    return None


def _organization(written: _Organization | str | None) -> Organization | None:
    if isinstance(written, str):
        return Organization(written) if written.strip() else None
    if written is None or not (written.fullname or written.name):
        return None
    return Organization(name=written.fullname or written.name or "", slug=written.name)


def _page_day(page: _Page | None) -> date | None:
    """The day of a daily page; None for a weekly or monthly page."""
    if page is None or page.period_type not in (None, "day", "daily"):
        return None
    for text in (page.date_string, page.date):
        if text and len(text) >= len("2026-06-12") and (timestamp := _timestamp(text)):
            return timestamp.date()
    return None


def _timestamp(text: str | None) -> datetime | None:
    """Parse `text` as a timestamp in UTC. A date without a time is the start of the day. None for any other text."""
    try:
        timestamp = datetime.fromisoformat((text or "").strip())
        return timestamp.astimezone(UTC) if timestamp.tzinfo else timestamp.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _first(*counts: int | None) -> int | None:
    return next((count for count in counts if count is not None), None)


def _count(value: Any) -> int | None:
    return value if type(value) is int and value >= 0 else None
