"""Tables that reference managers and bibliographic databases export."""

from __future__ import annotations

import io
from datetime import date

import pytest

from store.formats.tables import delimited
from store.model.entry import Entry, Item
from store.model.paper import Link, Paper
from store.text import clean


def read(text: str | bytes) -> list[Item]:
    return list(delimited.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def papers(text: str | bytes) -> list[Paper]:
    return [item.paper for item in read(text) if isinstance(item, Entry)]


ZOTERO = (
    '"Key","Item Type","Publication Year","Author","Title","Publication Title","ISBN","ISSN","DOI","Url",'
    '"Abstract Note","Date","Date Added","Pages","Issue","Volume"\n'
    '"AB12","journalArticle","2020","Lovelace, Ada; Turing, Alan","On Computing","Journal of Things","","1234-5678",'
    '"10.1000/XYZ","https://example.org/1","An abstract,\nof two lines.","2020-03-05","2021-01-01","45-67","3","12"\n'
)

SCOPUS = (
    '\ufeff"Authors","Author full names","Author(s) ID","Title","Year","Source title","Volume","Issue","Page start",'
    '"Page end","Cited by","DOI","Link","Abstract","Author Keywords"\n'
    '"Lovelace A.; Turing A.","Lovelace, Ada (57190000000); Turing, Alan (57190000001)","1;2","On Computing","2020",'
    '"Journal of Things","12","3","45","67","5","10.1000/xyz","https://www.scopus.com/x","An abstract.","a; b"\n'
)

IEEE = (
    '"Document Title",Authors,"Author Affiliations","Publication Title",Date Added To Xplore,"Publication Year",'
    '"Volume","Issue","Start Page","End Page","Abstract","ISSN",ISBNs,"DOI",PDF Link\n'
    '"On Computing","A. Lovelace; A. Turing","x","Journal of Things","1 Jan 2021","2020","12","3","45","67",'
    '"An abstract.","","","10.1000/xyz","https://example.org/1.pdf"\n'
)

PUBMED = (
    "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI\n"
    '1,On Computing.,"Lovelace A, Turing AM.",x,Lovelace A,Journal of Things,2020,2020/03/05,,,10.1000/xyz\n'
)

WEB_OF_SCIENCE = (
    "PT\tAU\tAF\tTI\tSO\tAB\tBP\tEP\tDI\tPY\tVL\tIS\n"
    "J\tLovelace, A; Turing, A\tLovelace, Ada; Turing, Alan\tOn Computing\tJOURNAL OF THINGS\tAn abstract.\t45\t67"
    "\t10.1000/xyz\t2020\t12\t3\n"
)

PUBLISH_OR_PERISH = (
    '"Cites","Authors","Title","Year","Source","Publisher","ArticleURL","CitesURL","GSRank","DOI","Abstract"\n'
    '5,"A Lovelace, A Turing","On Computing",2020,"Journal of Things","x","https://example.org/1","",1,'
    '"10.1000/xyz","An abstract."\n'
)

EXPORTS = {
    "Zotero": ZOTERO,
    "Scopus": SCOPUS,
    "IEEE Xplore": IEEE,
    "PubMed": PUBMED,
    "Web of Science": WEB_OF_SCIENCE,
    "Publish or Perish": PUBLISH_OR_PERISH,
}


@pytest.mark.parametrize("program", EXPORTS)
def test_the_exports_of_known_programs(program: str) -> None:
    text = EXPORTS[program]
    (paper,) = papers(text)
    assert paper.title.rstrip(".") == "On Computing"
    assert [author.name.split()[-1] for author in paper.authors] == ["Lovelace", "Turing"]
    assert [author.name[0] for author in paper.authors] == ["A", "A"]
    assert paper.doi == "10.1000/xyz"
    assert paper.published is not None
    assert paper.published.year == 2020
    assert paper.venue is not None
    assert paper.venue.lower().startswith("journal of things")
    assert delimited.sniff(text.encode(), "download") >= 0.9


def test_every_field_of_a_zotero_row() -> None:
    (paper,) = papers(ZOTERO)
    assert [author.name for author in paper.authors] == ["Ada Lovelace", "Alan Turing"]
    assert clean.prose(paper.abstract) == "An abstract, of two lines."
    assert paper.published == date(2020, 3, 5)
    assert paper.venue == "Journal of Things 12(3), 45–67"
    assert paper.links == (Link("page", "https://example.org/1"),)
