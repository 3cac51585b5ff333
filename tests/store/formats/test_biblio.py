"""Names, days, journal references and remarks, as every bibliography format writes them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats import _biblio
from store.formats._tagged import Record
from store.paper import Author


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Lovelace, Ada", "Ada Lovelace"),
        ("Lovelace,Ada", "Ada Lovelace"),
        ("Ada Lovelace", "Ada Lovelace"),
        ("von Hicks, III, Michael", "Michael von Hicks III"),
        ("King, Martin Luther, Jr.", "Martin Luther King Jr."),
        ("Smith, Jr.", "Smith Jr."),
        ("Smith, V.", "V. Smith"),
        ("Corporation,", "Corporation"),
        ("{Council on X, Y}", "{Council on X, Y}"),
        (" , ", ""),
    ],
)
def test_a_name_has_the_given_name_first(written: str, name: str) -> None:
    assert _biblio.person(written) == name


def test_bibtex_has_the_jr_second_even_when_it_looks_like_a_name() -> None:
    assert _biblio.person("Smith, Esquire, Mary", jr_second=True) == "Mary Smith Esquire"
    assert _biblio.person("Smith, Mary, PhD") == "Mary Smith PhD"


def test_others_are_nobody() -> None:
    assert _biblio.authors(["Ada Lovelace", "others", "et al.", "", "…"]) == (Author("Ada Lovelace"),)


@given(st.text(alphabet="{},\\ab ", max_size=40))
def test_parts_put_together_are_the_whole(text: str) -> None:
    parts = _biblio.split_top(text, ",")
    assert ",".join(parts) == text


@pytest.mark.parametrize(
    ("texts", "day"),
    [
        (("1948/07//",), date(1948, 7, 1)),
        (("2003-01-05T12:30:00Z",), date(2003, 1, 5)),
        (("20040527",), date(2004, 5, 27)),
        (("200405",), date(2004, 5, 1)),
        (("27 Feb 1990",), date(1990, 2, 27)),
        (("Feb. 27th, 1990",), date(1990, 2, 27)),
        (("27.2.1990",), date(1990, 2, 27)),
        (("2/27/1990",), date(1990, 2, 27)),
        (("27/2/1990",), date(1990, 2, 27)),
        (("14--18 February 2005",), date(2005, 2, 14)),
        (("2010 Sep-Oct",), date(2010, 9, 1)),
        (("c. 1999a",), date(1999, 1, 1)),
        (("[1999]",), date(1999, 1, 1)),
        (("Marginal 2001",), date(2001, 1, 1)),
        (("2001-00-00",), date(2001, 1, 1)),
        (("2001-02-31",), date(2001, 2, 1)),
        (("1999", "May 4"), date(1999, 5, 4)),
        (("1999", "01/02"), date(1999, 1, 2)),
        (("1999", "2005-06-07"), date(1999, 1, 1)),
        (("", None, "1999-03", "1999-03-04"), date(1999, 3, 4)),
        (("n.d.", "in press"), None),
        (("12345",), None),
        (("9999",), None),
        ((), None),
    ],
)
def test_days_are_put_together_from_what_is_said(texts: tuple[str | None, ...], day: date | None) -> None:
    assert _biblio.day(*texts) == day


@given(st.lists(st.text(alphabet="0123456789-/. JanFebMay,~", max_size=20), max_size=3))
def test_any_text_is_a_day_or_none(texts: list[str]) -> None:
    found = _biblio.day(*texts)
    assert found is None or str(found.year) in "".join(texts)


def test_a_venue_is_a_journal_reference() -> None:
    assert _biblio.venue("Nature", "12", "3", "45--67") == "Nature 12(3), 45–67"
    assert _biblio.venue("Nature", None, "3") == "Nature (3)"
    assert _biblio.venue("Nature", pages="M-1--M-4") == "Nature, M-1–M-4"
    assert _biblio.venue(None, "12") is None
    assert _biblio.venue(" ") is None


@pytest.mark.parametrize("name", ["arXiv", "ArXiv.org", "arXiv preprint arXiv:1706.03762", "CoRR", "arXiv e-prints"])
def test_arxiv_is_no_venue(name: str) -> None:
    assert _biblio.venue(name, "abs/1") is None


@pytest.mark.parametrize("name", ["Correlations", "Corrosion Science", "Cornell Law Review", "Archives of X"])
def test_journals_whose_names_start_alike_are(name: str) -> None:
    assert _biblio.venue(name) == name


def test_pages_from_their_ends() -> None:
    assert _biblio.pages("1", "9") == "1-9"
    assert _biblio.pages("1-9", "9") == "1-9"
    assert _biblio.pages("e7", None) == "e7"
    assert _biblio.pages(None, None) is None


@pytest.mark.parametrize(
    "text",
    [
        "doi: 10.1000/abc",
        "https://example.org/a",
        "arXiv:2301.00001 [cs.LG]",
        "PMID: 23439512",
        "Available at: http://x.org",
    ],
)
def test_a_remark_that_only_repeats_an_identifier_is_none(text: str) -> None:
    assert _biblio.remark(text) is None


def test_a_remark_that_says_more_stays_whole() -> None:
    assert _biblio.remark("12 pages, doi:10.1000/abc") == "12 pages, doi:10.1000/abc"


def test_the_free_field_of_zotero_is_lines_with_names() -> None:
    text = "arXiv: 2301.00001\nComment: 3 pages\nread me\nhttps://x.org: no name\nComment: 4 figures"
    assert _biblio.extra(text) == {
        "arxiv": "2301.00001",
        "comment": "3 pages\n4 figures",
        "": "read me\nhttps://x.org: no name",
    }


@pytest.mark.parametrize("kind", ["note", "Note", "attachment", "Attachment_Link", "annotation", "Memo"])
def test_notes_and_attachments_are_no_papers(kind: str) -> None:
    assert not _biblio.is_paper(kind)


@pytest.mark.parametrize("kind", [None, "", "JOUR", "book", "Personal Communication", "webpage"])
def test_everything_else_can_be_one(kind: str | None) -> None:
    assert _biblio.is_paper(kind)


def test_a_tagged_record_knows_its_values_and_its_lines() -> None:
    record = Record(1)
    record.go_on("lost")
    record.add("AU", "A")
    record.go_on("B")
    record.add("TI", "")
    record.add("AU", "C")
    assert record.all("AU") == ["A\nB", "C"]
    assert record.items("AU") == ["A", "B", "C"]
    assert record.first("TI", "AU") == "A\nB"
    assert record.first("TI") is None
