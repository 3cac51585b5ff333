"""If few papers match exactly, a search also finds inexact matches (joined words, wrong letters), with highlights."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from store.model.paper import Author, Paper
from store.search import query_builder
from tests.store.search.sample_library import SampleLibrary

TITLES = (
    "Pre-training of deep bidirectional transformers",
    "Low-Rank Adaptation of large models",
    "FlashAttention: fast exact weights",
    "YOLOv3: an incremental improvement",
    "DeepSeek-R1: incentivizing reasoning",
    "Llama 2: open foundation models",
    "U-Net: networks for segmentation",
    "Positions of popular proteins",
    "Direct optimization by DPO",
    "Learning with a GAN",
    "Report of GPT in 2023",
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleLibrary]:
    library = SampleLibrary(tmp_path_factory.mktemp("near") / "library.db")
    for number, title in enumerate(TITLES):
        library.put(Paper(title=title, arxiv_id=f"2510.{number:05}"))
    library.put(
        Paper(title="Attention is all you need", authors=(Author("Ashish Vaswani"),), published=date(2017, 6, 12))
    )
    library.put(Paper(title="Tensor2Tensor", authors=(Author("Ashish Vaswani"),), published=date(2018, 3, 16)))
    yield library
    library.library.close()


def inexact(sample: SampleLibrary, text: str) -> list[str]:
    """The titles that match a filter only inexactly: by a spelling correction, another word form and so on."""
    answer = sample.answer(text)
    return [sample.title(paper_id) for paper_id in answer.ids[answer.exact :]]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("pretraining", "Pre-training of deep bidirectional transformers"),
        ("pretrai", "Pre-training of deep bidirectional transformers"),
        ("bidirectional pretraining", "Pre-training of deep bidirectional transformers"),
        ("title:pretraining", "Pre-training of deep bidirectional transformers"),
        ("lowrank adaptaton", "Low-Rank Adaptation of large models"),
        ("flash attention exact", "FlashAttention: fast exact weights"),
        ("flash-attention", "FlashAttention: fast exact weights"),
        ('"flash attention"', "FlashAttention: fast exact weights"),
        ("yolo v3 incremental", "YOLOv3: an incremental improvement"),
        ("deep seek r1", "DeepSeek-R1: incentivizing reasoning"),
        ("deepseekr1", "DeepSeek-R1: incentivizing reasoning"),
        ("llama2 open", "Llama 2: open foundation models"),
        ("unet", "U-Net: networks for segmentation"),
        ("vaswani 2017", "Attention is all you need"),
        ("Vaswani et al. 2018", "Tensor2Tensor"),
        ("vaswani et al attention", "Attention is all you need"),
        ("gna", "Learning with a GAN"),
    ],
)
def test_another_writing_of_the_words_is_the_first_inexact_match(sample: SampleLibrary, text: str, title: str) -> None:
    assert inexact(sample, text)[:1] == [title]


def test_a_negated_word_excludes_only_what_matches_it_as_it_was_typed(sample: SampleLibrary) -> None:
    assert inexact(sample, "pretraining -bidirectional") == []
    assert inexact(sample, "pretraining -flashattention") == [TITLES[0]]
    assert inexact(sample, "vaswani 2017 -attention") == []
    assert sample.answer("-pretraining").exact == len(sample.papers)


def test_neighbours_are_not_joined_in_a_filter_of_many_words(
    sample: SampleLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert inexact(sample, "yolo v3 an incremental") == ["YOLOv3: an incremental improvement"]
    monkeypatch.setattr(query_builder, "_MAX_WORDS_TO_JOIN", 3)
    assert inexact(sample, "yolo v3 an incremental") == []


def test_three_letters_with_one_wrong_must_be_a_whole_word(sample: SampleLibrary) -> None:
    assert inexact(sample, "ppo") == ["Direct optimization by DPO"]
    # Even in the exact search, a word of three letters matches as a prefix.
    assert inexact(sample, "dir optimizatoin") == ["Direct optimization by DPO"]


def test_a_different_number_is_not_taken_for_a_misspelling(sample: SampleLibrary) -> None:
    assert inexact(sample, "report 2024") == []
    assert inexact(sample, "reprot 2023") == ["Report of GPT in 2023"]


@pytest.mark.parametrize(
    ("query", "text", "highlighted"),
    [
        ("bidirectional pretraining", "Pre-training; a pre training, pretraining", ["Pre", "training"]),
        ("pretrai", "Pre-training", ["Pre", "training"]),
        ("yolo v3 incremental", "YOLOv3 or YOLO", ["YOLOv3", "YOLO"]),
        ("ppo", "Positions by DPO", ["DPO"]),
    ],
)
def test_words_written_in_another_way_are_highlighted(
    sample: SampleLibrary, query: str, text: str, highlighted: list[str]
) -> None:
    spans = sample.answer(query).highlights.spans(text)
    assert [text[start:end] for start, end in spans][: len(highlighted)] == highlighted
    assert len(spans) >= len(highlighted)
