"""A query's tree as SQL: as a condition over papers, and as one question to the index of titles and names."""

from __future__ import annotations

import sqlite3
from typing import Literal

from store import identity
from store import query as q
from store.reading import tag_name
from store.shelf import stored_day
from store.spelling import Spelling, fold_word

# How far words without a field of their own are looked for: in the title; there and among authors, organization and
# venue; or in the abstract too.
Scope = Literal["title", "head", "anywhere"]

# With as many papers as this a word is common.
_COMMON = 5_000


def rarest_first(connection: sqlite3.Connection, tree: q.Node) -> q.Node:
    """The same question with what fewest papers have in front: SQLite looks that up, and asks those for the rest."""
    if not isinstance(tree, q.All):
        return tree
    return q.All(tuple(sorted(tree.nodes, key=lambda node: (_papers_with(connection, node), -len(str(node))))))


def _papers_with(connection: sqlite3.Connection, node: q.Node) -> int:
    """How many papers a node finds, about: few for what the reader marked, counted for words, up to a limit."""
    match node:
        case q.Is(state=state) if state != "new":
            return 0
        case q.Label(field="tag" | "id") | q.Number():
            return 0
        case q.Word(text=text):
            row = text
        case q.Phrase(words=words):
            row = " ".join(words)
        case _:
            return 3 * _COMMON
    return sum(
        connection.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {index} WHERE {index} MATCH ? LIMIT {_COMMON})", (_prefix(row),)
        ).fetchone()[0]
        for index in ("head_fts", "abstract_fts")
    )


def has_words(node: q.Node) -> bool:
    match node:
        case q.Word() | q.Phrase():
            return True
        case q.All(nodes=nodes) | q.Either(nodes=nodes):
            return any(map(has_words, nodes))
        case _:
            return False


def expression(node: q.Node, scope: Scope) -> str | None:
    """`node` as one question to the index of titles and names; None when that cannot answer it alone."""
    match node:
        case q.Word(field="abstract") | q.Phrase(field="abstract"):
            return None
        case q.Word(text=text, field=field):
            return _in_columns(_prefix(text), field, scope)
        case q.Phrase(words=words, field=field):
            return _in_columns(_prefix(" ".join(words)), field, scope)
        case q.All(nodes=nodes) | q.Either(nodes=nodes):
            parts = [expression(each, scope) for each in nodes]
            joined = " AND " if isinstance(node, q.All) else " OR "
            return joined.join(f"({part})" for part in parts) if all(parts) else None
        case _:
            return None


def _in_columns(match: str, field: q.Field | None, scope: Scope) -> str:
    """`match` where it may be: in one field, or as far as the scope goes in the index of titles and names."""
    if field is not None:
        return f"{_COLUMN[field]} : {match}"
    return f"title : {match}" if scope == "title" else match


class Condition:
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
                return f"NOT ifnull({Condition('anywhere', {}, self._values).of(inner)}, 0)"
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
                # Few papers of a large library have counts, and these are indexed.
                column = "upvotes" if field == "upvotes" else "comment_count"
                return f"p.id IN (SELECT id FROM paper WHERE {self._between(column, low, high)})"
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
        if field is not None or self._scope != "anywhere":
            return self._in("head_fts", _in_columns(match, field, self._scope))
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
    "code": "p.id IN (SELECT id FROM paper WHERE has_code)",
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
