"""DBLP's records in JSON and XML.

They have full stops after titles, numbers after names ("Wei Wang 0001"), "CoRR" for papers on arXiv, and values that
may be lists.
"""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest

from store.formats.indexes import dblp, dblp_xml
from store.model.entry import Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Link, Paper


def answer(*publications: dict[str, Any], total: int | None = None) -> bytes:
    hits: dict[str, Any] = {"@total": str(len(publications) if total is None else total), "@first": "0"}
    if publications:
        hits["hit"] = [{"@id": str(number), "info": info} for number, info in enumerate(publications)]
    return json.dumps({"result": {"query": "x", "status": {"@code": "200"}, "hits": hits}}).encode()


def read(data: bytes) -> list[Item]:
    return list(dblp.read(io.BytesIO(data)))


def paper(**fields: Any) -> Paper:
    (item,) = read(answer({"title": "A Title.", **fields}))
    assert isinstance(item, Entry)
    return item.paper


def xml_papers(text: str) -> list[Paper]:
    assert dblp_xml.sniff(text.encode(), "x") > 0.9
    return [item.paper for item in dblp_xml.read(io.BytesIO(text.encode())) if isinstance(item, Entry)]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Lists.", "Lists"),
        ("Lists?", "Lists?"),
        ("Lists and so on...", "Lists and so on..."),
        ("O&apos;Brien &amp; Co: H<sub>2</sub>O.", "O'Brien & Co: H₂O"),
    ],
)
def test_a_title_loses_its_full_stop_and_its_markup(title: str, expected: str) -> None:
    assert paper(title=title).title == expected


@pytest.mark.parametrize(
    "authors",
    [
        {"author": {"@pid": "1/1", "text": "Ada Alpha 0001"}},
        {"author": [{"@pid": "1/1", "text": "Ada Alpha 0001"}]},
        {"author": "Ada Alpha"},
        {"author": ["Ada Alpha"]},
    ],
)
def test_one_author_may_be_alone_or_in_a_list_and_have_a_number(authors: Any) -> None:
    assert paper(authors=authors).authors == (Author("Ada Alpha"),)


def test_a_journal_article_has_its_reference_and_its_addresses() -> None:
    article = paper(
        venue=["J. Lists", "Lists"],
        volume="12",
        number="3",
        pages="1-9",
        year="2024",
        doi="10.1000/X",
        ee=["https://doi.org/10.1000/X", "https://example.org/x"],
        url="https://dblp.org/rec/journals/lists/X",
    )
    assert article.venue == "J. Lists 12(3), 1–9"
    assert (article.doi, article.published, article.published_to) == ("10.1000/x", date(2024, 1, 1), "year")
    assert article.links == (Link("page", "https://doi.org/10.1000/X"),)


def test_corr_is_arxiv() -> None:
    preprint = paper(venue="CoRR", volume="abs/2601.20021", ee="https://doi.org/10.48550/arXiv.2601.20021")
    assert (preprint.arxiv_id, preprint.doi, preprint.venue) == ("2601.20021", None, None)
    old = paper(venue="CoRR", volume="cs.CL/0001001")
    assert (old.arxiv_id, old.venue) == ("cs/0001001", None)


def test_a_pdf_is_not_the_page_of_the_paper() -> None:
    record = "https://dblp.org/rec/conf/x/Y"
    links = paper(ee="https://example.org/y.pdf", url=record).links
    assert links == (Link("page", record), Link("pdf", "https://example.org/y.pdf"))


def test_an_answer_says_when_it_is_empty_or_one_page_of_several() -> None:
    assert read(answer()) == [Warned("DBLP found no publications")]
    assert read(answer({"title": "A."}, total=30))[1:] == [
        Warned("one page of a longer answer: 1 of 30 publications are in it")
    ]


def test_a_single_hit_may_be_an_object_instead_of_a_list() -> None:
    data = json.dumps({"result": {"query": "x", "hits": {"@total": "1", "hit": {"info": {"title": "One."}}}}}).encode()
    (item,) = read(data)
    assert isinstance(item, Entry)
    assert item.paper.title == "One"


def test_a_hit_without_a_title_is_refused() -> None:
    assert read(answer({"title": ""}, {"title": "B."}))[0] == Refused(1, 1, "it has no title")


ARTICLE = (
    '<article key="journals/x/A" mdate="2024-01-01"><author pid="1/1">J&uuml;rgen Alpha 0002</author>'
    "<author>Bert Beta</author><title>On <i>k</i>-lists in H<sub>2</sub>O.</title><pages>1-2</pages><year>2023</year>"
    '<volume>1</volume><journal>Lists</journal><ee type="oa">https://doi.org/10.1000/a</ee></article>'
)


@pytest.mark.parametrize(
    "text",
    [
        f'<?xml version="1.0" encoding="US-ASCII"?><!DOCTYPE dblp SYSTEM "dblp.dtd"><dblp>{ARTICLE}</dblp>',
        f'<dblpperson name="J"><person key="homepages/1/1"><author>J</author></person><r>{ARTICLE}</r></dblpperson>',
        '<result><query>x</query><hits total="1" sent="1"><hit id="1"><info><authors>'
        '<author pid="1/1">Jürgen Alpha 0002</author><author>Bert Beta</author></authors><title>On k-lists in H₂O.'
        "</title><venue>Lists</venue><volume>1</volume><pages>1-2</pages><year>2023</year><key>journals/x/A</key>"
        "<doi>10.1000/A</doi><ee>https://doi.org/10.1000/a</ee></info></hit></hits></result>",
    ],
)
def test_xml_has_the_same_fields_in_every_file_of_dblp(text: str) -> None:
    (article,) = xml_papers(text)
    assert article.title == "On k-lists in H₂O"
    assert article.authors == (Author("Jürgen Alpha"), Author("Bert Beta"))
    assert (article.venue, article.doi, article.published) == ("Lists 1, 1–2", "10.1000/a", date(2023, 1, 1))
    assert article.links == (Link("page", "https://doi.org/10.1000/a"),)


def test_a_volume_of_proceedings_has_its_editors_as_authors() -> None:
    (volume,) = xml_papers(
        '<dblp><proceedings key="conf/x/2020"><editor>Ada Alpha</editor><title>Proceedings of X.</title>'
        "<booktitle>X</booktitle><publisher>ACM</publisher><year>2020</year></proceedings></dblp>"
    )
    assert volume.authors == (Author("Ada Alpha"),)


def test_xml_without_a_publication_is_an_error() -> None:
    with pytest.raises(ListingError, match="no publication"):
        xml_papers("<dblp></dblp>")
