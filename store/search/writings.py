"""Writings: the same words with Greek letters or their names, and written together or apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

GREEK_NAMES = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho",
    "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_LETTERS = {name: letter for letter, name in GREEK_NAMES.items() if letter != "ς"}
_GREEK = "[\u03b1-\u03c9]"
# A Greek letter at the start or the end of a word of other letters: "βvae", "kσ".
_GLUED = re.compile(rf"({_GREEK})([a-z0-9]+)|([a-z0-9]+)({_GREEK})")
# The name of a Greek letter in front of other letters, which no other word begins with: "betavae".
_NAMED = re.compile(r"(alpha|beta|gamma|delta|epsilon|zeta|theta|kappa|lambda|sigma|omega)([a-z0-9]{2,})")
# More words are not written together.
_MOST_JOINED = 3


def other_writings(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Other writings of one word, or of a few that stand next to each other, all folded."""
    apart = [part for word in words for part in _parts(word)]
    writings = product(*(_with_names(part) for part in apart)) if len(apart) <= _MOST_JOINED else [tuple(apart)]
    seen = {tuple(words)}
    for writing in writings:
        joined = ("".join(writing),) if 1 < len(writing) <= _MOST_JOINED else writing
        for each in (writing, joined):
            if each not in seen:
                seen.add(each)
                yield each


def _parts(word: str) -> tuple[str, ...]:
    """A word, cut where a Greek letter or its name meets other letters."""
    if match := _GLUED.fullmatch(word):
        return tuple(part for part in match.groups() if part)
    if match := _NAMED.fullmatch(word):
        return match[1], match[2]
    return (word,)


def _with_names(word: str) -> tuple[str, ...]:
    """A word, and the name of the Greek letter that it is, or the letter that it names."""
    other = GREEK_NAMES.get(word) or _LETTERS.get(word)
    return (word, other) if other else (word,)
