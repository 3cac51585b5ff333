"""CSL-JSON from citation processors, and the JSON of Zotero's API, exporters and plugins."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from store.formats.bibliography import csl_json
from store.formats.registry import SURE_ENOUGH
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Link, Paper
from store.text import clean


def read(data: Any) -> list[Item]:
    text = data if isinstance(data, str | bytes) else json.dumps(data)
    return list(csl_json.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def papers(data: Any) -> list[Paper]:
    return [clean.entry(item).paper for item in read(data) if isinstance(item, Entry)]


def csl(**fields: Any) -> Paper:
    (parsed,) = papers([{"id": "a", "type": "article-journal", "title": "T"} | fields])
    return parsed


def zotero(**fields: Any) -> Paper:
    (parsed,) = papers([{"itemType": "journalArticle", "title": "T"} | fields])
    return parsed


API = [
    {
        "key": "ABCD2345",
        "version": 7,
        "library": {"type": "user", "id": 1, "name": "ada"},
        "links": {"alternate": {"href": "https://www.zotero.org/ada/items/ABCD2345", "type": "text/html"}},
        "meta": {"creatorSummary": "Vaswani et al.", "parsedDate": "2017-12-06", "numChildren": 2},
        "data": {
            "key": "ABCD2345",
            "version": 7,
            "itemType": "preprint",
            "title": "Attention Is <i>All</i> You Need",
            "creators": [
                {"creatorType": "author", "firstName": "Ashish", "lastName": "Vaswani"},
                {"creatorType": "author", "name": "Google Brain"},
                {"creatorType": "contributor", "firstName": "No", "lastName": "Body"},
            ],
            "abstractNote": "The dominant sequence\n\ntransduction models",
            "repository": "arXiv",
            "archiveID": "arXiv:1706.03762",
            "date": "December 6, 2017",
            "DOI": "10.48550/arXiv.1706.03762",
            "url": "http://arxiv.org/abs/1706.03762",
            "extra": "arXiv:1706.03762 [cs.CL]\nComment: 15 pages, 5 figures\nRead me",
            "tags": [{"tag": "Computer Science - Machine Learning", "type": 1}, {"tag": "to read"}],
        },
    },
    {"key": "N", "version": 8, "data": {"key": "N", "itemType": "note", "parentItem": "ABCD2345", "note": "<p>x</p>"}},
    {"key": "F", "version": 9, "data": {"key": "F", "itemType": "attachment", "title": "PDF"}},
    {"key": "G", "version": 9, "data": {"key": "G", "itemType": "annotation"}},
]


def test_the_real_file(listings: Path) -> None:
    data = (listings / "csl-json" / "ztrans-CSLJSON-00.json").read_bytes()
    assert len(json.loads(data)) == 1
    assert papers(data) == [
        Paper(
            title="Stochastic biomathematical models: With applications to neuronal modeling",
            authors=(Author("Mostafa Bachar"),),
            published=date(2013, 1, 1),
            venue="Springer",
        )
    ]
    assert csl_json.sniff(data, "x") >= SURE_ENOUGH


def test_an_answer_of_zoteros_api() -> None:
    (parsed,) = papers(API)
    assert parsed == Paper(
        title="Attention Is All You Need",
        abstract="The dominant sequence\n\ntransduction models",
        authors=(Author("Ashish Vaswani"), Author("Google Brain")),
        published=date(2017, 12, 6),
        arxiv_id="1706.03762",
        categories=("cs.LG", "cs.CL"),
        comment="15 pages, 5 figures",
        links=(Link("page", "http://arxiv.org/abs/1706.03762"),),
    )
    assert [item.text for item in read(API) if isinstance(item, Warned)] == [
        "3 notes and attachments were left out: only papers are kept"
    ]


@pytest.mark.parametrize(
    "shape",
    [
        lambda item: [item],
        lambda item: {"items": [item]},
        lambda item: {"references": [item]},
        lambda item: item,
        lambda item: {"config": {"label": "BetterBibTeX JSON"}, "version": {"zotero": "7"}, "items": [item]},
        lambda item: [{"key": "A", "version": 1, "csljson": item}],
        lambda item: json.dumps(item) + "\n" + json.dumps(item | {"type": "note"}) + "\n",
    ],
)
def test_every_shape_is_read(shape: Any) -> None:
    data = shape({"id": "a", "type": "article-journal", "title": "T"})
    assert [paper.title for paper in papers(data)] == ["T"]
    text = data if isinstance(data, str) else json.dumps(data)
    assert csl_json.sniff(text.encode(), "x") >= SURE_ENOUGH


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ({"family": "Lovelace", "given": "Ada"}, "Ada Lovelace"),
        ({"family": "Gennep", "given": "Arnold", "non-dropping-particle": "van"}, "Arnold van Gennep"),
        ({"family": "Beauvoir", "given": "Simone", "dropping-particle": "de"}, "Simone de Beauvoir"),
        ({"family": "King", "given": "Martin Luther", "suffix": "Jr."}, "Martin Luther King Jr."),
        ({"literal": "World Health Organization"}, "World Health Organization"),
        ({"family": "Plato"}, "Plato"),
    ],
)
def test_names_are_written_given_name_first(name: dict[str, str], written: str) -> None:
    assert csl(author=[name]).authors == (Author(written),)


def test_affiliations_are_kept() -> None:
    parsed = csl(author=[{"family": "L", "given": "A", "affiliation": [{"name": "Bern"}, "Basel"]}])
    assert parsed.authors == (Author("A L", ("Bern", "Basel")),)


@pytest.mark.parametrize(
    ("issued", "day"),
    [
        ({"date-parts": [[2013, 4, 5]]}, "2013-04-05"),
        ({"date-parts": [["2013", "4"], [2014]]}, "2013-04"),
        ({"date-parts": [[2013]], "season": "2"}, "2013"),
        ({"raw": "4 May 2013"}, "2013-05-04"),
        ({"literal": "Spring 2013"}, "2013"),
        ("2013-04-05", "2013-04-05"),
        ({"date-parts": [[None]]}, None),
        ({"date-parts": []}, None),
        ({"date-parts": [[2013, 13, 40]]}, "2013"),
        (None, None),
    ],
)
def test_the_date_has_the_precision_that_the_item_gives(issued: Any, day: str | None) -> None:
    parsed = csl(issued=issued).publication_date
    assert (parsed and parsed.text) == day


def test_a_journal_reference() -> None:
    parsed = csl(**{"container-title": ["Nature", "Nat"], "volume": 521, "issue": "7553", "page": "436-444"})
    assert parsed.venue == "Nature 521(7553), 436–444"
    assert zotero(publicationTitle="Nature", volume="521", pages="436-444").venue == "Nature 521, 436–444"


def test_identifiers_from_fields_and_from_the_free_field() -> None:
    assert csl(DOI="https://doi.org/10.1000/ABC").doi == "10.1000/abc"
    assert csl(note="DOI: 10.1000/ABC\nPMID: 123").doi == "10.1000/abc"
    assert csl(note="PMID: 123").links == (Link("page", "https://pubmed.ncbi.nlm.nih.gov/123/"),)
    assert csl(number="arXiv:1706.03762", publisher="arXiv").arxiv_id == "1706.03762"
    assert csl(number="arXiv:1706.03762", publisher="arXiv").venue is None
    assert zotero(extra="arXiv: 1706.03762v3").arxiv_version == 3


def test_a_csl_note_is_the_comment_and_zoteros_free_field_is_the_readers_own() -> None:
    assert csl(note="12 pages").comment == "12 pages"
    assert zotero(extra="ask Grace").comment is None


def test_attached_files_are_links() -> None:
    parsed = zotero(
        url="https://example.org",
        attachments=[
            {"title": "Full Text PDF", "mimeType": "application/pdf", "url": "https://example.org/x"},
            {"title": "Snapshot", "url": "https://example.org/y"},
            {"path": "/home/ada/x.pdf"},
        ],
    )
    assert [(link.kind, link.url) for link in parsed.links] == [
        ("page", "https://example.org"),
        ("page", "https://example.org/y"),
        ("pdf", "https://example.org/x"),
    ]


def test_programmers_and_editors_count_as_authors_if_there_is_no_author() -> None:
    programmers = [{"creatorType": "programmer", "firstName": "Ada", "lastName": "Lovelace"}]
    assert zotero(itemType="computerProgram", creators=programmers).authors == (Author("Ada Lovelace"),)
    edited = [{"creatorType": "editor", "firstName": "Ada", "lastName": "Lovelace"}]
    assert zotero(itemType="book", creators=edited).authors == (Author("Ada Lovelace"),)
    assert zotero(itemType="bookSection", creators=edited).authors == ()


def test_the_titles_of_cases_statutes_and_mails_are_in_other_fields() -> None:
    for name in ("caseName", "nameOfAct", "subject"):
        (parsed,) = papers([{"itemType": "case", name: "One v. Other"}])
        assert parsed.title == "One v. Other"


@pytest.mark.parametrize(
    "bad",
    [
        '{"id": "x", "type": "book"}',
        '{"id": "x", "title": 5e400, "type": "book"}',
        '{"id": "x", "type": "book", "title": "unended}',
        '{"id": "x", "type": "book", "title": "T"',
        '{"id": "x", "type": NaN, "title": "T"}',
        '{"some": "thing else"}',
        '["a list"]',
    ],
)
def test_one_bad_item_costs_no_other_and_is_named(bad: str) -> None:
    good = [f'  {{\n    "id": "k{n}",\n    "type": "book",\n    "title": "T{n}"\n  }}' for n in range(99)]
    items = read("[\n" + ",\n".join([*good[:50], "  " + bad, *good[50:]]) + "\n]")
    assert [item.paper.title for item in items if isinstance(item, Entry)] == [f"T{n}" for n in range(99)]
    (refused,) = [item for item in items if isinstance(item, Refused)]
    assert (refused.index, refused.line) == (51, 252)


def test_values_of_a_wrong_type_lose_only_their_fields() -> None:
    odd = {"author": "Ada", "issued": 7, "container-title": {"x": 1}, "keyword": 3, "DOI": ["10.1000/a"], "note": []}
    parsed = csl(**odd, page=7, volume=True, URL=None, abstract=12.5)
    assert (parsed.title, parsed.authors, parsed.doi) == ("T", (), "10.1000/a")


def test_a_cut_file_says_so() -> None:
    text = json.dumps(API, indent=1)
    items = read(text[: text.index('"note"') + 20])
    assert [type(item) for item in items if not isinstance(item, Warned)] == [Entry, CutShort]


@pytest.mark.parametrize("data", ["", "[]", '{"items": []}', "text", API[1:]])
def test_a_file_without_a_paper_says_so(data: Any) -> None:
    with pytest.raises(ListingError):
        read(data)


@pytest.mark.parametrize(
    "data",
    [
        {"message-type": "work", "message": {"type": "journal-article", "title": ["T"]}},
        {"results": [{"id": "https://openalex.org/W1", "type": "article", "abstract_inverted_index": None}]},
        [{"paper": {"id": "2301.00001", "title": "T"}}],
        {"type": "Feature"},
    ],
)
def test_other_json_is_not_taken_for_it(data: Any) -> None:
    assert csl_json.sniff(json.dumps(data).encode(), "x.json") < SURE_ENOUGH
