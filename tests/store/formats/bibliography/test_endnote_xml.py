"""EndNote's XML, as EndNote itself and as other programs write it."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest

from store.formats.bibliography import endnote_xml
from store.formats.registry import SURE_ENOUGH
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Link, Paper
from store.text import clean


def read(text: str | bytes) -> list[Item]:
    return list(endnote_xml.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def papers(text: str | bytes) -> list[Paper]:
    return [clean.entry(item).paper for item in read(text) if isinstance(item, Entry)]


def record(inside: str, kind: str = "Journal Article", title: str = "<title>T</title>") -> str:
    titles = f"<titles>{title}</titles>" if "<titles>" not in inside else ""
    return f'<record><ref-type name="{kind}">17</ref-type>{titles}{inside}</record>'


def paper(inside: str, kind: str = "Journal Article") -> Paper:
    (parsed,) = papers(f"<xml><records>{record(inside, kind)}</records></xml>")
    return parsed


def real(listings: Path, number: int) -> list[Paper]:
    return papers((listings / "endnote-xml" / f"ztrans-EndnoteXML-0{number}.xml").read_bytes())


def test_every_record_of_every_real_file_is_given(listings: Path) -> None:
    files = sorted((listings / "endnote-xml").iterdir())
    assert len(files) == 2
    for file in files:
        items = read(file.read_bytes())
        assert [type(item) for item in items] == [Entry] * len(re.findall(rb"<record>", file.read_bytes()))


def test_a_real_report_book_and_newspaper_article_are_read(listings: Path) -> None:
    parsed_papers = real(listings, 0)
    assert parsed_papers[0] == Paper(
        title="Country Clustering in Comparative Political Economy",
        authors=(Author("John S Ahlquist"), Author("Christian Breunig")),
        published=date(2009, 1, 1),
        published_to="year",
    )
    assert parsed_papers[1].title == "Planting green roofs and living walls"
    assert parsed_papers[1].authors == (Author("Nigel Dunnett"), Author("Noël Kingsbury"))
    assert parsed_papers[1].venue == "Timber Press"
    assert parsed_papers[1].abstract and parsed_papers[1].abstract.startswith(
        "The latest techniques for planting roofs and walls"
    )
    assert parsed_papers[2].venue == "New York Times, A20"


def test_editors_a_chapter_and_a_page(listings: Path) -> None:
    parsed_papers = real(listings, 0)
    assert parsed_papers[3].authors == (Author("Bob Hancké"), Author("Martin Rhodes"), Author("Mark Thatcher"))
    assert parsed_papers[5].authors == (Author("Isabela Mares"),)
    assert parsed_papers[5].venue == (
        "Varieties of capitalism. The institutional foundations of comparative advantage, 184–213"
    )
    assert parsed_papers[8] == Paper(
        title="CSL search by example",
        venue="Citation Style Editor",
        links=(Link("page", "http://editor.citationstyles.org/searchByExample/"),),
    )


def test_a_title_in_many_text_styles_is_read_as_one_text(listings: Path) -> None:
    assert [paper.title for paper in real(listings, 1)] == [
        "Plain Bold Italics Underline ^(Superscript) _(Subscript) SymbolFont CourierNew SmallerSize Size12 "
        "TimesNewRoman-Bold-Italics-Underline-Superscript"
    ]


def test_a_record_with_every_field_is_read() -> None:
    parsed = paper(
        "<contributors><authors><author><style face='normal'>King, Martin Luther, Jr.</style></author>"
        "<author>World Health Organization,</author></authors></contributors>"
        "<periodical><full-title>Nature</full-title></periodical><volume>521</volume><number>7553</number>"
        "<pages>436-444</pages><dates><year>2015</year><pub-dates><date>May 27</date></pub-dates></dates>"
        "<electronic-resource-num>https://doi.org/10.1000/ABC</electronic-resource-num><notes>10 pages</notes>"
        "<abstract>CO&lt;sub&gt;2&lt;/sub&gt;</abstract><accession-num>123</accession-num>"
        "<remote-database-name>PubMed</remote-database-name><urls><related-urls><url>&lt;Go to ISI&gt;</url>"
        "<url>https://example.org/a</url></related-urls><pdf-urls><url>https://example.org/get</url>"
        "<url>internal-pdf://x.pdf</url></pdf-urls></urls>"
    )
    assert parsed == Paper(
        title="T",
        abstract="CO₂",
        authors=(Author("Martin Luther King Jr."), Author("World Health Organization")),
        published=date(2015, 5, 27),
        doi="10.1000/abc",
        venue="Nature 521(7553), 436–444",
        comment="10 pages",
        links=(
            Link("page", "https://example.org/a"),
            Link("pdf", "https://example.org/get"),
            Link("page", "https://pubmed.ncbi.nlm.nih.gov/123/"),
        ),
    )


def test_authors_that_endnote_has_run_together() -> None:
    parsed = paper("<contributors><authors><author>Lovelace, Ada&#13;Hopper, Grace</author></authors></contributors>")
    assert parsed.authors == (Author("Ada Lovelace"), Author("Grace Hopper"))


def test_the_address_of_the_only_author_is_theirs() -> None:
    parsed = paper(
        "<contributors><authors><author>L, A</author></authors></contributors>"
        "<auth-address>Bern&#xD;Basel</auth-address>"
    )
    assert parsed.authors == (Author("A L", ("Bern", "Basel")),)


def test_a_preprint_of_arxiv() -> None:
    parsed = paper(
        "<titles><title>T</title><secondary-title>arXiv preprint arXiv:1706.03762</secondary-title></titles>"
    )
    assert (parsed.arxiv_id, parsed.venue) == ("1706.03762", None)


def test_one_bad_record_costs_no_other() -> None:
    good = record("")
    items = read(f"<xml><records>{good * 50}{record('', title='')}{good * 49}</records></xml>")
    assert sum(isinstance(item, Entry) for item in items) == 99
    assert [item for item in items if isinstance(item, Refused)] == [Refused(51, 1, "no title")]
    broken = good.replace("</title>", "</titel>")
    items = read(f"<xml><records>{good * 50}\n{broken}\n{good * 49}</records></xml>")
    assert sum(isinstance(item, Entry) for item in items) == 99
    assert [(item.index, item.line) for item in items if isinstance(item, Refused)] == [(51, 2)]


def test_notes_are_no_papers() -> None:
    items = read(f"<xml><records>{record('', 'Note')}{record('')}</records></xml>")
    assert [type(item) for item in items] == [Entry, Warned]


def test_a_cut_file_says_so() -> None:
    whole = f"<xml><records>{record('')}{record('')}</records></xml>"
    assert [type(item) for item in read(whole[:-40])] == [Entry, CutShort]


@pytest.mark.parametrize("text", ["", "<xml/>", "<xml><records/></xml>", "<html/>", "text"])
def test_a_file_without_a_record_says_so(text: str) -> None:
    with pytest.raises(ListingError):
        read(text)


def test_entities_are_refused() -> None:
    with pytest.raises(ListingError):
        read(f'<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><records>{record("")}</records></xml>')


def test_other_xml_is_not_taken_for_it() -> None:
    assert endnote_xml.sniff(b"<xml><records><record><x/></record></records></xml>", "x.xml") < SURE_ENOUGH
    assert endnote_xml.sniff(b"<feed><database/></feed>", "x.xml") < SURE_ENOUGH
