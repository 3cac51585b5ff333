"""If a text defines an acronym, a search for the acronym also finds papers with only the long form, and vice versa."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.model.paper import Author, Paper
from store.search.acronyms import definitions, index_terms
from tests.store.search.sample_library import SampleLibrary


@pytest.mark.parametrize(
    ("text", "acronym", "words"),
    [
        (
            "We use reinforcement learning from human feedback (RLHF).",
            "rlhf",
            "reinforcement learning from human feedback",
        ),
        ("Two large language models (LLMs) talk", "llm", "large language models"),
        ("Low-Rank Adaptation (LoRA)", "lora", "low rank adaptation"),
        ("chain-of-thought (CoT) prompts", "cot", "chain of thought"),
        ("GANs (generative adversarial networks) are", "gan", "generative adversarial networks"),
        ("proximal policy optimization (PPO; Schulman et al., 2017)", "ppo", "proximal policy optimization"),
        ("the Large Hadron Collider (LHC) at CERN", "lhc", "large hadron collider"),
        ("3D Gaussian splatting (3DGS)", "3dgs", "3d gaussian splatting"),
        ("magnetic resonance imaging (MRI)", "mri", "magnetic resonance imaging"),
        ("tuberculosis in Côte-Nord patients with heart failure (HF)", "hf", "heart failure"),
    ],
)
def test_a_definition_is_read(text: str, acronym: str, words: str) -> None:
    assert list(definitions(text)) == [(acronym, words.split())]


@pytest.mark.parametrize(
    "text",
    [
        "a thing (see Fig. 1) and (e.g., this)",
        "in the city of Boston (USA)",
        "an (A) and (B) of (2024)",
        "unclosed (LLM",
        "(LLM) at the start",
        "a very long acronym of no use (ABCDEFGHIJKLM)",
        "nothing of that sort (XYZ)",
    ],
)
def test_text_that_only_looks_like_a_definition_is_not_one(text: str) -> None:
    assert list(definitions(text)) == []


@pytest.mark.timing
def test_hostile_text_is_read_in_linear_time() -> None:
    durations = []
    for text in ("(" * 20_000, "a " * 10_000 + "(AB)" * 5_000, "(AB " * 5_000, "A" * 20_000 + "(AB)"):
        started = time.process_time()
        index_terms(text)
        durations.append(time.process_time() - started)
    # With code that takes quadratic time, this text would need minutes.
    assert max(durations) < 5


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleLibrary]:
    library = SampleLibrary(tmp_path_factory.mktemp("acronyms") / "library.db")
    texts = (
        ("Definition", "We train with reinforcement learning from human feedback (RLHF)."),
        ("Spelt out", "A policy from reinforcement learning from human feedback and robots."),
        ("Short", "RLHF for robots."),
        ("Elsewhere", "Human feedback about learning with reinforcement."),
        ("Chains", "Markov chain Monte Carlo (MCMC) draws."),
        ("Chain", "A sampler by Markov chain Monte Carlo."),
        ("Models", "Large language models (LLMs) and a mixture of experts (MoE)."),
        ("Model", "A large language model."),
        ("Experts", "A mixture of experts in a margin of error (MoE) study."),
        ("Error", "Within a margin of error."),
    )
    for number, (title, abstract) in enumerate(texts):
        library.put(Paper(title=title, abstract=abstract, doi=f"10.1000/{number}"))
    library.answer("")
    yield library
    library.library.close()


def titles(sample: SampleLibrary, text: str) -> tuple[list[str], list[str]]:
    """The titles of the exact matches, and the titles of the papers found by an acronym or its long form."""
    answer = sample.answer(text)
    by_acronym = sum(part.count for part in answer.inexact if part.kind == "acronyms")
    others = sum(part.count for part in answer.inexact if part.kind == "forms")
    start = answer.exact + others
    names = [sample.title(paper_id) for paper_id in answer.ids]
    return sorted(names[: answer.exact]), sorted(names[start : start + by_acronym])


@pytest.mark.parametrize(
    ("text", "exact", "by_acronym"),
    [
        ("RLHF", ["Definition", "Short"], ["Spelt out"]),
        ("rlhf robots", ["Short"], ["Spelt out"]),
        ("reinforcement learning from human feedback robots", ["Spelt out"], ["Short"]),
        ("abstract:rlhf", ["Definition", "Short"], ["Spelt out"]),
        ("MCMC", ["Chains"], ["Chain"]),
        ("llm", ["Models"], ["Model"]),
        ("LLMs", ["Models"], ["Model"]),
        ("large language model", ["Model", "Models"], []),
        ("moe", ["Experts", "Models"], ["Error"]),
        ('"rlhf"', ["Definition", "Short"], []),
        ("rlhf -policy", ["Definition", "Short"], []),
    ],
)
def test_an_acronym_finds_its_long_forms_below_exact_matches_and_the_reverse(
    sample: SampleLibrary, text: str, exact: list[str], by_acronym: list[str]
) -> None:
    assert titles(sample, text) == (exact, by_acronym)


def test_an_acronym_with_several_long_forms_names_each_that_adds_papers(sample: SampleLibrary) -> None:
    sample.put(Paper(title="More", abstract="A mixture of experts.", doi="10.1000/x"))
    parts = {part.words: part.count for part in sample.answer("moe").inexact if part.kind == "acronyms"}
    assert parts == {("mixture of experts",): 1, ("margin of error",): 1}


def test_the_long_form_is_highlighted(sample: SampleLibrary) -> None:
    text = "A large language model."
    spans = sample.answer("llm").highlights.spans(text)
    assert [text[start:end] for start, end in spans] == ["large", "language", "model"]


def test_words_find_their_acronym_only_as_a_whole_word(tmp_path: Path) -> None:
    sample = SampleLibrary(tmp_path / "whole.db")
    defining = sample.put(Paper(title="A mixture of experts (MoE)", doi="10.1000/1"))
    plural = sample.put(Paper(title="How MoEs are trained", doi="10.1000/2"))
    sample.put(Paper(title="Spectra", authors=(Author("S. Moehler"),), doi="10.1000/3"))
    assert list(sample.answer("mixture of experts").ids) == [defining, plural]


def test_a_whole_acronym_in_an_abstract_comes_before_names_that_begin_with_it(tmp_path: Path) -> None:
    sample = SampleLibrary(tmp_path / "names.db")
    name = sample.put(Paper(title="Chemistry", authors=(Author("Ann Cotton"),), doi="10.1000/1"))
    abstract = sample.put(Paper(title="Thoughts", abstract="With CoT it is right.", doi="10.1000/2"))
    beginning = sample.put(Paper(title="Fields", abstract="Cotton grows.", doi="10.1000/3"))
    title = sample.put(Paper(title="Cotton fields", doi="10.1000/4"))
    assert list(sample.answer("cot").ids) == [title, abstract, name, beginning]
