"""OpenReview's notes in both versions of the API: papers, their reviews and decisions, and notes of other kinds."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest

from store.formats.indexes import openreview
from store.formats.shared import conference
from store.model.entry import Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Link, Paper


def read(value: Any) -> list[Item]:
    return list(openreview.read(io.BytesIO(json.dumps(value).encode())))


def note(content: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": "abcDEF1234", "forum": "abcDEF1234", "content": {"title": "A Title", **content}, **fields}


def paper(content: dict[str, Any], **fields: Any) -> Paper:
    (item,) = read({"notes": [note(content, **fields)], "count": 1})
    assert isinstance(item, Entry)
    return item.paper


CONTENT = {
    "title": "Lists for Agents",
    "authors": ["Ada Alpha", "Bert Beta"],
    "abstract": "We give lists to agents.",
    "TLDR": "Agents like lists.",
    "primary_area": "lists",
    "venue": "ICLR 2026 Oral",
    "venueid": "ICLR.cc/2026/Conference",
    "pdf": "/pdf/aaaa.pdf",
}


@pytest.mark.parametrize("in_envelopes", [True, False])
def test_both_versions_of_the_api_give_the_same_paper(in_envelopes: bool) -> None:
    content = {name: {"value": value} if in_envelopes else value for name, value in CONTENT.items()}
    parsed = paper(content, cdate=1_758_790_000_000)
    assert (parsed.title, parsed.abstract) == ("Lists for Agents", "We give lists to agents.")
    assert parsed.authors == (Author("Ada Alpha"), Author("Bert Beta"))
    assert (parsed.comment, parsed.categories, parsed.published) == (
        "Agents like lists.",
        ("lists",),
        date(2025, 9, 25),
    )
    assert (parsed.venue, parsed.decision, parsed.track) == ("ICLR 2026 Oral", "Oral", None)
    assert parsed.links == (
        Link("page", "https://openreview.net/forum?id=abcDEF1234"),
        Link("pdf", "https://openreview.net/pdf/aaaa.pdf"),
    )


def test_an_answer_a_list_a_single_note_and_lines_are_recognized() -> None:
    one = note({})
    lines = f"{json.dumps(one)}\n{json.dumps(note({}, id='another'))}\n"
    for data, count in (
        (json.dumps({"notes": [one]}), 1),
        (json.dumps([one]), 1),
        (json.dumps(one), 1),
        (lines, 2),
    ):
        assert openreview.sniff(data.encode(), "x") > 0.9
        assert len([*openreview.read(io.BytesIO(data.encode()))]) == count


@pytest.mark.parametrize(
    ("content", "decision"),
    [
        ({"venue": "ICLR 2026 Poster"}, "Poster"),
        ({"venue": "NeurIPS 2024 Datasets and Benchmarks Track spotlight"}, "Spotlight"),
        ({"venue": "ICLR 2023 notable top 25%"}, "Notable top 25%"),
        ({"venue": "ICML 2025 spotlightposter"}, "Spotlightposter"),
        ({"venue": "Submitted to ICLR 2026", "venueid": "ICLR.cc/2026/Conference/Submission"}, None),
        ({"venue": "Submitted to ICLR 2025", "venueid": "ICLR.cc/2025/Conference/Rejected_Submission"}, "Reject"),
        ({"venue": "ICLR 2026 Conference Withdrawn Submission"}, "Withdraw"),
        ({"venue": "ICLR 2026 Conference Desk Rejected Submission"}, "Desk Reject"),
        ({"venue": "CoRL 2024"}, None),
        ({"decision": "Accept (Oral)"}, "Oral"),
    ],
)
def test_the_decision_is_in_the_venue_or_in_a_field(content: dict[str, Any], decision: str | None) -> None:
    assert paper(content).decision == decision


@pytest.mark.parametrize(
    ("written", "decision"),
    [
        ("Accept (poster)", "Poster"),
        ("Accept: notable-top-5%", "Notable-top-5%"),
        ("Accept as Spotlight Presentation", "Spotlight"),
        ("Accept", "Accept"),
        ("Rejected", "Reject"),
        ("Reject, invite to workshop", "Reject"),
        ("Minor revision", "Minor revision"),
        (" ", None),
    ],
)
def test_decisions_have_one_spelling(written: str, decision: str | None) -> None:
    assert conference.decision(written) == decision


@pytest.mark.parametrize("name", ["replies", "directReplies"])
def test_scores_and_the_decision_are_in_the_replies(name: str) -> None:
    replies = [
        {"content": {"rating": "8: accept, good paper", "confidence": "4"}},
        {"content": {"rating": {"value": 6}}},
        {"content": {"recommendation": {"value": "Accept (Oral)"}, "metareview": {"value": "Good."}}},
        {"content": {"comment": "Thanks."}},
        {"content": {"decision": {"value": "Accept (spotlight)"}}},
        "damaged",
    ]
    parsed = paper({"venue": "ICLR 2026 Poster"}, details={name: replies})
    assert (parsed.scores, parsed.score, parsed.decision) == ((8.0, 6.0), 7.0, "Spotlight")


@pytest.mark.parametrize(
    ("group", "track"),
    [
        ("NeurIPS.cc/2024/Datasets_and_Benchmarks_Track", "Datasets and Benchmarks Track"),
        ("ICLR.cc/2025/Workshop/Long_Lists", "Long Lists Workshop"),
        ("ICLR.cc/2025/Workshop/-/Submission", "Workshop"),
        ("ICLR.cc/2026/Conference", None),
        ("TMLR", None),
        ("dblp.org/journals/CORR/2023", None),
    ],
)
def test_the_track_is_in_the_group(group: str, track: str | None) -> None:
    assert paper({"venueid": group}).track == track


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        (["Anonymous"], []),
        ([{"fullname": "Ada Alpha", "username": "~Ada_Alpha1"}], ["Ada Alpha"]),
        (None, []),
        ("Ada Alpha", ["Ada Alpha"]),
    ],
)
def test_authors_may_be_hidden_or_objects(authors: Any, names: list[str]) -> None:
    assert [author.name for author in paper({"authors": authors}).authors] == names


def test_a_preprint_has_its_arxiv_id() -> None:
    parsed = paper(
        {"venue": "CoRR 2023", "html": "http://arxiv.org/abs/2301.00001", "venueid": "dblp.org/journals/CORR"}
    )
    assert (parsed.arxiv_id, parsed.venue) == ("2301.00001", None)


def test_the_notes_of_a_forum_are_one_paper_with_its_scores() -> None:
    def reply(number: int, **content: Any) -> dict[str, Any]:
        return {"id": f"r{number}", "forum": "abcDEF1234", "replyto": "abcDEF1234", "content": content}

    notes = [
        reply(1, title="Review", rating={"value": 8}),
        note({"venue": "ICLR 2026 Poster"}),
        reply(2, rating={"value": 6}),
        reply(3, title="Decision", decision={"value": "Accept (Oral)"}),
    ]
    (item,) = read({"notes": notes, "count": 4})
    assert isinstance(item, Entry)
    assert (item.paper.scores, item.paper.decision) == ((8.0, 6.0), "Oral")


def test_only_so_many_papers_wait_for_their_reviews(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openreview, "_MOST_SUBMISSIONS", 2)
    papers = [note({"title": f"Paper {number}"}, id=f"p{number}", forum=f"p{number}") for number in range(5)]
    reply = {"id": "r", "forum": "p0", "replyto": "p0", "content": {"rating": 3}}
    items = read([*papers, reply])
    assert [item.paper.title for item in items if isinstance(item, Entry)] == [f"Paper {n}" for n in range(5)]
    assert items[-1] == Warned("reviews and comments of papers that are not in the file were left out: 1")


def test_other_notes_are_left_out_and_further_pages_are_reported() -> None:
    review = {"id": "r", "forum": "another", "replyto": "another", "content": {"title": "Review", "rating": 3}}
    items = read({"notes": [note({}), review, note({"title": ""}, id="x")], "count": 40})
    assert isinstance(items[0], Entry)
    assert items[1:] == [
        Refused(2, 1, "it has no title"),
        Warned("reviews and comments of papers that are not in the file were left out: 1"),
        Warned("one page of a longer answer: 3 of 40 notes are in it"),
    ]
    with pytest.raises(ListingError, match="only reviews"):
        read([review])
