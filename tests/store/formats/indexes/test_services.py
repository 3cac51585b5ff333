"""The JSON of Europe PMC, bioRxiv and NASA ADS: every field, in the layouts of the different API endpoints."""

from __future__ import annotations

import io
import json
from datetime import date
from types import ModuleType
from typing import Any

import pytest

from store.formats.indexes import ads, biorxiv, europe_pmc, europe_pmc_xml
from store.model.entry import Entry, Item, Refused, Warned
from store.model.paper import Author, Link, Paper

ENVELOPES = {
    europe_pmc: lambda items: {"version": "6.9", "hitCount": len(items), "resultList": {"result": items}},
    biorxiv: lambda items: {"messages": [{"status": "ok", "total": str(len(items))}], "collection": items},
    ads: lambda items: {"responseHeader": {}, "response": {"numFound": len(items), "docs": items}},
}


def read(format: ModuleType, value: Any) -> list[Item]:
    return list(format.read(io.BytesIO(json.dumps(value).encode())))


def paper(format: ModuleType, **fields: Any) -> Paper:
    answer = ENVELOPES[format]([fields])
    assert format.sniff(json.dumps(answer).encode(), "x") > 0.9
    (item,) = read(format, answer)
    assert isinstance(item, Entry), item
    return item.paper


# -- Europe PMC


def test_europe_pmc_lite_has_names_in_one_line() -> None:
    parsed = paper(
        europe_pmc,
        id="39000144", source="MED", pmid="39000144", pmcid="PMC1", doi="10.1000/PT", title="Lists in hospitals.",
        authorString="Alpha A, Beta BC, List Group.", journalTitle="J Lists", issue="1", journalVolume="12",
        pageInfo="3-9", pubYear="2026", firstPublicationDate="2026-01-05",
    )  # fmt: skip
    assert parsed.title == "Lists in hospitals"
    assert [author.name for author in parsed.authors] == ["A Alpha", "BC Beta", "List Group"]
    assert (parsed.venue, parsed.doi, parsed.published) == ("J Lists 12(1), 3–9", "10.1000/pt", date(2026, 1, 5))
    assert [link.url for link in parsed.links] == [
        "https://pubmed.ncbi.nlm.nih.gov/39000144/",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC1/",
    ]


def test_europe_pmc_core_has_whole_names_affiliations_and_the_abstract() -> None:
    place = {"authorAffiliation": [{"affiliation": "Some U."}]}
    parsed = paper(
        europe_pmc,
        id="PPR7",
        source="PPR",
        title="A <i>preprint</i>",
        authorList={
            "author": [
                {
                    "fullName": "Alpha A",
                    "firstName": "Ada",
                    "lastName": "Alpha",
                    "authorAffiliationDetailsList": place,
                },
                {"collectiveName": "List Group"},
                {"fullName": "Beta BC", "lastName": "Beta", "affiliation": "Town"},
            ]
        },
        abstractText="<h4>Background</h4>Lists are <i>long</i>.",
        bookOrReportDetails={"publisher": "bioRxiv", "yearOfPublication": 2026},
        fullTextUrlList={
            "fullTextUrl": [
                {"availabilityCode": "S", "documentStyle": "pdf", "url": "https://example.org/closed.pdf"},
                {"availabilityCode": "OA", "documentStyle": "pdf", "url": "https://example.org/open.pdf"},
            ]
        },
    )
    assert parsed.title == "A preprint"
    assert parsed.authors == (Author("Ada Alpha", ("Some U.",)), Author("List Group"), Author("BC Beta", ("Town",)))
    assert parsed.abstract == "Background: Lists are long."
    assert parsed.venue == "bioRxiv"
    assert parsed.links == (
        Link("page", "https://europepmc.org/article/PPR/PPR7"),
        Link("pdf", "https://example.org/open.pdf"),
    )


def test_europe_pmc_in_xml_has_the_same_fields() -> None:
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><responseWrapper xmlns:slx="http://x"><version>6.9</version>'
        "<hitCount>40</hitCount><resultList><result><id>7</id><source>MED</source><pmid>7</pmid><doi>10.1000/PT</doi>"
        "<title>Lists of H<sub>2</sub>O.</title><authorList><author><fullName>Alpha A</fullName>"
        "<firstName>Ada</firstName><lastName>Alpha</lastName><authorAffiliationDetailsList>"
        "<authorAffiliation><affiliation>Some U.</affiliation>"
        "</authorAffiliation></authorAffiliationDetailsList></author></authorList><journalInfo><volume>12</volume>"
        "<yearOfPublication>2026</yearOfPublication><journal><title>J Lists</title></journal></journalInfo>"
        "<pageInfo>3-9</pageInfo><abstractText>&lt;h4>Aim&lt;/h4>We list.</abstractText>"
        "<firstPublicationDate>2026-01-05</firstPublicationDate></result><result><id>8</id></result></resultList>"
        "</responseWrapper>"
    )
    assert europe_pmc_xml.sniff(text.encode(), "x") > 0.9
    entry, refused, warned = europe_pmc_xml.read(io.BytesIO(text.encode()))
    assert isinstance(entry, Entry)
    assert (entry.paper.title, entry.paper.abstract) == ("Lists of H₂O", "Aim: We list.")
    assert entry.paper.authors == (Author("Ada Alpha", ("Some U.",)),)
    assert (entry.paper.venue, entry.paper.published) == ("J Lists 12, 3–9", date(2026, 1, 5))
    assert refused == Refused(2, 1, "it has no title")
    assert warned == Warned("one page of a longer answer: 1 of 40 papers are in it")


# -- bioRxiv


def test_a_version_of_a_preprint_has_its_page_and_pdf() -> None:
    fields = {
        "title": "Lists in the brain", "authors": "Alpha, A.; Beta, B. C.", "doi": "10.64898/2026.01.20.720027",
        "date": "2026-01-21", "version": "1", "category": "neuroscience", "jatsxml": "https://x", "abstract": "We.",
        "published": "NA", "server": "medrxiv",
    }  # fmt: skip
    parsed = paper(biorxiv, **fields)
    assert [author.name for author in parsed.authors] == ["A. Alpha", "B. C. Beta"]
    assert (parsed.doi, parsed.venue, parsed.categories) == ("10.64898/2026.01.20.720027", "medRxiv", ("neuroscience",))
    assert (parsed.published, parsed.updated) == (date(2026, 1, 21), None)
    page = "https://www.medrxiv.org/content/10.64898/2026.01.20.720027v1"
    assert parsed.links == (Link("page", page), Link("pdf", f"{page}.full.pdf"))
    later = paper(biorxiv, **{**fields, "version": "2", "date": "2026-02-01", "published": "10.1000/journal"})
    assert (later.published, later.updated) == (None, date(2026, 2, 1))
    assert Link("page", "https://doi.org/10.1000/journal") in later.links


def test_other_lists_of_biorxiv_with_other_field_names_are_read() -> None:
    covid = paper(
        biorxiv,
        rel_title="Lists and Covid", rel_doi="10.1101/2020.01.01.1", rel_date="2020-03-01", rel_site="bioRxiv",
        rel_abs="We.", rel_authors=[{"author_name": "Ada Alpha", "author_inst": "Some U."}], version="1",
    )  # fmt: skip
    assert (covid.title, covid.abstract, covid.doi) == ("Lists and Covid", "We.", "10.1101/2020.01.01.1")
    assert covid.authors == (Author("Ada Alpha", ("Some U.",)),)
    published = paper(
        biorxiv,
        preprint_title="Published lists", preprint_doi="10.1101/2", published_doi="10.1000/j",
        published_journal="Journal of Lists", preprint_platform="bioRxiv", preprint_authors="Alpha, A.",
    )  # fmt: skip
    assert (published.venue, published.doi) == ("Journal of Lists", "10.1101/2")
    assert Link("page", "https://doi.org/10.1000/j") in published.links


# -- NASA ADS


def test_a_record_of_ads_has_its_preprint_and_its_journal() -> None:
    parsed = paper(
        ads,
        bibcode="2026ApJ...12...34A", title=["Lists of H<SUB>2</SUB>O"], author=["Alpha, Ada", "Beta, B.", "LIST Team"],
        aff=["Some U.; Other U.", "-", "-"], author_count=30, abstract="We.", pubdate="2026-03-00", year="2026",
        pub="The Astrophysical Journal", volume="12", issue="3", page=["34"], doi=["10.3847/ABC"],
        identifier=["2026arXiv260120001A", "arXiv:2601.20001"], arxiv_class=["astro-ph.GA"], comment=["12 pages"],
    )  # fmt: skip
    assert parsed.title == "Lists of H₂O"
    assert parsed.authors == (Author("Ada Alpha", ("Some U.", "Other U.")), Author("B. Beta"), Author("LIST Team"))
    assert (parsed.author_count, parsed.comment, parsed.categories) == (30, "12 pages", ("astro-ph.GA",))
    assert (parsed.arxiv_id, parsed.doi) == ("2601.20001", "10.3847/abc")
    assert (parsed.published, parsed.published_to) == (date(2026, 3, 1), "month")
    assert parsed.venue == "The Astrophysical Journal 12(3), 34"


@pytest.mark.parametrize(
    ("pubdate", "day", "precision"),
    [
        ("2026-00-00", date(2026, 1, 1), "year"),
        ("2026-03-04", date(2026, 3, 4), "day"),
        (None, date(2025, 1, 1), "year"),
    ],
)
def test_an_unknown_month_or_day_of_ads_is_unknown(pubdate: str | None, day: date, precision: str) -> None:
    parsed = paper(ads, bibcode="b", title=["T"], pubdate=pubdate, year="2025" if pubdate is None else "2026")
    assert (parsed.published, parsed.published_to) == (day, precision)


def test_a_preprint_of_ads_has_no_venue() -> None:
    parsed = paper(
        ads, bibcode="b", title=["T"], pub="arXiv e-prints", page=["arXiv:2601.1"], doi=["10.48550/arXiv.2601.20001"]
    )
    assert (parsed.venue, parsed.arxiv_id, parsed.doi) == (None, "2601.20001", None)


# -- all of them


@pytest.mark.parametrize(
    ("format", "item", "total"),
    [
        (europe_pmc, {"title": "T", "source": "MED"}, {"hitCount": 90}),
        (biorxiv, {"title": "T", "server": "bioRxiv"}, {"messages": [{"status": "ok", "total": 90}]}),
    ],
)
def test_a_page_of_several_and_an_item_without_a_title_are_reported(
    format: ModuleType, item: dict[str, Any], total: dict[str, Any]
) -> None:
    items = read(format, {**ENVELOPES[format]([item, {**item, "title": ""}]), **total})
    assert isinstance(items[0], Entry)
    assert items[1] == Refused(2, 1, "it has no title")
    assert isinstance(items[2], Warned)
    assert items[2].text.startswith("one page of a longer answer: 1 of 90 ")


@pytest.mark.parametrize("format", ENVELOPES)
def test_an_empty_answer_says_so(format: ModuleType) -> None:
    assert read(format, ENVELOPES[format]([])) == [Warned("the list holds no papers")]
