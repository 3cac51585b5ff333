"""OpenAlex works: abstracts from inverted indexes, ids from the locations of a work, and pages of a response."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from store.formats.indexes import openalex
from store.model.entry import Entry, Item, Warned
from store.model.paper import Author, Link
from store.model.partial_date import PartialDate

REAL = "openalex/real-work-transcribed.json"


def read(value: Any) -> list[Item]:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(openalex.read(io.BytesIO(text)))


def entry(**fields: Any) -> Entry:
    (item,) = read({"id": "https://openalex.org/W1", "title": "A Title", "authorships": [], **fields})
    assert isinstance(item, Entry)
    return item


def test_the_real_work_gives_every_field(listings: Path) -> None:
    content = (listings / REAL).read_bytes()
    (item,) = read(content)
    assert isinstance(item, Entry)
    paper = item.paper
    assert paper.title == "exaPD: A highly parallelizable workflow for multi-element phase diagram (PD) construction"
    assert paper.authors == (Author("Feng Zhang", ("Iowa State University",)), Author("Zhuo Ye"))
    assert paper.author_count == 2
    assert (paper.doi, paper.arxiv_id, paper.abstract) == ("10.1016/j.cpc.2026.110398", None, None)
    assert paper.published == date(2026, 9, 3)
    assert paper.venue == "Computer Physics Communications"
    assert paper.links == (Link("page", "https://doi.org/10.1016/j.cpc.2026.110398"),)
    assert openalex.sniff(content[:65536], "x") > 0.9


def test_an_abstract_is_put_together_from_its_index() -> None:
    index = {"We": [0, 4], "show": [1], "that": [2], "and": [3], "rest.": [5]}
    assert entry(abstract_inverted_index=index).paper.abstract == "We show that and We rest."


def test_positions_may_be_missing_doubled_or_absurd() -> None:
    assert entry(abstract_inverted_index={"b": [7], "a": [2], "c": [7]}).paper.abstract == "a b c"
    assert entry(abstract_inverted_index={"a": [0], "z": [10**18], "none": []}).paper.abstract == "a z"
    assert entry(abstract_inverted_index={}).paper.abstract is None
    assert entry(abstract_inverted_index=None).paper.abstract is None


@given(st.lists(st.text("abcé,.-", min_size=1, max_size=6), min_size=1, max_size=40))
def test_any_text_comes_back_from_its_index(words: list[str]) -> None:
    index: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        index.setdefault(word, []).append(at)
    assert entry(abstract_inverted_index=index).paper.abstract == " ".join(words)


def test_a_work_on_arxiv_is_known_by_its_id_and_not_by_arxivs_doi() -> None:
    paper = entry(doi="https://doi.org/10.48550/arxiv.2401.00001").paper
    assert (paper.arxiv_id, paper.doi) == ("2401.00001", None)
    place = {"landing_page_url": "http://arxiv.org/abs/2401.00001v2", "source": {"type": "repository"}}
    paper = entry(doi="https://doi.org/10.1000/ABC", locations=[{}, place]).paper
    assert (paper.arxiv_id, paper.arxiv_version, paper.doi) == ("2401.00001", 2, "10.1000/abc")


def test_a_repository_is_no_venue() -> None:
    arxiv = {
        "source": {"display_name": "arXiv (Cornell University)", "type": "repository"},
        "pdf_url": "https://a.b/c.pdf",
    }
    nature = {"source": {"display_name": "Nature", "type": "journal"}}
    assert entry(primary_location=arxiv).paper.venue is None
    numbers = {"volume": "12", "issue": "3", "first_page": "45", "last_page": "67"}
    paper = entry(primary_location=arxiv, locations=[arxiv, nature], biblio=numbers).paper
    assert paper.venue == "Nature 12(3), 45–67"
    assert Link("pdf", "https://a.b/c.pdf") in paper.links


def test_titles_lose_their_markup() -> None:
    assert entry(title="<i>E. coli</i> in H<sub>2</sub>O &amp; CO<sub>2</sub>").paper.title == "E. coli in H₂O & CO₂"
    assert entry(title=None, display_name="Shown").paper.title == "Shown"


def test_topics_keywords_and_raw_names() -> None:
    paper = entry(
        primary_topic={"display_name": "Phase Diagrams"},
        topics=[{"display_name": "Phase Diagrams"}, {"display_name": "Alloys"}],
        keywords=[{"display_name": "Workflow", "score": 0.9}, {"keyword": "Old", "score": 0.1}],
        authorships=[
            {"author": {"display_name": None}, "raw_author_name": "A. Raw", "raw_affiliation_strings": ["Somewhere"]},
            {"author": {}},
        ],
        publication_year=2020,
    ).paper
    assert paper.categories == ("Phase Diagrams", "Alloys")
    assert paper.ai_keywords == ("Workflow", "Old")
    assert paper.authors == (Author("A. Raw", ("Somewhere",)),)
    assert paper.publication_date == PartialDate(date(2020, 1, 1), "year")


def test_the_first_of_january_stands_for_a_year() -> None:
    assert entry(publication_date="2020-01-01").paper.publication_date == PartialDate(date(2020, 1, 1), "year")
    assert entry(publication_date="2020-01-02").paper.publication_date == PartialDate(date(2020, 1, 2))
    in_january = {"ids": {"arxiv": "2001.00001"}}
    assert entry(publication_date="2020-01-01", **in_january).paper.publication_date == PartialDate(date(2020, 1, 1))


def test_a_page_that_is_not_the_last_one_says_so() -> None:
    work = {"id": "https://openalex.org/W1", "title": "T", "authorships": [], "display_name": "T"}
    first = {"meta": {"count": 3, "page": 1, "per_page": 2}, "results": [work, work]}
    assert read(first)[2] == Warned("one page of a longer answer: 2 of 3 works are in it")
    assert len(read({"meta": {"count": 3, "page": 2, "per_page": 2}, "results": [work]})) == 1
    by_cursor = {"meta": {"count": 3, "page": None, "per_page": 2, "next_cursor": "abc"}, "results": [work, work]}
    assert isinstance(read(by_cursor)[2], Warned)
    assert len(read(by_cursor | {"results": [work]})) == 1


def test_an_empty_page_is_known_and_says_so() -> None:
    page = {"meta": {"count": 0, "page": 1, "per_page": 25}, "results": [], "group_by": []}
    assert openalex.sniff(json.dumps(page).encode(), "x") > 0.5
    assert read(page) == [Warned("the list holds no papers")]


def test_a_truncated_list_of_authors_has_an_unknown_length() -> None:
    authors = [{"author": {"display_name": f"Author {number}"}} for number in range(100)]
    assert entry(authorships=authors, is_authors_truncated=True).paper.author_count is None
    assert entry(authorships=authors, is_authors_truncated=True, authors_count=533).paper.author_count == 533
    assert entry(authorships=authors).paper.author_count == 100
