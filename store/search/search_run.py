"""Runs one search, in one state of the library and of its index."""

from __future__ import annotations

import functools
import itertools
import sqlite3
from array import array
from collections.abc import Iterator

import msgspec
from tantivy import Query, Searcher

from store.library.library import Library
from store.papers.views import Sort
from store.search import half_remembered, index, ranking, similar, sort_keys, terms
from store.search import query as q
from store.search.answer import Answer, Inexact
from store.search.half_remembered import Sentence
from store.search.highlighting import Highlights
from store.search.index_schema import SortField
from store.search.parts import Parts
from store.search.query_builder import Match, QueryBuilder, Scope
from store.search.request import Request, Snapshot
from store.search.searched_view import SearchedView
from store.search.spelling import letters_allowed
from store.search.stages import FEW_MATCHES, Stage, corrected_stages, stages
from store.search.tiers import MAX_RANKED, TierPlan, TierQuery
from store.search.tokenizer import index_words, typed_words
from store.search.vocabulary import Vocabulary
from store.search.window import BLOCK, PaperIds, Tier, Window

# At most this many of the papers that match only with wrong letters are ranked: the newest ones.
_MAX_MISTYPED = 500
# This many papers fill a screen. The search reports a partial answer as soon as it has found this many papers.
_SCREEN = 64
# If more papers than this are not in the index yet, a list of all papers without a filter is read from the library and
# not from the index.
_MAX_UNINDEXED = 50_000

# For each sort order of a list of all papers: the field of the index by which the list is sorted, and whether the
# lowest value comes first.
_SORT_FIELDS: dict[Sort, tuple[SortField, bool]] = {
    "best": ("newest", False),
    "date": ("newest", False),
    "listed": ("listed", False),
    "upvotes": ("upvotes", False),
    "comments": ("comments", False),
    "score": ("score", False),
    # Ratings are not in the index. So SQLite sorts the rated papers (`SearchedView.beyond_limit`), which come first;
    # the index sorts only the other papers, by date.
    "rating": ("newest", False),
    "title": ("title", True),
    "added": ("id", False),
}
# The steps of the search for words with wrong letters: first titles, then all fields of the scope "head"
# (query_builder.py). _TWO_WRONG is used only if a word of the filter is so long that two of its letters may be wrong.
_ONE_WRONG: tuple[tuple[Scope, Match], ...] = (("title", "one_wrong"), ("head", "one_wrong"))
_TWO_WRONG: tuple[tuple[Scope, Match], ...] = (("title", "two_wrong"), ("head", "two_wrong"))


class SearchRun:
    """Finds the answer to one request."""

    def __init__(self, library: Library, connection: sqlite3.Connection, request: Request, snapshot: Snapshot) -> None:
        self._library = library
        self._connection = connection
        self._request = request
        self._snapshot = snapshot
        # The values of conditions such as "like:2510.01234", which name papers to which every paper of the answer must
        # be similar; and the filter without these conditions.
        self._likes, self._tree = q.split_likes(request.query.tree)
        # If this is true, the caller sorts the answer by the user's taste afterwards (taste_order.py).
        self._by_taste = request.is_by_taste
        # The words to highlight and to rank by, folded, in the order in which they were typed.
        self._words = tuple(dict.fromkeys(word for text in q.words(request.query) for word in typed_words(text)))
        noted = [word for text in q.noted_texts(request.query) for word in index_words(text)]
        self._highlights = Highlights.exactly([*self._words, *noted])
        self._view = SearchedView(
            library,
            connection,
            request.view,
            "best" if request.sort == "for-you" else request.sort,
            # Hidden papers are found only if the filter asks for them ("is:hidden").
            with_hidden=q.asks_hidden(request.query),
            removed=snapshot.removed,
        )
        self._parts = Parts()

    def answer(self, max_whole: int) -> Answer:
        """Run the search and return its answer. If more than `max_whole` papers match, the ids are a Window."""
        searcher = self._snapshot.searcher
        if self._likes:
            return self._similar(searcher)
        if self._tree is None and (not self._view.of_all or searcher is None or self._is_read_from_library(max_whole)):
            return self._exact_answer(self._view.ids)
        if searcher is None:
            return self._exact_answer(self._by_titles(after=0, limit=max_whole))
        builder = QueryBuilder(self._connection, searcher)
        stages = self._stages(searcher, builder)
        ids = self._among_all(searcher, stages, max_whole) if self._view.of_all else self._within_view(searcher, stages)
        if self._tree is not None and self._snapshot.unindexed and isinstance(ids, array):
            ids = self._with_unindexed(ids, max_whole)
        if self._request.exact_only:
            return self._exact_answer(ids)
        mistyped: list[int] = []
        if self._words and self._parts.exact < FEW_MATCHES and len(ids) <= MAX_RANKED:
            ids = array("q", ids)
            few = len(ids) < FEW_MATCHES
            mistyped = self._mistyped(searcher, builder, exclude=set(ids))
            ids.extend(mistyped)
            if few:
                ids.extend(self._corrected(searcher, builder, mistyped, exclude=set(ids)))
            else:
                self._parts.add(Stage("corrected", iter(()), {}), len(mistyped), mistyped)
        inexact = self._parts.inexact(searcher)
        highlights = self._parts.highlighted(self._highlights)
        if mistyped:
            highlights = highlights.with_mistyped(self._words)
        if not ids and (remembered := half_remembered.sentence(self._tree)):
            ids, forms = self._most_words(searcher, builder, remembered)
            if ids:
                highlights = highlights.with_whole(forms)
                inexact.append(Inexact("most", len(ids), remembered.words))
        return Answer(ids, self._parts.exact, highlights, unindexed=self._snapshot.unindexed, inexact=tuple(inexact))

    def restricted(self, query: Query) -> Query:
        """A query for the papers that `query` finds, that are in the view, and that match the filter exactly."""
        unscored = (Query.const_score_query(each, 0.0) for each in self._required)
        return terms.all_of([query, *unscored], self._view.excluded)

    @functools.cached_property
    def _required(self) -> list[Query]:
        """Queries for the papers that are in the view and exactly match the filter without its conditions `like:`. A
        paper must be found by all of these queries.
        """
        searcher = self._snapshot.searcher
        if self._tree is None or searcher is None:
            return self._view.queries
        return [*self._view.queries, QueryBuilder(self._connection, searcher).build(self._tree)]

    def _exact_answer(self, ids: PaperIds) -> Answer:
        """An answer whose papers all match exactly."""
        return Answer(ids, len(ids), self._highlights, unindexed=self._snapshot.unindexed)

    def _similar(self, searcher: Searcher | None) -> Answer:
        """The answer to a filter with `like:`.

        The answer contains the papers of the view that match the other conditions and are most similar to the papers
        that are given after `like:`.
        """
        empty = self._exact_answer(array("q"))
        answer = similar.answer(self._connection, searcher, self._likes, self._required, self._view.excluded, empty)
        if self._view.sort == "best":
            return answer
        return msgspec.structs.replace(answer, ids=self._view.sorted_few(answer.ids[:]))

    def _by_titles(self, *, after: int, limit: int) -> array[int]:
        """At most `limit` papers with ids above `after` that match the filter, found by SQLite without the index.

        Empty if the filter has a condition that only the index can evaluate, such as a word in the abstract.
        """
        # Imported here, because the module is needed only while papers are missing in the index, which is rare.
        from store.search import title_scan

        assert self._tree is not None
        self._request.check_stopped()
        view = self._view
        matching = title_scan.find(
            self._connection, view.selection, view.sql_order, self._tree, after=after, limit=limit
        )
        return array("q") if matching is None else view.sorted_by_title(matching)

    def _with_unindexed(self, ids: array[int], max_whole: int) -> array[int]:
        """`ids`, with papers inserted after the exact matches. These papers have matching titles, but are not indexed
        yet.
        """
        (done,) = self._connection.execute("SELECT done FROM indexed").fetchone()
        known = set(ids)
        exact = self._parts.exact
        others = array("q", (paper for paper in self._by_titles(after=done, limit=max_whole) if paper not in known))
        self._parts.exact += len(others)
        return ids[:exact] + others + ids[exact:]

    def _is_read_from_library(self, max_whole: int) -> bool:
        """Whether to read a list of all papers from the library and not from the index.

        True if the list has at most `max_whole` papers, or if too many papers are missing in the index.
        """
        if self._snapshot.unindexed > _MAX_UNINDEXED:
            return True
        row = self._connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM paper LIMIT ?)", (max_whole + 1,)
        ).fetchone()
        return int(row[0]) <= max_whole

    def _stages(self, searcher: Searcher, builder: QueryBuilder) -> Iterator[Stage]:
        if self._tree is None:
            return iter([Stage("exact", iter([[TierQuery(terms.everything())]]), {})])
        if not self._words:
            return iter([Stage("exact", iter([[TierQuery(builder.build(self._tree))]]), {})])
        by_place = self._view.sort == "best"
        exact_only = self._request.exact_only
        # In a list that is sorted by the user's taste, the exact matches come first, wherever the paper has the words.
        exact_first = exact_only or self._by_taste
        plan, vocabulary = self._plan(searcher, builder), Vocabulary(searcher)
        all_stages = stages(plan, vocabulary, by_place=by_place, exact_first=exact_first)
        return itertools.takewhile(lambda stage: stage.kind == "exact", all_stages) if exact_only else all_stages

    def _plan(self, searcher: Searcher, builder: QueryBuilder) -> TierPlan:
        assert self._tree is not None
        # Do not rank papers by a filter of a single word, because all of them match it equally well.
        ranks = self._view.of_all and len(self._words) > 1 and self._view.sort == "best"
        return TierPlan(searcher, builder, self._tree, ranks, self._view.of_all, lambda: self._parts.total)

    def _among_all(self, searcher: Searcher, all_stages: Iterator[Stage], max_whole: int) -> PaperIds:
        """The papers among all papers of the library that the queries find, one tier after another (tiers.py).

        Within each tier, the papers are in the order of the list. If there are more than `max_whole` papers, the result
        is a Window.
        """
        field, ascending = _SORT_FIELDS[self._view.sort]
        if self._view.undated and self._view.sort == "best":
            # The list of papers without a listing day is sorted in the order in which they were imported.
            field, ascending = "id", True
        tiers: list[Tier] = []
        first_ids: array[int] = array("q")
        reported = 0
        for stage, group in self._groups(all_stages):
            for tier_query in group:
                self._request.check_stopped()
                for tier, tier_begin in self._tiers(searcher, tier_query, field, ascending, stage.others):
                    self._parts.add(stage, tier.size, tier_begin)
                    tiers.append(tier)
                    first_ids.extend(tier_begin[: BLOCK - len(first_ids)])
                if reported < _SCREEN <= len(first_ids):
                    reported = self._report(first_ids)
            # Report the papers found so far even if they do not fill a screen, because the queries of the next group
            # may take long.
            if reported < len(first_ids) and reported < _SCREEN:
                reported = self._report(first_ids)
        tiers = [tier for tier in tiers if tier.size]
        if sum(tier.size for tier in tiers) <= max_whole and field != "title":
            # The answer is small, so read all ids of each tier now. A Window would run the query of a tier again for
            # every block of ids.
            tiers = [tier if tier.ids is not None else self._with_ids(searcher, tier) for tier in tiers]
        window = Window(self._library, searcher, tiers, first_ids)
        return array("q", window) if len(window) <= max_whole else window

    @staticmethod
    def _groups(all_stages: Iterator[Stage]) -> Iterator[tuple[Stage, list[TierQuery]]]:
        return ((stage, group) for stage in all_stages for group in stage.groups)

    def _tiers(
        self, searcher: Searcher, tier_query: TierQuery, field: SortField, ascending: bool, others: ranking.Others
    ) -> Iterator[tuple[Tier, array[int]]]:
        """Yield the tier of papers that `tier_query` finds, with the first of their ids.

        In a list that is sorted by title, no ids are yielded, because the index does not return them with the sort
        keys.

        In a list sorted by a count, an additional tier comes first: the papers whose counts are so large that the index
        cannot sort them. In a list sorted by rating, this additional tier has the rated papers.
        """
        query = self._view.among(tier_query.query)
        if first := self._view.beyond_limit:
            beyond = terms.papers(first)
            hits = index.run(searcher, terms.all_of([query, beyond]), "id", limit=len(first))
            matching = set(hits.sort_keys)
            ids = array("q", (paper_id for paper_id in first if paper_id in matching))
            yield Tier(terms.all_of([query, beyond]), field, ascending, len(ids), ids), ids
            query = terms.all_of([query], [beyond])
        hits = index.run(searcher, query, field, limit=BLOCK, ascending=ascending)
        if field == "title":
            # Only the sort keys have been read so far, and those of titles do not contain the ids of the papers.
            yield Tier(query, field, ascending, hits.total), array("q")
            return
        ids = array("q", (sort_keys.paper_id(field, key) for key in hits.sort_keys))
        if tier_query.ranked and 1 < hits.total <= MAX_RANKED:
            ranked = array("q", ranking.ranked(self._connection, ids, self._words, others=others))
            ids = ranked if len(ranked) == hits.total else ids
        yield Tier(query, field, ascending, hits.total, ids if len(ids) == hits.total else None), ids

    def _with_ids(self, searcher: Searcher, tier: Tier) -> Tier:
        self._request.check_stopped()
        keys = index.run(searcher, tier.query, tier.field, limit=tier.size, ascending=tier.ascending).sort_keys
        return tier._replace(ids=array("q", (sort_keys.paper_id(tier.field, key) for key in keys)))

    def _report(self, first_ids: array[int]) -> int:
        """Call `on_first` with a partial answer that contains these ids. Returns the number of ids.

        Does nothing unless the list is sorted by how well papers match. In any other order, later queries may find
        papers that come before these.
        """
        if self._view.sort == "best" and not self._by_taste:
            exact = self._parts.exact
            self._request.on_first(
                Answer(first_ids[:], exact, self._highlights, partial=True, unindexed=self._snapshot.unindexed)
            )
        return len(first_ids)

    def _within_view(self, searcher: Searcher, all_stages: Iterator[Stage]) -> array[int]:
        """The papers that the queries find in a view with a fixed order, such as the queue, one tier after another.

        Within each tier, the papers have the order of the view.
        """
        ids = array("q")
        for stage, group in self._groups(all_stages):
            for tier_query in group:
                self._request.check_stopped()
                query = terms.all_of([tier_query.query, *self._view.queries])
                hits = index.run(searcher, query, "id", limit=max(1, len(self._view.ids)))
                found = self._view.in_order(hits.sort_keys)
                self._parts.add(stage, hits.total, found)
                ids.extend(found)
        return ids

    def _mistyped(self, searcher: Searcher, builder: QueryBuilder, exclude: set[int]) -> list[int]:
        """The papers that match if letters of the words may be wrong, without those in `exclude`.

        Papers with fewer wrong letters come first.
        """
        assert self._tree is not None
        matching: dict[int, None] = {}
        two_letters = any(letters_allowed(word) > 1 for word in self._words)
        for scope, match in (*_ONE_WRONG, *_TWO_WRONG) if two_letters else _ONE_WRONG:
            self._request.check_stopped()
            query = self._view.among(builder.build(self._tree, scope, match))
            for key in index.run(searcher, query, limit=_MAX_MISTYPED).sort_keys:
                paper_id = sort_keys.paper_id("newest", key)
                if paper_id not in exclude:
                    matching[paper_id] = None
            if len(matching) >= _MAX_MISTYPED:
                break
        self._request.check_stopped()
        return ranking.ranked(self._connection, self._view.in_order(matching), self._words, mistyped=True)

    def _corrected(
        self, searcher: Searcher, builder: QueryBuilder, mistyped: list[int], exclude: set[int]
    ) -> list[int]:
        """The papers that match if words of the filter are replaced by corrections, without those in `exclude`.

        A correction is a word of the library that differs from the typed word in one letter. `mistyped` are the papers
        that `_mistyped` found. The answer shows one count for these and for the papers that this method finds.
        """
        ids: dict[int, None] = {}
        stage = Stage("corrected", iter(()), {})
        plan = self._plan(searcher, builder)
        for stage in corrected_stages(plan, Vocabulary(searcher), by_place=self._view.sort == "best"):
            for tier_query in itertools.chain.from_iterable(stage.groups):
                self._request.check_stopped()
                query = self._view.among(tier_query.query)
                keys = index.run(searcher, query, limit=_MAX_MISTYPED).sort_keys
                found = [paper_id for key in keys if (paper_id := sort_keys.paper_id("newest", key)) not in exclude]
                if self._view.of_all and len(found) <= MAX_RANKED:
                    found = ranking.ranked(self._connection, found, self._words, others=stage.others)
                ids |= dict.fromkeys(found)
            if len(ids) >= _MAX_MISTYPED:
                break
        corrected = self._view.in_order(ids)
        self._parts.add(stage, len(mistyped) + len(corrected), [*mistyped, *corrected])
        return corrected

    def _most_words(
        self, searcher: Searcher, builder: QueryBuilder, remembered: Sentence
    ) -> tuple[array[int], list[str]]:
        """Find the papers that have most of the words. Also returns all forms of the words that were searched for.

        The best match comes first, but in a view with a fixed order, such as the queue, the papers are in that order.
        """
        self._request.check_stopped()
        among = self._view.among(*(builder.build(node) for node in remembered.required))
        ids, forms = half_remembered.most_words(self._connection, searcher, remembered.words, among)
        return array("q", self._view.in_order(ids)), forms
