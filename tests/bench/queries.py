"""What people type to find a paper that they half remember, made from the papers of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from tests.bench.catalogue import Catalogue

# A word that somebody would type: of letters, and not one of those that every title has.
_WORD = re.compile(r"[^\W\d_]{5,}")
_LETTERS = "etaoinshrdlucmfwypvbgk"


@dataclass(frozen=True)
class Sought:
    """A paper's title, two words of it that somebody remembers, and the family name of its first author."""

    title: str
    words: tuple[str, str]
    author: str


def sought(catalogue: Catalogue, count: int, seed: int = 1) -> list[Sought]:
    """So many papers, chosen by chance, that have two words and an author to look for."""
    random = Random(seed)
    found: list[Sought] = []
    for one in catalogue.some(count * 2, random):
        words = long_words(one.title)
        if len(words) < 2 or not _typed(one.family):
            continue
        first, second = sorted(random.sample(range(len(words)), 2))
        found.append(Sought(one.title, (words[first], words[second]), one.family.lower()))
        if len(found) == count:
            break
    return found


def long_words(title: str) -> list[str]:
    """The words of a title that somebody would type, in its order, each once."""
    return list(dict.fromkeys(word.lower() for word in _WORD.findall(title)))


def typed(catalogue: Catalogue, count: int, *, wrong: bool = False, seed: int = 2) -> list[str]:
    """So many queries as they are typed: two words, in and out of order, a word cut short, an author with a word.

    With `wrong` every word has one wrong letter.
    """
    random = Random(seed)
    ways: tuple[Callable[[Sought], str], ...] = (
        lambda one: f"{one.words[0]} {one.words[1]}",
        lambda one: f"{one.words[1]} {one.words[0]}",
        lambda one: f"{one.words[0]} {one.words[1][:4]}",
        lambda one: f"{one.author} {one.words[0]}",
        lambda one: one.words[1],
    )
    queries = [ways[number % len(ways)](one) for number, one in enumerate(sought(catalogue, count, seed))]
    return [" ".join(misspelt(word, random) for word in each.split()) for each in queries] if wrong else queries


def prefixes(query: str) -> Iterator[str]:
    """What is in the filter after each key of `query`, from its first letter on."""
    return (query[:length] for length in range(1, len(query) + 1))


def misspelt(word: str, random: Random) -> str:
    """`word` with one letter wrong behind the first: left out, put in, changed, or two swapped."""
    if len(word) < 3:
        return word
    while True:
        at = random.randrange(1, len(word) - 1)
        letter = random.choice(_LETTERS)
        changed = random.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            )
        )
        if changed != word:
            return changed


def _typed(name: str) -> bool:
    """Whether a family name can be typed on any keyboard, and says something."""
    return name.isascii() and name.isalpha() and len(name) > 3
