"""Names, days, journal references and remarks, in the forms of every bibliography format."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats.bibliography import fields
from store.formats.bibliography.tagged_records import Record
from store.model.paper import Author
from store.model.partial_date import PartialDate
from tests.thorough import examples


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
    assert fields.person(written) == name


@examples(100, 5000)
@given(st.lists(st.sampled_from(["Ada", "Jr.", "null", "van D", ",", " ", "}"]), max_size=6).map("".join))
def test_commas_at_the_end_of_a_name_change_nothing(written: str) -> None:
    """A name with at most one comma is read without splitting it into a list."""
    assert fields.person(written) == fields.person(f"{written},,")


def test_the_second_of_three_name_parts_in_bibtex_is_the_suffix() -> None:
    assert fields.person("Smith, Esquire, Mary", jr_second=True) == "Mary Smith Esquire"
    assert fields.person("Smith, Mary, PhD") == "Mary Smith PhD"


def test_others_and_et_al_are_not_authors() -> None:
    assert fields.authors(["Ada Lovelace", "others", "et al.", "", "…"]) == (Author("Ada Lovelace"),)


@given(st.text(alphabet="{},\\ab ", max_size=40))
def test_the_parts_of_a_split_text_joined_again_give_the_text(text: str) -> None:
    parts = fields.split_top(text, ",")
    assert ",".join(parts) == text


@pytest.mark.parametrize(
    ("texts", "day"),
    [
        (("1948/07//",), "1948-07"),
        (("2003-01-05T12:30:00Z",), "2003-01-05"),
        (("20040527",), "2004-05-27"),
        (("200405",), "2004-05"),
        (("27 Feb 1990",), "1990-02-27"),
        (("Feb. 27th, 1990",), "1990-02-27"),
        (("27.2.1990",), "1990-02-27"),
        (("2/27/1990",), "1990-02-27"),
        (("27/2/1990",), "1990-02-27"),
        (("14--18 February 2005",), "2005-02-14"),
        (("2010 Sep-Oct",), "2010-09"),
        (("c. 1999a",), "1999"),
        (("[1999]",), "1999"),
        (("Marginal 2001",), "2001"),
        (("2001-00-00",), "2001"),
        (("2001-02-31",), "2001-02"),
        (("1999", "May 4"), "1999-05-04"),
        (("1999", "01/02"), "1999-01-02"),
        (("1999", "2005-06-07"), "1999"),
        (("", None, "1999-03", "1999-03-04"), "1999-03-04"),
        (("n.d.", "in press"), None),
        (("12345",), None),
        (("9999",), None),
        ((), None),
    ],
)
def test_a_date_is_built_from_the_given_fields(texts: tuple[str | None, ...], day: str | None) -> None:
    parsed = fields.when(*texts)
    assert (parsed and parsed.text) == day


@given(st.lists(st.text(alphabet="0123456789-/. JanFebMay,~", max_size=20), max_size=3))
def test_any_text_is_a_date_or_none(texts: list[str]) -> None:
    parsed = fields.when(*texts)
    assert parsed is None or str(parsed.first_day.year) in "".join(texts)


@pytest.mark.parametrize(
    ("told", "arxiv_id", "known"),
    [
        ("2024-01-01", None, "2024"),
        ("2024-01-01", "2406.01234", "2024"),
        ("2024-01-01", "2401.00001", "2024-01-01"),
        ("1994-01-01", "hep-th/9401001", "1994-01-01"),
        ("2024-06-01", None, "2024-06-01"),
        ("2024-01-02", None, "2024-01-02"),
        ("2024-01", None, "2024-01"),
        ("2024", "2401.00001", "2024"),
    ],
)
def test_the_first_of_january_from_an_index_means_only_a_year(told: str, arxiv_id: str | None, known: str) -> None:
    parsed = fields.year_at_least(PartialDate.parse(told), arxiv_id=arxiv_id)
    assert parsed and parsed.text == known


def test_a_venue_is_a_journal_reference() -> None:
    assert fields.venue("Nature", "12", "3", "45--67") == "Nature 12(3), 45–67"
    assert fields.venue("Nature", None, "3") == "Nature (3)"
    assert fields.venue("Nature", pages="M-1--M-4") == "Nature, M-1–M-4"
    assert fields.venue(None, "12") is None
    assert fields.venue(" ") is None


def test_labels_of_numbers_and_texts_without_a_number_are_left_out() -> None:
    assert fields.venue("Lists", "v. 40", "no. 2", "pp. 3-9") == "Lists 40(2), 3–9"
    assert fields.venue("Lists", "Vol 40", "Special Issue", "P7") == "Lists 40(Special Issue), P7"
    assert fields.venue("Lists", "1", None, fields.pages("No", "Specified")) == "Lists 1"
    assert fields.venue("Lists", "NA", "no issue", "No Pagination Specified") == "Lists"
    assert fields.venue("Lists", None, "eag, 7805975") == fields.venue("Lists", None, "101676033") == "Lists"
    assert fields.venue("Lists", "0", "0", "0") == fields.venue("Lists", "0", "0", "0-0") == "Lists"
    assert fields.venue("Lists", "12", None, "1375339") == "Lists 12, 1375339"


def test_a_missing_given_name_is_no_part_of_the_name() -> None:
    assert fields.person("van den Alpha,null") == "van den Alpha"
    assert fields.person("Null, Ada") == "Ada Null"


@pytest.mark.parametrize("name", ["arXiv", "ArXiv.org", "arXiv preprint arXiv:1706.03762", "CoRR", "arXiv e-prints"])
def test_arxiv_is_no_venue(name: str) -> None:
    assert fields.venue(name, "abs/1") is None


@pytest.mark.parametrize("name", ["Correlations", "Corrosion Science", "Cornell Law Review", "Archives of X"])
def test_journals_whose_names_start_alike_are(name: str) -> None:
    assert fields.venue(name) == name


def test_pages_from_their_ends() -> None:
    assert fields.pages("1", "9") == "1-9"
    assert fields.pages("1-9", "9") == "1-9"
    assert fields.pages("e7", None) == "e7"
    assert fields.pages(None, None) is None


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
    assert fields.remark(text) is None


@pytest.mark.parametrize(
    "before", ["Comment: ", "arXiv:2303.00763 [cs]\nComment: ", "arXiv:hep-ph/9901001\nComments: "]
)
def test_a_remark_is_what_arxiv_says_and_not_what_zotero_puts_before_it(before: str) -> None:
    assert fields.remark(f"{before}12 pages") == "12 pages"
    assert fields.remark("Commented edition: 12 pages") == "Commented edition: 12 pages"


def test_a_remark_that_says_more_stays_whole() -> None:
    assert fields.remark("12 pages, doi:10.1000/abc") == "12 pages, doi:10.1000/abc"


def test_the_free_field_of_zotero_is_lines_with_names() -> None:
    text = "arXiv: 2301.00001\nComment: 3 pages\nread me\nhttps://x.org: no name\nComment: 4 figures"
    assert fields.extra(text) == {
        "arxiv": "2301.00001",
        "comment": "3 pages\n4 figures",
        "": "read me\nhttps://x.org: no name",
    }


@pytest.mark.parametrize("kind", ["note", "Note", "attachment", "Attachment_Link", "annotation", "Memo"])
def test_notes_and_attachments_are_no_papers(kind: str) -> None:
    assert not fields.is_paper(kind)


@pytest.mark.parametrize("kind", [None, "", "JOUR", "book", "Personal Communication", "webpage"])
def test_every_other_kind_may_be_a_paper(kind: str | None) -> None:
    assert fields.is_paper(kind)


def test_a_tagged_record_knows_its_values_and_its_lines() -> None:
    record = Record(1)
    record.add_line("lost")
    record.add("AU", "A")
    record.add_line("B")
    record.add("TI", "")
    record.add("AU", "C")
    assert record.all("AU") == ["A\nB", "C"]
    assert record.items("AU") == ["A", "B", "C"]
    assert record.first("TI", "AU") == "A\nB"
    assert record.first("TI") is None
