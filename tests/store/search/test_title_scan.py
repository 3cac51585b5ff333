"""While the search index is incomplete, a filter finds papers by their titles and by other columns in SQLite."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from store.library.library import Library
from store.marks import marking
from store.papers.views import View
from store.search import index_sync, search
from store.search.parser import parse
from store.search.search import Search
from tests.store.search.index_checks import TITLES, put

TODAY = date(2026, 7, 2)


@pytest.fixture
def unindexed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """A library without an index. It counts as too large for a search to index it first."""
    monkeypatch.setattr(search, "_MAX_AWAITED", 0)
    with Library.open(tmp_path / "library.db") as library:
        put(library, *TITLES, "50%_off: a GPT-4o study", "About GPT and 4o")
        marking.queue(library, [1])
        marking.bookmark(library, [2, 3])
        marking.status(library, [4], "hidden")
        marking.tag(library, [5], ["nlp"])
        marking.note(library, 5, "mine")
        shutil.rmtree(index_sync.index_folder(library), ignore_errors=True)
        yield library


def answered(library: Library, text: str, view: str = "all") -> set[str]:
    answer = Search(library).answer(View.parse(view), parse(text, TODAY))
    assert answer.unindexed and answer.exact == len(answer.ids)
    titles = dict(library.reader().execute("SELECT id, title FROM paper"))
    return {titles[paper] for paper in answer.ids}


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("bees", {"Slow bees", "Bees that sing"}),
        ("bees sing", {"Bees that sing"}),
        ("title:bees -sing", {"Slow bees"}),
        ("glac or slow", {"Glaciers remember", "Slow bees"}),
        ('"that sing"', {"Bees that sing"}),
        ("gpt-4o", {"50%_off: a GPT-4o study"}),
        ('"50%_"', {"50%_off: a GPT-4o study"}),
        ("is:queued", {"Glaciers remember"}),
        ("is:bookmarked bees", {"Slow bees", "Bees that sing"}),
        ("is:hidden", {"Ünder the sea"}),
        ("under", set()),
        ("tag:nlp has:note", {"Notes on notes"}),
        ("bees is:new", {"Slow bees", "Bees that sing"}),
        ("bees upvotes:>3", set()),
        # These conditions can be searched for only with the index.
        ("abstract:bees", set()),
        ("bees cat:cs", set()),
        ("has:code", set()),
    ],
)
def test_titles_marks_and_counts_are_searched(unindexed: Library, text: str, titles: set[str]) -> None:
    assert answered(unindexed, text) == titles


def test_the_scan_of_titles_filters_a_view_too(unindexed: Library) -> None:
    assert answered(unindexed, "bees", "bookmarks") == {"Slow bees", "Bees that sing"}
    assert answered(unindexed, "bees", "queue") == set()


def test_a_large_answer_is_limited(unindexed: Library) -> None:
    few = Search(unindexed, max_whole=2)
    assert len(few.answer(View("all"), parse("e", TODAY)).ids) == 2


def test_papers_that_are_not_indexed_follow_those_that_are(unindexed: Library) -> None:
    assert index_sync.catch_up(unindexed)
    put(unindexed, "Bees of July")
    assert answered(unindexed, "bees") == {"Slow bees", "Bees that sing", "Bees of July"}
    answer = Search(unindexed).answer(View("all"), parse("bees", TODAY), "title")
    titles = dict(unindexed.reader().execute("SELECT id, title FROM paper"))
    assert [titles[paper] for paper in answer.ids][-1] == "Bees of July"
