"""PubMed's text with abstracts: wrapped lines, authors with numbers for affiliations, and other paragraphs."""

from __future__ import annotations

import io
from datetime import date

import pytest

from store.formats.bibliography import pubmed_text
from store.model.entry import CutShort, Entry, Item, Refused
from store.model.errors import ListingError
from store.model.paper import Author, Paper

FULL = """
1. Sci Transl Lists. 2018 Oct 10;10(462):e12. doi:
10.1126/lists.9897. Epub 2018 Sep 3.

The list channel mediates sensitivity to long lists in
mice: "a study".

Alpha SE(1), Loud-Beta MC Jr(1)(2), van der Gamma J; List Study Group.

Author information:
(1)Department of Lists, The Town Institute,
La Town, CA 92037, USA.
(2)Center of Lists, Other Town. ada@example.org.

Comment in
    Lists. 2019 Jan;1(1):3-4.

BACKGROUND: Lists are long.

RESULTS: 1. They are
long. 2. They stay so.

Copyright © 2018 The Authors.

Conflict of interest statement: None.

DOI: 10.1126/lists.9897
PMCID: PMC7725878
PMID: 33057202  [Indexed for MEDLINE]

2. Lists Today (Basel). 2019;59:587-635.

[Lists without authors].

[Article in French]

[No authors listed]

PMID: 11111111
"""


def read(text: str) -> list[Item]:
    assert pubmed_text.sniff(text.encode(), "x") > 0.9
    return list(pubmed_text.read(io.BytesIO(text.encode())))


def papers(text: str) -> list[Paper]:
    return [item.paper for item in read(text) if isinstance(item, Entry)]


def test_a_record_gives_every_field() -> None:
    parsed = papers(FULL)[0]
    town = "Department of Lists, The Town Institute, La Town, CA 92037, USA."
    assert parsed.title == 'The list channel mediates sensitivity to long lists in mice: "a study"'
    assert parsed.authors == (
        Author("SE Alpha", (town,)),
        Author("MC Loud-Beta Jr", (town, "Center of Lists, Other Town. ada@example.org.")),
        Author("J van der Gamma"),
        Author("List Study Group"),
    )
    assert parsed.abstract == "BACKGROUND: Lists are long.\n\nRESULTS: 1. They are long. 2. They stay so."
    assert (parsed.venue, parsed.doi) == ("Sci Transl Lists 10(462), e12", "10.1126/lists.9897")
    assert parsed.published == date(2018, 9, 3)
    assert [link.url for link in parsed.links] == [
        "https://pubmed.ncbi.nlm.nih.gov/33057202/",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC7725878/",
    ]


def test_a_record_without_authors_and_abstract() -> None:
    parsed = papers(FULL)[1]
    assert (parsed.title, parsed.authors, parsed.abstract) == ("Lists without authors", (), None)
    assert (parsed.venue, parsed.published_to) == ("Lists Today (Basel) 59, 587–635", "year")


def test_a_book_chapter_and_a_record_without_a_date_are_read() -> None:
    text = (
        "1. StatPearls [Internet]. Treasure Island (FL): StatPearls Publishing; 2024 Jan–.\n\nChapter.\n\nPMID: 1\n\n"
        "2. A journal with no date at all\n\nTitle.\n\nAlpha A.\n\nPMID: 2\n\n3. J. 2020;1:2.\n\nThird.\n\nPMID: 3\n"
    )
    chapter, undated, third = papers(text)
    assert (chapter.title, chapter.published) == ("Chapter", date(2024, 1, 1))
    assert chapter.venue == "StatPearls [Internet]. Treasure Island (FL): StatPearls Publishing"
    assert (undated.title, undated.venue, undated.published) == ("Title", None, None)
    assert third.title == "Third"


def test_an_address_without_a_number_is_that_of_all_authors() -> None:
    text = "1. J. 2001;1:2.\n\nT.\n\nAlpha A, Beta B.\n\nAuthor information:\nSome Place.\n\nPMID: 1\n"
    assert papers(text)[0].authors == (Author("A Alpha", ("Some Place.",)), Author("B Beta", ("Some Place.",)))


def test_a_numbered_paragraph_of_an_abstract_is_no_record() -> None:
    text = "1. J. 2001;1:2.\n\nT.\n\nAlpha A.\n\nWe list:\n\n2. Lists of 2001 things, in\norder.\n\nPMID: 1\n"
    (parsed,) = papers(text)
    assert parsed.abstract == "We list:\n\n2. Lists of 2001 things, in order."


def test_a_record_that_ends_before_its_number_is_refused_and_the_next_is_read() -> None:
    text = "1. J. 2001;1:2.\n\nT.\n\nAlpha A.\n\n2. J. 2002 Mar;1:2.\n\nU.\n\nBeta B.\n\nPMID: 2\n"
    refused, entry = read(text)
    assert isinstance(refused, Refused)
    assert isinstance(entry, Entry)
    assert entry.paper.title == "U"


@pytest.mark.parametrize("end", ["PMID: 1\n\n2. J. 20", "PMID: 1\n\n2", "PMID: 1\n\n2. J. 2002;1:2.\n\nU.\n"])
def test_a_file_that_ends_inside_a_record_is_cut_short(end: str) -> None:
    items = read(f"1. J. 2001;1:2.\n\nT.\n\nAlpha A.\n\n{end}")
    assert [type(item) for item in items] == [Entry, CutShort]


def test_other_text_is_an_error() -> None:
    with pytest.raises(ListingError, match="no PubMed record"):
        list(pubmed_text.read(io.BytesIO(b"nothing of the kind")))
