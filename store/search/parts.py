"""Divides an answer into parts: exact matches, matches with other inflections, matches with acronyms, and so on.

Each stage of a search (stages.py) finds the papers that match in one way. Stages about which the user sees the same
message form one part. For each part, this module counts the papers, and finds the words that these papers have instead
of the typed words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from tantivy import Searcher

from store.search import index, rewrites, terms
from store.search.answer import Inexact, Kind
from store.search.highlighting import Highlights
from store.search.index_schema import TEXT_FIELDS
from store.search.stages import Stage

# At most this many papers of a part are examined to find the words that they have instead of the typed words.
_COUNTED = 100
# To find the most frequent form of a word, at most this many of its forms are counted.
_COUNTED_FORMS = 3


class _Part:
    """The papers that all stages with the same kind and the same words have found.

    `count` is the number of these papers, and `first` are the ids of the first few.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.count = 0
        self.first: list[int] = []


class Parts:
    """Counts the papers that the stages (steps) of a search find. `exact` is the number of exact matches."""

    def __init__(self) -> None:
        self.exact = 0
        self._inexact: dict[tuple[Kind, tuple[str, ...]], _Part] = {}

    @property
    def total(self) -> int:
        """The number of papers found so far."""
        return self.exact + sum(part.count for part in self._inexact.values())

    def add(self, stage: Stage, count: int, first: Sequence[int]) -> None:
        """Add `count` papers that the stage `stage` has found to the part of this stage. `first` are the ids of the
        first few papers.
        """
        if stage.kind == "exact":
            self.exact += count
        elif count:
            part = self._inexact.setdefault((stage.kind, stage.words), _Part(stage))
            # Keep only the stage that searched for the largest number of words instead of the typed ones. Its words
            # include those of the other stages.
            part.stage = max(stage, part.stage, key=lambda each: sum(map(len, each.others.values())))
            part.count += count
            part.first.extend(first[: _COUNTED - len(part.first)])

    def highlighted(self, highlights: Highlights) -> Highlights:
        """A copy of `highlights` that also matches the words that inexact matches have instead of typed words."""
        stages = [part.stage for part in self._inexact.values()]
        trees = [stage.tree for stage in stages if stage.tree is not None]
        whole: Iterable[str] = chain.from_iterable(words for tree in trees for words in rewrites.others(tree).values())
        return highlights.with_whole(whole).with_starts(word for tree in trees for word in rewrites.all_words(tree))

    def inexact(self, searcher: Searcher) -> list[Inexact]:
        """All parts except the exact matches, each with the words that its papers have instead of the typed words."""
        return [
            Inexact(kind, part.count, words or _words_instead(searcher, part))
            for (kind, words), part in self._inexact.items()
        ]


def _words_instead(searcher: Searcher, part: _Part) -> tuple[str, ...]:
    """For each typed word, the word that most papers of the part have instead.

    Words that occur in far fewer papers than the most frequent of these words are left out.
    """
    among = terms.papers(part.first)
    named: list[tuple[int, str]] = []
    for word, others in part.stage.others.items():
        as_typed = terms.any_of([terms.prefix(field, word) for field in TEXT_FIELDS])
        counted: list[tuple[int, str]] = []
        for other in others[:_COUNTED_FORMS]:
            has_other = terms.any_of([terms.word(field, other) for field in TEXT_FIELDS])
            counted.append((index.run(searcher, terms.all_of([among, has_other], [as_typed])).total, other))
        # Corrections are sorted by probability, so take the first correction of a word that occurs in one of the
        # papers. Of other forms of a word, take the one that occurs in the most papers.
        likely = [each for each in counted if each[0]][:1] if part.stage.kind == "corrected" else counted
        named += [max(likely)] if likely else []
    most = max((count for count, _ in named), default=0)
    return tuple(other for count, other in named if 2 * count > most > 0)
