"""BibTeX in the forms in which various programs and sites export it, each with its own deviations."""

from __future__ import annotations

import io
from datetime import date

import pytest

from store.formats.bibliography import bibtex
from store.formats.registry import detect
from store.model.entry import Entry, Item
from store.model.paper import Link, Paper
from store.text import clean


def read(text: str) -> list[Item]:
    return list(bibtex.read(io.BytesIO(text.encode())))


def paper(text: str) -> Paper:
    (item,) = read(text)
    assert isinstance(item, Entry)
    return clean.entry(item).paper


def names(author: str) -> list[str]:
    return [each.name for each in paper(f"@misc{{a, title={{T}}, author={{{author}}}}}").authors]


def venue(**fields: str) -> str | None:
    fields_text = ", ".join(f"{name} = {{{value}}}" for name, value in fields.items())
    return paper(f"@article{{a, title={{T}}, {fields_text}}}").venue


def test_a_preprint_that_better_bibtex_wrote_has_no_archive_for_a_category_and_no_state_for_a_comment() -> None:
    parsed = paper(
        "@online{t, title = {{{LLaMA}}: {{Open}}}, author = {Touvron, Hugo}, date = {2023-02-27},"
        " eprint = {2302.13971}, eprinttype = {arXiv}, eprintclass = {cs}, pubstate = {prepublished}}"
    )
    assert (parsed.title, parsed.arxiv_id, parsed.published) == ("LLaMA: Open", "2302.13971", date(2023, 2, 27))
    assert (parsed.categories, parsed.comment) == ((), None)


def test_biblatex_names_in_parts_are_names() -> None:
    assert names("family=Jong, given=J., prefix=de, useprefix=true and Doe, Ann") == ["J. de Jong", "Ann Doe"]
    assert names("given=Ada, family={van der Berg}, suffix=Jr") == ["Ada van der Berg Jr"]
    assert names("Equation E=mc2") == ["Equation E=mc2"]


def test_the_numbers_by_which_dblp_tells_people_apart_are_no_names() -> None:
    assert names("Wei Wang 0001 and Louis 14") == ["Wei Wang", "Louis 14"]


def test_markup_that_mendeley_and_crossref_leave_is_taken_off() -> None:
    parsed = paper(
        r"@article{a, title={The <i>E. coli</i> genome: p \textless 0.05}, journal={Trends \&amp; Things},"
        r" abstract={{\textless}b{\textgreater}Bold{\textless}/b{\textgreater} if a {\textless} b}}"
    )
    assert parsed.title == "The E. coli genome: p <0.05"
    assert (parsed.abstract, parsed.venue) == ("Bold if a < b", "Trends & Things")


@pytest.mark.parametrize(
    ("note", "comment"),
    [
        ("Cited by: 5; All Open Access", None),
        ("ISI Document Delivery No.: 123AB Times Cited: 4", None),
        ("Export Date: 12 March 2023", None),
        ("12 pages, cited by many", "12 pages, cited by many"),
    ],
)
def test_notes_of_a_database_about_itself_are_not_the_comment_of_the_authors(note: str, comment: str | None) -> None:
    assert paper(f"@article{{a, title={{T}}, note={{{note}}}}}").comment == comment


def test_scopus_numbers_articles_instead_of_pages() -> None:
    assert venue(journal="Things", volume="12", art_number="104212") == "Things 12, 104212"


def test_an_eprint_that_is_an_address_is_a_link() -> None:
    page, pdf = "https://www.biorxiv.org/content/early/1", "https://www.biorxiv.org/content/early/1.full.pdf"
    parsed = paper(f"@article{{a, title={{T}}, URL={{{page}}}, eprint={{{pdf}}}}}")
    assert parsed.links == (Link("page", page), Link("pdf", pdf))


@pytest.mark.parametrize(
    ("journal", "name"),
    [
        (r"\prl", "Physical Review Letters"),
        (r"{\mnras}", "Monthly Notices of the Royal Astronomical Society"),
        (r"\nosuchjournal", r"\nosuchjournal"),
        ("na", "na"),
    ],
)
def test_the_journals_that_ads_names_by_a_command_have_their_names(journal: str, name: str) -> None:
    assert venue(journal=journal) == name


def test_lists_of_kinds_as_semantic_scholar_writes_them_are_read() -> None:
    text = "@['JournalArticle', 'Review']{Vaswani2017,\n title = {Attention},\n year = {2017}\n}\n"
    assert detect(text.encode(), "upload.bin") is bibtex
    assert paper(text).title == "Attention"
    first, second = read(f"{text}{text.replace('Vaswani2017', 'two')}")
    assert isinstance(first, Entry)
    assert isinstance(second, Entry)
    assert (first.line, second.line) == (1, 5)


def test_lines_above_the_entries_of_a_scopus_export_are_ignored() -> None:
    assert paper("Scopus\nEXPORT DATE: 12 March 2023\n\n@ARTICLE{a,\n\ttitle = {T},\n}\n").title == "T"
