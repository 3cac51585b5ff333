"""Text of any alphabet, and characters that have a meaning in patterns, are searched for literally."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.model.paper import Paper
from store.papers.views import View
from store.search import query as q
from store.search.parser import parse
from tests.store.search.reference import expected
from tests.store.search.sample_library import TODAY, SampleLibrary
from tests.thorough import examples

TITLES = [
    "注意力机制的研究",
    "深度学习 for 模型",
    "الانتباه هو كل ما تحتاجه",
    "תשומת לב היא כל מה שצריך",
    "ध्यान ही सब कुछ है",
    "ความสนใจคือสิ่งที่คุณต้องการ",
    "주의 집중 메커니즘",
    "Ёлка и внимание",
    "Ξεσκεπάζω τὴν ψυχοφθόρα",
    "Tiếng Việt nghiên cứu",
    "İstanbul ve ışık",
    "Straße ﬁnden ﬀ ﬃ",
    "e\u0301tude de\u0301ja\u0300 vu",
    "z\u0351\u0343\u0310\u030ea\u0334l\u0321go text",
    "½ of x² in ℝ³ at 10⁻⁹ m",
    "COVID-19 and SARS-CoV-2 3D-CNN",
    "GPT-4o vs. o1-mini (2024)",
    "C++ & C#: a+b=c; 100% $x^2$",
    "don't stop: it's l'été",
    "robots 🤖 love ❤️ tea",
    "a.*b [a-z]+ (?:x) ^y$ \\d{3} |z|",
    "title:graph -not is:new OR and",
    "x" * 198,
    "word " + "y" * 300,
]
_PATTERN_CHARACTERS = r"\.*+?()[]{}|^$-_/<>~#&@!%'`,;="


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleLibrary]:
    library = SampleLibrary(tmp_path_factory.mktemp("texts") / "library.db")
    for number, title in enumerate(TITLES):
        library.put(Paper(title=title, arxiv_id=f"2510.{number:05}"))
    yield library
    library.library.close()


def without_quotes(title: str) -> str:
    return re.sub('["“”„‟]', " ", title)


@pytest.mark.parametrize("at", range(len(TITLES)))
def test_a_title_is_found_by_its_phrase_and_its_beginning_and_can_be_excluded(sample: SampleLibrary, at: int) -> None:
    paper_id, title = at + 1, without_quotes(TITLES[at])
    # The index does not store words of this length, so they are not found.
    title = re.sub(r"\w{200,}", "", title)
    phrase = f'"{title}"'
    assert paper_id in sample.exact_matches(phrase)
    assert paper_id in sample.exact_matches(f'title:"{title}')  # without the closing quote
    assert paper_id not in sample.exact_matches(f"-{phrase}")
    assert set(sample.exact_matches(f"-{phrase}")) | set(sample.exact_matches(phrase)) == set(sample.papers)
    assert paper_id in sample.exact_matches(f"{phrase} -{'q' * 250}")
    words = re.findall(r"[^\W_]+", title)
    if words and words[0] != "title":
        assert paper_id in sample.exact_matches(words[0][:2])


def test_a_single_letter_at_the_end_of_a_phrase_is_a_whole_word(tmp_path: Path) -> None:
    sample = SampleLibrary(tmp_path / "library.db")
    for number, title in enumerate(["Vitamin C in winter", "Vitamin D in winter", "Vitamin Candy"]):
        sample.put(Paper(title=title, arxiv_id=f"2510.{number:05}"))
    assert set(sample.exact_matches('-"vitamin c"')) == {2, 3}
    assert set(sample.exact_matches('-"vitamin ca"')) == {1, 2}
    assert sample.exact_matches('"vitamin c"') == [1]
    assert sample.exact_matches("vitamin-c winter") == [1]
    # The user is still typing the word, so the letter matches as a prefix.
    assert set(sample.exact_matches('"vitamin c')) == {1, 2, 3}
    assert sample.exact_matches('"vitamin ca') == [3]
    sample.library.close()


@pytest.mark.parametrize("character", _PATTERN_CHARACTERS)
def test_characters_of_patterns_only_separate_words(sample: SampleLibrary, character: str) -> None:
    plain = sample.exact_matches('"love tea"'), sample.exact_matches('"sars cov"')
    assert sample.exact_matches(f'"lo{character}ve te"') == []
    assert (
        sample.exact_matches(f'"{character}love{character} {character}tea{character}"'),
        sample.exact_matches(f'"sars{character} cov{character}"'),
    ) == plain


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200 + "love" + ")" * 200,
        "(" * 49 + "love",
        "love" + ")" * 60,
        "((((love) or (love))) (love))",
        " ".join(["love"] * 200),
        " or ".join(["love"] * 200),
        "love " * 63 + "nothing",
        "--love",
        "love -",
        "love - -- ---",
        "love or",
        "or love",
        "love | | |",
    ],
)
def test_repetition_and_unfinished_operators_change_nothing(sample: SampleLibrary, text: str) -> None:
    assert sample.exact_matches(text) == ([] if text.endswith("nothing") else sample.exact_matches("love"))


def test_a_word_and_its_negation_exclude_each_other(sample: SampleLibrary) -> None:
    assert sample.exact_matches("love -love") == []
    assert sample.exact_matches("-love -(-love)") == []
    assert set(sample.exact_matches("love or -love")) == set(sample.papers)
    assert set(sample.exact_matches("-(love -love)")) == set(sample.papers)
    assert sample.exact_matches(" ".join(f"-{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")) != []


_WORDS = st.sampled_from(["love", "robots", "covid", "19", "gpt", "4o", "tea", "vu", "text", "cnn", "3d", "mini"])
_TREES = st.recursive(
    st.one_of(st.builds(q.Word, _WORDS), st.builds(q.Phrase, st.lists(_WORDS, min_size=1, max_size=3).map(tuple))),
    lambda nodes: st.one_of(
        nodes.map(q.Not),
        st.lists(nodes, min_size=2, max_size=12).map(lambda each: q.And(tuple(each))),
        st.lists(nodes, min_size=2, max_size=12).map(lambda each: q.Or(tuple(each))),
    ),
    max_leaves=64,
)


@examples(40, 300)
@given(_TREES)
def test_deeply_nested_terms_find_what_the_simple_search_finds(sample: SampleLibrary, tree: q.Node) -> None:
    answer = sample.answer(tree)
    assert set(answer.ids[: answer.exact]) == expected(sample, tree, View("all"))


@examples(40, 400)
@given(
    st.lists(
        st.sampled_from([*TITLES, *_PATTERN_CHARACTERS, '"', "(", ")", "-", " ", "or", "title:", "😀", "\u0301"]),
        max_size=9,
    )
)
def test_pieces_of_titles_and_punctuation_find_every_paper_or_exclude_it(
    sample: SampleLibrary, pieces: list[str]
) -> None:
    text = "".join(pieces)
    answer = sample.answer(text)
    assert len(set(answer.ids)) == len(answer.ids)
    assert set(answer.ids) <= set(sample.papers)
    if (tree := parse(text, TODAY).tree) is not None:
        matching, others = (sample.answer(each) for each in (tree, q.Not(tree)))
        assert set(matching.ids[: matching.exact]) | set(others.ids[: others.exact]) == set(sample.papers)
