"""CSV for spreadsheets: a header and a row for each paper. No cell can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from store.exporting.exported import ExportedPaper
from store.exporting.formats import Options
from store.text import tex

_COLUMNS = (
    *("Key", "Title", "Authors", "Organization", "Published", "Venue", "DOI", "arXiv", "Categories", "Link"),
    *("Upvotes", "Status", "Bookmarked", "Queue", "Tags", "Note", "Abstract"),
)
# Spreadsheets evaluate a cell that begins with one of these. An apostrophe in front makes it text (OWASP, "CSV
# Injection"); a tab or a carriage return cannot begin a cell, because the texts of a library have none there.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def pieces(papers: Iterable[ExportedPaper], options: Options) -> Iterator[str]:
    """The header and the rows. A cell that could be a formula begins with an apostrophe, unless `options` allow it.

    The first piece begins with a byte order mark, without which Excel misreads UTF-8."""
    safe = str if options.formulas else _inert
    yield "\ufeff" + _row(_COLUMNS)
    for exported in papers:
        paper, marks = exported.paper, exported.details.marks
        yield _row(
            safe(cell)
            for cell in (
                exported.key,
                tex.for_display(paper.title),
                "; ".join(author.name for author in paper.authors),
                paper.organization.name if paper.organization else "",
                exported.date.text if exported.date else "",
                paper.venue or "",
                paper.doi or "",
                paper.arxiv_id or "",
                " ".join(paper.categories),
                exported.url or "",
                "" if paper.upvotes is None else str(paper.upvotes),
                marks.status,
                (marks.bookmarked or "")[:10],
                "" if marks.queue_position is None else str(marks.queue_position),
                " ".join(marks.tags),
                marks.note or "",
                tex.for_display(paper.abstract) if paper.abstract else "",
            )
        )


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(list(cells))
    return line.getvalue()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_SIGNS) else cell
