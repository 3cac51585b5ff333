"""Finds writings, which are other ways to write the same words, such as "β-vae" for "beta-vae" and "gpt 4"
for "gpt4".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, product

GREEK_NAMES = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho",
    "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_LETTERS = {name: letter for letter, name in GREEK_NAMES.items() if letter != "ς"}
_GREEK = "[\u03b1-\u03c9]"
# Matches a Greek letter directly before or after other letters, as in "βvae" and "kσ".
_GLUED = re.compile(rf"({_GREEK})([a-z0-9]+)|([a-z0-9]+)({_GREEK})")
# Matches the name of a Greek letter directly before other letters, as in "betavae". Names with which many other words
# begin, such as "eta", are left out.
_NAMED = re.compile(r"(alpha|beta|gamma|delta|epsilon|zeta|theta|kappa|lambda|sigma|omega)([a-z0-9]{2,})")
# Matches a word of letters followed by a number, as in "gpt4" and "pm2". If there are only a few letters, two digits
# may be a decimal fraction: "pm25" may mean "pm2.5".
_NUMBERED = re.compile(r"([a-z]{2,})([0-9]{1,3})")
_DECIMAL = re.compile(r"([a-z]{2,3})([0-9])([0-9])")
# At most this many neighbouring words are joined to one word.
_MOST_JOINED = 3


def other_writings(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield other ways to write one word, or a few words that are next to each other. All words are folded."""
    apart = [part for word in words for part in _parts(word)]
    writings = product(*(_with_names(part) for part in apart)) if len(apart) <= _MOST_JOINED else [tuple(apart)]
    seen = {tuple(words)}
    for writing in chain(writings, _with_numbers(words)):
        joined = ("".join(writing),) if 1 < len(writing) <= _MOST_JOINED else writing
        for each in (writing, joined):
            if each not in seen:
                seen.add(each)
                yield each


def _with_numbers(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the words with numbers written apart ("gpt 4" for "gpt4") or as decimal fractions ("pm 2.5" for "pm25")."""
    apart: list[str] = []
    for word in words:
        match = _NUMBERED.fullmatch(word)
        apart += match.groups() if match else (word,)
    if len(apart) > len(words):
        yield tuple(apart)
    if len(words) == 1 and (match := _DECIMAL.fullmatch(words[0])):
        letters, ones, tenths = match.groups()
        yield letters + ones, tenths
        yield letters, ones, tenths
    if (
        len(words) == len(apart) == 3
        and words[0].isalpha()
        and all(len(each) == 1 and each.isdigit() for each in words[1:])
    ):
        yield words[0] + words[1], words[2]


def _parts(word: str) -> tuple[str, ...]:
    """A word, split into a Greek letter or its name and the other letters. A word without these is one part."""
    if match := _GLUED.fullmatch(word):
        return tuple(part for part in match.groups() if part)
    if match := _NAMED.fullmatch(word):
        return match[1], match[2]
    return (word,)


def _with_names(word: str) -> tuple[str, ...]:
    """The word, and if it is a Greek letter, the name of the letter; if it is such a name, the Greek letter."""
    other = GREEK_NAMES.get(word) or _LETTERS.get(word)
    return (word, other) if other else (word,)
