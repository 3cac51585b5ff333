"""The parts of an answer: how many papers each stage of a search has found, and what to say of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from tantivy import Searcher

from store.search import index, rewrites, terms
from store.search.answer import Inexact, Kind
from store.search.highlighting import Highlights
from store.search.index_schema import TEXT_FIELDS
from store.search.stages import Stage

# The words that papers have instead are counted in this many papers of a stage.
_COUNTED = 100
# So many of the forms of a word are counted.
_COUNTED_FORMS = 3


class _Part:
    """The papers of the stages of one kind of which the same is said."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.count = 0
        self.first: list[int] = []


class Parts:
    """Counts the papers of stages as they are found."""

    def __init__(self) -> None:
        self.exact = 0
        self._inexact: dict[tuple[Kind, tuple[str, ...]], _Part] = {}

    @property
    def total(self) -> int:
        """The number of papers found so far."""
        return self.exact + sum(part.count for part in self._inexact.values())

    def add(self, stage: Stage, count: int, first: Sequence[int]) -> None:
        """Count papers that a stage has found, of which `first` are the first ones."""
        if stage.kind == "exact":
            self.exact += count
        elif count:
            part = self._inexact.setdefault((stage.kind, stage.words), _Part(stage))
            # The others of a later stage include those of the one before it.
            part.stage = stage
            part.count += count
            part.first.extend(first[: _COUNTED - len(part.first)])

    def highlighted(self, highlights: Highlights) -> Highlights:
        """`highlights` and the words that inexact matches have instead."""
        stages = [part.stage for part in self._inexact.values()]
        trees = [stage.tree for stage in stages if stage.tree is not None]
        whole: Iterable[str] = chain.from_iterable(words for tree in trees for words in rewrites.others(tree).values())
        return highlights.with_whole(whole).with_starts(word for tree in trees for word in rewrites.all_words(tree))

    def inexact(self, searcher: Searcher) -> list[Inexact]:
        """The parts that are no exact matches, each with the words that most of its papers have."""
        return [
            Inexact(kind, part.count, words or _words_instead(searcher, part))
            for (kind, words), part in self._inexact.items()
        ]


def _words_instead(searcher: Searcher, part: _Part) -> tuple[str, ...]:
    """The word that most papers have instead of each word that was typed."""
    among = terms.papers(part.first)
    named: list[tuple[int, str]] = []
    for word, others in part.stage.others.items():
        as_typed = terms.any_of([terms.prefix(field, word) for field in TEXT_FIELDS])
        counted: list[tuple[int, str]] = []
        for other in others[:_COUNTED_FORMS]:
            has_other = terms.any_of([terms.word(field, other) for field in TEXT_FIELDS])
            counted.append((index.run(searcher, terms.all_of([among, has_other], [as_typed])).total, other))
        # The first correction is the likeliest; of forms the most frequent one is named.
        likely = [each for each in counted if each[0]][:1] if part.stage.kind == "corrected" else counted
        named += [max(likely)] if likely else []
    most = max((count for count, _ in named), default=0)
    return tuple(other for count, other in named if 2 * count > most > 0)
