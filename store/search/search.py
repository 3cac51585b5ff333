"""Query -> papers, the best first.

PaperIds that have the words in the title come before those that have them among authors, organization or venue, and
these before those that have them in the abstract only; within each, whole words before beginnings. What is then still
alike is ranked by store/search/ranking.py when there is not too much of it, or else the newest first.
What finds little is completed with papers that have the words mistyped. A view that is a list of its own (a listing
day, the queue) keeps its order; of everything there is, a window is given, however many millions that are.
"""

from __future__ import annotations

import contextlib
import functools
import sqlite3
from array import array
from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

import msgspec
import tantivy
from tantivy import Query

from store.library.library import Library
from store.model.errors import LibraryError
from store.papers.views import Sort, View, order, resolved, selection
from store.search import index, index_sync, ranking
from store.search import query as q
from store.search.highlighting import Highlights
from store.search.index import Order
from store.search.index_query import Conditions, Fit, Scope
from store.search.spelling import letters_allowed
from store.search.tokenizer import index_words
from store.search.window import BLOCK, PaperIds, Tier, Window, by_title

# With fewer exact matches than this, mistyped words are looked for too.
_LITTLE = 20
# Up to so many papers that have several words are ranked by how well they fit; more are in the order of the list.
_MOST_RANKED = 400
# So many papers with mistyped words are ranked, the newest first.
_MOST_MISTYPED = 500
# Up to so many papers are given as an array; more are looked at through a window.
MOST_WHOLE = 5_000
# A screen full: with as many the first part of an answer is shown before the rest is looked for.
_SCREEN = 64
# Of so few papers that are not in the index yet a search waits for their being put in.
_SOON = 2_000
# So many papers with greater counts than the index tells apart are put in order all the same.
_MOST_BEYOND = 4_000
# With more papers than this not in the index a list of everything is read from the library itself.
_FAR = 50_000
# SQLite asks whether to go on after so many steps of its machine: a few hundred microseconds.
_STEPS = 20_000

# What the index calls the orders of a list of everything, and whether they begin with the least.
_ORDERS: dict[Sort, tuple[Order, bool]] = {
    "best": ("newest", False),
    "date": ("newest", False),
    "listed": ("listed", False),
    "upvotes": ("upvotes", False),
    "comments": ("comments", False),
    "title": ("title", True),
    "added": ("id", False),
}
_MISTYPED: tuple[tuple[Scope, Fit], ...] = (
    ("title", "nearly"),
    ("head", "nearly"),
    ("title", "roughly"),
    ("head", "roughly"),
)
# The first so many of them are all for words of which two letters may not be wrong.
_NEARLY = 2


class Stopped(Exception):
    """The answer is not wanted any more."""


class Answer(msgspec.Struct, frozen=True):
    """The papers found, best first; those after `exact` have words mistyped. `highlights` find what matched.

    A `partial` answer holds the papers that its list begins with; the others follow. `unindexed` is the number of
    papers in the library that the search could not look at yet.
    """

    ids: PaperIds
    exact: int
    highlights: Highlights
    partial: bool = False
    unindexed: int = 0


class Search:
    """Searches a library. Use one per thread."""

    def __init__(self, library: Library, *, most_whole: int = MOST_WHOLE) -> None:
        self._library = library
        self._snapshots = index_sync.Snapshots(library)
        self._most_whole = most_whole

    def answer(
        self,
        view: View,
        query: q.Query,
        sort: Sort = "best",
        should_stop: Callable[[], bool] = lambda: False,
        on_first: Callable[[Answer], object] = lambda answer: None,
    ) -> Answer:
        """The papers of `view` that `query` finds. Raises Stopped once `should_stop()` is true.

        `on_first` is given the beginning of a long answer as soon as it fills a screen.
        """
        connection = self._library.reader()

        def go_on() -> None:
            if should_stop():
                raise Stopped

        go_on()
        if 0 < self._snapshots.missing() <= _SOON:
            # Who cannot write just now searches all the same.
            with contextlib.suppress(LibraryError):
                index_sync.catch_up(self._library, wait=False)
        fits = index_sync.fits(self._library)
        connection.set_progress_handler(lambda: int(should_stop()), _STEPS)
        try:
            # One state of the library for all of the answer, whatever an import does meanwhile.
            connection.execute("BEGIN")
            searcher = self._snapshots.newest(connection) if fits else None
            gone = self._snapshots.gone(connection) if searcher else []
            behind = index_sync.behind(connection) if searcher else index_sync.papers(connection)
            question = _Question(
                self._library, connection, resolved(connection, view), query, sort, go_on, on_first, gone, behind
            )
            return question.answer(searcher, self._most_whole)
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise Stopped from None
            raise
        finally:
            connection.set_progress_handler(None, 0)
            if connection.in_transaction:
                connection.execute("COMMIT")


class _Asked(NamedTuple):
    """A question, and whether those that it finds are ranked one by one when they are few."""

    query: Query
    ranked: bool = False


class _Question:
    """One question, and what is known of its answer so far."""

    def __init__(
        self,
        library: Library,
        connection: sqlite3.Connection,
        view: View,
        query: q.Query,
        sort: Sort,
        go_on: Callable[[], None],
        on_first: Callable[[Answer], object],
        gone: list[Query],
        behind: int,
    ) -> None:
        """`gone` finds what the index has and the library has no more."""
        self._library = library
        self._connection = connection
        self._tree = query.tree
        self._sort = sort
        self._go_on = go_on
        self._on_first = on_first
        self._words = tuple(dict.fromkeys(word for text in q.words(query) for word in index_words(text)))
        self._highlights = Highlights.exactly(self._words)
        # The one who asks for hidden papers wants to see them.
        self._with_hidden = q.asks_hidden(query)
        self._chosen = selection(connection, view, hidden=self._with_hidden)
        self._everything = view.kind in ("all", "undated")
        self._undated = view.kind == "undated"
        # Whether a few papers that fit are put in order one by one: of one word every paper has as much.
        self._ranks = self._everything and sort == "best" and len(self._words) > 1
        self._gone = gone
        self._behind = behind
        # How many papers the questions asked so far have found.
        self._found = 0

    def answer(self, searcher: tantivy.Searcher | None, most_whole: int) -> Answer:
        """The answer; what finds more than `most_whole` papers, as a window."""
        if self._tree is None and (not self._everything or searcher is None or self._reads_all(most_whole)):
            return Answer(self._listed, len(self._listed), self._highlights, unindexed=self._behind)
        if searcher is None:
            return Answer(array("q"), 0, self._highlights, unindexed=self._behind)
        conditions = Conditions(self._connection, searcher)
        questions = (
            self._tiers(searcher, conditions) if self._tree is not None else iter([[_Asked(index.everything())]])
        )
        ids: PaperIds
        if self._everything:
            ids = self._of_everything(searcher, questions, most_whole)
        else:
            ids = self._of_list(searcher, questions)
        exact = len(ids)
        highlights = self._highlights
        if self._words and exact < _LITTLE:
            ids = array("q", ids)
            mistyped = self._mistyped(searcher, conditions, exclude=set(ids))
            ids.extend(mistyped)
            if mistyped:
                highlights = highlights.with_mistyped(self._words)
        return Answer(ids, exact, highlights, unindexed=self._behind)

    def _reads_all(self, most: int) -> bool:
        """Whether a list of everything is read from the library itself: it is short, or the index far behind."""
        if self._behind > _FAR:
            return True
        few = self._connection.execute("SELECT count(*) FROM (SELECT 1 FROM paper LIMIT ?)", (most + 1,)).fetchone()
        return int(few[0]) <= most

    @functools.cached_property
    def _listed(self) -> array[int]:
        """The papers of the view as its sort orders them."""
        chosen = self._chosen
        by = chosen.order if self._sort == "title" else order(chosen, self._sort)
        cursor = self._connection.execute(
            f"SELECT p.id FROM paper p {chosen.join} WHERE {chosen.where} ORDER BY {by}", chosen.values
        )
        ids = array("q", chain.from_iterable(cursor))
        return array("q", by_title(self._library, ids)) if self._sort == "title" else ids

    def _tiers(self, searcher: tantivy.Searcher, conditions: Conditions) -> Iterator[list[_Asked]]:
        """What the filter asks, in questions of which no two find the same paper: first what fits best.

        In groups: about titles, about what is short, about everything. A question about titles that begin with the
        one word that is asked for comes first.
        """
        tree = self._tree
        assert tree is not None
        wanted = list(q.texts(tree))
        if self._sort != "best" or not wanted:
            yield [_Asked(conditions.of(tree))]
            return
        several = len(wanted) > 1
        beginning, typed = (conditions.of(tree, "title", fit) for fit in ("beginning", "typed"))
        if self._ranks and index.ask(searcher, typed).total <= _MOST_RANKED:
            # So few are ranked one by one: who has the words in a row comes first, then who has them whole.
            titles = [_Asked(typed, True)]
        else:
            whole = conditions.of(tree, "title", "whole")
            rows = [row] if (row := conditions.in_a_row(tree)) is not None else []
            # The paper that is called so is one of these.
            begun = [begun] if self._everything and (begun := conditions.beginning_titles(tree)) is not None else []
            titles = [
                *(_Asked(index.all_of([typed, row]), self._ranks) for row in rows),
                *(_Asked(index.all_of([whole, each]), True) for each in begun),
                _Asked(index.all_of([whole], [*rows, *begun]), self._ranks),
                _Asked(index.all_of([typed], [whole, *rows]), self._ranks),
            ]
        # Of one word the last is all there is.
        yield [*titles, *([_Asked(index.all_of([beginning], [typed]), self._ranks)] if several else [])]
        if all(each.field for each in wanted):
            # Where these are looked for does not change.
            return
        # What has found nothing need not be left out of what comes next: that may take as long again.
        in_titles = self._found
        before = [beginning] if in_titles else []
        if several:
            head, typed_head = (conditions.of(tree, "head", fit) for fit in ("beginning", "typed"))
            yield [
                _Asked(index.all_of([typed_head], before), self._ranks),
                _Asked(index.all_of([head], [*before, typed_head]), self._ranks),
            ]
            before = [head] if self._found > in_titles else before
            yield [_Asked(index.all_of([conditions.of(tree)], before), self._ranks)]
            return
        # One word alone that is not in what was looked at before is in the rest.
        names, abstract = (conditions.of(tree, scope) for scope in ("names", "abstract"))
        yield [_Asked(index.all_of([names], before), self._ranks)]
        before += [names] if self._found > in_titles else []
        yield [_Asked(index.all_of([abstract], before), self._ranks)]

    def _of_everything(
        self, searcher: tantivy.Searcher, questions: Iterator[list[_Asked]], most_whole: int
    ) -> PaperIds:
        """Of all papers those that the questions find, by the order of the list."""
        by: Order
        by, ascending = ("id", True) if self._undated and self._sort == "best" else _ORDERS[self._sort]
        tiers: list[Tier] = []
        begin: array[int] = array("q")
        told = 0
        beyond = self._beyond if by in ("upvotes", "comments") else array("q")
        for group in questions:
            for question, ranks in group:
                self._go_on()
                query = index.all_of([question, *self._of_view], self._out_of_sight)
                if beyond:
                    these = index.these(beyond)
                    most = index.all_of([query, these])
                    counted = set(index.ask(searcher, most, "id", limit=len(beyond)).values)
                    top = array("q", (number for number in beyond if number in counted))
                    tiers.append(Tier(most, by, ascending, len(top), top))
                    begin.extend(top[: BLOCK - len(begin)])
                    query = index.all_of([query], [these])
                found = index.ask(searcher, query, by, limit=BLOCK, ascending=ascending)
                self._found += found.total
                few = None
                if by != "title":
                    papers = array("q", (index.paper_of(by, value) for value in found.values))
                    if ranks and 1 < found.total <= _MOST_RANKED:
                        ranked = array("q", ranking.ranked(self._connection, papers, self._words))
                        papers = ranked if len(ranked) == found.total else papers
                    few = papers if len(papers) == found.total else None
                    begin.extend(papers[: BLOCK - len(begin)])
                tiers.append(Tier(query, by, ascending, found.total, few))
                if told < _SCREEN <= len(begin):
                    told = self._tell(begin, tiers)
            # A group that found little takes little time, and the next may take much.
            if told < len(begin) and told < _SCREEN:
                told = self._tell(begin, tiers)
        tiers = [tier for tier in tiers if tier.size]
        if sum(tier.size for tier in tiers) <= most_whole and by != "title":
            # Each of them in one go: to read block by block would ask as often again.
            tiers = [tier if tier.papers is not None else self._whole(searcher, tier) for tier in tiers]
        window = Window(self._library, searcher, tiers, begin)
        return array("q", window) if len(window) <= most_whole else window

    def _whole(self, searcher: tantivy.Searcher, tier: Tier) -> Tier:
        self._go_on()
        values = index.ask(searcher, tier.query, tier.order, limit=tier.size, ascending=tier.ascending).values
        return tier._replace(papers=array("q", (index.paper_of(tier.order, value) for value in values)))

    def _tell(self, begin: array[int], tiers: list[Tier]) -> int:
        """Give away what the answer begins with; how many papers that is."""
        if self._sort == "best":
            count = sum(tier.size for tier in tiers)
            self._on_first(Answer(begin[:], count, self._highlights, partial=True, unindexed=self._behind))
        return len(begin)

    def _of_list(self, searcher: tantivy.Searcher, questions: Iterator[list[_Asked]]) -> array[int]:
        """Of a list those papers that the questions find, by the order of the list."""
        ids = array("q")
        for question, _ in chain.from_iterable(questions):
            self._go_on()
            within = index.all_of([question, *self._of_view])
            found = index.ask(searcher, within, "id", limit=max(1, len(self._listed)))
            self._found += found.total
            ids.extend(sorted(found.values, key=self._place.__getitem__))
        return ids

    def _mistyped(self, searcher: tantivy.Searcher, conditions: Conditions, exclude: set[int]) -> list[int]:
        """PaperIds that have the words with letters wrong, fewest wrong letters first."""
        assert self._tree is not None
        found: dict[int, None] = {}
        roughly = any(letters_allowed(word) > 1 for word in self._words)
        for scope, fit in _MISTYPED if roughly else _MISTYPED[:_NEARLY]:
            self._go_on()
            question = index.all_of([conditions.of(self._tree, scope, fit), *self._of_view], self._out_of_sight)
            for value in index.ask(searcher, question, limit=_MOST_MISTYPED).values:
                number = index.paper_of("newest", value)
                if number not in exclude:
                    found[number] = None
            if len(found) >= _MOST_MISTYPED:
                break
        self._go_on()
        papers = list(found) if self._everything else sorted(found, key=self._place.__getitem__)
        return ranking.ranked(self._connection, papers, self._words, mistyped=True)

    @functools.cached_property
    def _beyond(self) -> array[int]:
        """PaperIds with counts that the index does not tell apart, in their order; none when they are many."""
        column = "upvotes" if self._sort == "upvotes" else "comment_count"
        found = self._connection.execute(
            f"SELECT p.id FROM paper p WHERE p.{column} >= ? ORDER BY {order(self._chosen, self._sort)} LIMIT ?",
            (index.COUNTED_TO, _MOST_BEYOND + 1),
        ).fetchall()
        return array("q", (number for (number,) in found) if len(found) <= _MOST_BEYOND else ())

    @functools.cached_property
    def _place(self) -> dict[int, int]:
        """Where in the list of the view each of its papers is."""
        return {number: at for at, number in enumerate(self._listed)}

    @functools.cached_property
    def _of_view(self) -> list[Query]:
        """What a paper must be to be in the view; nothing for all papers."""
        if not self._everything:
            return [index.these(self._listed)]
        return [index.flagged("undated")] if self._undated else []

    @functools.cached_property
    def _out_of_sight(self) -> list[Query]:
        """What must not be found: hidden papers, and those that have gone while the index still has them."""
        if self._with_hidden:
            return self._gone
        hidden = [number for (number,) in self._connection.execute("SELECT paper_id FROM mark WHERE status = 'hidden'")]
        return [*self._gone, index.these(hidden)] if hidden else self._gone
