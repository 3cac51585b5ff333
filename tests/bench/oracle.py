"""The best that any order of titles can do when queries tell little: it knows the titles, and how queries are drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

from tests.bench.queries import long_words


def best_share(titles: Iterable[str], asked: Sequence[tuple[str, str]], letters: int, length: int) -> float:
    """How many of a hundred right papers can be expected among the first `length`, with the likeliest titles first.

    `asked` are the words that were drawn from a title, in its order, with every pair of its long words as likely as
    any other; of each the first `letters` are told. There is at least one, and each comes from one of `titles`.
    """
    told = [(one[:letters], other[:letters]) for one, other in asked]
    likely: dict[tuple[str, str], list[float]] = {pair: [] for pair in told}
    for title in titles:
        pairs = list(combinations([word[:letters] for word in long_words(title)], 2))
        for pair, times in Counter(filter(likely.__contains__, pairs)).items():
            likely[pair].append(times / len(pairs))
    return 100 * sum(_share_of_first(likely[pair], length) for pair in told) / len(told)


def _share_of_first(likely: Sequence[float], length: int) -> float:
    return sum(sorted(likely, reverse=True)[:length]) / sum(likely)
