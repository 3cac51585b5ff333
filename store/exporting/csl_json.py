"""An export as CSL-JSON, which citation processors and Zotero read: one array with an object for each paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from store.exporting import person_names
from store.exporting.exported import ExportedPaper, Kind
from store.exporting.formats import Options
from store.model.partial_date import PartialDate
from store.text import tex

_TYPES: dict[Kind, str] = {
    "article": "article-journal",
    "proceedings": "paper-conference",
    "preprint": "article",
    "other": "document",
}


def pieces(papers: Iterable[ExportedPaper], options: Options) -> Iterator[str]:
    """Yield the text of the array in parts. The object of each paper is on a separate line."""
    separator = "[\n"
    for paper in papers:
        yield separator + msgspec.json.encode(item(paper)).decode()
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def item(exported: ExportedPaper) -> dict[str, Any]:
    """One paper as an item (object) of CSL-JSON. Fields that the paper does not have are left out."""
    paper, venue = exported.paper, exported.venue
    is_preprint = exported.kind == "preprint"
    arxiv = f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else None
    fields = {
        "id": exported.key,
        "type": _TYPES[exported.kind],
        "title": tex.for_display(paper.title),
        "author": [_name(author.name) for author in paper.authors],
        "issued": _date(exported.date) if exported.date else None,
        "container-title": venue.name if venue else None,
        "volume": venue.volume if venue else None,
        "issue": venue.issue if venue else None,
        "page": venue.pages.replace("–", "-") if venue and venue.pages else None,
        # Only a preprint has its arXiv id in `number`. In an article, citation processors would take `number` for the
        # issue of the journal, so the arXiv id is in `archive_location` instead.
        "publisher": "arXiv" if is_preprint else None,
        "number": arxiv if is_preprint else None,
        "archive_location": None if is_preprint else arxiv,
        "DOI": paper.doi,
        "URL": exported.url,
        "abstract": tex.for_display(paper.abstract) if paper.abstract else None,
        "keyword": ", ".join(exported.details.marks.tags),
        "note": "\n".join(filter(None, (exported.retraction, exported.details.marks.note))),
    }
    return {name: value for name, value in fields.items() if value}


def _name(name: str) -> dict[str, str]:
    parts = person_names.split(name)
    if parts.is_literal:
        return {"literal": parts.family}
    fields = {
        "family": parts.family,
        "given": parts.given,
        "non-dropping-particle": parts.particle,
        "suffix": parts.suffix,
    }
    return {field: value for field, value in fields.items() if value}


def _date(published: PartialDate) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in published.text.split("-")]]}
