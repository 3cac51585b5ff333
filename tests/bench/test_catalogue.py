"""The catalogue of generated papers: the same for any number of processes, with correct titles and FTS5 searches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from random import Random

import pytest

from tests.bench import catalogue
from tests.bench.answers import probes
from tests.bench.catalogue import Catalogue
from tests.bench.corpus import papers
from tests.bench.imports import Run
from tests.bench.listings import snapshot
from tests.bench.queries import misspelt, sought, typed

_SIZE = 300


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    folder = tmp_path_factory.mktemp("papers")
    done: list[int] = []
    catalogue.write(folder, _SIZE, done.append)
    assert done == sorted(done) and done[-1] == _SIZE
    with closing(Catalogue(folder)) as written:
        yield written


def test_a_catalogue_written_by_several_processes_equals_one_written_by_one(known: Catalogue) -> None:
    assert known.snapshot.read_text("ascii") == "".join(snapshot(_SIZE))


def test_titles_stand_with_the_newest_first(known: Catalogue) -> None:
    newest_first = sorted(papers(_SIZE), key=lambda paper: paper.published, reverse=True)
    shown = known.titles.read_text("utf-8").splitlines()
    assert len(shown) == _SIZE
    assert shown[0] in {paper.title for paper in newest_first if paper.published == newest_first[0].published}
    assert set(shown) == {paper.title for paper in newest_first}


def test_plain_full_text_finds_words_and_their_beginnings(known: Catalogue) -> None:
    for one in sought(known, 20):
        assert one.title in known.best(" ".join(one.words), _SIZE)
        assert one.title in known.best(f"{one.author} {one.words[0][:4]}", _SIZE)
        assert (
            known.newest(one.words[0][:3], _SIZE) == sorted(known.newest(one.words[0][:3], _SIZE), reverse=True) != []
        )
        assert known.with_words(one.words, 1) == 1


def test_queries_are_the_same_at_every_run_and_wrong_ones_differ_in_every_word(known: Catalogue) -> None:
    assert typed(known, 10) == typed(known, 10)
    for right, wrong in zip(typed(known, 10), typed(known, 10, wrong=True), strict=True):
        assert all(one != other for one, other in zip(right.split(), wrong.split(), strict=True))
    assert misspelt("ab", Random(1)) == "ab"


def test_the_papers_searched_for_after_an_import_come_from_all_parts_of_the_file(known: Catalogue) -> None:
    titles = [paper.title for paper in papers(_SIZE)]
    places = [titles.index(one.title) for one in probes(known.snapshot)]
    assert places[0] > 0.9 * _SIZE and min(places) < 0.4 * _SIZE
    assert all("abstract:" in one.by_abstract and "title:" in one.by_title for one in probes(known.snapshot))


def test_the_rate_of_the_index_of_abstracts_is_that_of_the_time_in_which_it_was_built() -> None:
    after = Run(papers=1_000, readable=10, indexed=60, ended=61, indexed_before=0.0, memory=50, resident=60)
    along = Run(papers=1_000, readable=10, indexed=10.1, ended=11, indexed_before=1.0, memory=50, resident=60)
    assert (after.indexing, round(along.indexing)) == (20, 99)
