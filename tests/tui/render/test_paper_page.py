"""The page of a paper shows every field of the paper."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from store.marks.stored_marks import Marks
from store.model.paper import Author, Link, Organization, Paper
from store.model.paper_fields import FIELDS
from store.papers.queries import PaperDetails
from store.search.highlighting import Highlights
from tui.render import paper_page

VALUES = {
    "title": "Bees",
    "abstract": "Bees find their way by the sun.",
    "authors": (Author("Ada Lovelace"),),
    "author_count": 7,
    "organization": Organization("KAIST AI"),
    "published": date(2024, 5, 17),
    "updated": date(2025, 2, 2),
    "arxiv_id": "2405.00001",
    "arxiv_version": 3,
    "doi": "10.1000/bees",
    "categories": ("cs.CL",),
    "venue": "Journal of Bees",
    "comment": "12 pages",
    "decision": "Oral",
    "track": "main",
    "scores": (6.0, 8.0),
    "upvotes": 41,
    "comment_count": 5,
    "links": (Link("code", "https://github.com/a/b"),),
    "ai_summary": "Bees count.",
    "ai_keywords": ("insects",),
}


def page(paper: Paper) -> str:
    return paper_page.paper(PaperDetails(1, paper, None, None, Marks(), (), {}), Highlights()).plain


@pytest.mark.parametrize("name", [field.name for field in FIELDS])
def test_the_page_shows_the_field(name: str) -> None:
    # A version is shown beside the arXiv id.
    paper = Paper(title="T", arxiv_id="2405.00002" if name == "arxiv_version" else None)
    with_value = msgspec.structs.replace(paper, **{name: VALUES[name]})
    assert page(with_value) != page(paper)
