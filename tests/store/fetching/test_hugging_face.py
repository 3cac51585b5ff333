"""`recto fetch hf` and `recto fetch arxiv` can fetch not only days, weeks and months, but also, for example, single
papers.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from store.fetching import request
from store.library.library import Library
from store.model.errors import ListingError
from store.papers import paper_details
from tests.store.fetching.servers import TODAY, Reader, Run, Site, atom, daily, item, reply


def paper_answer(number: int, *, upvotes: int, stars: int) -> bytes:
    """The JSON answer of Hugging Face's API to a request for one paper."""
    paper: Any = item(number, upvotes)["paper"]
    return json.dumps({**paper, "githubRepo": "https://github.com/quill/lamps", "githubStars": stars}).encode()


REPOSITORIES = json.dumps(
    {"models": [{"id": "quill/lamp-7b", "downloads": 3}], "datasets": [{"id": "quill/lamps"}], "spaces": []}
).encode()


def query(site: Site, number: int = -1) -> dict[str, str]:
    return site.requests[number].query


def test_trending_papers_and_those_of_a_submitter_are_requested_as_the_site_names_them(
    reader: Reader, site: Site
) -> None:
    site.answers(reply(daily(1, 2)))
    trending = reader.another_fetcher().daily_papers("", TODAY, trending=True)
    assert query(site) == {"sort": "trending", "limit": "100"}
    assert len(site.requests) == 1
    assert trending.path is not None and trending.path.name == "hf-trending-2025-10-28.json"
    site.answers(reply(daily(1, 2)), reply(daily(3)), reply(daily()))
    mine = reader.another_fetcher().daily_papers("2025-W43", TODAY, submitter="ada-q")
    assert query(site) == {"week": "2025-W43", "submitter": "ada-q", "limit": "100", "p": "2"}
    assert mine.path is not None and mine.path.name == "hf-daily-papers-by-ada-q-2025-W43.json"
    with pytest.raises(ListingError, match="no name of a user"):
        reader.another_fetcher().daily_papers("", TODAY, submitter="../x")


def test_the_days_since_the_last_listing_are_fetched_and_an_interrupted_fetch_goes_on(
    recto: Run, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listing(day: date) -> bytes:
        made: Any = item(day.day)
        made["paper"]["submittedOnDailyAt"] = f"{day}T00:00:00.000Z"
        return json.dumps([made]).encode()

    monkeypatch.setattr("tui.cli.fetch._today", lambda: TODAY)
    days = [TODAY - timedelta(days=ago) for ago in reversed(range(7))]
    # No paper was listed on the third day.
    site.answers(*(reply(daily() if day == days[2] else listing(day)) for day in days[:4]))
    first = recto("fetch", "hf", "new", "--requests", "4")
    assert [query(site, number)["date"] for number in range(4)] == [str(day) for day in days[:4]]
    assert first.out.splitlines()[-1] == f"stopped after 4 requests at {days[3]}; run it again to go on"
    site.answers(*(reply(listing(day)) for day in days[3:]))
    second = recto("fetch", "hf", "new")
    assert [query(site, number)["date"] for number in range(4, 8)] == [str(day) for day in days[3:]]
    assert "stopped" not in second.out
    assert "nothing new since the last time" in second.out
    assert len(recto("list").out.splitlines()) == 6


def test_one_paper_comes_with_the_models_and_data_sets_that_cite_it(recto: Run, site: Site) -> None:
    site.answers(reply(paper_answer(7, upvotes=4, stars=30)), reply(REPOSITORIES))
    assert recto("fetch", "hf", "2510.00007").code == 0
    paths = [urlsplit(each.path).path for each in site.requests]
    assert paths == ["/api/papers/2510.00007", "/api/arxiv/2510.00007/repos"]
    output = recto("show", "2510.00007").out
    for text in (
        "https://huggingface.co/quill/lamp-7b",
        "https://huggingface.co/datasets/quill/lamps",
        "stars:        30",
    ):
        assert text in output
    assert len(recto("list", "has:model", "has:dataset").out.splitlines()) == 1


def test_upvotes_and_stars_of_queued_papers_are_refreshed(recto: Run, site: Site, tmp_path: Path) -> None:
    site.answers(reply(daily(1, 2, 3)))
    recto("fetch", "hf", "2025-10-28")
    recto("mark", "1", "2", "--queue")
    site.answers(reply(paper_answer(1, upvotes=50, stars=700)), reply(b'{"error": "Paper not found"}', 404))
    refreshed = recto("fetch", "hf", "queue")
    assert refreshed.code == 0
    with Library.open(tmp_path / "shelf" / "library.db") as library:
        first, second = (paper_details.details(library.reader(), number).paper for number in (1, 2))
    assert (first.upvotes, first.stars) == (50, 700)
    assert (second.upvotes, second.stars) == (3, None)


def test_a_category_of_arxiv_is_fetched_for_a_day(reader: Reader, site: Site) -> None:
    site.answers(reply(atom(1, 2)))
    fetched = reader.another_fetcher().arxiv("cs.CL", TODAY, date(2025, 10, 20))
    assert query(site)["search_query"] == "(cat:cs.CL) AND submittedDate:[202510200000 TO 202510202359]"
    assert fetched.path is not None and fetched.path.name == "arxiv-day-2025-10-20-cs.CL.xml"
    with pytest.raises(ListingError, match="still to come"):
        request.arxiv("cs.CL", TODAY, TODAY + timedelta(days=1))


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"models": 3}', b'{"models": [{"id": null}]}'])
def test_other_answers_about_repositories_are_refused(reader: Reader, site: Site, body: bytes) -> None:
    site.answers(reply(paper_answer(7, upvotes=4, stars=30)), reply(body))
    with pytest.raises(ListingError):
        reader.another_fetcher().hf_papers(["2510.00007"], "one.json", with_repositories=True)
