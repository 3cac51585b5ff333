"""A query's tree as a question to the search index: where its words may be, and how well they must fit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Literal

from tantivy import Query, Searcher

from store import index, spelling
from store import query as q
from store.index import TextField
from store.reading import tag_name

# How far words without a field of their own are looked for: in the title; there and among authors, organization and
# venue; or in the abstract too.
Scope = Literal["title", "head", "anywhere"]
# How a word must fit: whole; whole but for the last one, which may still be being typed; as a beginning; or as a
# beginning with one letter wrong, or two. What is not wanted must fit as a beginning, and by no less.
Fit = Literal["whole", "typed", "beginning", "nearly", "roughly", "unwanted"]

_IN: dict[Scope, tuple[TextField, ...]] = {
    "title": ("title",),
    "head": ("title", "authors", "organization", "venue"),
    "anywhere": ("title", "authors", "organization", "venue", "abstract"),
}
_FIELDS: dict[q.Field, TextField] = {
    "title": "title",
    "abstract": "abstract",
    "author": "authors",
    "org": "organization",
    "venue": "venue",
}
# Of shorter words nearly every abstract has one that begins so: there they count when they stand alone.
_SHORT = 3
_WRONG = {"nearly": 1, "roughly": 2}


class Conditions:
    """Makes questions to one state of the index, with the reader's marks as they are in the library now."""

    def __init__(self, connection: sqlite3.Connection, searcher: Searcher) -> None:
        self._connection = connection
        self._searcher = searcher

    def of(self, node: q.Node, scope: Scope = "anywhere", fit: Fit = "beginning") -> Query:
        """What `node` finds when its words are looked for so far and must fit so well."""
        last = next(reversed([*texts(node)]), None) if fit == "typed" else None
        return self._of(node, scope, fit, last)

    def in_a_row(self, node: q.Node) -> Query | None:
        """Titles that have the words of `node` one after another; None unless it is several words and no more."""
        if not isinstance(node, q.All):
            return None
        parts = [each for each in node.nodes if isinstance(each, q.Word | q.Phrase) and each.field in (None, "title")]
        row = list(chain.from_iterable(map(_words, parts)))
        if len(parts) < len(node.nodes):
            return None
        if row and len(row[-1]) < _SHORT and row[-1].isalpha():
            # Still being typed: so much begins so that to look for all of it behind a word is not worth the wait.
            row.pop()
            return index.in_a_row("title", row) if len(row) > 1 else None
        return index.in_a_row_beginning(self._searcher, "title", row) if len(row) > 1 else None

    def _of(self, node: q.Node, scope: Scope, fit: Fit, last: q.Node | None) -> Query:
        match node:
            case q.All(nodes=nodes):
                wanted = [each for each in nodes if not isinstance(each, q.Not)]
                unwanted = [each.node for each in nodes if isinstance(each, q.Not)]
                return index.all_of(
                    [self._of(each, scope, fit, last) for each in wanted], [self._unwanted(each) for each in unwanted]
                )
            case q.Either(nodes=nodes):
                return index.any_of([self._of(each, scope, fit, last) for each in nodes])
            case q.Not(node=inner):
                return index.all_of([], [self._unwanted(inner)])
            case q.Word() | q.Phrase():
                how: Fit = ("beginning" if node is last else "whole") if fit == "typed" else fit
                begun = isinstance(node, q.Phrase) and node.begun
                return self._text(_words(node), node.field, scope, how, begun)
            case q.Dates(field="published", start=start, end=end):
                return index.published(start, end)
            case q.Dates(start=start, end=end):
                return index.listed(start, end)
            case q.Number(field=field, low=low, high=high):
                return self._counted(field, low, high)
            case q.Is(state=state):
                return self._state(state)
            case q.Has(what="note"):
                return self._those("SELECT paper_id FROM mark WHERE note IS NOT NULL")
            case q.Has(what="code" | "pdf" | "abstract" as flag):
                return index.flagged(flag)
            case q.Label(field=field, value=value):
                return self._label(field, value)
        raise AssertionError(node)

    def _unwanted(self, node: q.Node) -> Query:
        """What is not wanted is not wanted anywhere, and only as it was typed."""
        return self._of(node, "anywhere", "unwanted", None)

    def _text(self, row: Sequence[str], field: q.Field | None, scope: Scope, fit: Fit, begun: bool = False) -> Query:
        """Words in a row, in one field or as far as the scope goes."""
        if not row:
            return index.nothing()
        where = _IN[scope] if field is None else (_FIELDS[field],)
        if len(row) > 1 and fit in _WRONG:
            # Mistyped words are looked for wherever they stand.
            return index.all_of([self._text([word], field, scope, fit) for word in row])
        one: Callable[[TextField], Query]
        if len(row) > 1:

            def one(place: TextField) -> Query:
                if fit == "whole" or (not begun and index.is_letter(row[-1])):
                    return index.in_a_row(place, row)
                return index.in_a_row_beginning(self._searcher, place, row, wanted=fit != "unwanted")
        else:
            (word,) = row
            wrong = min(spelling.allowed(word), _WRONG.get(fit, 0))

            def one(place: TextField) -> Query:
                alone = place == "abstract" and field is None and len(word) < _SHORT
                if fit == "whole" or alone:
                    return index.whole(place, word)
                return index.nearly(place, word, wrong) if wrong else index.beginning(place, word)

        return index.any_of([one(place) for place in where])

    def _counted(self, field: q.CountField, low: int | None, high: int | None) -> Query:
        """Beyond what the index tells apart there are few papers: the library is asked."""
        column = "upvotes" if field == "upvotes" else "comment_count"
        # What SQLite can hold.
        low, high = (None if bound is None else min(bound, 2**63 - 1) for bound in (low, high))
        if low is not None and low > index.COUNTED_TO:
            most = 2**63 - 1 if high is None else high
            return self._those(f"SELECT id FROM paper WHERE {column} BETWEEN ? AND ?", low, most)
        if high is not None and high >= index.COUNTED_TO:
            more = self._those(f"SELECT id FROM paper WHERE {column} > ?", high)
            return index.all_of([index.counted(field, low, None)], [more])
        return index.counted(field, low, high)

    def _state(self, state: q.State) -> Query:
        if state == "new":
            return index.all_of([], [self._those("SELECT paper_id FROM mark WHERE status IS NOT NULL")])
        if state == "queued":
            return self._those("SELECT paper_id FROM queue")
        if state == "bookmarked":
            return self._those("SELECT paper_id FROM mark WHERE bookmarked_at IS NOT NULL")
        return self._those("SELECT paper_id FROM mark WHERE status = ?", state)

    def _label(self, field: q.LabelField, value: str) -> Query:
        match field:
            case "tag":
                like = tag_name(value).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
                return self._those("SELECT paper_id FROM tag WHERE name LIKE ? ESCAPE '\\'", like)
            case "cat":
                # "cs" and "cs.c" mean every category that starts so.
                return index.beginning("category", value.lower())
            case "from":
                return index.beginning("family", value)
            case "id":
                # Imported here: few filters ask for one.
                from store import identity

                arxiv, doi = identity.arxiv_id(value), identity.doi(value)
                return self._those(
                    "SELECT id FROM paper WHERE arxiv_id = ? UNION SELECT id FROM paper WHERE doi = ?",
                    arxiv[0] if arxiv else None,
                    doi,
                )

    def _those(self, select: str, *values: object) -> Query:
        return index.these([number for (number,) in self._connection.execute(select, values)])


def texts(node: q.Node) -> Iterator[q.Word | q.Phrase]:
    """The words and phrases that a query wants."""
    match node:
        case q.Word() | q.Phrase():
            yield node
        case q.All(nodes=nodes) | q.Either(nodes=nodes):
            yield from chain.from_iterable(map(texts, nodes))
        case _:
            pass


def _words(node: q.Word | q.Phrase) -> list[str]:
    """The words as the index has them; what cannot be in it is left out."""
    return index.words(node.text if isinstance(node, q.Word) else " ".join(node.words))
