"""Finds pairs of an acronym and the words that it stands for, as texts define them: "chain of thought (CoT)".

The pairs are found by the method of Schwartz and Hearst ("A simple algorithm for identifying abbreviation definitions
in biomedical text", 2003). The search index stores them as terms of the field `acronym`. The index knows how many
papers define each pair, and a pair disappears from it when no paper with that pair is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tantivy import Searcher

from store.search import index
from store.search.inflections import number_stem
from store.search.spellings import common_spelling
from store.search.tokenizer import index_words

# Matches a text in parentheses: an acronym, as in "chain of thought (CoT)", or the words for which an acronym stands,
# as in "CoT (chain of thought)".
_PARENTHESES = re.compile(r"\(([^()]{2,100})\)")
_ACRONYM = re.compile(r"(?=.*[A-Z].*[A-Z])[A-Za-z0-9][A-Za-z0-9./+-]{1,9}")
_ACRONYM_BEFORE = re.compile(r"([A-Za-z0-9][A-Za-z0-9./+-]{1,9})\s+$")
_CITATION = re.compile(r"[;,].*", re.DOTALL)
_WORD = re.compile(r"[^\s,;:()]+")
_PART = re.compile(r"[^\W_]+")
_SMALL_WORDS = frozenset(["a", "an", "and", "by", "for", "from", "in", "of", "on", "the", "to", "with"])
# The long form of an acronym, which is the words that it stands for, must begin within this many characters before the
# opening parenthesis.
_READ_BACK = 160
# The separator between the acronym and the long form in a term of the index. No word contains it.
_SEPARATOR = "="
# Only acronyms with _SHORTEST to _LONGEST characters are recognized.
_SHORTEST, _LONGEST = 2, 10
# The long form of an acronym is the words that it stands for. Long forms with more than _MOST_WORDS words are not used.
# At most _MOST long forms are returned for an acronym, and at most _MOST acronyms for a long form.
_MOST_WORDS = 8
_MOST = 3


def index_terms(text: str) -> list[str]:
    """The index terms for the acronyms that a text defines.

    There are two terms for each pair of an acronym and its long form. One begins with the acronym and the other with
    the stems of the long form, so that each of the two can be looked up by a prefix query.
    """
    if "(" not in text:
        return []
    return [
        term
        for acronym, words in definitions(text)
        for term in (f"{acronym}{_SEPARATOR}{' '.join(words)}", f"{_stems(words)}{_SEPARATOR}{acronym}")
    ]


def definitions(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the acronyms that a text defines, with the words that each stands for, in lower case without accents."""
    for match in _PARENTHESES.finditer(text):
        # Remove a citation after the acronym, as in "(RLHF; Christiano et al., 2017)".
        inner = _CITATION.sub("", match[1]).strip()
        before = text[max(0, match.start() - _READ_BACK) : match.start()]
        if _ACRONYM.fullmatch(inner):
            short, long_form = inner, _long_form(inner, before)
        elif " " in inner and (acronym := _ACRONYM_BEFORE.search(before)) and _ACRONYM.fullmatch(acronym[1]):
            short, long_form = acronym[1], _long_form(acronym[1], inner)
        else:
            continue
        if long_form is None:
            continue
        words = index_words(long_form)
        folded = index_words(_singular(short))
        if len(folded) == 1 and 1 < len(words) <= _MOST_WORDS and folded[0] not in words:
            yield folded[0], words


def long_forms(searcher: Searcher, acronym: str) -> list[tuple[str, ...]]:
    """The long forms that papers of the library define for a folded acronym, the most frequent first.

    Each long form is returned as a sequence of words. A long form and its plural count as the same long form.
    """
    if not _SHORTEST <= len(acronym) <= _LONGEST or not acronym.isascii():
        return []
    counted: dict[str, int] = {}
    spelt: dict[str, tuple[str, ...]] = {}
    for written in dict.fromkeys((acronym, _singular(acronym))):
        for term, count in index.acronym_terms(searcher, f"{written}{_SEPARATOR}"):
            words = tuple(term.partition(_SEPARATOR)[2].split(" "))
            stems = _stems(words)
            counted[stems] = counted.get(stems, 0) + count
            spelt.setdefault(stems, words)
    return [spelt[stems] for stems in sorted(counted, key=lambda each: (-counted[each], each))[:_MOST]]


def acronyms(searcher: Searcher, words: Sequence[str]) -> list[str]:
    """The acronyms that papers of the library define for these folded words, the most frequent acronym first."""
    if not 1 < len(words) <= _MOST_WORDS:
        return []
    found = index.acronym_terms(searcher, f"{_stems(words)}{_SEPARATOR}")
    return [term.partition(_SEPARATOR)[2] for term, _ in found[:_MOST]]


def _stems(words: Sequence[str]) -> str:
    return " ".join(number_stem(common_spelling(word)) for word in words)


def _singular(acronym: str) -> str:
    """An acronym without the "s" of its plural, for example "LLM" for "LLMs"."""
    return acronym[:-1] if len(acronym) > _SHORTEST and acronym.endswith("s") else acronym


def _long_form(acronym: str, text: str) -> str | None:
    """The words at the end of `text` that an acronym stands for, or None if it does not stand for them.

    If the letters of the acronym are the first letters of the last words of `text`, these words are returned. If they
    are not, the letters may be anywhere in the last words, but in the same order, and the first letter must be at the
    beginning of a word.
    """
    letters = [letter for letter in _singular(acronym).lower() if letter.isalnum()]
    if (start := _start_by_initials(letters, text.lower())) is not None:
        return text[start:]
    most_words = min(len(letters) + 5, 2 * len(letters))
    words = list(_WORD.finditer(text))[-most_words:]
    if not words:
        return None
    lowered = text.lower()
    first, at = words[0].start(), len(text)
    for number, letter in enumerate(reversed(letters), 1):
        is_first = number == len(letters)
        at = lowered.rfind(letter, first, at)
        while is_first and at > first and lowered[at - 1].isalnum():
            at = lowered.rfind(letter, first, at)
        if at < 0:
            return None
    if at > 0 and lowered[at - 1].isalnum():
        return None
    return text[at:]


def _start_by_initials(letters: Sequence[str], text: str) -> int | None:
    """The position in `text` of the first of its last words, if the first letters of these words are `letters`.

    None if the first letters differ. Small words, such as "of", may be between these words.
    """
    wanted = list(letters)
    for match in reversed(list(_PART.finditer(text))[-_MOST_WORDS - len(_SMALL_WORDS) :]):
        if match[0][0] == wanted[-1]:
            wanted.pop()
            if not wanted:
                return match.start()
        elif match[0] not in _SMALL_WORDS:
            return None
    return None
