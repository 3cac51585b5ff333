"""The vocabulary of a library: the words of all titles and abstracts, and in how many of them each word occurs."""

from __future__ import annotations

from collections.abc import Iterable

from tantivy import Searcher

from store.search import index
from store.search.index_schema import IndexText

FIELDS: tuple[IndexText, ...] = ("title", "abstract")


class Vocabulary:
    """Looks up how frequent words are in one state of the index. Results are cached."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._frequencies: dict[str, int] = {}

    def frequency(self, word: str) -> int:
        """The number of titles plus the number of abstracts that contain a folded word."""
        return self.frequencies([word])[word]

    def frequencies(self, words: Iterable[str]) -> dict[str, int]:
        """A dict of the `frequency` of each of `words`."""
        wanted = set(words)
        # `wanted - self._frequencies.keys()` would be slower, because it would iterate over all cached words.
        unknown = [word for word in wanted if word not in self._frequencies]
        if unknown:
            self._frequencies.update(index.document_frequencies(self._searcher, FIELDS, unknown))
        return {word: self._frequencies[word] for word in wanted}
