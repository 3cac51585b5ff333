"""Words with wrong letters find the papers that contain the right words."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Iterator

import pytest

from store.model.paper import Author, Paper
from store.search.parser import parse
from store.search.search import Search
from tests.store.search.sample_library import ALL_PAPERS, TODAY, SampleLibrary


@pytest.fixture(scope="module")
def similar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleLibrary]:
    """Three hundred papers. Their titles consist of words that differ from each other in only a few letters."""
    sample = SampleLibrary(tmp_path_factory.mktemp("similar") / "library.db")
    chance = random.Random(11)
    syllables = ["tra", "for", "mer", "dif", "fu", "sion", "con", "tras", "tive", "re", "trie", "val", "gra", "ph"]
    for number in range(300):
        title = " ".join("".join(chance.sample(syllables, 4)) for _ in range(4))
        sample.put(Paper(title=title, arxiv_id=f"2510.{number:05}"))
    yield sample
    sample.library.close()


def mistyped(word: str, chance: random.Random) -> str:
    """`word` with one typing error after its first letter: a letter is left out, doubled, changed or swapped."""
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + chance.choice(string.ascii_lowercase) + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )


def test_three_words_with_a_wrong_letter_in_each_find_their_paper(similar: SampleLibrary) -> None:
    chance = random.Random(3)
    for paper_id, stored in chance.sample(sorted(similar.papers.items()), 60):
        words = [mistyped(word, chance) for word in stored.paper.title.split()[:3]]
        assert paper_id in list(similar.answer(" ".join(words)).ids)[:3], (stored.paper.title, words)


def test_two_wrong_letters_in_one_long_word_find_its_paper(sample: SampleLibrary) -> None:
    paper_id = sample.put(Paper(title="Hallucinations in transformers"))
    sample.put(Paper(title="Nothing like it"))
    for text in ("halucinatoins", "hallzcinqtions", "hallucintaoins in"):
        assert list(sample.answer(text).ids)[:1] == [paper_id], text


def test_a_mistyped_author_finds_their_papers(sample: SampleLibrary) -> None:
    paper_id = sample.put(Paper(title="Notes", authors=(Author("Ada Lovelace"),)))
    answer = sample.answer("author:lovelcae notes")
    assert (list(answer.ids), answer.exact) == ([paper_id], 0)


def test_a_paper_that_was_imported_since_the_last_search_is_found(sample: SampleLibrary) -> None:
    search = Search(sample.library)
    query = parse("attenion", TODAY)
    assert len(search.answer(ALL_PAPERS, query).ids) == 0
    paper_id = sample.put(Paper(title="Attention"))
    assert list(search.answer(ALL_PAPERS, query).ids) == [paper_id]


def test_a_title_finds_itself_as_it_is_written(sample: SampleLibrary) -> None:
    titles = [
        "½ of all ﬁne-tuned models",
        'C++ & C#: a "study" (part II) -- AND/OR NOT NEAR title:x',
        "Attention: Is It All You Need?",
        "Ὀδυσσεύς in Ελλάδα",
        "注意力机制 for 模型",
        "İstanbul'un ağları",
        "E = mc² in ℝ³",
    ]
    for number, title in enumerate(titles):
        paper_id = sample.put(Paper(title=title, doi=f"10.1000/{number}"))
        words = [word for word in re.findall(r"[^\W_]+", title) if word not in ("or", "OR")]
        assert paper_id in sample.exact_matches(" ".join(words)), title
