"""Semantic Scholar's responses: every layout, every field, and the warning if a response is not the last page."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from store.formats.indexes import semantic_scholar
from store.formats.registry import SURE_ENOUGH
from store.model.entry import Entry, Item, Refused, Warned
from store.model.paper import Author, Link, Paper
from store.model.partial_date import PartialDate

SEARCH = "semantic-scholar/sotawhat-semantic_scholar_transformer.json"
NULLS = "semantic-scholar/pysem-PaperWithNullValues.json"


def read(value: Any) -> list[Item]:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(semantic_scholar.read(io.BytesIO(text)))


def entry(**fields: Any) -> Entry:
    (item,) = read({"paperId": "a" * 40, "title": "A Title", **fields})
    assert isinstance(item, Entry)
    return item


def titles(found: list[Item]) -> list[str]:
    return [item.paper.title for item in found if isinstance(item, Entry)]


def test_the_real_search_page_gives_each_paper_and_says_that_there_is_more(listings: Path) -> None:
    content = (listings / SEARCH).read_bytes()
    items = read(content)
    assert content.count(b'"CorpusId"') == 5
    assert len(titles(items)) == 5
    assert items[5:] == [Warned("one page of a longer answer: 5 of 360,715 papers are in it")]
    assert semantic_scholar.sniff(content[:65536], "x") > 0.9


def test_the_real_search_page_gives_every_field(listings: Path) -> None:
    parsed_entries = [item for item in read((listings / SEARCH).read_bytes()) if isinstance(item, Entry)]
    swin, informer = parsed_entries[0].paper, parsed_entries[1].paper
    assert swin.title == "Swin Transformer: Hierarchical Vision Transformer using Shifted Windows"
    assert [author.name for author in swin.authors][::7] == ["Ze Liu", "B. Guo"]
    assert swin.author_count == 8
    assert (swin.arxiv_id, swin.doi) == ("2103.14030", "10.1109/iccv48922.2021.00986")
    assert swin.publication_date == PartialDate(date(2021, 1, 1), "year")
    assert swin.abstract is not None
    assert swin.abstract.endswith("https://github.com/microsoft/Swin-Transformer.")
    assert swin.links == (
        Link("page", "https://www.semanticscholar.org/paper/c8b25fab5608c3e033d34b4483ec47e68ba109b7"),
        Link("pdf", "http://arxiv.org/pdf/2103.14030"),
    )
    assert informer.published == date(2020, 12, 14)
    assert (informer.arxiv_id, informer.doi) == ("2012.07436", "10.1609/aaai.v35i12.17325")
    assert informer.links[1] == Link("pdf", "https://ojs.aaai.org/index.php/AAAI/article/download/17325/17132")
    for each in parsed_entries:
        assert each.paper.authors
        assert each.paper.abstract


def test_a_real_paper_of_nothing_but_nulls_is_refused_by_name(listings: Path) -> None:
    assert read((listings / NULLS).read_bytes()) == [Refused(1, 1, "it has no title")]


def test_a_bulk_page_says_that_there_is_more() -> None:
    paper = {"paperId": "a" * 40, "title": "A"}
    assert read({"total": 2000, "token": "PAGE2", "data": [paper]})[1] == Warned(
        "one page of a longer answer: 1 of 2,000 papers are in it"
    )
    assert read({"data": [paper], "token": "PAGE2"})[1:] == [Warned("one page of a longer answer: 1 papers are in it")]
    assert titles(read({"total": 1, "token": None, "data": [paper]})) == ["A"]
    assert len(read({"total": 1, "token": None, "data": [paper]})) == 1
    assert len(read({"total": 1, "offset": 0, "data": [paper]})) == 1


def test_lists_citations_and_recommendations() -> None:
    a, b = {"paperId": "a" * 40, "title": "A"}, {"paperId": "b" * 40, "title": "B"}
    shapes: list[Any] = [
        [a, b],
        {"data": [a, b]},
        {"recommendedPapers": [a, b]},
        {"offset": 0, "data": [{"contexts": [], "citingPaper": a}, {"contexts": [], "citingPaper": b}]},
        {"offset": 0, "data": [{"citedPaper": a}, {"citedPaper": b}]},
    ]
    for shape in shapes:
        assert titles(read(shape)) == ["A", "B"]
        assert semantic_scholar.sniff(json.dumps(shape).encode(), "x") > 0.9


def test_an_id_that_was_not_known_is_refused_by_name() -> None:
    items = read([{"paperId": "a" * 40, "title": "A"}, None])
    assert items[1] == Refused(2, 1, "Semantic Scholar has no paper with the requested id")


def test_an_empty_page_is_known_and_says_so() -> None:
    page = {"total": 0, "offset": 0, "data": []}
    assert semantic_scholar.sniff(json.dumps(page).encode(), "x") >= 0.5
    assert read(page) == [Warned("the list holds no papers")]


def test_a_doi_of_arxiv_is_an_arxiv_id() -> None:
    paper = entry(externalIds={"DOI": "10.48550/arXiv.2401.00001", "CorpusId": 5}).paper
    assert (paper.arxiv_id, paper.doi) == ("2401.00001", None)
    paper = entry(externalIds={"DOI": "10.1000/ABC", "ArXiv": "hep-th/9901001"}).paper
    assert (paper.arxiv_id, paper.doi) == ("hep-th/9901001", "10.1000/abc")


def test_the_venue_is_the_journals_reference() -> None:
    journal = {"name": "Nature", "volume": "5", "pages": "1-9"}
    assert entry(journal=journal, venue="Nature").paper.venue == "Nature 5, 1–9"
    assert entry(venue="ICCV", journal={"name": None}).paper.venue == "ICCV"
    assert entry(publicationVenue={"name": "Journal of Things"}, venue="").paper.venue == "Journal of Things"
    assert entry(venue="arXiv.org", journal={"name": "ArXiv", "volume": "abs/2103.14030"}).paper.venue is None


def test_summaries_fields_of_study_and_affiliations() -> None:
    paper = entry(
        tldr={"model": "tldr@v2", "text": "Short."},
        fieldsOfStudy=["Computer Science"],
        s2FieldsOfStudy=[{"category": "Computer Science"}, {"category": "Physics"}],
        authors=[{"name": "Ada", "affiliations": ["London"]}, {"name": None}],
    ).paper
    assert paper.ai_summary == "Short."
    assert paper.categories == ("Computer Science", "Physics")
    assert paper.authors == (Author("Ada", ("London",)),)


@pytest.mark.parametrize("year", [None, 0, 12, 99999, -5, 10**30])
def test_a_year_that_is_none_is_unknown(year: int | None) -> None:
    assert entry(year=year).paper.published is None


def test_an_open_pdf_that_is_empty_is_no_link() -> None:
    assert entry(openAccessPdf={"url": ""}).paper.links == (
        Link("page", "https://www.semanticscholar.org/paper/" + "a" * 40),
    )


def test_a_file_of_its_data_sets() -> None:
    line = {
        "corpusid": 1,
        "externalids": {"ArXiv": "2303.00763", "DOI": None},
        "url": "https://www.semanticscholar.org/paper/x",
        "title": "Kites",
        "authors": [{"authorId": "1", "name": "Ada Quill"}],
        "venue": "",
        "year": 2023,
        "publicationdate": "2023-03-01",
        "s2fieldsofstudy": [{"category": "Physics", "source": "s2-fos-model"}],
    }
    text = (json.dumps(line) + "\n").encode() * 2
    assert semantic_scholar.sniff(text, "papers-part0.jsonl") > SURE_ENOUGH
    first, second = read(text)
    assert isinstance(first, Entry)
    assert first.paper == Paper(
        title="Kites",
        authors=(Author("Ada Quill"),),
        author_count=1,
        published=date(2023, 3, 1),
        arxiv_id="2303.00763",
        categories=("Physics",),
        links=(
            Link("page", "https://www.semanticscholar.org/paper/x"),
            Link("pdf", "https://arxiv.org/pdf/2303.00763"),
        ),
    )
    assert isinstance(second, Entry)
    assert second.line == 2
