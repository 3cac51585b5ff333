"""Query -> ids, the best first.

Words are looked up in the full-text indexes: papers that have them in the title come before those that have them
among authors, organization or venue, and these before those that have them in the abstract only. What finds little
is completed with papers that have the words mistyped.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable
from itertools import pairwise
from typing import Literal

import msgspec

from store import identity
from store import query as q
from store.library import Library
from store.reading import tag_name
from store.shelf import stored_day
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

Scope = Literal["title", "head", "anywhere"]


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
            ids = self._ranked(connection, chosen, tree, words, go_on)
        else:
            ids = _select(connection, chosen, tree, "anywhere", order(chosen, sort))
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
        ids = array("q")
        seen: set[int] = set()
        for scope in ("title", "head", "anywhere"):
            go_on()
            found = _select(connection, chosen, tree, scope, chosen.order)
            fresh = [number for number in found if number not in seen]
            if scope == "title" and len(fresh) <= _MOST_RANKED:
                fresh = _by_title(connection, fresh, words)
            seen.update(fresh)
            ids.extend(fresh)
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
    condition = "1" if tree is None else _Condition(scope, spellings or {}, values).of(tree)
    cursor = connection.execute(
        f"SELECT p.id FROM paper p {chosen.join} WHERE {chosen.where} AND {condition} ORDER BY {ordered}", values
    )
    ids = array("q")
    while many := cursor.fetchmany(10_000):
        ids.extend(number for (number,) in many)
    return ids


class _Condition:
    """A query's tree as a condition over `paper p`; the values go to `values` in the order of their marks."""

    def __init__(self, scope: Scope, spellings: dict[str, Spelling], values: list[object]) -> None:
        self._scope = scope
        self._spellings = spellings
        self._values = values

    def of(self, node: q.Node) -> str:
        match node:
            case q.All(nodes=nodes):
                return f"({' AND '.join(map(self.of, nodes))})"
            case q.Either(nodes=nodes):
                return f"({' OR '.join(map(self.of, nodes))})"
            case q.Not(node=inner):
                # What is not wanted is not wanted anywhere, and only as it was typed. What is unknown is not found.
                return f"NOT ifnull({_Condition('anywhere', {}, self._values).of(inner)}, 0)"
            case q.Word(text=text, field=field):
                word = fold_word(text)
                if word in self._spellings:
                    match = " OR ".join(_prefix(each) for each in self._spellings[word].all)
                    return self._indexed(f"({match})", field)
                # As typed: the index folds words in its own way.
                return self._indexed(_prefix(text), field)
            case q.Phrase(words=words, field=field):
                parts = [fold_word(word) for word in words]
                if self._spellings.keys() & set(parts):
                    ways = (self._spellings.get(part) for part in parts)
                    match = " AND ".join(
                        f"({' OR '.join(_prefix(each) for each in way.all)})" if way else _prefix(part)
                        for way, part in zip(ways, parts, strict=True)
                    )
                    return self._indexed(f"({match})", field)
                return self._indexed(_prefix(" ".join(words)), field)
            case q.Dates(field=field, start=start, end=end):
                if field == "published":
                    return self._between("p.published", stored_day(start), stored_day(end))
                days = self._between("listed_on", stored_day(start), stored_day(end))
                return f"p.id IN (SELECT paper_id FROM entry WHERE {days})"
            case q.Number(field=field, low=low, high=high):
                return self._between("p.upvotes" if field == "upvotes" else "p.comment_count", low, high)
            case q.Is(state=state):
                return self._state(state)
            case q.Has(what=what):
                return _HAS[what]
            case q.Label(field=field, value=value):
                return self._label(field, value)

    def _indexed(self, match: str, field: q.Field | None) -> str:
        """Papers whose words match, in one field or as far as the scope goes."""
        if field == "abstract":
            return self._in("abstract_fts", match)
        if field is not None:
            return self._in("head_fts", f"{_COLUMN[field]} : {match}")
        if self._scope == "title":
            return self._in("head_fts", f"title : {match}")
        if self._scope == "head":
            return self._in("head_fts", match)
        return f"({self._in('head_fts', match)} OR {self._in('abstract_fts', match)})"

    def _in(self, table: str, match: str) -> str:
        self._values.append(match)
        return f"p.id IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)"

    def _between(self, column: str, low: object, high: object) -> str:
        conditions = []
        for sign, bound in ((">=", low), ("<=", high)):
            if bound is not None:
                self._values.append(bound)
                conditions.append(f"{column} {sign} ?")
        return f"({' AND '.join(conditions)})"

    def _state(self, state: q.State) -> str:
        if state == "queued":
            return "p.id IN (SELECT paper_id FROM queue)"
        if state == "bookmarked":
            return "p.id IN (SELECT paper_id FROM mark WHERE bookmarked_at IS NOT NULL)"
        if state == "new":
            return "p.id NOT IN (SELECT paper_id FROM mark WHERE status IS NOT NULL)"
        self._values.append(state)
        return "p.id IN (SELECT paper_id FROM mark WHERE status = ?)"

    def _label(self, field: q.LabelField, value: str) -> str:
        if field == "tag":
            self._values.append(_like(tag_name(value)))
            return "p.id IN (SELECT paper_id FROM tag WHERE name LIKE ? ESCAPE '\\')"
        if field == "cat":
            # "cs" and "cs.c" mean every category that starts so.
            self._values.append("%\n" + _like(value))
            return "(char(10) || p.categories) LIKE ? ESCAPE '\\'"
        if field == "from":
            self._values.append("% " + _like(value))
            return "(' ' || p.families) LIKE ? ESCAPE '\\'"
        arxiv, doi = identity.arxiv_id(value), identity.doi(value)
        self._values += [arxiv[0] if arxiv else None, doi]
        return "(p.arxiv_id = ? OR p.doi = ?)"


_COLUMN: dict[str, str] = {"title": "title", "author": "authors", "org": "organization", "venue": "venue"}
_HAS: dict[str, str] = {
    "code": "p.has_code",
    "pdf": "p.has_pdf",
    "abstract": "p.has_abstract",
    "note": "p.id IN (SELECT paper_id FROM mark WHERE note IS NOT NULL)",
}


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _prefix(word: str) -> str:
    return _quoted(word) + " *"


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


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
