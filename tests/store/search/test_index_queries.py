"""Text of any alphabet, and text that means something to a machine, is looked for as text."""

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
_METAS = r"\.*+?()[]{}|^$-_/<>~#&@!%'`,;="


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleLibrary]:
    made = SampleLibrary(tmp_path_factory.mktemp("texts") / "library.db")
    for number, title in enumerate(TITLES):
        made.put(Paper(title=title, arxiv_id=f"2510.{number:05}"))
    yield made
    made.library.close()


def quotable(title: str) -> str:
    return re.sub('["“”„‟]', " ", title)


@pytest.mark.parametrize("at", range(len(TITLES)))
def test_a_title_is_found_by_itself_in_quotes_by_its_beginning_and_is_left_out_when_not_wanted(
    sample: SampleLibrary, at: int
) -> None:
    number, title = at + 1, quotable(TITLES[at])
    # What is longer than any word is not in the index.
    title = re.sub(r"\w{200,}", "", title)
    whole = f'"{title}"'
    assert number in sample.exact_matches(whole)
    assert number in sample.exact_matches(f'title:"{title}')  # the quote not closed
    assert number not in sample.exact_matches(f"-{whole}")
    assert set(sample.exact_matches(f"-{whole}")) | set(sample.exact_matches(whole)) == set(sample.papers)
    assert number in sample.exact_matches(f"{whole} -{'q' * 250}")
    words = re.findall(r"[^\W_]+", title)
    if words and words[0] != "title":
        assert number in sample.exact_matches(words[0][:2])


def test_a_phrase_that_ends_in_one_letter_finds_and_leaves_out_what_it_says(tmp_path: Path) -> None:
    sample = SampleLibrary(tmp_path / "library.db")
    for number, title in enumerate(["Vitamin C in winter", "Vitamin D in winter", "Vitamin Candy"]):
        sample.put(Paper(title=title, arxiv_id=f"2510.{number:05}"))
    assert set(sample.exact_matches('-"vitamin c"')) == {2, 3}
    assert set(sample.exact_matches('-"vitamin ca"')) == {1, 2}
    assert sample.exact_matches('"vitamin c"') == [1]
    assert sample.exact_matches("vitamin-c winter") == [1]
    # Still being typed.
    assert set(sample.exact_matches('"vitamin c')) == {1, 2, 3}
    assert sample.exact_matches('"vitamin ca') == [3]
    sample.library.close()


@pytest.mark.parametrize("meta", _METAS)
def test_signs_that_mean_something_in_a_pattern_are_signs(sample: SampleLibrary, meta: str) -> None:
    plain = sample.exact_matches('"love tea"'), sample.exact_matches('"sars cov"')
    assert sample.exact_matches(f'"lo{meta}ve te"') == []
    assert (
        sample.exact_matches(f'"{meta}love{meta} {meta}tea{meta}"'),
        sample.exact_matches(f'"sars{meta} cov{meta}"'),
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
def test_much_of_the_same_is_the_same(sample: SampleLibrary, text: str) -> None:
    found = sample.exact_matches(text)
    assert found == ([] if text.endswith("nothing") else sample.exact_matches("love"))


def test_nothing_is_left_of_what_is_wanted_and_not_wanted(sample: SampleLibrary) -> None:
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
def test_many_terms_deep_in_one_another_are_evaluated_as_they_read(sample: SampleLibrary, tree: q.Node) -> None:
    answer = sample.answer(tree)
    assert set(answer.ids[: answer.exact]) == expected(sample, tree, View("all"))


@examples(40, 400)
@given(
    st.lists(st.sampled_from([*TITLES, *_METAS, '"', "(", ")", "-", " ", "or", "title:", "😀", "\u0301"]), max_size=9)
)
def test_scraps_of_titles_and_signs_are_answered(sample: SampleLibrary, scraps: list[str]) -> None:
    text = "".join(scraps)
    answer = sample.answer(text)
    assert len(set(answer.ids)) == len(answer.ids)
    assert set(answer.ids) <= set(sample.papers)
    if (tree := parse(text, TODAY).tree) is not None:
        found, without = (sample.answer(each) for each in (tree, q.Not(tree)))
        assert set(found.ids[: found.exact]) | set(without.ids[: without.exact]) == set(sample.papers)
