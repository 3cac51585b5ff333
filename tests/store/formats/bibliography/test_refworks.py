"""RefWorks' tagged text, as RefWorks itself and as other programs write it."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest

from store.formats.bibliography import refworks
from store.formats.registry import SURE_ENOUGH
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Link, Paper
from store.model.partial_date import PartialDate
from store.text import clean


def read(text: str | bytes) -> list[Item]:
    return list(refworks.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def papers(text: str | bytes) -> list[Paper]:
    return [clean.entry(item).paper for item in read(text) if isinstance(item, Entry)]


def paper(*lines: str, kind: str = "Journal Article") -> Paper:
    (parsed,) = papers("\n".join([f"RT {kind}", "T1 T", *lines]))
    return parsed


def real(listings: Path, number: int) -> Paper:
    (parsed,) = papers((listings / "refworks" / f"ztrans-RefWorksTagged-0{number}.txt").read_bytes())
    return parsed


def test_every_entry_of_every_real_file_is_given(listings: Path) -> None:
    files = sorted((listings / "refworks").iterdir())
    assert len(files) == 4
    for file in files:
        expected = len(re.findall(r"^RT [A-Z]", file.read_text("utf-8"), re.MULTILINE))
        assert [type(item) for item in read(file.read_bytes())] == [Entry] * expected


def test_a_real_book_chapter_is_read(listings: Path) -> None:
    parsed = real(listings, 0)
    assert parsed.title == "Depression and coronary heart disease"
    assert parsed.authors == (Author("Stephen Stansfeld"), Author("Rebecca Fuhrer"))
    assert parsed.publication_date == PartialDate(date(2002, 1, 1), "year")
    assert parsed.venue == "Stress and the heart: Psychosocial pathways to coronary heart disease 1(3), 101–123"
    assert parsed.abstract and parsed.abstract.startswith("(From the chapter) This chapter discusses the evidence")
    assert parsed.comment and parsed.comment.startswith("Williston, VT, US: BMJ Books. xi, 304 pp.")


def test_a_dissertation(listings: Path) -> None:
    parsed = real(listings, 1)
    assert parsed.title == ("Effect of a case management intervention on symptoms of asthma in high risk children")
    assert (parsed.venue, parsed.authors) == ("Rush University, College of Nursing", (Author("C.D. Catrambone"),))


def test_an_article_with_a_month_and_a_link(listings: Path) -> None:
    parsed = real(listings, 2)
    assert parsed.publication_date == PartialDate(date(2002, 2, 1), "month")
    assert parsed.venue == "Personality & Individual Differences 32(3), 551–565"
    assert parsed.links == (Link("page", "http://bmj.com/content/vol325/issue7371/twib.shtml#325/7371/0"),)


def test_an_entry_under_the_legend_of_an_export(listings: Path) -> None:
    parsed = real(listings, 3)
    assert parsed == Paper(
        title="The Empire's New Clothes",
        authors=(Author("Timothy Brennan"),),
        published=date(2003, 1, 1),
        doi="10.1086/374030",
        venue="Critical Inquiry 29(2), 337–367",
        links=(Link("page", "http://www.journals.uchicago.edu/doi/abs/10.1086/374030"),),
    )


def test_fields_run_over_lines_and_unknown_tags_do_not_end_them() -> None:
    parsed = paper("AB In the UK", "IN vitro and", "", "by hand", "YR 1999", "FD 02/10")
    assert (parsed.abstract, parsed.published) == ("In the UK IN vitro and by hand", date(1999, 2, 10))


def test_identifiers_of_pubmed_and_arxiv_are_read() -> None:
    parsed = paper("AN arXiv:1706.03762", "PMID 123", "DO 10.1000/ABC", "AD Bern", "A1 Lovelace,Ada")
    assert (parsed.arxiv_id, parsed.doi) == ("1706.03762", "10.1000/abc")
    assert parsed.links == (Link("page", "https://pubmed.ncbi.nlm.nih.gov/123/"),)
    assert parsed.authors == (Author("Ada Lovelace", ("Bern",)),)


def test_editors_stand_in_for_the_authors_of_a_whole_book() -> None:
    assert paper("A2 Hopper,Grace", kind="Book, Whole").authors == (Author("Grace Hopper"),)
    assert paper("A2 Hopper,Grace", kind="Book, Section").authors == ()


def test_one_entry_without_a_title_costs_no_other() -> None:
    items = read("RT Generic\nT1 One\n\nRT Generic\nA1 X,Y\n\nRT Generic\nT1 Three\n")
    assert items[1] == Refused(2, 4, "no title")
    assert [type(item) for item in items] == [Entry, Refused, Entry]


def test_notes_are_no_papers() -> None:
    items = read("RT Note\nT1 Mine\n\nRT Generic\nT1 One\n")
    assert [type(item) for item in items] == [Entry, Warned]


def test_an_export_that_ends_in_the_middle_says_so() -> None:
    one = "RT Generic\nSR Print(0)\nT1 One\nOL English(30)\n\n"
    assert [type(item) for item in read(one + one)] == [Entry, Entry]
    assert [type(item) for item in read(one + one[:-20])] == [Entry, CutShort]
    assert [type(item) for item in read(one + "RT Gen")] == [Entry, CutShort]


def test_a_record_that_ends_like_those_of_publishers_is_whole() -> None:
    one = "RT Journal Article\nSR Electronic\nT1 One\nJF bioRxiv\nFD Cold Spring\nA1 X, Y\nYR 2020\nAB We fly.\n\n"
    items = read(one)
    assert [type(item) for item in items] == [Entry]
    assert [type(item) for item in read(one + "RT Journal Article\nSR Elec")] == [Entry, CutShort]


@pytest.mark.parametrize("text", ["", "no entry", "Refworks Export Tagged Format\n\nTag legend\nRT=Reference Type\n"])
def test_a_file_without_an_entry_says_so(text: str) -> None:
    with pytest.raises(ListingError):
        read(text)


def test_other_text_is_not_taken_for_it() -> None:
    assert refworks.sniff(b"RT Hon. A. Lovelace\nID please", "x.txt") < SURE_ENOUGH
