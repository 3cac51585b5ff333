"""Read the JSON of Papers with Code: files of papers, files of links between papers and code, and pages of its API.

A file of links has a row for each repository of a paper. All rows of a paper become one entry with all repositories.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from store.formats.bibliography import fields
from store.formats.shared import answer_pages, ids_and_links, json_items
from store.formats.shared.json_items import Around, Unfit, Value
from store.model.entry import Entry, Item, Refused
from store.model.paper import Author, Link, Paper
from store.model.partial_date import UNDATED

NAME = "papers-with-code"
TITLE = "Papers with Code JSON"
FAMILY = "paperswithcode"
EXAMPLE = "links-between-papers-and-code.json"
STREAMS = True

_LISTS = (("results",),)


class _Row(msgspec.Struct):
    """A row: a paper, or a link between a paper and code. A link has the keys `repo_url`, `paper_title` and so on."""

    paper_url: str | None = None
    # Keys of a paper. The API calls the date `published`.
    title: str | None = None
    abstract: str | None = None
    authors: list[str] | None = None
    arxiv_id: str | None = None
    url_abs: str | None = None
    url_pdf: str | None = None
    date: str | None = None
    published: str | None = None
    conference: str | None = None
    proceeding: str | None = None
    tasks: list[str] | None = None
    # Keys of a link.
    paper_title: str | None = None
    paper_arxiv_id: str | None = None
    paper_url_abs: str | None = None
    paper_url_pdf: str | None = None
    repo_url: str | None = None
    is_official: bool | None = None


class _Page(msgspec.Struct):
    count: int | None = None
    next: str | None = None


_ROW = msgspec.json.Decoder(_Row)
_PAGE = msgspec.json.Decoder(_Page)


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is from Papers with Code: near 1 when its rows have keys that only this site uses."""
    keys = json_items.keys(head)
    for above in ("", "results."):
        beside = {f"{above}{key}" for key in ("repo_url", "paper_title", "url_abs", "arxiv_id", "paper_arxiv_id")}
        if f"{above}paper_url" in keys and keys & beside:
            return 0.97
        if {f"{above}url_abs", f"{above}url_pdf", f"{above}title"} <= keys:
            return 0.95
    return 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield an entry for each row that is a paper, and then the entries of the papers that are known only from links.

    Also yields a warning if more pages follow.
    """
    page = _Page()
    count = 0
    linked: dict[str, _Linked] = {}
    for item in json_items.items(stream, lists=_LISTS, landmarks=("paper_url",)):
        if isinstance(item, Around):
            page = json_items.around(item, _PAGE) or page
        elif not isinstance(item, Value):
            yield item
        else:
            try:
                row = json_items.decoded(item, _ROW)
                entry = _entry(row, item.line)
            except Unfit as unfit:
                yield Refused(item.number, item.line, str(unfit))
                continue
            if not row.repo_url:
                count += 1
                yield entry
            else:
                linked.setdefault(row.paper_url or entry.paper.title, _Linked(entry)).add(row)
    for each in linked.values():
        yield each.entry()
    if page.next:
        yield answer_pages.one_page(count, page.count)


class _Linked:
    """A paper, and the repositories in the rows that link code to this paper."""

    def __init__(self, first: Entry) -> None:
        self._first = first
        self._official: dict[Link, None] = {}
        self._others: dict[Link, None] = {}

    def add(self, row: _Row) -> None:
        for link in ids_and_links.links(("code", row.repo_url)):
            (self._official if row.is_official else self._others).setdefault(link)

    def entry(self) -> Entry:
        """The entry of the paper's first row, with the repositories of all its rows, official repositories first."""
        paper = self._first.paper
        code = dict.fromkeys((*self._official, *self._others))
        return msgspec.structs.replace(self._first, paper=msgspec.structs.replace(paper, links=(*paper.links, *code)))


def _entry(row: _Row, line: int) -> Entry:
    """The entry of a row, without the repository of a link."""
    title = row.title or row.paper_title
    if not title or not title.strip():
        raise Unfit("it has no title")
    page, pdf = row.url_abs or row.paper_url_abs, row.url_pdf or row.paper_url_pdf
    identity = ids_and_links.identity(
        dois=[page], arxiv_ids=[row.arxiv_id or row.paper_arxiv_id], addresses=[page, pdf]
    )
    authors = tuple(Author(name) for name in row.authors or () if name.strip())
    published, published_to = fields.when(row.date or row.published) or UNDATED
    return Entry(
        paper=Paper(
            title=title,
            abstract=row.abstract,
            authors=authors,
            author_count=len(authors) or None,
            published=published,
            published_to=published_to,
            arxiv_id=identity.arxiv_id,
            arxiv_version=identity.arxiv_version,
            doi=identity.doi,
            categories=tuple(filter(None, row.tasks or ())),
            venue=row.proceeding or row.conference,
            links=ids_and_links.links(
                ("page", page or row.paper_url), ("pdf", pdf or ids_and_links.arxiv_pdf(identity.arxiv_id))
            ),
        ),
        line=line,
    )
