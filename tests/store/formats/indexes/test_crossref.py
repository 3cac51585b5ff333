"""Crossref's records: responses with one work or many, dates of one to three numbers, and abstracts in JATS."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from store.formats.indexes import crossref
from store.model.entry import Entry, Item, Refused, Warned
from store.model.paper import Author, Link

REAL = "crossref/papis-crossref2.json"


def read(value: Any) -> list[Item]:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(crossref.read(io.BytesIO(text)))


def work(**fields: Any) -> dict[str, Any]:
    return {
        "DOI": "10.1000/ABC",
        "title": ["A Title"],
        "indexed": {},
        **{k.replace("_", "-"): v for k, v in fields.items()},
    }


def entry(**fields: Any) -> Entry:
    (item,) = read([work(**fields)])
    assert isinstance(item, Entry)
    return item


def test_the_real_work_gives_every_field(listings: Path) -> None:
    content = (listings / REAL).read_bytes()
    (item,) = read(content)
    assert isinstance(item, Entry)
    paper = item.paper
    assert paper.title == "Industrial Potential of Polyhydroxyalkanoate Bioplastic: A Brief Review"
    assert paper.authors == (Author("Matthew Bernard"),)
    assert paper.doi == "10.32396/usurj.v1i1.55"
    assert paper.published == date(2014, 2, 27)
    assert paper.venue == "USURJ: University of Saskatchewan Undergraduate Research Journal 1(1)"
    assert paper.abstract is not None
    assert paper.abstract.startswith("In the international community, human dependence on plastic")
    assert paper.abstract.endswith("introduced to the plastic industry.")
    assert paper.links == (
        Link("page", "http://dx.doi.org/10.32396/usurj.v1i1.55"),
        Link("pdf", "https://usurj.journals.usask.ca/article/download/55/17"),
    )
    assert crossref.sniff(content[:65536], "x") > 0.9


def test_an_answer_with_a_list_says_when_there_is_more() -> None:
    message = {"total-results": 3, "items": [work(), work(title=["B"])], "items-per-page": 2}
    answer = {"status": "ok", "message-type": "work-list", "message": message}
    items = read(answer)
    assert [item.paper.title for item in items if isinstance(item, Entry)] == ["A Title", "B"]
    assert items[2] == Warned("one page of a longer answer: 2 of 3 works are in it")
    assert crossref.sniff(json.dumps(answer).encode(), "x") > 0.9
    message["total-results"] = 2
    assert len(read(answer)) == 2


def test_an_empty_answer_says_so() -> None:
    answer = {"status": "ok", "message-type": "work-list", "message": {"total-results": 0, "items": []}}
    assert read(answer) == [Warned("the list holds no papers")]


def test_citations_made_from_crossref_are_left_to_csl() -> None:
    csl = work(title="A Title", type="article-journal", issued={"date-parts": [[2020]]}, **{"container-title": "J"})
    assert crossref.sniff(json.dumps([csl]).encode(), "x") == 0.0
    assert crossref.sniff(json.dumps([work()]).encode(), "x") > 0.9


@pytest.mark.parametrize(
    ("parts", "day"),
    [
        ([[2014, 2, 27]], "2014-02-27"),
        ([[2014, 2]], "2014-02"),
        ([[2014]], "2014"),
        ([[None]], None),
        ([[]], None),
        ([], None),
        (None, None),
        ([[2014, 13, 40]], "2014"),
        ([[2014, 2, 31]], "2014-02"),
        ([[0]], None),
        ([[10**30, 1, 1]], None),
        ([[2014, -3]], "2014"),
    ],
)
def test_a_date_of_one_to_three_numbers(parts: Any, day: str | None) -> None:
    parsed = entry(issued={"date-parts": parts}).paper.publication_date
    assert (parsed and parsed.text) == day


def test_of_several_dates_the_earliest_year_counts_and_its_most_exact_date() -> None:
    dates = {
        "issued": {"date-parts": [[2013]]},
        "published-print": {"date-parts": [[2014, 1]]},
        "published-online": {"date-parts": [[2013, 12, 5]]},
    }
    assert entry(**dates).paper.published == date(2013, 12, 5)


def test_titles_are_lists_with_subtitles_and_markup() -> None:
    assert entry(title=["<i>E. coli</i>"], subtitle=["a review"]).paper.title == "E. coli: a review"
    assert entry(title=["Why?"], subtitle=["A review"]).paper.title == "Why? A review"
    assert entry(title=["A: a review"], subtitle=["A review"]).paper.title == "A: a review"
    assert entry(title=["", "Second"]).paper.title == "Second"
    assert read([work(title=[])]) == [Refused(1, 1, "it has no title")]
    assert read([work(title=None)]) == [Refused(1, 1, "it has no title")]


def test_people_and_groups() -> None:
    authors = [
        {"given": "Ada", "family": "Lovelace", "suffix": "Jr.", "affiliation": [{"name": "London"}, {"name": None}]},
        {"family": "Plato"},
        {"name": "The Collaboration", "sequence": "additional"},
        {"ORCID": "x"},
    ]
    assert entry(author=authors).paper.authors == (
        Author("Ada Lovelace Jr.", ("London",)),
        Author("Plato"),
        Author("The Collaboration"),
    )


def test_a_preprint_on_arxiv_joins_the_two() -> None:
    related = {"has-preprint": [{"id-type": "doi", "id": "10.48550/arXiv.2101.00001", "asserted-by": "subject"}]}
    paper = entry(relation=related).paper
    assert (paper.arxiv_id, paper.doi) == ("2101.00001", "10.1000/abc")
    assert entry(relation={"has-preprint": [{"id-type": "doi", "id": "10.1101/2020.01.01"}]}).paper.arxiv_id is None
    assert entry(DOI="10.48550/ARXIV.2101.00001").paper.doi is None


def test_the_venue_is_the_conference_or_the_preprint_server() -> None:
    assert entry(event={"name": "CHI 2020"}).paper.venue == "CHI 2020"
    assert entry(institution=[{"name": "bioRxiv"}]).paper.venue == "bioRxiv"
    assert entry(container_title=["Science &amp; Art"], volume="5", page="1-9").paper.venue == "Science & Art 5, 1–9"
    assert entry(subject=["General Physics"]).paper.categories == ("General Physics",)
