"""CSV for spreadsheets: a header, and a row for each paper.

Unless the user allows formulas, each cell is written so that a spreadsheet does not evaluate it as a formula. A formula
from a malicious listing could be harmful.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from store.exporting.exported import ExportedPaper
from store.exporting.formats import Options
from store.text import tex

_COLUMNS = (
    *("Key", "Title", "Authors", "Organization", "Published", "Venue", "DOI", "arXiv", "Categories", "Link"),
    *("Decision", "Track", "Score", "Upvotes", "Status", "Bookmarked", "Queue", "Tags", "Note", "Abstract"),
    "Retraction",
)
# Spreadsheets may evaluate a cell that begins with one of these characters as a formula. An apostrophe before it makes
# the cell a text (OWASP, "CSV Injection").
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def pieces(papers: Iterable[ExportedPaper], options: Options) -> Iterator[str]:
    """Yield the header and the rows. Cells that could be formulas get an apostrophe, unless `options.formulas` is true.

    The header begins with a byte order mark, because Excel misreads UTF-8 without it."""
    safe = str if options.formulas else inert
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
                paper.decision or "",
                paper.track or "",
                "" if paper.score is None else f"{paper.score:g}",
                "" if paper.upvotes is None else str(paper.upvotes),
                marks.status,
                (marks.bookmarked or "")[:10],
                "" if marks.queue_position is None else str(marks.queue_position),
                " ".join(marks.tags),
                marks.note or "",
                tex.for_display(paper.abstract) if paper.abstract else "",
                exported.retraction,
            )
        )


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(list(cells))
    return line.getvalue()


def inert(cell: str) -> str:
    """`cell`, with an apostrophe put before it if a spreadsheet could evaluate it as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) or cell.lstrip().startswith(_FORMULA_SIGNS) else cell
