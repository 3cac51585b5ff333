"""A search can be stopped at any moment. All of its result comes from one state of the library."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from store.importing import entries
from store.model.paper import Paper
from store.search import search
from store.search.answer import Stopped
from store.search.parser import parse
from store.search.search import Search
from tests.store.search.sample_library import ALL_PAPERS, TODAY, SampleLibrary


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleLibrary]:
    """Three hundred papers.

    In their titles, the first word is one of 28 and the second one of 3; all combinations occur.
    """
    sample = SampleLibrary(tmp_path_factory.mktemp("many") / "library.db")
    firsts, seconds = ("trafor", "tramer", "dif", "graph"), ("mersion", "sion", "graval")
    for number in range(300):
        title = f"{firsts[number % 4]}{number % 7} {seconds[number % 3]} {number}"
        sample.put(Paper(title=title, arxiv_id=f"2510.{number:05}"))
    yield sample
    sample.library.close()


def test_a_search_that_is_stopped_at_once_leaves_no_transaction_open(many: SampleLibrary) -> None:
    for text in ("", "tra", "trafor", "nothing at all like it"):
        with pytest.raises(Stopped):
            Search(many.library).answer(ALL_PAPERS, parse(text, TODAY), should_stop=lambda: True)
        assert not many.library.reader().in_transaction


def test_a_search_can_be_stopped_at_any_moment_and_the_next_one_is_complete(
    many: SampleLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_STEPS", 50)
    query = parse("trafor mersion -graph", TODAY)
    whole = Search(many.library).answer(ALL_PAPERS, query)
    stopped = 0
    for moment in range(12):
        checks = itertools.count()
        try:
            Search(many.library).answer(ALL_PAPERS, query, should_stop=lambda: next(checks) >= moment)  # noqa: B023
        except Stopped:
            stopped += 1
        assert Search(many.library).answer(ALL_PAPERS, query) == whole
    assert stopped > 4


def test_papers_that_are_joined_during_a_search_do_not_disturb_it(sample: SampleLibrary) -> None:
    first = sample.put(Paper(title="Graphs of one", doi="10.1000/1"))
    second = sample.put(Paper(title="Graphs of two", doi="10.1000/2"))
    checks = itertools.count()

    def join() -> bool:
        if next(checks) == 2:
            with sample.library.writing() as connection:
                (cause,) = connection.execute("SELECT max(id) FROM entry").fetchone()
                entries.join(connection, first, second, cause)
        return False

    query = parse("graphs", TODAY)
    answer = Search(sample.library).answer(ALL_PAPERS, query, should_stop=join)
    assert set(answer.ids) == {first, second}
    assert list(Search(sample.library).answer(ALL_PAPERS, query).ids) == [first]
