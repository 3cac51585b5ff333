"""Hugging Face's JSON: the meaning of its dates, its layouts, and its fields."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from store.formats.hugging_face import api_json
from store.formats.registry import SURE_ENOUGH
from store.model.entry import Entry, Item, ListingDay, Refused, Warned
from store.model.paper import Author, Link, Organization
from store.model.partial_date import MonthDay
from store.text import clean

REAL = "hf-json/sotawhat-hf_daily_papers-2026-06-12.json"


def read(value: Any) -> list[Item]:
    text = value if isinstance(value, str) else json.dumps(value)
    return list(api_json.read(io.BytesIO(text.encode())))


def entry(value: Any) -> Entry:
    (paper_entry,) = [item for item in read(value) if isinstance(item, Entry)]
    return paper_entry


def in_2024(**changes: Any) -> dict[str, Any]:
    """An item in the form of the API in 2024: its `publishedAt` is the time of submission to Daily Papers."""
    return {
        "paper": {
            "id": "2407.00001",
            "authors": [{"name": "Ada Lovelace", "hidden": False}],
            "publishedAt": "2024-07-31T17:54:27.000Z",
            "title": "A Title with a\n  Line Break",
            "summary": "Its abstract.",
            "upvotes": 3,
            "discussionId": "66aa",
        },
        "publishedAt": "2024-08-01T01:21:47.935Z",
        "title": "A Title with a Line Break",
        "numComments": 2,
    } | changes


def in_2026(**changes: Any) -> dict[str, Any]:
    """An item in the form of the API in 2026: its `publishedAt` is the time of the paper itself, four hours earlier."""
    paper = {
        "id": "2606.00001",
        "authors": [{"name": "Ada Lovelace", "hidden": False}, {"name": "Alan Turing", "hidden": True}],
        "publishedAt": "2026-05-30T00:00:00.000Z",
        "submittedOnDailyAt": "2026-06-12T00:00:00.000Z",
        "title": "A Title",
        "summary": "Its abstract.",
        "upvotes": 0,
    }
    return {"paper": paper | changes, "publishedAt": "2026-05-29T20:00:00.000Z", "title": "A Title", "numComments": 1}


def test_the_real_file_gives_an_entry_for_each_paper_id(listings: Path) -> None:
    content = (listings / REAL).read_bytes()
    items = list(api_json.read(io.BytesIO(content)))
    expected = re.findall(rb'"paper":\s*\{\s*"id":\s*"(\d{4}\.\d{5})"', content)
    assert len(expected) == 30
    assert [item.paper.arxiv_id for item in items if isinstance(item, Entry)] == [each.decode() for each in expected]
    assert len(items) == 30
    assert api_json.sniff(content[:65536], "x") > 0.9


def test_the_real_file_gives_every_field(listings: Path) -> None:
    items = [item for item in api_json.read(io.BytesIO((listings / REAL).read_bytes())) if isinstance(item, Entry)]
    assert {item.listed_on for item in items} == {date(2026, 6, 12)}
    by_id = {item.paper.arxiv_id: item.paper for item in items}

    first = by_id["2606.00467"]
    assert first.title.startswith("On the Limits of LLM Adaptability: Impact of Model-Internalized Priors")
    assert [author.name for author in first.authors] == ["Etienne Casanova", "Rafal Kocielnik", "R. Michael Alvarez"]
    assert first.author_count == 3
    assert first.published == date(2026, 5, 30)
    assert (first.upvotes, first.comment_count) == (0, 2)
    assert first.organization == Organization("California institute of technology", "caltech")
    assert first.abstract is not None
    assert first.abstract.endswith("over text-level memorization.")
    assert first.ai_summary is not None
    assert first.ai_summary.startswith("Large language models exhibit limited ability")
    assert (len(first.ai_keywords), first.ai_keywords[0]) == (14, "zero-shot annotation")
    assert first.links == (
        Link("page", "https://huggingface.co/papers/2606.00467"),
        Link("pdf", "https://arxiv.org/pdf/2606.00467"),
    )

    linked = by_id["2606.08063"]
    assert (linked.upvotes, linked.comment_count, linked.published) == (74, 3, date(2026, 6, 6))
    assert linked.links[2:] == (
        Link("code", "https://github.com/jqtangust/Robust-U1", 86),
        Link("project", "https://huggingface.co/spaces/Jiaqi-hkust/Robust-U1"),
    )
    assert linked.organization is None

    popular = by_id["2606.13392"]
    assert (popular.upvotes, popular.comment_count) == (103, 4)
    assert popular.links[2:] == (Link("code", "https://github.com/MiniMax-AI/MSA", 251),)
    assert popular.organization is not None
    assert popular.organization.slug == "MiniMaxAI"

    # An author who has hidden the paper on their own profile page still belongs to the authors of the paper.
    assert Author("Dengyang Jiang") in by_id["2606.12575"].authors


def test_the_listing_day_is_the_day_of_the_daily_page() -> None:
    paper_entry = entry([in_2026()])
    assert (paper_entry.paper.published, paper_entry.listed_on) == (date(2026, 5, 30), date(2026, 6, 12))


def test_without_a_day_of_the_daily_page_the_listing_day_is_that_of_the_submission() -> None:
    paper_entry = entry([in_2024()])
    assert (paper_entry.paper.published, paper_entry.listed_on) == (date(2024, 7, 31), date(2024, 8, 1))


def test_the_papers_own_date_in_another_time_zone_is_not_the_listing_day() -> None:
    assert entry([in_2026(submittedOnDailyAt=None)]).listed_on is None


def test_a_submission_late_in_the_day_belongs_to_its_day_in_utc() -> None:
    assert entry([in_2024(publishedAt="2024-08-01T23:59:59.999Z")]).listed_on == date(2024, 8, 1)
    assert entry([in_2024(publishedAt="2024-08-01T23:00:00-05:00")]).listed_on == date(2024, 8, 2)


@pytest.mark.parametrize(
    "written", ["", "yesterday", "0000-00-00", "2024-13-01T00:00:00Z", "99999-01-01", "0001-01-01T00:00:00+14:00"]
)
def test_an_invalid_date_is_unknown(written: str) -> None:
    paper_entry = entry([in_2026(publishedAt=written, submittedOnDailyAt=written)])
    assert paper_entry.listed_on in (None, date(2026, 5, 29))
    assert paper_entry.paper.published is None
    assert paper_entry.paper.title == "A Title"


def test_of_two_titles_the_one_without_a_line_break_is_used() -> None:
    assert entry([in_2024()]).paper.title == "A Title with a Line Break"
    bare = in_2024()["paper"]
    assert clean.entry(entry([bare])).paper.title == "A Title with a Line Break"


def test_an_array_of_papers_without_items_around_them_is_read() -> None:
    paper_entry = entry([in_2026()["paper"]])
    assert (paper_entry.paper.published, paper_entry.listed_on) == (date(2026, 5, 30), date(2026, 6, 12))
    assert (paper_entry.paper.arxiv_id, paper_entry.paper.upvotes, paper_entry.paper.comment_count) == (
        "2606.00001",
        0,
        None,
    )
    # In a paper that is not inside an item of Daily Papers, `publishedAt` is the date on arXiv.
    assert entry([in_2024()["paper"]]).listed_on is None


def test_one_paper_without_an_item_around_it_is_read() -> None:
    assert entry(in_2026()["paper"]).paper.title == "A Title"


def test_the_data_of_a_daily_page_is_read() -> None:
    page = {"date": "2024-08-01T00:00:00.000Z", "dailyPapers": [in_2024(publishedAt="2024-07-31T22:00:00.000Z")]}
    items = read(page)
    assert items[0] == ListingDay(MonthDay(8, 1, 2024))
    assert isinstance(items[1], Entry)
    assert items[1].listed_on == date(2024, 8, 1)
    day = {"dateString": "2026-06-12", "periodType": "day", "dailyPapers": [in_2026(submittedOnDailyAt=None)]}
    assert read(day)[0] == ListingDay(MonthDay(6, 12, 2026))
    assert entry(day).listed_on == date(2026, 6, 12)


@pytest.mark.parametrize("item", [in_2026(), in_2026()["paper"]])
def test_a_list_under_the_key_papers_is_read(item: dict[str, Any]) -> None:
    saved = {"date": "2026-06-12", "count": 1, "papers": [item]}
    assert api_json.sniff(json.dumps(saved).encode(), "papers.json") > SURE_ENOUGH
    assert entry(saved).paper.arxiv_id == "2606.00001"
    assert api_json.sniff(b'{"papers": [{"id": "a", "title": "b"}]}', "papers.json") == 0.0


@pytest.mark.parametrize(("period", "written"), [("week", "2026-W24"), ("month", "2026-06"), ("week", "2026-06-08")])
def test_a_page_of_a_week_or_a_month_leaves_each_paper_its_own_day(period: str, written: str) -> None:
    page = {"dateString": written, "date": "2026-06-08T00:00:00.000Z", "periodType": period, "dailyPapers": [in_2026()]}
    (only,) = read(page)
    assert isinstance(only, Entry)
    assert only.listed_on == date(2026, 6, 12)


def test_the_day_may_stand_behind_the_papers() -> None:
    page = json.dumps({"dailyPapers": [in_2026(submittedOnDailyAt=None)], "dateString": "2026-06-12"})
    assert entry(page).listed_on == date(2026, 6, 12)


def test_an_empty_page_gives_a_warning() -> None:
    assert read({"dateString": "2026-06-13", "dailyPapers": []}) == [
        ListingDay(MonthDay(6, 13, 2026)),
        Warned("the list holds no papers"),
    ]


def snake(**changes: Any) -> dict[str, Any]:
    """A paper as `hf papers ls --format json` prints it."""
    return {
        "id": "2606.00001",
        "authors": [{"name": "Ada Lovelace", "hidden": False}],
        "published_at": "2026-05-30T00:00:00+00:00",
        "title": "A Title",
        "comments": 2,
        "submitted_at": "2026-05-29T20:00:00+00:00",
        "submitted_by": {"username": "ada", "fullname": "Ada"},
        "organization": {"avatar_url": "https://x", "name": "kaist-ai", "fullname": "KAIST AI"},
        "submitted_by_name": "Ada",
    } | changes


def test_the_output_of_the_hf_command_is_read() -> None:
    paper_entry = entry([snake()])
    assert paper_entry.paper.published == date(2026, 5, 30)
    assert paper_entry.paper.comment_count == 2
    assert paper_entry.paper.upvotes is None
    assert paper_entry.paper.organization == Organization("KAIST AI", "kaist-ai")
    assert paper_entry.listed_on is None
    head = json.dumps([snake()]).encode()
    assert api_json.sniff(head, "x") > 0.9


def test_the_output_of_the_hf_command_about_one_paper_is_read() -> None:
    info = snake(
        submitted_at="2026-06-12T00:00:00+00:00",
        summary="Its abstract.",
        upvotes=5,
        github_repo="https://github.com/a/b",
        github_stars=7,
        project_page="https://a.example/b",
        ai_summary="Short.",
        ai_keywords=["one", "two"],
        linked_datasets=[{"id": "a/b c"}],
    )
    paper_entry = entry(json.dumps(info, indent=2))
    assert paper_entry.listed_on == date(2026, 6, 12)
    assert paper_entry.paper.abstract == "Its abstract."
    assert (paper_entry.paper.upvotes, paper_entry.paper.ai_summary, paper_entry.paper.ai_keywords) == (
        5,
        "Short.",
        ("one", "two"),
    )
    assert paper_entry.paper.links[2:] == (
        Link("code", "https://github.com/a/b", 7),
        Link("project", "https://a.example/b"),
        Link("dataset", "https://huggingface.co/datasets/a/b%20c"),
    )


def test_zero_upvotes_are_a_count_and_missing_upvotes_are_unknown() -> None:
    assert entry([in_2026(upvotes=0)]).paper.upvotes == 0
    assert entry([in_2026(upvotes=None)]).paper.upvotes is None


def test_the_organization_may_stand_in_the_item_or_in_the_paper() -> None:
    organization = {"name": "kaist-ai", "fullname": "KAIST AI"}
    whole = Organization("KAIST AI", "kaist-ai")
    assert entry([in_2026(organization=organization)]).paper.organization == whole
    assert entry([in_2026() | {"organization": organization}]).paper.organization == whole
    assert entry([in_2026(organization={"name": "kaist-ai"})]).paper.organization == Organization(
        "kaist-ai", "kaist-ai"
    )
    assert entry([in_2026(organization={})]).paper.organization is None


def test_a_null_repository_gives_no_link() -> None:
    kinds = [link.kind for link in entry([in_2026(githubRepo=None, githubStars=None, projectPage="")]).paper.links]
    assert kinds == ["page", "pdf"]
    assert Link("code", "https://github.com/a/b") in entry([in_2026(githubRepo="github.com/a/b")]).paper.links
    assert all(link.kind != "code" for link in entry([in_2026(githubRepo="javascript:alert(1)")]).paper.links)


def test_a_paper_without_authors_has_an_unknown_author_count() -> None:
    paper = entry([in_2026(authors=[])]).paper
    assert (paper.authors, paper.author_count) == ((), None)
    paper = entry([in_2026(authors=[{"name": "Ada"}, {"name": None}, {"name": " "}, "Alan"])]).paper
    assert paper.authors == (Author("Ada"), Author("Alan"))


def test_a_paper_that_is_not_on_arxiv_has_a_page_and_no_arxiv_id() -> None:
    paper = entry([in_2026(id="6a2c75a3a0d4 daae")]).paper
    assert paper.arxiv_id is None
    assert paper.links == (Link("page", "https://huggingface.co/papers/6a2c75a3a0d4%20daae"),)
    assert entry([in_2026(id="2606.00001v3")]).paper.arxiv_version == 3
    assert entry([in_2026(id=None)]).paper.links == ()


def test_an_invalid_count_refuses_the_item() -> None:
    for count in (-1, 2**60, 10**40, 1.5, "12", [1], True):
        (refused,) = read([in_2026(upvotes=count)])
        assert isinstance(refused, Refused), count
        assert "paper.upvotes" in refused.reason


def test_the_submitter_and_the_linked_models_and_datasets_are_read() -> None:
    item = {
        "paper": {
            "id": "2601.00001",
            "title": "Moths",
            "upvotes": 3,
            "discussionId": "1",
            "submittedOnDailyBy": {"fullname": "Ada Quill", "user": "adaq"},
            "linkedModels": [{"id": "moth-lab/moth-7b"}],
            "linkedDatasets": [{"id": "moth-lab/wings"}, {"id": None}],
            "githubRepo": "https://github.com/moth-lab/moth",
            "githubStars": 12,
        }
    }
    paper = entry(item).paper
    assert paper.submitter == "Ada Quill"
    assert paper.stars == 12
    links = {link.kind: link.url for link in paper.links}
    assert links["model"] == "https://huggingface.co/moth-lab/moth-7b"
    assert links["dataset"] == "https://huggingface.co/datasets/moth-lab/wings"
