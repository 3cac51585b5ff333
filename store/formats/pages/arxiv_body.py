"""Read the fields that arXiv shows only in the body of a paper's page: abstract, categories, comment, journal."""

from __future__ import annotations

import re

import msgspec

from store.formats.arxiv import fields
from store.formats.shared import html_text

_ABSTRACT = re.compile(r"<blockquote\s[^<>]{0,100}\babstract\b[^<>]{0,100}>(.{1,20000}?)</blockquote", re.I | re.S)
_CELL = re.compile(
    r"""<td\s[^<>]{0,60}\b(?P<name>subjects|comments|jref)\b[^<>]{0,60}>(?P<text>.{1,3000}?)</td""", re.I | re.S
)
_CATEGORY = re.compile(r"\(([a-z-]{2,12}(?:\.[A-Za-z-]{2,12})?)\)")
# Only this many characters at the start of the page are searched.
_MOST_READ = 300_000


class ArxivBody(msgspec.Struct, frozen=True):
    """The abstract, categories, comment and journal reference on the arXiv page of a paper."""

    abstract: str | None = None
    categories: tuple[str, ...] = ()
    comment: str | None = None
    journal: str | None = None


def arxiv_body(page: str) -> ArxivBody:
    """The fields in the body of `page`, which must be a page of arXiv; otherwise all fields are empty."""
    page = page[:_MOST_READ]
    cells = {match["name"].lower(): _text(match["text"]) for match in _CELL.finditer(page)}
    abstract = _ABSTRACT.search(page)
    return ArxivBody(
        abstract=_text(abstract[1]) if abstract else None,
        categories=fields.categories(_CATEGORY.findall(cells.get("subjects", ""))),
        comment=fields.line(cells.get("comments")),
        journal=fields.line(cells.get("jref")),
    )


def _text(part: str) -> str:
    return " ".join(html_text.lines_of(html_text.with_addresses(part)))
