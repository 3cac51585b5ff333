"""The vocabulary of a library: the words of all titles and abstracts, and how many papers have each."""

from __future__ import annotations

from tantivy import Searcher

from store.search import index
from store.search.index_schema import IndexText

FIELDS: tuple[IndexText, ...] = ("title", "abstract")


class Vocabulary:
    """The words of one state of the index. What was looked up is kept."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._frequencies: dict[str, int] = {}
        self._beginnings: dict[str, list[str]] = {}

    def frequency(self, word: str) -> int:
        """How often a folded word occurs: the papers with it in the title, and those with it in the abstract."""
        known = self._frequencies.get(word)
        if known is None:
            known = sum(index.document_frequency(self._searcher, field, word) for field in FIELDS)
            self._frequencies[word] = known
        return known

    def beginning_with(self, start: str) -> list[str]:
        """The words that begin with `start`."""
        known = self._beginnings.get(start)
        if known is None:
            found = (index.words_beginning_with(self._searcher, field, start) for field in FIELDS)
            known = list(dict.fromkeys(word for words in found for word in words))
            self._beginnings[start] = known
        return known
