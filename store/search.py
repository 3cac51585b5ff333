"""Query -> ids, the best first.

Words are looked up in the full-text indexes: papers that have them in the title come before those that have them
among authors, organization or venue, and these before those that have them in the abstract only. What finds little
is completed with papers that have the words mistyped.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Sequence
from itertools import chain, pairwise

import msgspec

from store import query as q
from store.conditions import Condition, Scope, expression, has_words, rarest_first
from store.library import Library
from store.spelling import Needles, Spelling, Vocabulary, fold_word, tokens
from store.views import Selection, Sort, View, order, selection

# With fewer exact matches than this, mistyped words are looked for too.
_LITTLE = 20
# So many papers with mistyped words are ranked, the newest first.
_MOST_MISTYPED = 2_000
# Up to so many papers with the words in the title are ordered by how well they have them.
_MOST_RANKED = 2_000
# SQLite asks whether to go on after so many steps of its machine: a few hundred microseconds.
_STEPS = 20_000


class Stopped(Exception):
    """The answer is not wanted any more."""


class Answer(msgspec.Struct, frozen=True):
    """The papers found, best first; those after `exact` have words mistyped. `needles` find what matched."""

    ids: array[int]
    exact: int
    needles: Needles


class Search:
    """Searches a library. Keeps the words of its titles between answers; use one per thread."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._vocabulary = Vocabulary()

    def answer(
        self,
        view: View,
        query: q.Query,
        sort: Sort = "best",
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Answer:
        """The papers of `view` that `query` finds. Raises Stopped once `should_stop()` is true."""
        connection = self._library.reader()

        def go_on() -> None:
            if should_stop():
                raise Stopped

        go_on()
        connection.set_progress_handler(lambda: int(should_stop()), _STEPS)
        try:
            # One state of the library for all of the answer, whatever an import does meanwhile.
            connection.execute("BEGIN")
            return self._answer(connection, view, query, sort, go_on)
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise Stopped from None
            raise
        finally:
            connection.set_progress_handler(None, 0)
            if connection.in_transaction:
                connection.execute("COMMIT")

    def _answer(
        self, connection: sqlite3.Connection, view: View, query: q.Query, sort: Sort, go_on: Callable[[], None]
    ) -> Answer:
        tree = query.tree
        # The one who asks for hidden papers wants to see them.
        chosen = selection(connection, view, hidden=tree is not None and _asks_hidden(tree))
        words = [fold_word(word) for word in q.words(query)]
        if tree is None or not words:
            ids = _select(connection, chosen, tree, "anywhere", order(chosen, sort))
            return Answer(ids, len(ids), Needles())
        if sort == "best":
            ids = self._ranked(connection, chosen, rarest_first(connection, tree), words, go_on)
        else:
            ids = _select(connection, chosen, rarest_first(connection, tree), "anywhere", order(chosen, sort))
        needles = Needles.exactly(words)
        exact = len(ids)
        if exact < _LITTLE:
            go_on()
            spellings = self._vocabulary.spellings(connection, words)
            mistyped = self._mistyped(connection, chosen, tree, spellings, exclude=set(ids))
            ids.extend(mistyped)
            if mistyped:
                needles = needles.with_spellings(spellings.values())
        return Answer(ids, exact, needles)

    def _ranked(
        self,
        connection: sqlite3.Connection,
        chosen: Selection,
        tree: q.Node,
        words: list[str],
        go_on: Callable[[], None],
    ) -> array[int]:
        """Title before head before abstract; in the title whole words in order first; then the view's order."""
        rest: Sequence[int] = _select(connection, chosen, tree, "anywhere", chosen.order)
        ids = array("q")
        for scope in ("title", "head"):
            go_on()
            within = _within(connection, chosen, tree, scope) if rest else set()
            fresh = [number for number in rest if number in within]
            rest = [number for number in rest if number not in within]
            if scope == "title" and len(fresh) <= _MOST_RANKED:
                fresh = _by_title(connection, fresh, words)
            ids.extend(fresh)
        ids.extend(rest)
        return ids

    def _mistyped(
        self,
        connection: sqlite3.Connection,
        chosen: Selection,
        tree: q.Node,
        spellings: dict[str, Spelling],
        exclude: set[int],
    ) -> list[int]:
        """Papers that have the words in a spelling near enough, fewest wrong letters first."""
        if not any(spelling.near for spelling in spellings.values()):
            return []
        found = _select(connection, chosen, tree, "head", f"{chosen.order} LIMIT {_MOST_MISTYPED}", spellings)
        fresh = [number for number in found if number not in exclude]
        return _by_title(connection, fresh, list(spellings), spellings)


def _asks_hidden(node: q.Node) -> bool:
    match node:
        case q.Is(state="hidden"):
            return True
        case q.All(nodes=nodes) | q.Either(nodes=nodes):
            return any(map(_asks_hidden, nodes))
        case _:
            return False


def _select(
    connection: sqlite3.Connection,
    chosen: Selection,
    tree: q.Node | None,
    scope: Scope,
    ordered: str,
    spellings: dict[str, Spelling] | None = None,
) -> array[int]:
    values: list[object] = list(chosen.values)
    condition = "1" if tree is None else Condition(scope, spellings or {}, values).of(tree)
    cursor = connection.execute(
        f"SELECT p.id FROM paper p {chosen.join} WHERE {chosen.where} AND {condition} ORDER BY {ordered}", values
    )
    return array("q", chain.from_iterable(cursor))


def _within(connection: sqlite3.Connection, chosen: Selection, tree: q.Node, scope: Scope) -> set[int]:
    """Of the papers that `tree` finds anywhere, those that have its words in `scope`; others may be among them."""
    nodes = tree.nodes if isinstance(tree, q.All) else (tree,)
    # What is no word was asked already, and is the same in every scope.
    expressions = [expression(node, scope) for node in nodes if has_words(node)]
    if expressions and all(expressions):
        match = " AND ".join(f"({expression})" for expression in expressions)
        return set(
            chain.from_iterable(connection.execute("SELECT rowid FROM head_fts WHERE head_fts MATCH ?", (match,)))
        )
    return set(_select(connection, chosen, tree, scope, "p.id"))


def _by_title(
    connection: sqlite3.Connection,
    ids: list[int],
    words: list[str],
    spellings: dict[str, Spelling] | None = None,
) -> list[int]:
    """`ids` by how well their titles have the words: fewest wrong letters, most whole words, words in order."""
    titles: dict[int, str] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ",".join("?" * len(part))
        titles.update(connection.execute(f"SELECT id, title FROM paper WHERE id IN ({marks})", part))
    needles = {word: (spellings or {}).get(word) or Spelling(word) for word in words}

    def cost(number: int) -> tuple[int, int, int]:
        return _cost(titles[number], needles)

    return sorted(ids, key=cost)


def _cost(title: str, needles: dict[str, Spelling]) -> tuple[int, int, int]:
    found = [token for token, _, _ in tokens(title)]
    wrong = 0
    partial = 0
    places: list[int] = []
    for word, spelling in needles.items():
        best = min(
            (
                (distance, token != word, place)
                for place, token in enumerate(found)
                if (distance := spelling.distance(token)) is not None
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
