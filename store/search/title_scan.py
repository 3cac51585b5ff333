"""Finds papers without the search index, by SQL: by words in their titles, and by marks, counts and dates.

This module finds papers that are not in the index yet, for example while the index of a copied library is being built.
Words match anywhere in a title, even inside another word. A filter with other conditions, for example on abstracts or
categories, finds nothing before the papers are indexed.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable
from datetime import date
from itertools import chain
from typing import TypeAlias

from store.marks.marking import tag_name
from store.papers.paper_names import like_pattern
from store.papers.view_table import Selection
from store.search import query as q
from store.search.filter_fields import COUNT_COLUMNS, State, TextField

# A condition in SQL on the table `paper` with the alias `p`, and the values of its parameters. None if only the search
# index can evaluate the condition.
_Condition: TypeAlias = tuple[str, tuple[object, ...]] | None

_TEXT_COLUMNS: dict[TextField | None, str] = {
    None: "title",
    "title": "title",
    "author": "byline",
    "org": "organization",
}
_STATES: dict[State, str] = {
    "new": "p.id NOT IN (SELECT paper_id FROM mark WHERE status IS NOT NULL)",
    "queued": "p.id IN (SELECT paper_id FROM queue)",
    "bookmarked": "p.id IN (SELECT paper_id FROM mark WHERE bookmarked_at IS NOT NULL)",
}


def find(
    connection: sqlite3.Connection, selected: Selection, order: str, tree: q.Node, *, after: int, limit: int
) -> array[int] | None:
    """At most `limit` papers of a view that match `tree` and have an id above `after`, sorted by the SQL terms `order`.

    None if only the search index can evaluate the filter, because it has conditions on other fields than titles, marks,
    counts and dates.
    """
    condition = _condition(tree)
    if condition is None:
        return None
    where, values = condition
    rows = connection.execute(
        f"SELECT p.id FROM paper p {selected.join} WHERE {selected.where} AND p.id > ? AND {where}"
        f" ORDER BY {order} LIMIT ?",
        (*selected.values, after, *values, limit),
    )
    return array("q", chain.from_iterable(rows))


def _condition(node: q.Node) -> _Condition:
    match node:
        case q.And(nodes=nodes):
            return _joined(" AND ", map(_condition, nodes))
        case q.Or(nodes=nodes):
            return _joined(" OR ", map(_condition, nodes))
        case q.Not(node=inner):
            excluded = _condition(inner)
            return excluded and (f"NOT coalesce({excluded[0]}, 0)", excluded[1])
        case q.Word(text=text, field=field):
            return _text((text,), field)
        case q.Phrase(words=words, field=field):
            return _text(words, field)
        case q.Is(state=state):
            return _state(state)
        case q.Has(what="note"):
            return "p.id IN (SELECT paper_id FROM mark WHERE note IS NOT NULL)", ()
        case q.Label(field="tag", value=value):
            pattern = f"{like_pattern(tag_name(value))}%"
            return "p.id IN (SELECT paper_id FROM tag WHERE name LIKE ? ESCAPE '\\')", (pattern,)
        case q.CountRange(field="rating", low=low, high=high):
            return _range("(SELECT rating FROM mark WHERE paper_id = p.id)", low, high)
        case q.CountRange(field=field, low=low, high=high):
            return _range(f"p.{COUNT_COLUMNS[field]}", low, high)
        case q.DateRange(field="published", start=start, end=end):
            # A date may be only a year or a month. It is completed to a whole day: "2025" becomes "2025-01-01".
            return _range("substr(p.published || '-01-01', 1, 10)", _day(start), _day(end))
        case _:
            return None


def _text(words: Iterable[str], field: TextField | None) -> _Condition:
    column = _TEXT_COLUMNS.get(field)
    # Between two words of a phrase, any single character matches, such as a space or a hyphen.
    pattern = "_".join(map(like_pattern, words))
    return (f"p.{column} LIKE ? ESCAPE '\\'", (f"%{pattern}%",)) if column else None


def _state(state: State) -> _Condition:
    if state in _STATES:
        return _STATES[state], ()
    if state == "later":
        return "p.id IN (SELECT paper_id FROM mark WHERE later > ?)", (date.today().isoformat(),)
    return "p.id IN (SELECT paper_id FROM mark WHERE status = ?)", (state,)


def _range(column: str, low: object, high: object) -> _Condition:
    bounds = [(f"{column} {sign} ?", bound) for sign, bound in ((">=", low), ("<=", high)) if bound is not None]
    return _joined(" AND ", [(text, (bound,)) for text, bound in bounds])


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _joined(sign: str, conditions: Iterable[_Condition]) -> _Condition:
    """Join conditions with the SQL operator `sign` to one. None if only the search index can evaluate the result."""
    parts = list(conditions)
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or not known:
        return None
    return f"({sign.join(text for text, _ in known)})", tuple(chain.from_iterable(values for _, values in known))
