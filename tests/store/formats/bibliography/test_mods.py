"""MODS: titles in parts, people with roles, hosts with volume and pages, and identifiers."""

from __future__ import annotations

import io
from datetime import date

import pytest

from store.formats.bibliography import mods
from store.model.entry import Entry, Refused
from store.model.errors import ListingError
from store.model.paper import Author, Link, Paper

ANTHOLOGY = """<mods ID="alpha-2022-lists">
<titleInfo><title>The Lists of</title><subTitle>Hospitals</subTitle></titleInfo>
<titleInfo type="translated"><title>Die Listen</title></titleInfo>
<name type="personal"><namePart type="given">Ada</namePart><namePart type="given">N.</namePart>
<namePart type="family">Alpha</namePart><role><roleTerm type="text">author</roleTerm></role></name>
<name type="personal"><namePart>Beta, Bert</namePart><role><roleTerm type="code">aut</roleTerm></role></name>
<name type="personal"><namePart>Gamma, Cara</namePart><role><roleTerm type="text">editor</roleTerm></role></name>
<originInfo><dateIssued>2022-05</dateIssued></originInfo><genre>conference publication</genre>
<relatedItem type="host"><titleInfo><title>Proceedings of Lists</title></titleInfo>
<originInfo><publisher>List Press</publisher><dateIssued>2022</dateIssued></originInfo></relatedItem>
<abstract>We list.</abstract><identifier type="citekey">alpha-2022-lists</identifier>
<identifier type="doi">10.18653/v1/2022.lists.1</identifier><location><url>https://example.org/1/</url></location>
<part><detail type="volume"><number>3</number></detail><date>2022-05</date>
<extent unit="page"><start>864</start><end>870</end></extent></part></mods>"""


def papers(*records: str) -> list[Paper]:
    data = f'<modsCollection xmlns="http://www.loc.gov/mods/v3">{"".join(records)}</modsCollection>'.encode()
    assert mods.sniff(data, "x") > 0.9
    return [item.paper for item in mods.read(io.BytesIO(data)) if isinstance(item, Entry)]


def paper(content: str) -> Paper:
    (parsed,) = papers(f"<mods>{content}</mods>")
    return parsed


def test_a_record_gives_every_field() -> None:
    (parsed,) = papers(ANTHOLOGY)
    assert parsed.title == "The Lists of: Hospitals"
    assert parsed.authors == (Author("Ada N. Alpha"), Author("Bert Beta"))
    assert (parsed.venue, parsed.doi) == ("Proceedings of Lists 3, 864–870", "10.18653/v1/2022.lists.1")
    assert (parsed.published, parsed.published_to, parsed.abstract) == (
        date(2022, 5, 1),
        "month",
        "We list.",
    )
    assert parsed.links == (Link("page", "https://example.org/1/"),)


def test_a_single_record_may_have_a_prefix() -> None:
    data = b'<mods:mods xmlns:mods="http://www.loc.gov/mods/v3"><mods:titleInfo><mods:nonSort>The</mods:nonSort>' + (
        b"<mods:title>List</mods:title></mods:titleInfo></mods:mods>"
    )
    (item,) = mods.read(io.BytesIO(data))
    assert isinstance(item, Entry)
    assert item.paper.title == "The List"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ('<name type="corporate"><namePart>List Office, The</namePart></name>', ["List Office, The"]),
        ("<name><namePart>Alpha, Ada</namePart></name>", ["Ada Alpha"]),
        ("<name><namePart>Gamma, C</namePart><role><roleTerm>editor</roleTerm></role></name>", ["C Gamma"]),
        ("<name><namePart>Delta, D</namePart><role><roleTerm>translator</roleTerm></role></name>", []),
    ],
)
def test_people_without_a_role_and_editors_stand_in_for_authors(names: str, expected: list[str]) -> None:
    parsed = paper(f"<titleInfo><title>T</title></titleInfo>{names}")
    assert [author.name for author in parsed.authors] == expected


def test_a_book_has_its_publisher_and_an_article_the_issue_of_its_journal() -> None:
    title = "<titleInfo><title>T</title></titleInfo>"
    assert paper(f"{title}<originInfo><publisher>Press</publisher></originInfo>").venue == "Press"
    host = (
        '<relatedItem type="host"><titleInfo><title>J</title></titleInfo><part><detail type="volume"><number>1</number>'
        '</detail><detail type="issue"><number>2</number></detail><extent unit="pages"><start>3</start></extent></part>'
        '</relatedItem><relatedItem type="series"><titleInfo><title>S</title></titleInfo></relatedItem>'
    )
    assert paper(title + host).venue == "J 1(2), 3"


def test_identifiers_of_arxiv() -> None:
    parsed = paper("<titleInfo><title>T</title></titleInfo><identifier type='arxiv'>2601.20001</identifier>")
    assert parsed.arxiv_id == "2601.20001"


def test_a_record_without_a_title_is_refused_and_a_file_without_records_is_an_error() -> None:
    assert isinstance(next(mods.read(io.BytesIO(b"<mods><note>x</note></mods>"))), Refused)
    with pytest.raises(ListingError, match="no record"):
        papers()
