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
    found = paper(
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
    assert (found.decision, found.track, found.scores, found.score) == ("Oral", "main", (5, 6, 6, 8), 6.25)
    assert found.authors == (
        Author("Ada Alpha", ("Some U.",)),
        Author("Bert Beta"),
        Author("Cara Gamma", ("One U.", "Two U.")),
    )
    assert (found.venue, found.published, found.published_to) == ("ICLR 2025", date(2025, 1, 1), "year")
    assert (found.comment, found.categories) == ("In short.", ("agents",))
    assert found.links == (
        Link("page", "https://openreview.net/forum?id=0JzWiigkUy"),
        Link("pdf", "https://openreview.net/pdf/x.pdf"),
        Link("code", "https://github.com/a/b"),
    )


def test_names_may_be_separated_by_commas() -> None:
    found = paper(author="Ada Alpha, Bert Beta", aff="Somewhere", site="https://cvpr.thecvf.com/virtual/2025/poster/3")
    assert found.authors == (Author("Ada Alpha"), Author("Bert Beta"))
    assert found.venue == "CVPR 2025"


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
    found = paper(bibtex=bibtex)
    assert (found.venue, found.doi) == ("Proceedings of the List Workshop", "10.18653/v1/x")


def test_a_reviewed_paper_without_a_page_has_that_of_openreview() -> None:
    assert paper(id="01wSNY5T60", confidence="3").links == (Link("page", "https://openreview.net/forum?id=01wSNY5T60"),)
    assert paper(id="site_b8ebd99ee4", confidence="3").links == ()
    assert paper(id="2022.acl-short.96").links == ()


def test_a_paper_without_a_title_is_refused() -> None:
    data = json.dumps([{"title": "", "status": "Poster", "track": "main", "site": ""}]).encode()
    assert list(papercopilot.read(io.BytesIO(data))) == [Refused(1, 1, "it has no title")]
