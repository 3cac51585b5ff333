"""Each term of the filter language finds the right papers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from store.marks import marking
from store.model.paper import Author, Link, Organization, Paper
from store.model.partial_date import PartialDate
from store.papers.views import Sort, View
from tests.store.search.sample_library import SampleLibrary


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleLibrary]:
    """A library of four papers: 1 (about graphs, queued), 2 (taxes, done), 3 (by Lovelace, tagged, with a note), 4
    (hidden, tagged).
    """
    sample = SampleLibrary(tmp_path_factory.mktemp("four") / "library.db")
    sample.put(
        Paper(
            title="Graph neural networks for über-large graphs",
            abstract="We study message passing.",
            organization=Organization("KAIST AI", "kaist-ai"),
            categories=("cs.LG", "cs.CL"),
            published=date(2026, 6, 1),
            arxiv_id="2510.01234",
            upvotes=30,
            comment_count=0,
        ),
        "arxiv",
        date(2026, 7, 14),
    )
    sample.put(
        Paper(
            title="Taxes on land",
            abstract="What graphs say of taxes. GPT-4o was not asked.",
            venue="Journal of Land",
            published=date(2025, 6, 30),
            doi="10.1000/abc",
            links=(Link("code", "https://github.com/a/b"),),
            upvotes=0,
        ),
        "crossref",
    )
    sample.put(Paper(title="Notes", authors=(Author("Ada Lovelace"), Author("Alan Turing"))), "hf")
    sample.put(Paper(title="Graph of the dead"), "hf")
    marking.queue(sample.library, [1])
    marking.status(sample.library, [2], "done")
    marking.retag(sample.library, [3], ["large-models", "to-cite"])
    marking.note(sample.library, 3, "x")
    marking.bookmark(sample.library, [3])
    marking.status(sample.library, [4], "hidden")
    marking.tag(sample.library, [4], ["large-models"])
    yield sample
    sample.library.close()


@pytest.mark.parametrize(
    ("text", "matching"),
    [
        ("graph", {1, 2}),
        ("GRAPH taxes", {2}),
        ("graph or lovelace", {1, 2, 3}),
        ('"neural networks"', {1}),
        ('"networks neural"', set()),
        ("GPT-4o", {2}),
        ("graph -taxes", {1}),
        ("-graph", {3}),
        ("-(graph or notes)", set()),
        ("uber", {1}),
        ("ÜBER", {1}),
        ("title:graph", {1}),
        ("abstract:graph", {2}),
        ("author:turing", {3}),
        ("author:lovelace author:turing", {3}),
        ("org:kaist", {1}),
        ("venue:land", {2}),
        ("cat:cs", {1}),
        ("cat:cs.CL", {1}),
        ("cat:cl", set()),
        ("tag:large-models", {3}),
        ("tag:LARGE", {3}),
        ('tag:"#Large models"', {3}),
        ("from:arxiv", {1}),
        ("from:cross", {2}),
        ("id:2510.01234v3", {1}),
        ("2510.01234", {1}),
        ("https://arxiv.org/pdf/2510.01234v3", {1}),
        ("10.1000/ABC", {2}),
        ("-https://doi.org/10.1000/abc", {1, 3}),
        ("id:https://doi.org/10.1000/ABC", {2}),
        ("is:new", set()),
        ("is:done", {2}),
        ("is:hidden", {4}),
        ("is:queued", {1}),
        ("is:bookmarked", {3}),
        ("has:code", {2}),
        ("has:pdf", {1}),
        ("has:note", {3}),
        ("has:abstract", {1, 2}),
        ("date:2026-06", {1}),
        ("date:>=2025-06-30", {1, 2}),
        ("date:<2026", {2}),
        ("year:2025..2026", {1, 2}),
        ("listed:2026-07-14", {1}),
        ("listed:yesterday", {1}),
        ("-listed:2026", {2, 3}),
        ("upvotes:>20", {1}),
        ("upvotes:0", {2}),
        ("-upvotes:>20", {2, 3}),
        ("comments:<=2", {1}),
        ("(taxes or lovelace) -is:done", {3}),
        ("", {1, 2, 3}),
    ],
)
def test_a_term_finds_the_papers_it_names(text: str, matching: set[int], four: SampleLibrary) -> None:
    assert set(four.exact_matches(text)) == matching


def test_hidden_papers_are_shown_only_if_the_filter_asks_for_them(four: SampleLibrary) -> None:
    assert four.exact_matches("title:graph") == [1]
    assert four.exact_matches("title:graph is:hidden") == [4]
    assert set(four.exact_matches("title:graph or is:hidden")) == {1, 4}
    assert four.exact_matches("title:graph -is:hidden") == [1]
    assert list(four.answer("", View("tag", "large-models")).ids) == [3]
    assert list(four.answer("is:hidden", View("tag", "large-models")).ids) == [4]


def test_asking_for_hidden_papers_among_the_undated_finds_only_undated_ones(four: SampleLibrary) -> None:
    assert list(four.answer("is:hidden", View("undated")).ids) == [4]
    assert set(four.answer("is:hidden or graph", View("undated")).ids) == {2, 4}


@pytest.fixture
def partly_dated(sample: SampleLibrary) -> SampleLibrary:
    """Papers whose date is a day, a month or a year, sorted by the text of the date."""
    for text in ("2023-12-31", "2024", "2024-01", "2024-01-01", "2024-01-31", "2024-06", "2024-06-01", "2025"):
        when = PartialDate.parse(text)
        sample.put(
            Paper(title=f"Bees {text}", doi=f"10.1000/{text}", published=when.first_day, published_to=when.precision)
        )
    return sample


@pytest.mark.parametrize("sort", ["best", "date"])
def test_a_year_is_older_than_its_months_and_a_month_is_older_than_its_days(
    sort: Sort, partly_dated: SampleLibrary
) -> None:
    newest = [8, 7, 6, 5, 4, 3, 2, 1]
    assert list(partly_dated.answer(None, sort=sort).ids) == newest
    assert list(partly_dated.answer(None, sort=sort, max_whole=0).ids) == newest
    assert list(partly_dated.answer("title:bees", sort=sort).ids) == newest


@pytest.mark.parametrize(
    ("text", "matching"),
    [
        ("date:2024", {2, 3, 4, 5, 6, 7}),
        ("year:2024", {2, 3, 4, 5, 6, 7}),
        ("date:2024-01", {3, 4, 5}),
        ("date:2024-01-01", {4}),
        ("date:2024-06", {6, 7}),
        ("date:2024-06-01", {7}),
        ("date:2024-01..2024-06", {3, 4, 5, 6, 7}),
        ("date:2023..2024-06", {1, 3, 4, 5, 6, 7}),
        ("date:2023..2024-06-15", {1, 3, 4, 5, 7}),
        ("date:>=2024", {2, 3, 4, 5, 6, 7, 8}),
        ("date:>2024-01-01", {5, 6, 7, 8}),
        ("date:<2024-06-15", {1, 3, 4, 5, 7}),
        ("date:<2025", {1, 2, 3, 4, 5, 6, 7}),
        ("date:<=2024-12-31", {1, 2, 3, 4, 5, 6, 7}),
        ("-date:2024-06", {1, 2, 3, 4, 5, 8}),
    ],
)
def test_a_date_range_finds_papers_that_are_certainly_in_it(
    text: str, matching: set[int], partly_dated: SampleLibrary
) -> None:
    assert set(partly_dated.answer(text).ids) == matching
