"""How well titles have words that may be mistyped."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import pairwise

from store.spelling import allowed, distance, tokens


def by_title(connection: sqlite3.Connection, papers: list[int], words: Sequence[str]) -> list[int]:
    """Papers by their titles: fewest wrong letters, most whole words, words in order. Else as they come.

    `words` are folded. Papers that have gone are left out.
    """
    titles: dict[int, str] = {}
    for start in range(0, len(papers), 500):
        part = papers[start : start + 500]
        marks = ",".join("?" * len(part))
        titles.update(connection.execute(f"SELECT id, title FROM paper WHERE id IN ({marks})", part))
    there = [number for number in papers if number in titles]
    return sorted(there, key=lambda number: cost(titles[number], words))


def cost(title: str, words: Sequence[str]) -> tuple[int, int, int]:
    """Letters of the words that are wrong in a title, words that are not whole there, and gaps between them."""
    found = [token for token, _, _ in tokens(title)]
    wrong = 0
    partial = 0
    places: list[int] = []
    for word in words:
        most = allowed(word)
        best = min(
            (
                (near[0], token != word, place)
                for place, token in enumerate(found)
                if (near := distance(word, token, most)) is not None
            ),
            default=None,
        )
        if best is None:
            # Found among the authors or the organization: as good as a word with its letters right in the wrong place.
            partial += 2
            continue
        wrong += best[0]
        partial += int(best[1])
        places.append(best[2])
    jumps = sum(1 for one, other in pairwise(places) if other != one + 1)
    return wrong, partial, jumps
