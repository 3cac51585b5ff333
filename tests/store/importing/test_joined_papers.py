"""Entries that are only similar stay two papers. If a later file shows that two papers are one, they are joined."""

from __future__ import annotations

import itertools
import json
from datetime import date
from pathlib import Path

import pytest

from store.library.library import Library
from tests.store.importing.one_paper import ABSTRACT, OLDER_ABSTRACT, Shelved, import_all, shelved


def bib(key: str, **fields: str) -> str:
    """A file with one BibTeX entry."""
    return f"@article{{{key},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items()) + "}\n"


def ris(*lines: str) -> str:
    """A file with one RIS entry."""
    return "".join(f"{line[:2]}  - {line[3:]}\n" for line in ("TY JOUR", *lines, "ER ")) + "\n"


def atom(number: str, title: str, *, abstract: str = "", author: str = "Ada Lovelace", doi: str = "") -> str:
    """An Atom feed with one paper."""
    more = f'<arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">{doi}</arxiv:doi>' if doi else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>ArXiv Query</title>\n'
        f"<entry><id>http://arxiv.org/abs/{number}</id><updated>2024-06-03T00:00:00Z</updated>"
        f"<published>2024-06-03T00:00:00Z</published><title>{title}</title><summary>{abstract or title}</summary>"
        f"<author><name>{author}</name></author>{more}</entry></feed>\n"
    )


def crossref(doi: str, title: str, family: str | None = None) -> str:
    """Crossref's answer for one DOI."""
    author = [{"given": "A.", "family": family}] if family else []
    work = {"DOI": doi, "title": [title], "author": author, "published": {"date-parts": [[2024, 7, 9]]}}
    return json.dumps({"status": "ok", "message-type": "work", "message": work})


def titles_in_every_order(folder: Path, texts: dict[str, str]) -> list[str]:
    """Import the files `texts` (name -> text) in every order, and check that the library is always the same.

    Returns the titles of its papers.
    """
    for name, text in texts.items():
        (folder / name).write_text(text)
    libraries: list[list[Shelved]] = []
    for number, order in enumerate(itertools.permutations(texts)):
        with Library.open(folder / f"{number}.db") as library:
            reports = import_all(library, (folder / name for name in order))
            assert all(report.complete and report.entries and not report.refused for report in reports)
            libraries.append(shelved(library))
    assert all(each == libraries[0] for each in libraries)
    return sorted(paper.title for paper, _, _ in libraries[0])


ABOUT_TAXES = "Taxes on land are old. This essay asks what they did to the towns of the north, and who paid them last."


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(
            {
                "a.bib": bib("a", title="Introduction", author="Lovelace, Ada", year="2024"),
                "b.ris": ris("TI Introduction", "AU Turing, Alan", "PY 2024"),
                "c.json": crossref("10.1000/3", "Introduction"),
                "d.json": crossref("10.1000/4", "Introduction"),
            },
            id="introductions by different authors and of different books",
        ),
        pytest.param(
            {
                "a.xml": atom("2406.01234", "Bees", abstract=ABSTRACT, author="Bo Li"),
                "b.xml": atom("2406.05678", "Bees", abstract=ABSTRACT, author="Bo Li"),
                "c.bib": bib("a", title="Bees", author="Turing, Alan", abstract=ABOUT_TAXES),
            },
            id="one title, two numbers of arXiv, and a third paper",
        ),
        pytest.param(
            {
                "a.xml": atom("2406.01234", "Bees, part I", doi="10.1000/bees"),
                "b.xml": atom("2406.05678", "Bees, part II", doi="10.1000/bees"),
            },
            id="one DOI for an article in two parts",
        ),
        pytest.param(
            {
                "a.bib": bib("a", title="Editorial", doi="10.1000/2023.1", year="2023", author="Ee, Bo"),
                "b.bib": bib("b", title="Editorial", doi="10.1000/2024.1", year="2024", author="Ee, Bo"),
            },
            id="editorials of one editor",
        ),
        pytest.param(
            {
                "a.ris": ris("TI Bees of Sussex", "AU Lovelace, Ada", "AB " + ABSTRACT),
                "b.bib": bib("a", title="Bees of Surrey", author="Lovelace, Ada", abstract=ABSTRACT),
            },
            id="one abstract under two titles, with nothing else",
        ),
    ],
)
def test_different_papers_that_look_similar_stay_separate(texts: dict[str, str], tmp_path: Path) -> None:
    assert len(titles_in_every_order(tmp_path, texts)) == len(texts)


@pytest.mark.parametrize(
    ("texts", "title"),
    [
        pytest.param(
            {
                "a.xml": atom("2406.01234v1", "Bees"),
                "b.xml": atom("2406.01234v2", "How Bees Find Home: a Study"),
            },
            "How Bees Find Home: a Study",
            id="a version with another title",
        ),
        pytest.param(
            {
                "a.xml": atom("2406.01234", "Bees (preprint)"),
                "b.json": crossref("10.1000/bees", "On the Bees of Sussex", "Lovelace"),
                "c.bib": bib("a", title="Bees", eprint="2406.01234", doi="10.1000/bees", author="Ee, Bo"),
            },
            "Bees (preprint)",
            id="an entry with both ids joins the preprint and its article",
        ),
        pytest.param(
            {
                "a.ris": ris("TI Bees of Sussex", "AB " + ABSTRACT),
                "b.bib": bib("a", title="Bees of Sussex", author="Lovelace, Ada", doi="10.1000/bees"),
                "c.json": json.dumps(
                    {"data": [{"paperId": "x", "title": "Bees of Sussex", "abstract": OLDER_ABSTRACT,
                               "authors": [{"name": "A. Lovelace"}]}], "total": 1}
                ),
            },
            "Bees of Sussex",
            id="an entry with abstract and author joins those that have one of them",
        ),
        pytest.param(
            {
                "a.ris": ris("TI Bees of Sussex", "AU Lovelace, Ada"),
                "b.bib": bib("a", title="Bees", author="Lovelace, Ada", doi="10.1000/bees"),
                "c.json": crossref("10.1000/bees", "Bees of Sussex"),
            },
            "Bees of Sussex",
            id="one by its DOI has the title of another, and its author is in a third",
        ),
    ],
)  # fmt: skip
def test_papers_that_a_later_file_shows_to_be_the_same_are_joined_in_every_order(
    texts: dict[str, str], title: str, tmp_path: Path
) -> None:
    assert titles_in_every_order(tmp_path, texts) == [title]


PREPRINT_DAY, JOURNAL_DAY = date(2024, 6, 3), date(2025, 2, 17)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.bib", bib("a", title="Bees", doi="10.1000/bees", year="2024")),
        ("a.bib", bib("a", title="Bees", doi="10.1000/bees", year="2024", month="jun")),
        ("a.ris", ris("TI Bees", "DO 10.1000/bees", "PY 2024")),
        ("a.csv", "title,doi,year\nBees,10.1000/bees,2024\n"),
        ("a.json", json.dumps({"data": [{"paperId": "x", "title": "Bees", "year": 2024,
                                         "externalIds": {"DOI": "10.1000/bees"}}], "total": 1})),
        ("a.json", json.dumps({"results": [{"id": "https://openalex.org/W1", "doi": "https://doi.org/10.1000/bees",
                                            "display_name": "Bees", "publication_date": "2024-01-01",
                                            "abstract_inverted_index": None}], "meta": {"count": 1}})),
        ("a.json", json.dumps({"message-type": "work", "message": {
            "DOI": "10.1000/bees", "title": ["Bees"], "published": {"date-parts": [[2024]]}}})),
        ("a.jsonl", json.dumps({"title": "Bees", "doi": "10.1000/bees", "published": "2024-01-01",
                                "bookmarked": False, "listings": []}) + "\n"),
    ],
)  # fmt: skip
def test_a_year_or_a_month_alone_gives_way_to_a_day(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / "b.xml").write_text(atom("2406.01234", "Bees", doi="10.1000/bees"))
    (tmp_path / "b.bib").write_text(bib("b", title="Bees", doi="10.1000/bees", date="2025-02-17"))
    for exact, expected in (("b.xml", PREPRINT_DAY), ("b.bib", JOURNAL_DAY)):
        for order in ((name, exact), (exact, name)):
            with Library.open(tmp_path / f"{'-'.join(order)}.db") as library:
                import_all(library, (tmp_path / each for each in order))
                ((paper, _, _),) = shelved(library)
                assert paper.published == expected, order
