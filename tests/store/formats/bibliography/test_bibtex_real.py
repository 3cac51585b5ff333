"""Real BibTeX files: every entry is returned or refused, and some entries are compared in every field."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from store.model.entry import CutShort, Entry, Refused
from store.model.errors import ListingError
from store.model.paper import Author, Link
from store.text import clean
from tests.store.formats.bibliography.bibtex_reading import read


def heads(text: str) -> int:
    """The number of entries, counted by their first lines. Entries @set, which group other entries, are not counted."""
    return len(
        re.findall(r"^\s*@(?!comment|string|preamble|set\b|xdata)\w+\s*[{(]", text, re.MULTILINE | re.IGNORECASE)
    )


def test_every_entry_of_every_real_file_is_given_or_refused(listings: Path) -> None:
    files = sorted((listings / "bibtex").iterdir())
    assert len(files) > 30
    untitled = 0
    for file in files:
        data = file.read_bytes()
        expected = heads(data.decode("utf-8-sig"))
        if not expected:
            with pytest.raises(ListingError):
                read(data)
            continue
        items = read(data)
        refused = [item for item in items if isinstance(item, Refused)]
        assert sum(isinstance(item, Entry) for item in items) + len(refused) == expected, file.name
        assert [item for item in items if isinstance(item, CutShort)] == []
        assert all(item.reason.startswith("no title") for item in refused), file.name
        untitled += len(refused)
    # The entries without a title: 18 of biber's examples (tmn4, alias1, url1, pages1, …), and both entries of
    # wrong.bib.
    assert untitled == 18 + 2


def real(listings: Path, name: str) -> list[Entry]:
    return [clean.entry(item) for item in read((listings / "bibtex" / name).read_bytes()) if isinstance(item, Entry)]


def test_an_entry_with_an_abstract_and_a_sici(listings: Path) -> None:
    entry = next(e for e in real(listings, "bibtexparser1-biber-examples.bib") if e.line == 270)
    assert entry.paper.title == (
        "Comparison of methods for deriving atomic charges from the electrostatic potential and moments"
    )
    assert entry.paper.authors == (Author("Emma Sigfridsson"), Author("Ulf Ryde"))
    assert entry.paper.doi == "10.1002/(sici)1096-987x(199803)19:4<377::aid-jcc1>3.0.co;2-p"
    assert entry.paper.venue == "Journal of Computational Chemistry 19(4), 377–395"
    assert entry.paper.published == date(1998, 1, 1)
    assert entry.paper.abstract and entry.paper.abstract.startswith("Four methods for deriving partial atomic charges")
    assert entry.paper.abstract.endswith("Different criteria for the quality of the charges are discussed.")


def test_an_entry_from_arxiv_with_eprinttype(listings: Path) -> None:
    entry = next(e for e in real(listings, "bibtexparser1-biber-examples.bib") if e.line == 1214)
    assert entry.paper.arxiv_id == "hep-th/9603067"
    assert entry.paper.arxiv_version == 1
    assert entry.paper.published == date(1996, 3, 11)
    assert entry.paper.title == "Some remarks on 't Hooft's S-matrix for black holes"
    assert entry.paper.venue is None


def test_an_entry_inherits_the_book_title_from_the_entry_that_it_refers_to(listings: Path) -> None:
    entry = real(listings, "bibtexparser1-biber-examples.bib")[0]
    assert entry.line == 11
    assert entry.paper.title == (
        "The True Frontier: Confronting and Avoiding the Realities of Space in American Science Fiction Films"
    )
    assert entry.paper.venue == "Space and Beyond: The Frontier Theme in Science Fiction, 55–65"
    assert entry.paper.published == date(2000, 1, 1)
    assert entry.paper.authors == (Author("Gary Westfahl"),)


def test_strings_names_and_quotes_of_the_examples_of_biber(listings: Path) -> None:
    papers_by_line = {e.line: e.paper for e in real(listings, "bibtexparser1-biber-examples.bib")}
    assert papers_by_line[775].venue == "Deutscher Taschenbuch-Verlag and Walter de Gruyter"
    assert papers_by_line[227].venue == "Angew. Chem. Int. Ed. 45(23), 3859–3862"
    assert papers_by_line[1400].authors == (Author("Joseph J. Pimentel Jr."),)
    assert papers_by_line[852].authors == (Author("Arnold van Gennep"),)
    assert papers_by_line[1417].authors == (Author("ʿAlī al-Hasan"),)
    assert papers_by_line[299].title == (
        "“Intention” und “Intentionalität” in der Scholastik, bei Brentano und Husserl"
    )
    assert papers_by_line[328].venue == "Nucl. Phys. 22, 579ff."


def test_a_report_with_its_day_and_page(listings: Path) -> None:
    (entry,) = real(listings, "ztrans-BibTeX-20.bib")
    assert entry.paper.title == "Benchmarking Methodology for EVPN and PBB-EVPN"
    assert entry.paper.published == date(2021, 6, 18)
    assert entry.paper.venue == "Internet Engineering Task Force, draft-ietf-bmwg-evpntest-09"
    assert entry.paper.comment == "Work in Progress"
    assert entry.paper.links == (Link("page", "https://datatracker.ietf.org/doc/html/draft-ietf-bmwg-evpntest-09"),)


def test_strings_in_parentheses(listings: Path) -> None:
    (entry,) = real(listings, "ztrans-BibTeX-17.bib")
    assert entry.paper.authors == (Author("Corporation for Digital Scholarship"),)
    assert entry.paper.links == (Link("page", "https://www.zotero.org/"),)


def test_a_field_without_a_comma_behind_it(listings: Path) -> None:
    titles = [e.paper.title for e in real(listings, "ztrans-BibTeX-08.bib")]
    assert titles[5] == "Mendeley: escaped characters"
    assert len(titles) == 7
