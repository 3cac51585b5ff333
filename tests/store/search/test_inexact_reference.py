"""Inexact searches (for spellings of names, acronyms and half-remembered sentences) find the right papers.

The expected papers are computed by slow but obvious code that examines every paper.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.model.paper import Paper
from store.search.answer import Answer, Kind
from tests.store.search.sample_library import SampleLibrary
from tests.thorough import examples

# Names of two parts: the name of a Greek letter, the letter itself, and the second part. JOINTS are the texts that can
# join the parts.
NAMES = (("beta", "β", "vae"), ("sigma", "σ", "algebra"), ("alpha", "α", "fold"))
JOINTS = ("", "-", " ")
# Acronyms and their long forms. "mcts" has two different long forms.
MEANINGS = (
    ("rlhf", "reinforcement learning from human feedback"),
    ("mcts", "monte carlo tree search"),
    ("mcts", "mean cost of two states"),
    ("ppo", "proximal policy optimization"),
)
FILLERS = ("tern", "gull", "skua", "puffin", "heron")
# No word of this list is an inflected form of another, so a search for one never finds the others.
SENTENCE_WORDS = ("robot", "grasp", "fragile", "cup", "video", "orchard", "lantern", "velvet", "harbour", "walnut")


def number(answer: Answer, kind: Kind) -> int:
    """The number of papers in a search result that are inexact matches of the kind `kind`."""
    return sum(part.count for part in answer.inexact if part.kind == kind)


# Different spellings of one name
WRITTEN = [(name, f"{first}{joint}{name[2]}") for name in NAMES for first in name[:2] for joint in JOINTS]


@pytest.fixture(scope="module")
def writings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleLibrary]:
    sample = SampleLibrary(tmp_path_factory.mktemp("writings") / "library.db")
    for at, (_, text) in enumerate(WRITTEN):
        sample.put(Paper(title=f"On {text} again", doi=f"10.1000/{at}"))
    yield sample
    sample.library.close()


@pytest.mark.parametrize(("name", "typed"), [each for each in WRITTEN if " " not in each[1]], ids=str)
def test_every_spelling_of_a_name_finds_all_its_spellings(
    writings: SampleLibrary, name: tuple[str, str, str], typed: str
) -> None:
    """The expected papers are those whose title contains the same name in any of its spellings."""
    answer = writings.answer(typed)
    shown = {writings.title(paper_id) for paper_id in answer.ids[: answer.exact + number(answer, "forms")]}
    assert shown == {f"On {text} again" for other, text in WRITTEN if other == name}


# Acronyms


@pytest.fixture(scope="module")
def defined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleLibrary]:
    """Papers that define an acronym, papers with the acronym alone, and papers with its long form alone."""
    sample = SampleLibrary(tmp_path_factory.mktemp("acronyms") / "library.db")
    random = Random(2)
    for at, (acronym, words) in enumerate(MEANINGS):
        sample.put(Paper(title=f"A study of {words} ({acronym.upper()})", doi=f"10.1000/d{at}"))
    for at in range(40):
        acronym, words = random.choice(MEANINGS)
        has = random.choice([acronym.upper(), words, ""])
        sample.put(Paper(title=f"The {has} {random.choice(FILLERS)} {at}", doi=f"10.1000/p{at}"))
    yield sample
    sample.library.close()


def has_words(title: str, words: str) -> bool:
    return re.search(rf"\b{words}\b", title.lower()) is not None


@examples(10, 200)
@given(st.sampled_from(MEANINGS), st.booleans(), st.sampled_from(("", *FILLERS)))
def test_an_acronym_and_its_words_find_each_other(
    defined: SampleLibrary, meaning: tuple[str, str], with_acronym: bool, filler: str
) -> None:
    """The expected papers contain the other word of the filter, and either the acronym or one of its long forms."""
    acronym, words = meaning
    typed = acronym if with_acronym else words
    others = [other for short, other in MEANINGS if short == acronym] if with_acronym else [acronym]
    answer = defined.answer(f"{typed} {filler}".strip())
    exact, inexact = set(), set()
    for paper_id in defined.papers:
        title = defined.title(paper_id)
        if not filler or has_words(title, filler):
            if all(has_words(title, word) for word in typed.split()):
                exact.add(paper_id)
            elif any(has_words(title, other) for other in others):
                inexact.add(paper_id)
    assert set(answer.ids[: answer.exact]) == exact
    assert set(answer.ids[answer.exact : answer.exact + number(answer, "acronyms")]) == inexact


# Half-remembered sentences


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleLibrary]:
    sample = SampleLibrary(tmp_path_factory.mktemp("sentences") / "library.db")
    random = Random(3)
    for at in range(30):
        words = random.sample(SENTENCE_WORDS, random.randint(1, 6))
        sample.put(Paper(title=f"Paper{at}", abstract=" ".join(words), doi=f"10.1000/{at}"))
    yield sample
    sample.library.close()


@examples(12, 300)
@given(st.lists(st.sampled_from(SENTENCE_WORDS), min_size=3, max_size=8, unique=True))
def test_a_sentence_finds_the_papers_with_at_least_half_of_its_words(
    sentences: SampleLibrary, typed: list[str]
) -> None:
    """The expected papers are those with the most words of the sentence.

    A word counts more if fewer abstracts contain it.
    """
    counts = {
        paper_id: len(set(typed) & set((stored.paper.abstract or "").split()))
        for paper_id, stored in sentences.papers.items()
    }
    answer = sentences.answer(" ".join(typed))
    if max(counts.values()) == len(typed):
        assert set(answer.ids[: answer.exact]) == {each for each, count in counts.items() if count == len(typed)}
        return
    fewest = max(2, math.ceil(len(typed) / 2))
    expected = {paper_id for paper_id, count in counts.items() if count >= fewest}
    assert answer.exact == 0
    assert set(answer.ids) == expected
    assert number(answer, "most") == len(expected)
    frequency = {
        word: sum(word in (stored.paper.abstract or "").split() for stored in sentences.papers.values())
        for word in typed
    }
    weights = {word: math.log(1 + len(sentences.papers) / max(1, count)) for word, count in frequency.items()}
    highest = sum(sorted(weights.values()))
    for first, second in itertools.pairwise(answer.ids):
        # A score is the sum of the weights of the words, and a bonus for words close together. The bonus is smaller
        # than the sum.
        assert _sum(sentences, second, weights) <= 2 * _sum(sentences, first, weights) <= 2 * highest


def _sum(sample: SampleLibrary, paper_id: int, weights: dict[str, float]) -> float:
    words = set((sample.papers[paper_id].paper.abstract or "").split())
    return sum(weight for word, weight in weights.items() if word in words)
