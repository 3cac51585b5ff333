"""papercopilot's lists of papers: scores, decisions, venues, and texts that contain several values."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest

from store.formats.indexes import papercopilot
from store.model.entry import Entry, Refused
from store.model.paper import Author, Link, Paper


def paper(**fields: Any) -> Paper:
    item = {"title": "A Title", "status": "Poster", "track": "main", "author": "A B", **fields}
    data = json.dumps([item]).encode()
    assert papercopilot.sniff(data, "x") > 0.9
    (entry,) = papercopilot.read(io.BytesIO(data))
    assert isinstance(entry, Entry)
    return entry.paper


def test_a_paper_with_reviews_has_every_field() -> None:
    parsed = paper(
        id="0JzWiigkUy",
        status="Oral",
        tldr="In short.",
        primary_area="agents",
        author="Ada Alpha;Bert Beta;Cara Gamma",
        aff="Some U.;;One U.+Two U.",
        rating="5;6;6;8",
        rating_avg=[6.25, 1.09],
        bibtex="@inproceedings{\na,\nbooktitle={The Thirteenth International Conference on Learning Representations},\n"
        "year={2025},\nurl={https://openreview.net/forum?id=0JzWiigkUy}\n}",
        site="https://openreview.net/forum?id=0JzWiigkUy",
        github="https://github.com/a/b",
        project="",
        pdf="/pdf/x.pdf",
    )
    assert (parsed.decision, parsed.track, parsed.scores, parsed.score) == ("Oral", "main", (5, 6, 6, 8), 6.25)
    assert parsed.authors == (
        Author("Ada Alpha", ("Some U.",)),
        Author("Bert Beta"),
        Author("Cara Gamma", ("One U.", "Two U.")),
    )
    assert (parsed.venue, parsed.published, parsed.published_to) == ("ICLR 2025", date(2025, 1, 1), "year")
    assert (parsed.comment, parsed.categories) == ("In short.", ("agents",))
    assert parsed.links == (
        Link("page", "https://openreview.net/forum?id=0JzWiigkUy"),
        Link("pdf", "https://openreview.net/pdf/x.pdf"),
        Link("code", "https://github.com/a/b"),
    )


def test_names_may_be_separated_by_commas() -> None:
    parsed = paper(author="Ada Alpha, Bert Beta", aff="Somewhere", site="https://cvpr.thecvf.com/virtual/2025/poster/3")
    assert parsed.authors == (Author("Ada Alpha"), Author("Bert Beta"))
    assert parsed.venue == "CVPR 2025"


@pytest.mark.parametrize(
    ("fields", "scores"),
    [
        ({"rating": "3;8"}, (3.0, 8.0)),
        ({"rating": "", "rating_avg": 3.5}, (3.5,)),
        ({"rating": "", "rating_avg": [0, 0]}, ()),
        ({"rating_avg": [5.5, 0.5]}, (5.5,)),
        ({"rating": ";;"}, ()),
        ({}, ()),
    ],
)
def test_scores_are_those_of_the_reviews_or_their_mean(fields: dict[str, Any], scores: tuple[float, ...]) -> None:
    assert paper(**fields).scores == scores


@pytest.mark.parametrize(
    ("status", "decision"),
    [
        ("Reject", "Reject"),
        ("Withdraw", "Withdraw"),
        ("Desk Reject", "Desk Reject"),
        ("", None),
        ("Top-25%", "Top-25%"),
    ],
)
def test_the_status_is_the_decision(status: str, decision: str | None) -> None:
    assert paper(status=status).decision == decision


def test_an_unknown_conference_keeps_the_title_of_its_proceedings() -> None:
    bibtex = '@inproceedings{x,\n booktitle = "Proceedings of the {L}ist Workshop",\n doi = "10.18653/v1/x"}'
    parsed = paper(bibtex=bibtex)
    assert (parsed.venue, parsed.doi) == ("Proceedings of the List Workshop", "10.18653/v1/x")


def test_a_reviewed_paper_without_a_page_has_that_of_openreview() -> None:
    assert paper(id="01wSNY5T60", confidence="3").links == (Link("page", "https://openreview.net/forum?id=01wSNY5T60"),)
    assert paper(id="site_b8ebd99ee4", confidence="3").links == ()
    assert paper(id="2022.acl-short.96").links == ()


def test_a_paper_without_a_title_is_refused() -> None:
    data = json.dumps([{"title": "", "status": "Poster", "track": "main", "site": ""}]).encode()
    assert list(papercopilot.read(io.BytesIO(data))) == [Refused(1, 1, "it has no title")]


class Named(io.BytesIO):
    """A file with a name, as the importer opens it. The format reads the venue from the name."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name


def venue_in(name: str, **fields: Any) -> str | None:
    item = {"title": "A Title", "status": "Oral", "track": "main", "author": "Ada Alpha", **fields}
    (entry,) = papercopilot.read(Named(json.dumps([item]).encode(), name))
    assert isinstance(entry, Entry)
    return entry.paper.venue


@pytest.mark.parametrize(
    ("name", "venue"),
    [
        ("iclr2018.json", "ICLR 2018"),
        ("nips1987.json", "NeurIPS 1987"),
        ("lists/acmmm2024.json", "ACM MM 2024"),
        ("siggraphasia2023.json", "SIGGRAPH Asia 2023"),
        ("3dv2025.json", "3DV 2025"),
        ("ICLR 2026 (1).json", "ICLR 2026"),
        ("corl2021.json.gz", "CoRL 2021"),
        ("papers2024.json", None),
        ("download.json", None),
        ("", None),
    ],
)
def test_the_name_of_the_file_has_the_conference(name: str, venue: str | None) -> None:
    assert venue_in(name) == venue


def test_the_year_of_the_conference_is_that_of_the_file_and_not_of_its_proceedings() -> None:
    bibtex = "@inproceedings{a, booktitle={Proceedings of The 35th Uncertainty in Artificial Intelligence Conference}, "
    assert venue_in("uai2019.json", bibtex=f"{bibtex}year={{2020}}}}") == "UAI 2019"


@pytest.mark.parametrize(
    ("fields", "venue"),
    [
        ({"doi": "10.1609/aaai.v36i6.20614"}, "AAAI 2022"),
        ({"site": "https://openaccess.thecvf.com/content_WACV_2020/html/A_WACV_2020_paper.html"}, "WACV 2020"),
        ({"oa": "https://www.ecva.net/papers/eccv_2018/papers_ECCV/html/A.php"}, "ECCV 2018"),
        ({"pdf": "http://openaccess.thecvf.com/content_iccv_2013/papers/A.pdf"}, "ICCV 2013"),
    ],
)
def test_addresses_and_dois_have_the_conference_when_the_file_has_another_name(
    fields: dict[str, Any], venue: str
) -> None:
    parsed = paper(**fields)
    assert parsed.venue == venue
    assert parsed.published == date(int(venue[-4:]), 1, 1)


def test_authors_who_are_hidden_from_reviewers_are_no_authors() -> None:
    assert paper(author="Anonymous").authors == ()
