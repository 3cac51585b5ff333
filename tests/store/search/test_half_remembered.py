"""If no paper contains all words of a typed sentence, the search finds the papers that contain most of them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from store.marks import marking
from store.model.paper import Paper
from store.papers.views import View
from store.search.half_remembered import sentence, without_ordinary_words
from store.search.parser import parse
from tests.store.search.sample_library import TODAY, SampleLibrary

_WORDS = [
    f"{first}{second}" for first in ("gra", "ten", "mol", "pho", "qua") for second in ("sor", "ton", "vex", "lim")
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleLibrary]:
    """Fifty papers. The abstract of each is another random choice of twelve words of _WORDS."""
    library = SampleLibrary(tmp_path_factory.mktemp("sentences") / "library.db")
    random = Random(5)
    for number in range(50):
        words = random.sample(_WORDS, 12)
        library.put(
            Paper(
                title=f"Paper {number}",
                abstract=f"{' '.join(words)}.",
                doi=f"10.1000/{number}",
            )
        )
    library.answer("")
    yield library
    library.library.close()


def test_a_row_of_words_with_one_missing_and_one_wrong_finds_its_paper_first(sample: SampleLibrary) -> None:
    random = Random(8)
    for paper_id, stored in list(sample.papers.items())[:12]:
        words = (stored.paper.abstract or "").strip(".").split()[2:10]
        typed = list(words)
        typed[random.randrange(1, 4)] = "unheard"
        del typed[random.randrange(5, 8)]
        answer = sample.answer(" ".join(typed))
        assert answer.exact == 0
        assert answer.ids[0] == paper_id, typed
        assert [(part.kind, len(part.words)) for part in answer.inexact] == [("most", 7)]


def test_the_best_papers_have_the_most_words_and_those_that_follow_one_another(sample: SampleLibrary) -> None:
    texts = ["robots grasp cups quickly", "cups robots quickly and never grasp", "robots grasp", "cups"]
    ids = [
        sample.put(Paper(title=f"T {number}", abstract=text, doi=f"10.1000/r{number}"))
        for number, text in enumerate(texts)
    ]
    answer = sample.answer("robots grasp cups nowhere")
    assert list(answer.ids)[:3] == ids[:3]
    assert ids[3] not in answer.ids


def test_ordinary_words_of_a_question_are_left_out(sample: SampleLibrary) -> None:
    paper_id = sample.put(Paper(title="Robots", abstract="They learn from a video.", doi="10.1000/q"))
    answer = sample.answer("papers about robots that learn from videos")
    assert list(answer.ids) == [paper_id]
    assert answer.inexact[0].kind == "ordinary"
    assert set(answer.inexact[0].words) == {"papers", "about", "that", "from"}


def test_conditions_and_quoted_words_must_always_match(sample: SampleLibrary) -> None:
    paper_id = next(iter(sample.papers))
    words = " ".join((sample.papers[paper_id].paper.abstract or "").strip(".").split()[:6])
    assert paper_id in sample.answer(f"{words} nowhere").ids
    assert paper_id not in sample.answer(f"{words} nowhere year:1999").ids
    assert paper_id not in sample.answer(f'{words} nowhere "somewhere"').ids
    assert paper_id not in sample.answer(f"{words} nowhere -{words.split()[0]}").ids
    marking.status(sample.library, [paper_id], "hidden")
    assert paper_id not in sample.answer(f"{words} nowhere").ids
    marking.status(sample.library, [paper_id], "new")
    marking.queue(sample.library, [paper_id], True)
    assert list(sample.answer(f"{words} nowhere", View("queue")).ids) == [paper_id]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("robots that grasp cups", ("robots", "grasp", "cups")),
        ("robots grasp", None),
        ("the robots of the cups", None),
        ("robots or grasp or cups", None),
        ('robots grasp cups "soft hands" year:2024', ("robots", "grasp", "cups")),
        ("title:robots grasp cups", None),
        ("x-ray imaging robots", ("x", "ray", "imaging", "robots")),
    ],
)
def test_the_words_that_count(text: str, words: tuple[str, ...] | None) -> None:
    found = sentence(parse(text, TODAY).tree)
    assert (found.words if found else None) == words


def test_a_filter_of_ordinary_words_alone_keeps_them() -> None:
    tree = parse("about the", TODAY).tree
    assert tree is not None
    assert without_ordinary_words(tree) is None
