"""RIS, a format that reference managers import. Each line has a tag, two spaces, a dash, a space and a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from store.exporting import person_names
from store.exporting.exported import ExportedPaper, Kind
from store.exporting.formats import Options
from store.text import tex

_TYPES: dict[Kind, str] = {"article": "JOUR", "proceedings": "CPAPER", "preprint": "UNPB", "other": "GEN"}


def pieces(papers: Iterable[ExportedPaper], options: Options) -> Iterator[str]:
    """Yield a record for each paper."""
    return (_record(paper) for paper in papers)


def _record(exported: ExportedPaper) -> str:
    paper, venue, marks = exported.paper, exported.venue, exported.details.marks
    published = exported.date
    pages = (venue.pages or "").split("–") if venue else [""]
    fields: list[tuple[str, str | None]] = [
        ("TY", _TYPES[exported.kind]),
        ("ID", exported.key),
        ("TI", tex.for_display(paper.title)),
        *(("AU", _author(author.name)) for author in paper.authors),
        ("PY", published.text[:4] if published else None),
        # A date has the form "year/month/day/other". All three slashes are written, even if the parts between them are
        # unknown.
        ("DA", f"{published.text.replace('-', '/')}{'/' * (3 - published.text.count('-'))}" if published else None),
        ("T2", venue.name if venue else None),
        ("VL", venue.volume if venue else None),
        ("IS", venue.issue if venue else None),
        ("SP", pages[0]),
        ("EP", pages[1] if len(pages) > 1 else None),
        ("DO", paper.doi),
        ("AN", f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else None),
        ("UR", exported.url),
        ("AB", tex.for_display(paper.abstract) if paper.abstract else None),
        *(("KW", keyword) for keyword in (*marks.tags, *paper.ai_keywords)),
        ("N1", exported.retraction),
        ("N1", paper.comment),
        ("N1", marks.note),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in fields if value]
    return "".join([*lines, "ER  - \r\n\r\n"])


def _author(name: str) -> str:
    parts = person_names.split(name)
    # A comma after a name marks the whole text as the family name, so that other programs do not split it.
    return f"{parts.family}," if parts.is_literal and " " in parts.family else parts.family_first
