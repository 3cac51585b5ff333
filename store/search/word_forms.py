"""Finds the inflections and other spellings of a word that occur in the library."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Literal, get_args

from store.search.inflections import IRREGULAR_FORMS, inflected, lemmas, number_stem, stem
from store.search.ordinary_words import is_ordinary
from store.search.spellings import common_spelling, spelt_back
from store.search.vocabulary import Vocabulary

# Other forms of a word are searched for only if the word has at least this many letters. Shorter words would have too
# many forms.
SHORTEST = 3


# The kinds of forms of a word. Each kind includes the kinds before it.
#   spelling    the British spelling of an American word, or the reverse
#   number      the forms of "spelling", and the plural of a singular, or the reverse
#   inflection  the forms of "number", and all other inflections
Kinship = Literal["spelling", "number", "inflection"]
KINSHIPS: tuple[Kinship, ...] = get_args(Kinship)
_STEMS: dict[Kinship, Callable[[str], str]] = {"number": number_stem, "inflection": stem}


@lru_cache(65_536)
def form_keys(word: str, kinship: Kinship = "inflection") -> frozenset[str]:
    """The keys by which the forms of a folded word are found. Two words are forms of one another if they share a key.

    Nearly all words have one key. "bases" has two: the key of "basis" and the key of "base".
    """
    if len(word) < SHORTEST:
        return frozenset([word])
    if kinship == "spelling":
        return frozenset([common_spelling(word)])
    return frozenset(_STEMS[kinship](common_spelling(lemma)) for lemma in lemmas(word))


def other_forms(word: str, vocabulary: Vocabulary, kinship: Kinship = "inflection") -> list[str]:
    """The other forms of a folded word that occur in titles and abstracts, the most frequent first."""
    if not (word.isascii() and word.isalpha()) or not _has_forms(word):
        return []
    keys = form_keys(word, kinship)
    candidates = set(spelt_back(common_spelling(word)))
    for key in form_keys(word):
        candidates.update(_irregular_forms().get(key, ()))
        for stem_as_spelt in spelt_back(key):
            candidates.update(inflected(stem_as_spelt))
    frequencies = vocabulary.frequencies(candidates - {word})
    forms = [each for each, frequency in frequencies.items() if frequency and keys & form_keys(each, kinship)]
    return sorted(forms, key=lambda each: (-frequencies[each], each))


def _has_forms(word: str) -> bool:
    """Whether a word may have other forms: if it has at least SHORTEST letters, or is irregular, such as "ox"."""
    return len(word) >= SHORTEST or (word in IRREGULAR_FORMS and not is_ordinary(word))


@cache
def _irregular_forms() -> dict[str, set[str]]:
    """Maps the key of each lemma with irregular forms to the lemma and these forms: "mice" and "mouse"."""
    forms: dict[str, set[str]] = {}
    for lemma, irregular in IRREGULAR_FORMS.items():
        forms.setdefault(stem(common_spelling(lemma)), set()).update((lemma, *irregular))
    return forms
