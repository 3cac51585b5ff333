"""A list shows the papers that match a filter in the right order."""

from __future__ import annotations

import re
from datetime import date

import pytest

from store.marks import marking
from store.model.paper import Author, Paper
from store.papers.views import Sort, View
from store.search import query_builder, tiers
from tests.store.search.sample_library import TODAY, SampleLibrary


def test_words_in_the_title_come_before_names_and_names_before_the_abstract(sample: SampleLibrary) -> None:
    abstract = sample.put(Paper(title="A", abstract="attention", published=date(2026, 7, 3)))
    venue = sample.put(Paper(title="B", venue="Attention", published=date(2026, 7, 1)))
    title = sample.put(Paper(title="On attention", published=date(2020, 1, 1)))
    author = sample.put(Paper(title="C", authors=(Author("T. Ention Attention"),), published=date(2026, 7, 2)))
    assert sample.exact_matches("attention") == [title, author, venue, abstract]


def test_titles_with_whole_words_in_order_come_first_and_then_the_newest(sample: SampleLibrary) -> None:
    prefix = sample.put(Paper(title="Graphs and neurally", published=date(2026, 7, 9), doi="10.1000/1"))
    swapped = sample.put(Paper(title="Neural is the graph", published=date(2026, 7, 8), doi="10.1000/2"))
    old = sample.put(Paper(title="A graph neural net", published=date(2020, 1, 1), doi="10.1000/3"))
    new = sample.put(Paper(title="The graph neural net", published=date(2021, 1, 1), doi="10.1000/4"))
    assert sample.exact_matches("graph neural") == [new, old, swapped, prefix]


def test_mistyped_words_come_after_words_as_they_were_typed(sample: SampleLibrary) -> None:
    corrected = sample.put(Paper(title="Attention heads", published=date(2026, 7, 9)))
    exact = sample.put(Paper(title="Attenion is a misprint", published=date(2020, 1, 1)))
    answer = sample.answer("attenion")
    assert list(answer.ids) == [exact, corrected]
    assert answer.exact == 1
    assert list(sample.answer("attenion", sort="date").ids) == [exact, corrected]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("best", [3, 1, 2, 4]),
        ("date", [3, 1, 2, 4]),
        ("listed", [4, 1, 3, 2]),
        ("upvotes", [2, 1, 3, 4]),
        ("comments", [1, 3, 2, 4]),
        ("score", [3, 1, 2, 4]),
        ("title", [2, 4, 3, 1]),
        ("added", [4, 3, 2, 1]),
    ],
)
def test_each_sort_order_puts_papers_with_an_unknown_value_last(
    sort: Sort, order: list[int], sample: SampleLibrary
) -> None:
    day = date(2026, 7, 1)
    sample.put(Paper(title="zebra", published=day, upvotes=1, comment_count=2, scores=(6.0,)), "hf", day)
    sample.put(Paper(title="Ant", published=date(2020, 1, 1), upvotes=5))
    sample.put(Paper(title="cat", published=date(2026, 7, 2), scores=(5.0, 8.0)))
    sample.put(Paper(title="Bear"), "hf", TODAY)
    assert list(sample.answer(None, sort=sort).ids) == order


@pytest.mark.parametrize("max_ranked", [0, 400])
def test_titles_with_the_phrase_come_before_those_with_whole_words_and_then_prefixes(
    sample: SampleLibrary, monkeypatch: pytest.MonkeyPatch, max_ranked: int
) -> None:
    monkeypatch.setattr(tiers, "MAX_RANKED", max_ranked)
    phrases = ["Deep water", "Deep waters rise"]
    whole = ["Water so deep"]
    prefixes = ["The deep and its waters", "Deep sea waterways"]
    for title in [*prefixes, *whole, *phrases, "Deeper waters", "Water"]:
        sample.put(Paper(title=title))
    titles = [sample.title(paper_id) for paper_id in sample.exact_matches("deep water")]
    assert (set(titles[:2]), titles[2:3], set(titles[3:5])) == (set(phrases), whole, set(prefixes))
    assert titles[5:] == ["Deeper waters"]


def test_a_paper_with_the_word_as_its_name_comes_first_then_titles_that_begin_with_it(sample: SampleLibrary) -> None:
    name = sample.put(Paper(title="LoRA: Low-Rank Adaptation", published=date(2021, 6, 17), doi="10.1000/1"))
    start = sample.put(Paper(title="LoRA learns less", published=date(2024, 5, 15), doi="10.1000/2"))
    newest = sample.put(Paper(title="What LoRA forgets", published=date(2026, 5, 15), doi="10.1000/3"))
    prefix = sample.put(Paper(title="Lorax", published=date(2026, 5, 16), doi="10.1000/4"))
    for text in ("lora", "LORA", "title:lora", "lora is:new", '"lora"'):
        assert sample.exact_matches(text) == [name, start, newest, prefix], text
    assert sample.exact_matches("lor") == [prefix, newest, start, name]
    # Views with a fixed order, such as the queue, are not sorted by how well papers match.
    marking.queue(sample.library, [newest, start, name])
    assert list(sample.answer("lora", View("queue")).ids) == [newest, start, name]


def test_a_frequent_word_is_not_taken_for_a_name(sample: SampleLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_builder, "_MAX_NAMED_BY_WORD", 1)
    sample.put(Paper(title="Deep", published=date(2020, 1, 1), doi="10.1000/1"))
    newest = sample.put(Paper(title="So deep", published=date(2021, 1, 1), doi="10.1000/2"))
    assert sample.exact_matches("deep")[0] == newest


@pytest.mark.parametrize("title", ["注意力: a study", "Über alles", "10,000 attempts", "A-ha", "Transformers rule all"])
def test_a_title_of_any_alphabet_comes_first_for_its_first_word(sample: SampleLibrary, title: str) -> None:
    word = re.findall(r"[^\W_]+", title)[0]
    paper_id = sample.put(Paper(title=title, published=date(2020, 1, 1), doi="10.1000/1"))
    sample.put(Paper(title=f"What is {word}?", published=date(2026, 1, 1), doi="10.1000/2"))
    assert sample.exact_matches(word)[0] == paper_id
