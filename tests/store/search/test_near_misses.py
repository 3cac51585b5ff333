"""What is found when little fits as it was typed: words in two or in one, years, wrong letters; and what is lit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from store.model.paper import Author, Paper
from store.search import index_query
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
    made = SampleLibrary(tmp_path_factory.mktemp("near") / "library.db")
    for number, title in enumerate(TITLES):
        made.put(Paper(title=title, arxiv_id=f"2510.{number:05}"))
    made.put(Paper(title="Attention is all you need", authors=(Author("Ashish Vaswani"),), published=date(2017, 6, 12)))
    made.put(Paper(title="Tensor2Tensor", authors=(Author("Ashish Vaswani"),), published=date(2018, 3, 16)))
    yield made
    made.library.close()


def titles(sample: SampleLibrary, text: str) -> list[str]:
    """What is found and does not fit as it was typed."""
    answer = sample.answer(text)
    return [sample.papers[number].paper.title for number in answer.ids[answer.exact :]]


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
def test_what_is_written_otherwise_is_found_first_of_what_does_not_fit(
    sample: SampleLibrary, text: str, title: str
) -> None:
    assert titles(sample, text)[:1] == [title]


def test_what_is_not_wanted_is_left_out_as_it_was_typed_and_no_more(sample: SampleLibrary) -> None:
    assert titles(sample, "pretraining -bidirectional") == []
    assert titles(sample, "pretraining -flashattention") == [TITLES[0]]
    assert titles(sample, "vaswani 2017 -attention") == []
    assert sample.answer("-pretraining").exact == len(sample.papers)


def test_of_many_words_no_two_are_taken_for_one(sample: SampleLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    assert titles(sample, "yolo v3 an incremental") == ["YOLOv3: an incremental improvement"]
    monkeypatch.setattr(index_query, "_MAX_WORDS_TO_JOIN", 3)
    assert titles(sample, "yolo v3 an incremental") == []


def test_of_three_letters_with_one_wrong_nothing_is_made_that_only_begins_so(sample: SampleLibrary) -> None:
    assert titles(sample, "ppo") == ["Direct optimization by DPO"]
    # As it was typed it may be a beginning still.
    assert titles(sample, "dir optimizatoin") == ["Direct optimization by DPO"]


def test_another_number_is_no_misspelling(sample: SampleLibrary) -> None:
    assert titles(sample, "report 2024") == []
    assert titles(sample, "reprot 2023") == ["Report of GPT in 2023"]


@pytest.mark.parametrize(
    ("query", "text", "lit"),
    [
        ("bidirectional pretraining", "Pre-training; a pre training, pretraining", ["Pre", "training"]),
        ("pretrai", "Pre-training", ["Pre", "training"]),
        ("yolo v3 incremental", "YOLOv3 or YOLO", ["YOLOv3", "YOLO"]),
        ("ppo", "Positions by DPO", ["DPO"]),
    ],
)
def test_words_written_otherwise_are_lit(sample: SampleLibrary, query: str, text: str, lit: list[str]) -> None:
    spans = sample.answer(query).highlights.spans(text)
    assert [text[start:end] for start, end in spans][: len(lit)] == lit
    assert len(spans) >= len(lit)
