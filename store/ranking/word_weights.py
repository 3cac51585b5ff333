"""The weights of the words of a text: tf-idf, with all inflections and spellings of a word counted as one word.

Words are split and folded (written in lower case, without accents) as in the search index. A stem stands for all forms
of a word: "agents" and "agent" have the stem "agent", "optimisation" and "optimization" have the stem "optimization".
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from store.search.inflections import stem
from store.search.ordinary_words import is_ordinary
from store.search.spellings import common_spelling
from store.search.tokenizer import index_words, tokens

# A function that takes words and returns, for each word, the number of papers that contain it. It may cache results.
Frequencies = Callable[[Iterable[str]], Mapping[str, int]]
# A word must have at least this many letters, and may have at most this many digits. Years and measurements do not
# describe what a paper is about.
_SHORTEST = 2
_MOST_DIGITS = 2
# A word that occurs in at most this many papers never counts as too frequent. Without this rule, all words in a small
# library would count as too frequent.
_FEW_PAPERS = 10
# The likeliest words with a stem are the stem with each of _ENDINGS. A stem that ends in "i" may belong to a word that
# ends in "y", as "studi" belongs to "study". For such a stem, the "i" is also replaced by each of _ENDINGS_OF_Y. More
# endings would find hardly any further words, but would need more look-ups in the index.
_ENDINGS = ("", "s", "es", "ed", "ing", "e")
_ENDINGS_OF_Y = ("y", "ying")


class StemWeight(NamedTuple):
    """A stem of a text: its tf-idf weight, and the forms of the word that occur in the text, folded."""

    weight: float
    forms: frozenset[str]


@lru_cache(65_536)
def stem_of(word: str) -> str:
    """The stem of a folded word; "" for a word that does not describe a subject, such as "the" or "2019"."""
    if len(word) < _SHORTEST or is_ordinary(word) or sum(map(str.isdigit, word)) > _MOST_DIGITS or word.isdigit():
        return ""
    return stem(common_spelling(word))


def likely_forms(stem_text: str) -> list[str]:
    """The likeliest words with this stem, in American spelling: the stem with common endings.

    Some of them may not exist, or may have another stem. `stem_of` finds that out, but it is slower than looking a word
    up in the index.
    """
    if not (stem_text.isascii() and stem_text.isalpha()):
        return [stem_text]
    forms = [stem_text + ending for ending in _ENDINGS]
    if stem_text.endswith("i"):
        forms += [stem_text[:-1] + ending for ending in _ENDINGS_OF_Y]
    return forms


@lru_cache(16_384)
def frequent_forms(stem_text: str) -> tuple[str, ...]:
    """Those results of `likely_forms` that really have this stem. Some of them may not exist as words."""
    if not (stem_text.isascii() and stem_text.isalpha()):
        return (stem_text,)
    return tuple(word for word in likely_forms(stem_text) if stem_of(word) == stem_text)


def weights(text: str, frequencies: Frequencies, papers: int, most_frequent: float = 1.0) -> dict[str, StemWeight]:
    """The weight of each stem of `text`, the heaviest first.

    `papers` is the number of papers of the library. Words that occur in more than the share `most_frequent` of the
    papers are left out.
    """
    counts: dict[str, int] = {}
    forms: dict[str, list[str]] = {}
    for word, count in Counter(index_words(text)).items():
        if key := stem_of(word):
            counts[key] = counts.get(key, 0) + count
            forms.setdefault(key, []).append(word)
    known = frequencies(chain.from_iterable(forms.values()))
    weighted = {}
    for key, count in counts.items():
        frequency = max(1, *(known[form] for form in forms[key]))
        if frequency <= most_papers(most_frequent, papers):
            weight = (1 + math.log(count)) * math.log(1 + max(1, papers) / frequency)
            weighted[key] = StemWeight(weight, frozenset(forms[key]))
    return dict(sorted(weighted.items(), key=lambda item: (-item[1].weight, item[0])))


def most_papers(share: float, papers: int) -> float:
    """A word counts as too frequent if it occurs in more papers than this: the share `share` of `papers`.

    The result is at least _FEW_PAPERS, even in a small library.
    """
    return max(_FEW_PAPERS, share * papers)


def as_written(text: str, stems: Iterable[str]) -> dict[str, str]:
    """For each of the stems that occur in `text`, the word as it is written there, for example "LoRA" for "lora".

    If only the first letter of a word is a capital, it becomes a small letter, because the word may begin a sentence.
    """
    wanted = dict.fromkeys(stems, "")
    for folded, start, end in tokens(text):
        key = stem_of(folded)
        if key in wanted:
            word = text[start:end]
            if not wanted[key] or word.islower():
                wanted[key] = word
    return {key: word if word[1:] != word[1:].lower() else word.lower() for key, word in wanted.items() if word}
