"""INSPIRE's records: dates of a month or a year, collaborations, errata, notes, and responses with few fields."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest

from store.formats.indexes import inspire
from store.model.entry import Entry, Item, Refused, Warned
from store.model.paper import Author, Link, Paper


def read(value: Any) -> list[Item]:
    return list(inspire.read(io.BytesIO(json.dumps(value).encode())))


def paper(**fields: Any) -> Paper:
    (item,) = read({"hits": {"hits": [{"metadata": {"titles": [{"title": "A Title"}], **fields}}], "total": 1}})
    assert isinstance(item, Entry)
    return item.paper


def test_an_answer_a_record_in_its_envelope_and_a_bare_record_are_the_same() -> None:
    record = {"titles": [{"title": "T", "subtitle": "S"}], "control_number": 7}
    for value in ({"hits": {"hits": [{"metadata": record}]}}, {"id": "7", "metadata": record}, record, [record]):
        assert inspire.sniff(json.dumps(value).encode(), "x") >= 0.9
        (item,) = read(value)
        assert isinstance(item, Entry)
        assert item.paper.title == "T: S"
        assert item.paper.links == (Link("page", "https://inspirehep.net/literature/7"),)


@pytest.mark.parametrize(
    ("fields", "day", "precision"),
    [
        ({"preprint_date": "2026-01-15", "earliest_date": "2025-01-01"}, date(2026, 1, 15), "day"),
        ({"preprint_date": "2026-01"}, date(2026, 1, 1), "month"),
        ({"earliest_date": "1999"}, date(1999, 1, 1), "year"),
        ({"imprints": [{"date": "2001-05-02"}]}, date(2001, 5, 2), "day"),
        ({"publication_info": [{"year": 1974}]}, date(1974, 1, 1), "year"),
    ],
)
def test_the_date_is_that_of_the_preprint_else_of_the_publication(
    fields: dict[str, Any], day: date, precision: str
) -> None:
    parsed = paper(**fields)
    assert (parsed.published, parsed.published_to) == (day, precision)


def test_collaborations_are_authors_and_supervisors_are_not() -> None:
    parsed = paper(
        collaborations=[{"value": "RIVER"}],
        authors=[
            {"full_name": "Alpha, Ada", "raw_affiliations": [{"value": "Some U., Town"}]},
            {"full_name": "Beta, Bert, Jr."},
            {"full_name": "Gamma, Cara", "inspire_roles": ["supervisor"]},
            {"first_name": "Dan", "last_name": "Delta"},
        ],
        author_count=2_900,
    )
    assert parsed.authors == (
        Author("RIVER Collaboration"),
        Author("Ada Alpha", ("Some U., Town",)),
        Author("Bert Beta Jr."),
        Author("Dan Delta"),
    )
    assert parsed.author_count == 2_900


def test_the_venue_is_the_publication_and_not_its_erratum() -> None:
    erratum = {"journal_title": "Phys.Rev.D", "journal_volume": "9", "material": "erratum"}
    article = {"journal_title": "Phys.Rev.D", "journal_volume": "8", "page_start": "1", "page_end": "9", "year": 1973}
    assert paper(publication_info=[erratum, article]).venue == "Phys.Rev.D 8, 1–9"
    assert paper(publication_info=[{"pubinfo_freetext": "Talk at Lists 2020"}]).venue == "Talk at Lists 2020"


def test_the_comment_is_the_note_and_the_abstract_is_that_of_arxiv() -> None:
    parsed = paper(
        public_notes=[{"value": "12 pages, 3 figures"}],
        abstracts=[{"value": "<p>Short.</p>", "source": "Springer"}, {"value": "All of it.", "source": "arXiv"}],
    )
    assert (parsed.comment, parsed.abstract) == ("12 pages, 3 figures", "All of it.")


def test_a_page_of_a_longer_answer_and_a_record_without_a_title_are_reported() -> None:
    records = [{"metadata": {"titles": [{"title": "T"}]}}, {"metadata": {"control_number": 3}}]
    assert read({"hits": {"hits": records, "total": 30}})[1:] == [
        Refused(2, 1, "it has no title"),
        Warned("one page of a longer answer: 1 of 30 papers are in it"),
    ]
