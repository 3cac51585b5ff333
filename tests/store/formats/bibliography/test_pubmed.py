"""PubMed's XML, in the forms of the service efetch and of the web site."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest

from store.formats.bibliography import pubmed
from store.formats.registry import SURE_ENOUGH
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Link, Paper
from store.model.partial_date import PartialDate
from store.text import clean


def read(text: str | bytes) -> list[Item]:
    return list(pubmed.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def papers(text: str | bytes) -> list[Paper]:
    return [clean.entry(item).paper for item in read(text) if isinstance(item, Entry)]


def article(inside: str = "", title: str = "<ArticleTitle>T.</ArticleTitle>", data: str = "") -> str:
    return (
        f"<PubmedArticle><MedlineCitation><PMID>7</PMID><Article>{title}{inside}</Article></MedlineCitation>"
        f"<PubmedData>{data}</PubmedData></PubmedArticle>"
    )


def paper(inside: str = "", title: str = "<ArticleTitle>T.</ArticleTitle>", data: str = "") -> Paper:
    (parsed,) = papers(f"<PubmedArticleSet>{article(inside, title, data)}</PubmedArticleSet>")
    return parsed


def real(listings: Path, number: int) -> list[Paper]:
    return papers((listings / "pubmed" / f"ztrans-PubMedXML-{number:02}.xml").read_bytes())


def test_every_record_of_every_real_file_is_given(listings: Path) -> None:
    files = sorted((listings / "pubmed").iterdir())
    assert len(files) == 11
    record_count = 0
    for file in files:
        items = read(file.read_bytes())
        expected = len(re.findall(rb"<Pubmed(?:Book)?Article>", file.read_bytes()))
        assert [type(item) for item in items] == [Entry] * expected, file.name
        record_count += expected
        for paper in papers(file.read_bytes()):
            assert paper.title and paper.abstract and paper.authors and paper.published, file.name
            assert paper.links[0].url.startswith("https://pubmed.ncbi.nlm.nih.gov/")
    assert record_count == 17


def test_an_article_that_came_out_online_first(listings: Path) -> None:
    parsed = real(listings, 0)[0]
    assert parsed.title == "High-content single-cell drug screening with phosphospecific flow cytometry"
    assert parsed.published == date(2007, 12, 23)
    assert parsed.venue == "Nature chemical biology 4(2), 132–42"
    assert parsed.doi == "10.1038/nchembio.2007.59"
    assert parsed.authors[0].name == "Peter O Krutzik"
    assert parsed.authors[0].affiliations[0].startswith("Department of Microbiology and Immunology, Baxter Laboratory")
    assert parsed.links == (Link("page", "https://pubmed.ncbi.nlm.nih.gov/18157122/"),)


def test_a_book(listings: Path) -> None:
    (parsed,) = real(listings, 1)
    assert parsed.title == "Endocrinology: An Integrated Approach"
    assert parsed.authors == (Author("Stephen Nussey"), Author("Saffron Whitehead"))
    assert (parsed.publication_date, parsed.venue) == (
        PartialDate(date(2001, 1, 1), "year"),
        "BIOS Scientific Publishers",
    )
    assert parsed.abstract and parsed.abstract.startswith("Endocrinology has been written to meet the requirements")


def test_a_date_in_medlines_form_is_read(listings: Path) -> None:
    (parsed,) = real(listings, 3)
    assert parsed.title == "Zotero: harnessing the power of a personal bibliographic manager"
    assert parsed.publication_date == PartialDate(date(2010, 9, 1), "month")
    assert parsed.venue == "Nurse educator 35(5), 205–7"
    assert parsed.doi == "10.1097/nne.0b013e3181ed81e4"


def test_an_arxiv_preprint(listings: Path) -> None:
    (parsed,) = real(listings, 9)
    assert parsed.title == "Self-organized intracellular twisters"
    assert (parsed.arxiv_id, parsed.arxiv_version, parsed.doi, parsed.venue) == ("2304.02112", 2, None, None)
    assert parsed.published == date(2023, 4, 6)


def test_an_abstract_in_parts(listings: Path) -> None:
    parsed = papers((listings / "pubmed" / "sotawhat-pubmed_efetch.xml").read_bytes())[0]
    parts = (parsed.abstract or "").split("\n\n")
    assert [part.partition(":")[0] for part in parts] == ["BACKGROUND", "RESULTS", "CONCLUSIONS"]
    assert parsed.authors[0].name == "Stephan Settelmeier"
    assert len(parsed.authors[0].affiliations) == 2
    assert parsed.published == date(2026, 6, 12)


def test_identifiers_of_cited_papers_are_ignored() -> None:
    parsed = paper(
        data="<ReferenceList><Reference><ArticleIdList><ArticleId IdType='doi'>10.1000/cited</ArticleId>"
        "</ArticleIdList></Reference></ReferenceList><ArticleIdList><ArticleId IdType='pubmed'>7</ArticleId>"
        "<ArticleId IdType='pmc'>PMC99</ArticleId><ArticleId IdType='doi'>10.1000/OWN</ArticleId></ArticleIdList>"
    )
    assert parsed.doi == "10.1000/own"
    assert [link.url for link in parsed.links] == [
        "https://pubmed.ncbi.nlm.nih.gov/7/",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC99/",
    ]


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        ("<Year>2015</Year><Month>Aug</Month><Day>07</Day>", "2015-08-07"),
        ("<Year>2015</Year><Month>08</Month>", "2015-08"),
        ("<Year>2015</Year><Season>Spring</Season>", "2015"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998-12"),
        ("<MedlineDate>Spring 1998</MedlineDate>", "1998"),
        ("", None),
    ],
)
def test_the_date_has_the_precision_that_the_record_gives(dates: str, day: str | None) -> None:
    parsed = paper(f"<Journal><JournalIssue><PubDate>{dates}</PubDate></JournalIssue></Journal>").publication_date
    assert (parsed and parsed.text) == day


def test_the_first_of_two_whole_days_counts() -> None:
    online = "<ArticleDate><Year>2015</Year><Month>05</Month><Day>02</Day></ArticleDate>"
    for day, first in (("01", date(2015, 5, 1)), ("03", date(2015, 5, 2))):
        issue = f"<PubDate><Year>2015</Year><Month>May</Month><Day>{day}</Day></PubDate>"
        assert paper(f"<Journal><JournalIssue>{issue}</JournalIssue></Journal>{online}").published == first


@pytest.mark.parametrize(
    ("element", "title"),
    [
        ("<ArticleTitle>T.</ArticleTitle>", "T"),
        ("<ArticleTitle>Why?</ArticleTitle>", "Why?"),
        ("<ArticleTitle>And so on...</ArticleTitle>", "And so on..."),
        ("<ArticleTitle>[On kites].</ArticleTitle><VernacularTitle>Drachen.</VernacularTitle>", "On kites"),
        ("<ArticleTitle>[A] and [B].</ArticleTitle>", "[A] and [B]"),
        ("<ArticleTitle>[Not Available].</ArticleTitle><VernacularTitle>Drachen.</VernacularTitle>", "Drachen"),
        ("<ArticleTitle>CO<sub>2</sub> &amp; <i>E. coli</i> p&lt;0.05.</ArticleTitle>", "CO₂ & E. coli p<0.05"),
    ],
)
def test_titles_lose_their_full_stop_their_brackets_and_their_markup(element: str, title: str) -> None:
    assert paper(title=element).title == title


def test_groups_suffixes_and_initials_in_names() -> None:
    parsed = paper(
        "<AuthorList><Author><LastName>King</LastName><ForeName>Martin L</ForeName><Suffix>Jr</Suffix></Author>"
        "<Author><LastName>Lovelace</LastName><Initials>A</Initials></Author>"
        "<Author><CollectiveName>ENIAC Group</CollectiveName></Author></AuthorList>"
    )
    assert [author.name for author in parsed.authors] == ["Martin L King Jr", "A Lovelace", "ENIAC Group"]


def test_a_chapter_of_a_book() -> None:
    (parsed,) = papers(
        "<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID>8</PMID><Book><BookTitle>StatPearls</BookTitle><PubDate>"
        "<Year>2024</Year></PubDate></Book><ArticleTitle>Kites</ArticleTitle><AuthorList Type='authors'><Author>"
        "<LastName>L</LastName></Author></AuthorList></BookDocument></PubmedBookArticle></PubmedArticleSet>"
    )
    assert (parsed.title, parsed.venue, parsed.authors) == ("Kites", "StatPearls", (Author("L"),))


def test_deleted_records_are_counted() -> None:
    items = read(
        f"<PubmedArticleSet>{article()}<DeleteCitation><PMID>1</PMID><PMID>2</PMID></DeleteCitation></PubmedArticleSet>"
    )
    assert [type(item) for item in items] == [Entry, Warned]
    assert items[1] == Warned("records that PubMed has deleted were left out: 2")


def test_one_bad_record_costs_no_other() -> None:
    good = article()
    for bad in (article(title=""), good.replace("</Article>", ""), "<PubmedArticle/>"):
        items = read(f"<PubmedArticleSet>{good * 50}\n{bad}\n{good * 49}</PubmedArticleSet>")
        assert sum(isinstance(item, Entry) for item in items) == 99, bad
        assert [(item.index, item.line) for item in items if isinstance(item, Refused)] == [(51, 2)], bad


def test_a_record_alone_is_read() -> None:
    assert [paper.title for paper in papers(article())] == ["T"]


def test_a_cut_file_says_so() -> None:
    assert [type(item) for item in read(f"<PubmedArticleSet>{article()}{article()[:60]}")] == [Entry, CutShort]


@pytest.mark.parametrize(
    "text", ["", "<PubmedArticleSet/>", "<eFetchResult><ERROR>x</ERROR></eFetchResult>", "1. J Kites."]
)
def test_a_file_without_an_article_says_so(text: str) -> None:
    with pytest.raises(ListingError):
        read(text)


def test_entities_are_refused() -> None:
    with pytest.raises(ListingError):
        read(f'<!DOCTYPE P [<!ENTITY a "x">]><PubmedArticleSet>{article()}</PubmedArticleSet>')


def test_other_xml_is_not_taken_for_it() -> None:
    assert pubmed.sniff(b"<feed><PubmedArticleSet/></feed>", "pubmed.xml") < SURE_ENOUGH
