"""`like:` finds papers that share the words with the highest weights, alone or combined with other conditions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.marks.stored_marks import Marks
from store.model.paper import Paper
from store.papers.views import View
from store.search.answer import Answer
from tests.store.search.sample_library import SampleLibrary

TIDE = "Tidal sediment transport in estuaries"
# Each subject has words that no other subject has.
SUBJECTS = (
    (TIDE, "Sediments move with tides in an estuary", "Estuarine sediment and tidal asymmetry"),
    ("Replay buffers for continual learning", "Continual learners forget without a replay buffer"),
    ("Glacier flow from satellites", "Satellite images of glaciers that flow"),
)


class Sample(SampleLibrary):
    """A library with the papers of SUBJECTS, and enough other papers that the words of a subject are rare."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.ids: dict[str, int] = {}
        for number, title in enumerate(title for subject in SUBJECTS for title in subject):
            self.ids[title] = self.put(Paper(title=title, arxiv_id=f"2601.{number:05}", upvotes=number))
        for number in range(30):
            self.put(Paper(title=f"Unrelated{number} matter{number} about{number} something{number}"))

    def titles(self, answer: Answer) -> list[str]:
        return [self.title(paper_id) for paper_id in answer.ids]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    sample = Sample(tmp_path_factory.mktemp("similar") / "library.db")
    yield sample
    sample.library.close()


def test_the_papers_of_the_same_subject_are_similar_in_any_inflection(sample: Sample) -> None:
    for subject in SUBJECTS:
        for title in subject:
            answer = sample.answer(f"like:{sample.ids[title]}")
            assert set(sample.titles(answer)) == set(subject) - {title}


def test_each_similar_paper_comes_with_the_words_that_make_it_similar(sample: Sample) -> None:
    answer = sample.answer("like:2601.00003")
    assert answer.liked == ("Replay buffers for continual learning",)
    (paper,) = answer.similar
    assert set(paper.words) == {"replay", "buffers", "continual"}
    assert 0 < paper.likeness <= 1.5
    assert answer.highlights.spans("a replay of something") == [(2, 8)]


@pytest.mark.parametrize("name", ["like:2601.00000", 'like:"tidal sediment"', "similar:1", "like:2601.00000v2"])
def test_a_paper_is_named_as_in_commands(sample: Sample, name: str) -> None:
    assert len(sample.answer(name).ids) == 2


def test_other_conditions_choose_among_the_similar_papers(sample: Sample) -> None:
    assert sample.titles(sample.answer("like:2601.00000 asymmetry")) == [SUBJECTS[0][2]]
    assert sample.titles(sample.answer("like:2601.00000 -asymmetry")) == [SUBJECTS[0][1]]
    assert sample.titles(sample.answer("upvotes:<2 like:2601.00000")) == [SUBJECTS[0][1]]


def test_an_alternative_or_a_negation_uses_the_most_similar_papers_of_all(sample: Sample) -> None:
    either = sample.answer("like:2601.00000 or title:glacier")
    assert set(sample.titles(either)) == {*SUBJECTS[0][1:], *SUBJECTS[2]}
    assert set(sample.titles(sample.answer("title:sediment -like:2601.00000"))) == {TIDE}


def test_several_papers_give_papers_that_are_similar_to_all(sample: Sample) -> None:
    both = sample.put(Paper(title="Tidal glacier flow and sediment seen by satellites"))
    answer = sample.answer("like:2601.00000 like:2601.00005")
    assert list(answer.ids) == [both]
    assert {"sediment", "tidal"} & set(answer.similar[0].words)
    assert {"glacier", "satellites", "flow"} & set(answer.similar[0].words)


def test_a_view_and_an_order_apply_to_similar_papers(sample: Sample) -> None:
    by_upvotes = sample.titles(sample.answer("like:2601.00000", sort="upvotes"))[:2]
    assert by_upvotes == sorted(by_upvotes, key=SUBJECTS[0].index, reverse=True)
    by_title = sample.titles(sample.answer("like:2601.00000", sort="title"))
    assert by_title == sorted(by_title, key=str.casefold)
    sample.mark(sample.ids[SUBJECTS[0][1]], Marks(tags=("read",)))
    assert sample.titles(sample.answer("like:2601.00000", View("tag", "read"))) == [SUBJECTS[0][1]]


def test_hidden_papers_are_left_out(sample: Sample) -> None:
    hidden = sample.put(Paper(title="Hidden marmalade of the orchard"))
    shown = sample.put(Paper(title="Marmalade from an orchard"))
    sample.mark(hidden, Marks(status="hidden"))
    assert list(sample.answer(f"like:{shown}").ids) == []
    assert list(sample.answer(f"like:{shown} is:hidden").ids) == [hidden]


def test_like_with_an_unknown_paper_finds_nothing_and_says_why(sample: Sample) -> None:
    answer = sample.answer("like:nothing")
    assert len(answer.ids) == 0
    assert answer.notes == ("like: no paper is called 'nothing'; look for it with: recto list",)


def test_a_paper_without_words_has_no_similar_papers(sample: Sample) -> None:
    wordless = sample.put(Paper(title="2024 - 2025"))
    assert len(sample.answer(f"like:{wordless}").ids) == 0
