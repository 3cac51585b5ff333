"""Papers to export, one of which has text that every format must escape, and a function that stores papers."""

from __future__ import annotations

from datetime import date

from store.exporting.exported import ExportedPaper
from store.library.library import Library
from store.marks.stored_marks import Marks
from store.model.paper import Author, Link, Paper
from store.papers.paper_details import PaperDetails
from tests.store.listings import add_listing

ATTENTION = Paper(
    title="Attention in BERT: 50% of $O(n^2)$ & more",
    authors=(Author("Ada van der Alpha"), Author("Bert Beta Jr."), Author("H.E.S.S. Collaboration"), Author("李 明")),
    published=date(2024, 6, 1),
    published_to="month",
    venue="Annals of Examples 12(3), 45–67",
    doi="10.1000/a_b",
    arxiv_id="2406.00001",
    categories=("cs.CL",),
    abstract="First line.\n\nSecond line with a_b and {one brace.",
    links=(Link("page", "https://example.org/a?b=1&c=2"),),
)
# Without escaping, each of these texts would act as markup, a formula or code in an export format.
HOSTILE = Paper(
    title="=cmd|' /C'!A0 <script>alert(1)</script> [x](javascript:alert(1)) `code` TY  - JOUR \\input{/etc/passwd}",
    authors=(Author("<b>Ada</b> & {Co}"), Author("@SUM(A1)")),
    venue="-1+1 </style><img src=x onerror=alert(1)>",
    abstract="# Heading\n- list\n\n> quote | table <iframe src='//example.org'></iframe> ![i](//example.org/i)",
    links=(Link("page", "javascript:alert(1)"), Link("code", 'https://example.org/"onmouseover=alert(1)')),
)


def exported(paper: Paper, key: str = "key", marks: Marks | None = None) -> ExportedPaper:
    """A paper in the form in which exports read it from a library, made without a library."""
    return ExportedPaper(PaperDetails(1, paper, None, None, marks or Marks(), (), {}), key)


def add(library: Library, *papers: Paper) -> list[int]:
    """Store papers and return their ids."""
    return add_listing(library, None, *papers, family="bibtex")
