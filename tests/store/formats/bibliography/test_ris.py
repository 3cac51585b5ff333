"""RIS files as publishers, EndNote, Zotero, Citavi and scripts write them."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats.bibliography import ris
from store.formats.registry import SURE_ENOUGH
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Link, Paper
from store.text import clean
from tests.thorough import examples


def read(text: str | bytes) -> list[Item]:
    return list(ris.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def papers(text: str | bytes) -> list[Paper]:
    return [clean.entry(item).paper for item in read(text) if isinstance(item, Entry)]


def paper(*lines: str, kind: str = "JOUR") -> Paper:
    (parsed,) = papers("\n".join([f"TY  - {kind}", "TI  - T", *lines, "ER  - "]))
    return parsed


def real(listings: Path, name: str) -> list[Paper]:
    return papers((listings / "ris" / name).read_bytes())


def test_every_entry_of_every_real_file_is_given_or_refused(listings: Path) -> None:
    files = [file for file in sorted((listings / "ris").iterdir()) if not file.name.endswith("wos.ris")]
    assert len(files) >= 16
    for file in files:
        items = read(file.read_bytes())
        expected = len(re.findall(r"^TY\s+-", file.read_text("utf-8-sig"), re.MULTILINE))
        titled = len(re.findall(r"^(?:TI|T1|ST)\s+-(?=.*\n(?!ST))", file.read_text("utf-8-sig"), re.MULTILINE))
        assert expected
        assert sum(isinstance(item, Entry | Refused) for item in items) == expected, file.name
        refused = [item for item in items if isinstance(item, Refused)]
        assert [item.reason for item in refused] == ["no title"] * (0 if titled else 1), file.name
        assert not any(isinstance(item, CutShort) for item in items)


def test_a_real_article_is_read(listings: Path) -> None:
    (parsed,) = real(listings, "rispy-example_basic.ris")
    assert parsed == Paper(
        title="A Mathematical Theory of Communication",
        authors=(Author("Claude E. Shannon"),),
        published=date(1948, 7, 1),
        published_to="month",
        venue="Bell System Technical Journal 27, 379–423",
    )


def test_an_entry_with_one_blank_before_its_dashes(listings: Path) -> None:
    (parsed,) = real(listings, "ztrans-RIS-03.ris")
    assert parsed.title.startswith("Rapid identification of thousands of copperhead snake (Agkistrodon contortrix)")
    assert parsed.authors[3] == Author("A. P. JASON de KONING")
    assert len(parsed.authors) == 7
    assert parsed.doi == "10.1111/j.1755-0998.2009.02750.x"
    assert parsed.venue == "Molecular Ecology Resources 9999"
    assert parsed.comment is None
    assert parsed.links == (Link("page", "http://dx.doi.org/10.1111/j.1755-0998.2009.02750.x"),)
    assert parsed.abstract and parsed.abstract.startswith("Optimal integration of next-generation sequencing")


def test_a_title_on_two_lines_is_joined(listings: Path) -> None:
    (parsed,) = real(listings, "ztrans-RIS-00.ris")
    assert parsed.title == "Blood-brain barrier breach following cortical contusion in the rat"
    assert parsed.authors[1] == Author("I. Fugaccia")
    assert parsed.venue == "J.Neurosurg. 85, 476–481"
    assert parsed.abstract and parsed.abstract.endswith("both immediately and days after brain trauma.")


def test_a_data_set_with_windows_line_ends(listings: Path) -> None:
    (parsed,) = real(listings, "ztrans-RIS-10.ris")
    assert parsed.title == "Moving language: Mothers’ verbs correspond to infants’ real-time locomotion"
    assert parsed.doi == "10.17910/b7.1322"
    assert parsed.venue == "Databrary"
    assert [author.name for author in parsed.authors] == [
        "Kelsey Louise West",
        "Catherine Tamis-LeMonda",
        "Karen Adolph",
    ]


def test_the_short_title_where_there_is_no_other(listings: Path) -> None:
    (parsed,) = real(listings, "rispy-example_utf_chars.ris")
    assert parsed.title.startswith("Состояние рецепторного аппарата эндометрия")
    assert parsed.venue == "Gynecology, Obstetrics and Perinatology 8(3), 52–57"
    assert parsed.comment == "Ä,Ö,Ü,ä,ö,ü,ß"


def test_a_readers_note_is_no_comment_of_the_authors(listings: Path) -> None:
    assert real(listings, "zotero-book_and_child_note.ris") == [Paper(title="Parent")]


def test_several_addresses_in_one_field(listings: Path) -> None:
    both = (Link("page", "http://example.com"), Link("page", "http://www.example.com"))
    assert [paper.links for paper in real(listings, "rispy-example_urls.ris")] == [both[:1], both, both, both]


@pytest.mark.parametrize(
    "line",
    ["TY  - JOUR", "TY - JOUR", "TY  -  JOUR", "TY  -JOUR", "TY-JOUR", " TY  - JOUR", "TY\t- JOUR", "\ufeffTY  - JOUR"],
)
@pytest.mark.parametrize("end", ["ER  - ", "ER  -", "ER -", "ER", " ER  -"])
def test_any_spacing_is_read(line: str, end: str) -> None:
    text = f"{line}\nTI - One\nAU -Lovelace, Ada\n{end}\n{line}\nT1  -Two\n{end}"
    assert ris.sniff(text.encode(), "x") >= SURE_ENOUGH
    assert [paper.title for paper in papers(text)] == ["One", "Two"]


def test_a_line_that_only_looks_like_a_field_goes_on_with_the_one_before() -> None:
    parsed = paper("AB  - The ATP", "AB-initio results", "UK - based readers", "and ER - positive ones")
    assert parsed.abstract == "The ATP AB-initio results UK - based readers and ER - positive ones"


def test_unknown_tags_are_ignored() -> None:
    assert paper("ZZ  - what", "AU  - Lovelace, Ada", "X9  - so").authors == (Author("Ada Lovelace"),)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Shannon,Claude E.", "Claude E. Shannon"),
        ("King, Martin Luther, Jr.", "Martin Luther King Jr."),
        ("King, Jr., Martin Luther", "Martin Luther King Jr."),
        ("van Gennep, Arnold", "Arnold van Gennep"),
        ("World Health Organization,", "World Health Organization"),
        ("Fugaccia,I.", "I. Fugaccia"),
        ("Plato", "Plato"),
    ],
)
def test_names_are_written_given_name_first(written: str, name: str) -> None:
    assert paper(f"AU  - {written}").authors == (Author(name),)


def test_authors_keep_their_order_whatever_their_tags() -> None:
    parsed = paper("A1  - A, A", "AU  - B, B", "A1  - C, C; D, D", "AU  - et al.")
    assert [author.name for author in parsed.authors] == ["A A", "B B", "C C", "D D"]


def test_an_address_behind_each_author_is_theirs() -> None:
    parsed = paper("AU  - A, A", "AD  - Bern", "AU  - B, B", "AD  - Basel", "Switzerland")
    assert parsed.authors == (Author("A A", ("Bern",)), Author("B B", ("Basel", "Switzerland")))
    assert paper("AD  - Bern", "AU  - A, A").authors == (Author("A A", ("Bern",)),)
    # One address after two authors could belong to either of them, so neither of them gets it.
    assert paper("AU  - A, A", "AU  - B, B", "AD  - Bern").authors == (Author("A A"), Author("B B"))


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        (["PY  - 2014//"], "2014"),
        (["PY  - 1990/2/27"], "1990-02-27"),
        (["Y1  - 1900/01/01", "DA  - 1950/02/03"], "1950-02-03"),
        (["PY  - 2009", "DA  - 2009/05/06/Spring"], "2009-05-06"),
        (["PY  - 2009", "DA  - 2019/05/06"], "2009"),
        (["PY  - 2009", "DA  - May 6"], "2009-05-06"),
        (["PY  - Year", "DA  - Date"], None),
    ],
)
def test_the_date_has_the_precision_that_the_entry_gives(lines: list[str], day: str | None) -> None:
    parsed = paper(*lines).publication_date
    assert (parsed and parsed.text) == day


def test_arxiv_ids_and_categories() -> None:
    parsed = paper(
        "JO  - arXiv e-prints", "SP  - arXiv:1706.03762", "KW  - Computer Science - Computation and Language"
    )
    assert (parsed.arxiv_id, parsed.categories, parsed.venue) == ("1706.03762", ("cs.CL",), None)
    assert paper("DO  - 10.48550/arXiv.1706.03762").arxiv_id == "1706.03762"
    assert paper("DO  - 10.48550/arXiv.1706.03762").doi is None
    assert paper("UR  - http://arxiv.org/abs/hep-th/9603067v2").arxiv_version == 2


def test_a_doi_in_a_note_or_a_link() -> None:
    assert paper("N1  - doi: 10.1000/ABC").doi == "10.1000/abc"
    assert paper("L1  - doi:10.1000/abc").doi == "10.1000/abc"
    assert paper("M3  - 10.1000/abc").doi == "10.1000/abc"
    assert paper("N1  - 10 pages").comment == "10 pages"


def test_markup_of_publishers_is_taken_off() -> None:
    parsed = paper("AB  - <p>CO<sub>2</sub> &amp; <i>ice</i></p>")
    assert parsed.abstract == "CO₂ & ice"


def test_a_title_that_consists_only_of_markup_is_refused() -> None:
    assert read("TY  - JOUR\nTI  - <i> </i>\nER  - ") == [Refused(1, 1, "no title")]


def test_note_records_are_no_papers_and_are_counted() -> None:
    items = read("TY  - NOTE\nTI  - Mine\nER  - \nTY  - JOUR\nTI  - T\nER  - \n")
    assert [item.paper.title for item in items if isinstance(item, Entry)] == ["T"]
    assert [item.text for item in items if isinstance(item, Warned)] == [
        "a note or attachment was left out: only papers are kept"
    ]
    with pytest.raises(ListingError, match="only notes"):
        read("TY  - NOTE\nTI  - Mine\nER  - \n")


def test_one_entry_without_a_title_costs_no_other() -> None:
    items = read("".join(f"TY  - JOUR\n{'' if n == 50 else 'TI  - x'}\nPY  - 2000\nER  - \n" for n in range(100)))
    assert sum(isinstance(item, Entry) for item in items) == 99
    assert [item for item in items if isinstance(item, Refused)] == [Refused(51, 50 * 4 + 1, "no title")]


def test_a_missing_er_line_is_reported_and_the_entry_is_read() -> None:
    items = read("TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\nER  - \n")
    assert [type(item) for item in items] == [Entry, Entry, Warned]


def test_a_file_that_never_writes_er_is_read_whole() -> None:
    items = read("TY  - JOUR\nTI  - One\n\nTY  - JOUR\nTI  - Two\n")
    assert [item.paper.title for item in items if isinstance(item, Entry)] == ["One", "Two"]
    assert any("cannot be told" in item.text for item in items if isinstance(item, Warned))


def test_an_entry_whose_type_is_missing_is_read() -> None:
    assert [paper.title for paper in papers("TI  - One\nER  - \nTY  - JOUR\nTI  - Two\nER  - ")] == ["One", "Two"]


@pytest.mark.parametrize("tail", ["T", "TY", "TY  -", "TY  - JOUR", "TY  - JOUR\nTI  - x", "TY  - JOUR\nTI  - x\nE"])
def test_a_file_that_ends_in_the_middle_says_so(tail: str) -> None:
    items = read(f"TY  - JOUR\nTI  - One\nER  - \n\n{tail}")
    assert [type(item) for item in items] == [Entry, CutShort]


@pytest.mark.parametrize("text", ["", "\n\n", "no RIS", "ER  - \n"])
def test_a_file_without_an_entry_says_so(text: str) -> None:
    with pytest.raises(ListingError):
        read(text)


def test_scopus_numbers_articles_and_speaks_of_itself_in_a_note() -> None:
    parsed = paper(
        "TI  - T", "T2  - Things", "VL  - 12", "C7  - 104212", "N1  - Export Date: 12 March 2023; Cited By: 5"
    )
    assert (parsed.venue, parsed.comment) == ("Things 12, 104212", None)


@pytest.mark.parametrize(
    "behind",
    [
        "NL  - J Moods\n\nLink to the Ovid Full Text: https://a.example/\n",
        "NL  - J Moods\nDO  - 10.1000/other\nUR  - https://other.example/\n",
        "Link to the Ovid Full Text or citation: http://ovidsp.ovid.com/ovidweb.cgi?T=JS\n",
        "XX  - y\n",
        "\n\n",
    ],
)
def test_lines_after_the_end_of_an_entry_are_ignored(behind: str) -> None:
    text = "".join(f"{number}. \nTY  - JOUR\nTI  - Paper {number}\nER  - \n{behind}\n" for number in (1, 2, 3))
    items = read(text)
    assert [item.paper for item in items if isinstance(item, Entry)] == [
        Paper(title="Paper 1"),
        Paper(title="Paper 2"),
        Paper(title="Paper 3"),
    ]
    assert len(items) == 3


def test_an_entry_cut_short_behind_stray_fields_says_so() -> None:
    items = read("TY  - JOUR\nTI  - One\nER  - \nNL  - x\n\nTY  - JOUR\nTI  - Tw")
    assert isinstance(items[-1], CutShort)


@examples(100, 5000)
@given(st.lists(st.sampled_from(["TY", "TI", "ER", "ZZ", "  - ", " - ", "-", " ", "\t", "x", "\xa0"]), max_size=6))
def test_a_line_in_the_usual_form_is_split_as_its_patterns_split_it(parts: list[str]) -> None:
    line = "".join(parts).rstrip()
    assert ris._tagged(line) == ris._matched(line)
