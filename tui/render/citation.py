"""The citation of a paper as one line, which the user can paste into a message or a document."""

from __future__ import annotations

from store.papers import addresses
from store.papers.paper_details import PaperDetails
from store.text import tex
from tui.render import styled

_MOST_AUTHORS = 3


def plain(known: PaperDetails) -> str:
    """A citation: "A. Author, B. Author (2025). Title. Venue. https://…". Parts that are not known are left out."""
    paper = known.paper
    names = [styled.safe(author.name, 200) for author in paper.authors]
    authors = ", ".join(names) if len(names) <= _MOST_AUTHORS else f"{names[0]} et al."
    if not authors and paper.organization:
        authors = styled.safe(paper.organization.name, 200)
    year = f"({paper.published.year})" if paper.published else ""
    title = styled.safe(tex.for_display(paper.title))
    head = " ".join(filter(None, (authors, year)))
    parts = [head, title, styled.safe(paper.venue, 300) if paper.venue else ""]
    sentences = [part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part]
    return " ".join([*sentences, addresses.may_open(addresses.page(paper) or "") or ""]).rstrip()
