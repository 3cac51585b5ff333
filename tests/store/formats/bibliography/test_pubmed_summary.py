"""PubMed's citations as text: where authors end, where the journal begins, and truncated files."""

from __future__ import annotations

import io
from datetime import date

import pytest

from store.formats.bibliography import pubmed_summary
from store.model.entry import CutShort, Entry, Item, Refused
from store.model.errors import ListingError
from store.model.paper import Paper


def read(text: str) -> list[Item]:
    return list(pubmed_summary.read(io.BytesIO(text.encode())))


def paper(citation: str) -> Paper:
    text = f"\n1: {citation}\n"
    assert pubmed_summary.sniff(text.encode(), "x") > 0.9
    (item,) = read(text)
    assert isinstance(item, Entry)
    return item.paper


def test_a_citation_gives_every_field() -> None:
    parsed = paper(
        "Alpha A, Beta-Gamma BC Jr, van der Delta D, List Study Group. Lists: Part 1. More\nof them. J Lists (Basel)."
        " 2026\nJan 5;12(1):3-9. doi: 10.1000/pt.1. Epub 2025 Dec 3. PMID: 39000144; PMCID:\nPMC7725878."
    )
    assert parsed.title == "Lists: Part 1. More of them"
    names = [author.name for author in parsed.authors]
    assert names == ["A Alpha", "BC Beta-Gamma Jr", "D van der Delta", "List Study Group"]
    assert (parsed.venue, parsed.doi) == ("J Lists (Basel) 12(1), 3–9", "10.1000/pt.1")
    assert parsed.published == date(2025, 12, 3)
    assert [link.url for link in parsed.links] == [
        "https://pubmed.ncbi.nlm.nih.gov/39000144/",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC7725878/",
    ]


@pytest.mark.parametrize(
    ("citation", "title", "count"),
    [
        ("[No authors listed] A list. J. 2001;1:2. PMID: 3.", "A list", 0),
        ("Alpha A. Is it a list? J. 2001;1:2. PMID: 3.", "Is it a list?", 1),
        ("Alpha A. [A list in French]. J. 2001 Mar. PMID: 3.", "A list in French", 1),
        ("A title without authors. J. 2001;1:2. PMID: 3.", "A title without authors", 0),
    ],
)
def test_authors_and_title_are_separated(citation: str, title: str, count: int) -> None:
    parsed = paper(citation)
    assert (parsed.title, len(parsed.authors), parsed.venue) == (title, count, parsed.venue)
    assert (parsed.venue or "").startswith("J")


def test_a_citation_without_the_parts_of_one_is_refused() -> None:
    items = read("1: Alpha A. T. J. 2001;1:2. PMID: 1.\n\n2: nothing PMID: 2\n\n3: Beta B. U. J. 2002;1:2. PMID: 3.\n")
    assert [type(item) for item in items] == [Entry, Refused, Entry]


@pytest.mark.parametrize("end", ["2", "2:", "2: Beta B. U. J. 20"])
def test_a_file_that_ends_inside_a_citation_is_cut_short(end: str) -> None:
    items = read(f"1: Alpha A. T. J. 2001;1:2. PMID: 1.\n\n{end}")
    assert [type(item) for item in items] == [Entry, CutShort]


def test_other_text_is_an_error() -> None:
    with pytest.raises(ListingError, match="no citation"):
        read("nothing of the kind")
