"""Hugging Face Daily Papers as JSON: the site's API, the data of its pages, and what the `hf` command prints.

Items hold a `paper`, or are bare papers, in camel case or, from the command, in snake case. They come as an array,
as `{"dailyPapers": […]}` or `{"papers": […]}`, one by one, or as JSON lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, BinaryIO
from urllib.parse import quote

import msgspec

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
# Keys that only Hugging Face's papers have.
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
# Keys of other formats whose items have some of these too.
_FOREIGN = {"bookmarked", "listings", "queue_position", "paperId", "authors_parsed", "issued", "abstract"}


class _Person(msgspec.Struct):
    name: str | None = None


class _Organization(msgspec.Struct):
    name: str | None = None
    fullname: str | None = None


class _Repository(msgspec.Struct):
    id: str | None = None


class _Said(msgspec.Struct, rename="camel"):
    """What an item says: about itself, about its paper, or about both. `organization` may stand in either."""

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
    linked_datasets: list[_Repository] | None = None
    ai_summary: str | None = msgspec.field(name="ai_summary", default=None)
    ai_keywords: list[str] | None = msgspec.field(name="ai_keywords", default=None)
    paper: _Said | None = None
    # The same in snake case. `comments` is a count there, and a list of comments elsewhere.
    published_at_snake: str | None = msgspec.field(name="published_at", default=None)
    submitted_at_snake: str | None = msgspec.field(name="submitted_at", default=None)
    comments: Any = None
    github_repo_snake: str | None = msgspec.field(name="github_repo", default=None)
    github_stars_snake: Count | None = msgspec.field(name="github_stars", default=None)
    project_page_snake: str | None = msgspec.field(name="project_page", default=None)
    linked_datasets_snake: list[_Repository] | None = msgspec.field(name="linked_datasets", default=None)


class _Page(msgspec.Struct, rename="camel"):
    """What stands around the papers of a page. Its day is a moment, or "2026-06-12", "2026-W24", "2026-06"."""

    date: str | None = None
    date_string: str | None = None
    period_type: str | None = None


_ITEM = msgspec.json.Decoder(_Said)
_PAGE = msgspec.json.Decoder(_Page)


def sniff(head: bytes, name: str) -> float:
    """Sure by the keys that only Hugging Face has."""
    keys = json_items.keys(head)
    if "papers[]" in keys:
        # The list of a page that a script saved.
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
    """The day of the page, when the file is one of a page, then the entries."""
    day: date | None = None

    def entry(said: _Said, line: int) -> Entry:
        return _entry(said, line, day)

    for found in json_items.entries(stream, _ITEM, entry, lists=_LISTS, landmarks=("paper",)):
        if not isinstance(found, Around):
            yield found
        elif day is None and (day := _page_day(json_items.around(found, _PAGE))):
            yield ListingDay(MonthDay(day.month, day.day, day.year))


def _entry(said: _Said, line: int, page_day: date | None) -> Entry:
    paper = said.paper or said
    title = said.title if said.title and said.title.strip() else paper.title
    if not title or not title.strip():
        raise Unfit("it has no title")
    identity = ids_and_links.identity(arxiv_ids=[paper.id])
    authors = tuple(
        Author(name)
        for each in paper.authors or said.authors or ()
        if (name := each if isinstance(each, str) else each.name) and name.strip()
    )
    published = _moment(paper.published_at or paper.published_at_snake)
    return Entry(
        paper=Paper(
            title=title,
            abstract=paper.summary or said.summary,
            authors=authors,
            author_count=len(authors) or None,
            organization=_organization(said.organization) or _organization(paper.organization),
            published=published.date() if published else None,
            arxiv_id=identity.arxiv_id,
            arxiv_version=identity.arxiv_version,
            upvotes=_first(paper.upvotes, said.upvotes),
            comment_count=_first(said.num_comments, paper.num_comments, _count(said.comments)),
            links=_links(paper, said, identity.arxiv_id),
            ai_summary=paper.ai_summary or said.ai_summary,
            ai_keywords=tuple(paper.ai_keywords or said.ai_keywords or ()),
        ),
        line=line,
        listed_on=_listed_on(said, paper, published, page_day),
    )


def _listed_on(said: _Said, paper: _Said, published: datetime | None, page_day: date | None) -> date | None:
    """The listing day. Where nothing names it, it is the day of the submission to Hugging Face.

    Files of 2024 have the moment of submission as the item's own `publishedAt`, and the `hf` command gives that as
    `submitted_at`. In later ones it is `paper.publishedAt` in another time zone, hours before, and tells nothing.
    """
    named = _moment(paper.submitted_on_daily_at or said.submitted_on_daily_at)
    if named or page_day:
        return named.date() if named else page_day
    submitted = _moment(said.published_at if said is not paper else None) or _moment(said.submitted_at_snake)
    return submitted.date() if submitted and (published is None or submitted >= published) else None


def _links(paper: _Said, said: _Said, arxiv_id: str | None) -> tuple[Link, ...]:
    def first(*names: str) -> Any:
        return next((value for name in names for whose in (paper, said) if (value := getattr(whose, name))), None)

    datasets = first("linked_datasets", "linked_datasets_snake") or ()
    return ids_and_links.links(
        ("page", f"https://huggingface.co/papers/{quote(paper.id)}" if paper.id else None),
        ("pdf", ids_and_links.arxiv_pdf(arxiv_id)),
        ("code", first("github_repo", "github_repo_snake")),
        ("project", first("project_page", "project_page_snake")),
        *(("dataset", f"https://huggingface.co/datasets/{quote(each.id)}") for each in datasets if each.id),
        stars=_first(paper.github_stars, said.github_stars, paper.github_stars_snake, said.github_stars_snake),
    )


def _organization(said: _Organization | str | None) -> Organization | None:
    if isinstance(said, str):
        return Organization(said) if said.strip() else None
    if said is None or not (said.fullname or said.name):
        return None
    return Organization(name=said.fullname or said.name or "", slug=said.name)


def _page_day(page: _Page | None) -> date | None:
    """The day of a page of one day."""
    if page is None or page.period_type not in (None, "day", "daily"):
        return None
    for text in (page.date_string, page.date):
        if text and len(text) >= len("2026-06-12") and (moment := _moment(text)):
            return moment.date()
    return None


def _moment(text: str | None) -> datetime | None:
    """A moment in UTC; a day alone is its start."""
    try:
        moment = datetime.fromisoformat((text or "").strip())
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _first(*counts: int | None) -> int | None:
    return next((count for count in counts if count is not None), None)


def _count(said: Any) -> int | None:
    return said if type(said) is int and said >= 0 else None
