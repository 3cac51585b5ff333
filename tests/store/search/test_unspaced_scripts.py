"""Text in scripts without spaces (Chinese, Thai, …) is found by any two or more adjacent letters of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.model.paper import Author, Paper
from store.search.tokenizer import index_words, tokens, typed_words
from store.text.clean import clean
from tests.store.search.sample_library import SampleLibrary
from tests.thorough import examples

_RUNS = (
    "俳句と深層学習の研究",
    "大规模语言模型的推理能力",
    "ニューラルネットワークによる画像認識",
    "การเรียนรู้เชิงลึกสำหรับภาพ",
    "ການຮຽນຮູ້",
    "注意力机制",
)
_MIXED = ("BERTを用いた文書分類", "GPT4による対話", "王小明, 李雷 and 山田太郎")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleLibrary]:
    """Three papers for each text: it is the title of one, in the abstract of one, and the name of an author of one."""
    library = SampleLibrary(tmp_path_factory.mktemp("unspaced") / "library.db")
    for number, run in enumerate((*_RUNS, *_MIXED)):
        library.put(Paper(title=run, doi=f"10.1000/t{number}"))
        library.put(Paper(title=f"Title {number}", abstract=f"We study {run}.", doi=f"10.1000/a{number}"))
        library.put(Paper(title=f"Paper {number}", authors=(Author(run),), doi=f"10.1000/n{number}"))
    library.answer("")
    yield library
    library.library.close()


def _texts(sample: SampleLibrary, paper_id: int) -> list[str]:
    paper = sample.papers[paper_id].paper
    return [paper.title, paper.abstract or "", *(author.name for author in paper.authors)]


@examples(60, 600)
@given(st.sampled_from(_RUNS), st.data())
def test_a_part_of_text_without_spaces_finds_exactly_the_papers_that_contain_it(
    sample: SampleLibrary, run: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(run) - 2))
    part = run[start : data.draw(st.integers(start + 2, len(run)))]
    if not typed_words(part) or len("".join(typed_words(part))) < 2:
        return
    answer = sample.answer(part)
    exact = list(answer.ids[: answer.exact])
    words = f" {' '.join(typed_words(part))} "
    expected = {
        paper_id
        for paper_id in sample.papers
        if any(words in f" {' '.join(index_words(text))} " for text in _texts(sample, paper_id))
    }
    assert set(exact) == expected
    if part[0].isalpha() and part[-1].isalpha():
        containing = {paper_id for paper_id in sample.papers if any(part in text for text in _texts(sample, paper_id))}
        assert containing <= set(exact)


@pytest.mark.parametrize(
    "script", ["深層", "層学", "学習", "語", "语言模型", "小明", "太郎", "画像認識", "文書", "による対話", "用い"]
)
def test_the_matched_part_is_lit(sample: SampleLibrary, script: str) -> None:
    for paper_id in sample.exact_matches(script):
        for text in _texts(sample, paper_id):
            spans = sample.answer(script).highlights.spans(text)
            assert (script in text) == bool(spans), text
            if spans:
                start, end = spans[0]
                assert text[start:end] == script


@pytest.mark.parametrize(
    "text", ["bert 文書", "文書 bert", "bertを用いた", "gpt4 対話", '"小明"', "author:小明", "title:学習"]
)
def test_text_without_spaces_and_words_can_be_combined(sample: SampleLibrary, text: str) -> None:
    assert sample.exact_matches(text)


def test_a_single_chinese_character_finds_all_texts_that_contain_it(sample: SampleLibrary) -> None:
    found = {paper_id for paper_id in sample.papers if any("学" in text for text in _texts(sample, paper_id))}
    assert set(sample.exact_matches("学")) == found


@given(st.text(st.sampled_from("aB1 深層学習のカタガ王ภาเิ็รูé,-β"), max_size=20))
def test_the_tokens_of_a_text_on_the_screen_are_the_words_of_the_index(text: str) -> None:
    cleaned = clean(text)
    assert [token for token, _, _ in tokens(cleaned)] == index_words(cleaned)
