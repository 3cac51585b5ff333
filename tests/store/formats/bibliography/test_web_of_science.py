"""Web of Science's plain text, in its older and newer layouts."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest

from store.formats.bibliography import web_of_science
from store.formats.registry import SURE_ENOUGH
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Link, Paper
from store.model.partial_date import PartialDate
from store.text import clean


def read(text: str | bytes) -> list[Item]:
    return list(web_of_science.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def papers(text: str | bytes) -> list[Paper]:
    return [clean.entry(item).paper for item in read(text) if isinstance(item, Entry)]


def paper(*lines: str) -> Paper:
    (parsed,) = papers("\n".join(["PT J", "TI T", *lines, "ER", ""]))
    return parsed


@pytest.fixture(scope="module")
def real(listings: Path) -> list[Paper]:
    file = listings / "ris" / "rispy-example_wos.ris"
    assert len(re.findall(r"^PT [A-Z]$", file.read_text(), re.MULTILINE)) == 2
    items = read(file.read_bytes())
    assert [type(item) for item in items] == [Entry, Entry]
    return papers(file.read_bytes())


def test_the_first_real_entry(real: list[Paper]) -> None:
    parsed = real[0]
    assert parsed.title == (
        "Interactions stabilizing the structure of the core light-harvesting complex (LHl) of photosynthetic bacteria"
        " and its subunit (B820)"
    )
    assert parsed.published == date(2004, 6, 8)
    assert parsed.venue == "BIOCHEMISTRY 43(22), 7003–7016"
    assert parsed.doi == "10.1021/bi049798f"
    assert parsed.links == (Link("page", "https://pubmed.ncbi.nlm.nih.gov/15170338/"),)
    where = ("Northwestern Univ, Dept Biochem Mol Biol & Cell Biol, Evanston, IL 60208 USA",)
    assert parsed.authors == tuple(
        Author(name, where) for name in ("PS Parkes-Loach", "AP Majeed", "CJ Law", "PA Loach")
    )
    assert parsed.abstract and parsed.abstract.startswith("Reconstitution experiments with a chemically synthesized")


def test_the_second_real_entry(real: list[Paper]) -> None:
    parsed = real[1]
    assert parsed.title == (
        "Proximal and distal influences on ligand binding kinetics in microperoxidase and heme model compounds"
    )
    assert [author.name for author in parsed.authors][:3] == ["WX Cao", "X Ye", "GY Georgiev"]
    assert len(parsed.authors) == 9
    # The entry has two addresses, but does not state to which authors they belong.
    assert all(author.affiliations == () for author in parsed.authors)
    assert (parsed.doi, parsed.venue) == ("10.1021/bi0497291", "BIOCHEMISTRY 43(22), 7017–7027")


def test_full_names_are_taken_and_addresses_go_to_whom_they_name() -> None:
    parsed = paper(
        "AU Lovelace, A", "   Hopper, G", "AF Lovelace, Ada", "   Hopper, Grace, Jr.",
        "C1 [Lovelace, Ada] Univ London, London, England.", "   [Lovelace, Ada; Hopper, Grace, Jr.] Yale Univ,",
        "   New Haven, CT USA.", "CA ENIAC Collaborat",
    )  # fmt: skip
    yale = "Yale Univ, New Haven, CT USA"
    assert parsed.authors == (
        Author("Ada Lovelace", ("Univ London, London, England", yale)),
        Author("Grace Hopper Jr.", (yale,)),
        Author("ENIAC Collaborat"),
    )


def test_a_document_type_called_note_is_a_paper() -> None:
    assert paper("DT Note").title == "T"


def test_an_article_number_stands_for_pages() -> None:
    parsed = paper("SO PLOS ONE", "VL 9", "IS 3", "AR e0815", "PY 2014", "PD MAR-APR")
    assert (parsed.venue, parsed.publication_date) == ("PLOS ONE 9(3), e0815", PartialDate(date(2014, 3, 1), "month"))


def test_a_preprint_of_arxiv() -> None:
    parsed = paper("SO Arxiv", "AR arXiv:1706.03762", "DI 10.48550/arXiv.1706.03762")
    assert (parsed.arxiv_id, parsed.doi, parsed.venue) == ("1706.03762", None, None)


def test_words_in_capitals_inside_an_abstract_do_not_end_it() -> None:
    parsed = paper("AB We used", "   TI plates", "PY 2000")
    assert parsed.abstract == "We used TI plates"


def test_one_entry_without_a_title_costs_no_other() -> None:
    items = read("PT J\nTI One\nER\n\nPT J\nAU X, Y\nER\n\nPT J\nTI Three\nER\n")
    assert [type(item) for item in items] == [Entry, Refused, Entry]
    assert items[1] == Refused(2, 5, "no title")


def test_a_missing_er_line_is_reported_and_the_entry_is_read() -> None:
    items = read("PT J\nTI One\nPT J\nTI Two\nER\n")
    assert [type(item) for item in items] == [Entry, Entry, Warned]


def test_files_put_together_are_read_as_one() -> None:
    one = "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nTI T\nER\n\nEF\n"
    assert [type(item) for item in read(one + "\ufeff" + one)] == [Entry, Entry]


@pytest.mark.parametrize("tail", ["", "P", "PT", "PT J", "PT J\nTI x", "PT J\nTI x\nE"])
def test_a_file_that_ends_early_says_so(tail: str) -> None:
    items = read(f"FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nTI One\nER\n\n{tail}")
    assert [type(item) for item in items] == [Entry, CutShort]


@pytest.mark.parametrize("text", ["", "no entry", "FN Thomson Reuters Web of Knowledge\nVR 1.0\nEF\n"])
def test_a_file_without_an_entry_says_so(text: str) -> None:
    with pytest.raises(ListingError):
        read(text)


def test_other_text_is_not_taken_for_it() -> None:
    assert web_of_science.sniff(b"PT is short for part.\nAU is gold.", "savedrecs.txt") < SURE_ENOUGH
