"""Computes the best result that a ranking could reach for queries of prefixes if it knew how queries are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

from tests.bench.queries import long_words


def best_share(titles: Iterable[str], pairs: Sequence[tuple[str, str]], letters: int, length: int) -> float:
    """The expected share of right papers among the first `length` (%), if the likeliest titles come first.

    Each of `pairs` (at least one) is two long words of one of `titles`, in their order. Every pair of a title is
    equally likely. The query for a pair is the first `letters` letters of each of its two words.
    """
    prefixes = [(first[:letters], second[:letters]) for first, second in pairs]
    # For each query: the probability, for each title that matches it, that the query was made from this title.
    likely: dict[tuple[str, str], list[float]] = {pair: [] for pair in prefixes}
    for title in titles:
        title_pairs = list(combinations([word[:letters] for word in long_words(title)], 2))
        for pair, times in Counter(filter(likely.__contains__, title_pairs)).items():
            likely[pair].append(times / len(title_pairs))
    return 100 * sum(_share_of_first(likely[pair], length) for pair in prefixes) / len(prefixes)


def _share_of_first(likely: Sequence[float], length: int) -> float:
    return sum(sorted(likely, reverse=True)[:length]) / sum(likely)
