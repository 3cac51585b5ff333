"""Sorts lists by the reader's taste, and says why each paper has its place. store/ranking has the model."""

from __future__ import annotations

import sqlite3
import zlib
from array import array
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import msgspec
from tantivy import Occur, Query, Searcher

from store.library.library import Library
from store.ranking import opinions, taste, word_weights
from store.ranking.marked_papers import FEWEST_KEPT, MarkedPapers
from store.ranking.taste import Explainer, Reasons, Taste
from store.search import index, taste_papers, terms
from store.search.answer import Answer
from store.search.vocabulary import FIELDS, Vocabulary
from store.search.window import PaperIds, Window

# In a list with more papers than this, only the _CANDIDATES papers are ranked that have the words with the highest
# weights. They come first, and the others follow in the order of the list.
_MOST_RANKED, _CANDIDATES = 5_000, 1_000
_CANDIDATE_WORDS = 60
# In the views "For you", one in _ONE_IN papers is chosen at random, so that the user also sees papers that the model
# would not show. These papers are spread: each group of _ONE_IN papers has one of them, at the index _CHANCE_POSITION.
_ONE_IN, _CHANCE_POSITION = 10, 6
# Papers that fit a saved filter come directly after the first places, of which there are this many, or are among them.
_FIRST_PLACES = 10
# With at most this many marked papers, training takes so little time that a list may wait for it.
_MOST_AT_ONCE = 400
# The scores of at most this many papers are cached.
_MOST_CACHED = 50_000

NO_RANKING = (
    f"there is no ranking yet: bookmark or queue {FEWEST_KEPT} papers, or name some with: recto taste from ID ID ID"
)


class TasteOrder:
    """Sorts papers by the reader's taste. Each thread must use an object of its own.

    The model is trained when it is first needed. If the marks have changed, it is trained again when another list is
    sorted; with many marks only if `trains_at_once` is true, and otherwise by `train`.
    """

    def __init__(self, library: Library, *, trains_at_once: bool = True) -> None:
        self._library = library
        self._trains_at_once = trains_at_once
        self._taste: Taste | None = None
        self._scores: dict[int, float] = {}
        self._explainer: Explainer | None = None
        # The name of the list that was sorted last.
        self._list_name: str | None = None
        # A model that is not stored yet.
        self._unsaved: Taste | None = None

    def taste(self, connection: sqlite3.Connection, searcher: Searcher) -> Taste | None:
        """The model, or None when there are too few kept papers."""
        marked = taste_papers.marked(connection, searcher)
        current = taste.load(connection, marked, known=self._taste)
        if not marked.are_enough:
            current = None
        elif current is None or (current.fingerprint != marked.fingerprint and self._may_train(marked)):
            current = self._trained(connection, searcher, marked, lambda: False)
        self._use(current)
        return self._taste

    def _may_train(self, marked: MarkedPapers) -> bool:
        return self._trains_at_once or len(marked.weights) <= _MOST_AT_ONCE

    def _same_taste(self, connection: sqlite3.Connection, searcher: Searcher) -> Taste | None:
        """The model by which the same list was sorted before, with the present opinions on words.

        Opinions on papers need a new training.
        """
        stated = opinions.read(connection)
        if self._taste is None or _on_papers(self._taste.opinions) != _on_papers(stated):
            return self.taste(connection, searcher)
        self._use(msgspec.structs.replace(self._taste, opinions=stated))
        return self._taste

    def train(self, connection: sqlite3.Connection, searcher: Searcher, should_stop: Callable[[], bool]) -> bool:
        """Train the model again if the marks have changed since. Returns whether there is a new one."""
        marked = taste_papers.marked(connection, searcher)
        current = taste.load(connection, marked, known=self._taste)
        if not marked.are_enough or (current is not None and current.fingerprint == marked.fingerprint):
            return False
        trained = self._trained(connection, searcher, marked, should_stop)
        if trained is not None:
            self._use(trained)
        return trained is not None

    def applied(
        self,
        connection: sqlite3.Connection,
        searcher: Searcher,
        answer: Answer,
        restricted: Callable[[Query], Query],
        *,
        list_name: str,
        with_chance: bool,
    ) -> Answer:
        """The answer with its exact matches sorted: the one that the reader would like best first.

        `restricted` must restrict a query to the papers of the answer. If `list_name` is the same as in the last call,
        the list is sorted by the same model, so that papers do not change their places when the reader marks one of
        them. With `with_chance`, one paper in ten is chosen by chance. If there is no model, the answer says so and has
        its papers in their order.
        """
        keeps_model = list_name == self._list_name and not self._trains_at_once
        model = self._same_taste(connection, searcher) if keeps_model else self.taste(connection, searcher)
        self._list_name = list_name
        if model is None:
            return msgspec.structs.replace(answer, notes=(*answer.notes, NO_RANKING))
        ids = answer.ids if isinstance(answer.ids, Window) else answer.ids[: answer.exact]
        chosen: Sequence[int] = ids[:] if len(ids) <= _MOST_RANKED else _candidates(searcher, model, restricted)
        scores = self._score(connection, searcher, model, chosen)
        order = sorted(chosen, key=lambda paper_id: (-scores.get(paper_id, 0.0), -paper_id))
        fitting = taste_papers.fitting(connection, searcher, restricted)
        order = _with_fitting(order, fitting)
        by_chance: frozenset[int] = frozenset()
        if with_chance:
            order, by_chance = _with_chance(order, date.today())
        ranked = array("q", order)
        if isinstance(ids, Window):
            sorted_ids: PaperIds = ids.with_first(ranked) if len(ranked) < len(ids) else ranked
        else:
            front = set(ranked)
            sorted_ids = ranked + array("q", (each for each in answer.ids if each not in front))
        return msgspec.structs.replace(answer, ids=sorted_ids, is_ranked=True, by_chance=by_chance, fitting=fitting)

    def reasons(
        self, connection: sqlite3.Connection, searcher: Searcher, paper_ids: Sequence[int]
    ) -> dict[int, Reasons]:
        """The reasons for the score of each paper. Empty when there is no model."""
        model = self._taste or self.taste(connection, searcher)
        if model is None:
            return {}
        if self._explainer is None:
            self._explainer = Explainer(connection, model, Vocabulary(searcher).frequencies, searcher.num_docs)
        return self._explainer.reasons(paper_ids)

    def _score(
        self, connection: sqlite3.Connection, searcher: Searcher, model: Taste, paper_ids: Sequence[int]
    ) -> dict[int, float]:
        if len(self._scores) > _MOST_CACHED:
            self._scores.clear()
        missing = [paper_id for paper_id in paper_ids if paper_id not in self._scores]
        if missing:
            frequencies = Vocabulary(searcher).frequencies
            self._scores |= taste.scores(model, connection, missing, frequencies, searcher.num_docs)
        return self._scores

    def _trained(
        self,
        connection: sqlite3.Connection,
        searcher: Searcher,
        marked: MarkedPapers,
        should_stop: Callable[[], bool],
    ) -> Taste | None:
        vocabulary = Vocabulary(searcher)
        model = taste.train(connection, marked, vocabulary.frequencies, searcher.num_docs, should_stop)
        self._unsaved = model
        return model

    def save(self) -> None:
        """Store a newly trained model. The caller must not be in a transaction."""
        if self._unsaved is not None:
            taste.save(self._library, self._unsaved)
            self._unsaved = None

    def _use(self, current: Taste | None) -> None:
        if current != self._taste:
            self._taste = current
            self._scores = {}
            self._explainer = None


def _on_papers(stated: Mapping[str, opinions.Opinion]) -> dict[str, opinions.Opinion]:
    return {feature: opinion for feature, opinion in stated.items() if feature.startswith(opinions.PAPER)}


def _candidates(searcher: Searcher, model: Taste, restricted: Callable[[Query], Query]) -> list[int]:
    """The papers of a long list that have the words with the highest weights."""
    words = [each for each in model.strongest(4 * _CANDIDATE_WORDS)[0] if opinions.is_word(each.feature)]
    clauses = [
        Query.boost_query(terms.scored_word(field, form), each.weight)
        for each in words[:_CANDIDATE_WORDS]
        for form in word_weights.frequent_forms(each.feature)
        for field in FIELDS
        if index.document_frequency(searcher, field, form)
    ]
    query = Query.boolean_query([(Occur.Should, clause) for clause in clauses]) if clauses else terms.nothing()
    return list(index.best(searcher, restricted(query), _CANDIDATES))


def _with_fitting(order: Sequence[int], fitting: Mapping[int, str]) -> list[int]:
    """The papers with those that fit a saved filter directly behind the first places, unless they are further ahead."""
    first = order[:_FIRST_PLACES]
    return [
        *first,
        *(each for each in order[_FIRST_PLACES:] if each in fitting),
        *(each for each in order[_FIRST_PLACES:] if each not in fitting),
    ]


def _with_chance(order: Sequence[int], today: date) -> tuple[list[int], frozenset[int]]:
    """Choose one in ten papers at random, and spread them over the list. Returns the new order and the chosen papers.

    Whether a paper is chosen depends only on the paper and the day, so that the list does not change when the reader
    decides on another paper.
    """

    def number(paper_id: int) -> int:
        return zlib.crc32(f"{today.isoformat()} {paper_id}".encode())

    chosen = [each for each in order[_ONE_IN:] if number(each) % _ONE_IN == 0]
    chosen.sort(key=number)
    set_aside = set(chosen)
    rest = iter([each for each in order if each not in set_aside])
    result: list[int] = []
    by_chance: list[int] = []
    while len(result) < len(order):
        if len(result) % _ONE_IN == _CHANCE_POSITION and len(by_chance) < len(chosen):
            by_chance.append(chosen[len(by_chance)])
            result.append(by_chance[-1])
            continue
        following = next(rest, None)
        if following is None:
            # More papers were chosen than there are places for them.
            result += chosen[len(by_chance) :]
            break
        result.append(following)
    return result, frozenset(by_chance)
