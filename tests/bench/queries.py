"""Makes queries as people type them to find a paper that they half remember, from the papers of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from tests.bench.catalogue import Catalogue

# A word that is useful in a query: only letters, and long enough not to be in every title.
_WORD = re.compile(r"[^\W\d_]{5,}")
_LETTERS = "etaoinshrdlucmfwypvbgk"


@dataclass(frozen=True)
class Sought:
    """A paper's title, two words of it that somebody remembers, and the family name of its first author."""

    title: str
    words: tuple[str, str]
    author: str


def sought(catalogue: Catalogue, count: int, seed: int = 1) -> list[Sought]:
    """`count` papers, chosen at random, that have two words and an author to search for."""
    random = Random(seed)
    papers: list[Sought] = []
    for paper in catalogue.some(count * 2, random):
        words = long_words(paper.title)
        if len(words) < 2 or not _typeable(paper.family):
            continue
        first, second = sorted(random.sample(range(len(words)), 2))
        papers.append(Sought(paper.title, (words[first], words[second]), paper.family.lower()))
        if len(papers) == count:
            break
    return papers


def long_words(title: str) -> list[str]:
    """The words of a title that are useful in a query, in their order, each once."""
    return list(dict.fromkeys(word.lower() for word in _WORD.findall(title)))


def typed(catalogue: Catalogue, count: int, *, wrong: bool = False, seed: int = 2) -> list[str]:
    """`count` queries: two words in either order, a word and a prefix, an author and a word, or one word.

    With `wrong`, each word has one wrong letter.
    """
    random = Random(seed)
    ways: tuple[Callable[[Sought], str], ...] = (
        lambda paper: f"{paper.words[0]} {paper.words[1]}",
        lambda paper: f"{paper.words[1]} {paper.words[0]}",
        lambda paper: f"{paper.words[0]} {paper.words[1][:4]}",
        lambda paper: f"{paper.author} {paper.words[0]}",
        lambda paper: paper.words[1],
    )
    queries = [ways[number % len(ways)](paper) for number, paper in enumerate(sought(catalogue, count, seed))]
    if not wrong:
        return queries
    return [" ".join(misspelt(word, random) for word in query.split()) for query in queries]


def prefixes(query: str) -> Iterator[str]:
    """The text in the filter after each key of `query`, from its first letter on."""
    return (query[:length] for length in range(1, len(query) + 1))


def misspelt(word: str, random: Random) -> str:
    """`word` with one wrong letter after the first: a letter left out, added or changed, or two swapped."""
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


def _typeable(name: str) -> bool:
    """Whether a family name can be typed on any keyboard and is long enough to search for."""
    return name.isascii() and name.isalpha() and len(name) > 3
