"""Sorts lists by the user's taste, and returns the reasons why each paper has its place in the list.

The model of the user's taste is in store/ranking. It learns from the papers that the user kept (for example bookmarked)
or rejected (for example hid).
"""

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

# In a list of more than _MOST_RANKED papers, the model ranks only _CANDIDATES papers. The search index finds them: the
# papers with the most words that the user likes. The candidates come first, and the other papers follow in their old
# order.
_MOST_RANKED, _CANDIDATES = 5_000, 1_000
# To find the candidates, the index searches for this many of the words that the user likes most.
_CANDIDATE_WORDS = 60
# In a view sorted for the user ("For you"), one paper in _ONE_IN is chosen at random, so that the user also sees papers
# that the model would put near the end. Each group of _ONE_IN papers has one random paper, at the index
# _CHANCE_POSITION in the group.
_ONE_IN, _CHANCE_POSITION = 10, 6
# A paper that matches one of the user's saved filters is moved up, to directly after the first _FIRST_PLACES papers,
# unless it is among these already.
_FIRST_PLACES = 10
# With at most this many marked papers, training is so fast that a list is shown only after the model was trained.
_MOST_AT_ONCE = 400
# The cache of scores is emptied when it has more than this many papers.
_MOST_CACHED = 50_000

NO_RANKING = f"there is no ranking yet: bookmark or queue {FEWEST_KEPT} papers"


class TasteOrder:
    """Sorts papers by the user's taste. Two threads must not use the same object.

    The model of the user's taste is trained when it is first needed. When the user has marked more papers since, the
    model is trained again as soon as another list is sorted. With more than _MOST_AT_ONCE marked papers, training takes
    too long to be done before a list is shown. The model is then trained only if `trains_at_once` is true; otherwise
    the caller must call `train`, for example in a background thread.
    """

    def __init__(self, library: Library, *, trains_at_once: bool = True) -> None:
        self._library = library
        self._trains_at_once = trains_at_once
        self._taste: Taste | None = None
        self._scores: dict[int, float] = {}
        self._explainer: Explainer | None = None
        # The name of the list that was sorted last (the argument `list_name` of `applied`).
        self._list_name: str | None = None
        # A newly trained model that `save` has not stored yet.
        self._unsaved: Taste | None = None

    def taste(self, connection: sqlite3.Connection, searcher: Searcher) -> Taste | None:
        """The model of the user's taste. It is trained again first if necessary. None if the user kept too few papers
        for a model.
        """
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
        """The model with which this list was already sorted, with the opinions on words that the user has stored since
        then.

        If the user's explicit opinions on papers have changed, the model must be trained again, because it learns from
        these papers. In that case, the result is that of `taste`.
        """
        stated = opinions.read(connection)
        if self._taste is None or _on_papers(self._taste.opinions) != _on_papers(stated):
            return self.taste(connection, searcher)
        self._use(msgspec.structs.replace(self._taste, opinions=stated))
        return self._taste

    def train(self, connection: sqlite3.Connection, searcher: Searcher, should_stop: Callable[[], bool]) -> bool:
        """Train the model again if marks have changed since it was trained. Returns whether there is a new model.

        Training ends without a new model when `should_stop` returns True.
        """
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
        """`answer` with its exact matches sorted by taste: the paper that the model scores highest comes first.

        `restricted` is a function that restricts a query to the papers of the answer. `list_name` identifies the list:
        if it is the same as in the last call, the same model is used again, so that papers stay in their places when
        the user marks one of them. With `with_chance`, one paper in ten is chosen at random. If there is no model, the
        order does not change, and the message NO_RANKING is added to the notes of the answer.
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
        """Maps each of `paper_ids` to the reasons for its score. Empty when there is no model."""
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
    """The papers of a long list that are worth ranking: those with the words that the user likes most.

    `restricted` restricts a query to the papers of the list.
    """
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
    """The papers of `order`, in which papers that match a saved filter follow directly after the first _FIRST_PLACES.

    The first _FIRST_PLACES papers keep their places. `fitting` maps each paper that matches a saved filter to the
    filter's name.
    """
    first = order[:_FIRST_PLACES]
    return [
        *first,
        *(each for each in order[_FIRST_PLACES:] if each in fitting),
        *(each for each in order[_FIRST_PLACES:] if each not in fitting),
    ]


def _with_chance(order: Sequence[int], today: date) -> tuple[list[int], frozenset[int]]:
    """Choose one paper in _ONE_IN at random, and distribute the chosen papers over the list.

    Returns the new order and the chosen papers. The choice is made by a hash of the id of the paper and the day. So the
    same papers stay chosen for the whole day, whatever the user marks.
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
            # There are no more other papers to put between the chosen ones, so append the remaining chosen papers.
            result += chosen[len(by_chance) :]
            break
        result.append(following)
    return result, frozenset(by_chance)
