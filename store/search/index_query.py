"""A query's tree as a question to the search index: where its words may be, and how well they must fit."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import chain, pairwise
from typing import Literal

from tantivy import Query, Searcher

from store.marks.marks import tag_name
from store.search import filter_fields, index, spelling
from store.search import query as q
from store.search.index import TextField
from store.search.tokenizer import index_words

# How far words without a field of their own are looked for: in the title; there and among authors, organization and
# venue; or in the abstract too. Or among these names alone, or in the abstract alone.
Scope = Literal["title", "head", "anywhere", "names", "abstract"]
# How a word must fit: whole; whole but for the last one, which may still be being typed; as a beginning; or as a
# beginning with one letter wrong, or two. Nearly as a word that was typed in two, or two that were typed as one, fits
# too, and as a year that of a paper. What is not wanted must fit as a beginning, and by no less.
Fit = Literal["whole", "typed", "beginning", "nearly", "roughly", "unwanted"]

_IN: dict[Scope, tuple[TextField, ...]] = {
    "title": ("title",),
    "head": ("title", "authors", "organization", "venue"),
    "anywhere": ("title", "authors", "organization", "venue", "abstract"),
    "names": ("authors", "organization", "venue"),
    "abstract": ("abstract",),
}
_FIELDS: dict[filter_fields.TextField, TextField] = {
    "title": "title",
    "abstract": "abstract",
    "author": "authors",
    "org": "organization",
    "venue": "venue",
}
# Of shorter words nearly every abstract has one that begins so: there they count when they stand alone.
_SHORT = 3
_WRONG = {"nearly": 1, "roughly": 2}
# A word that more titles have is not what a paper is called by.
_MOST_CALLED = 10_000
# Of more words no two are taken for one: that asks for all others once for each two of them.
_MOST_JOINED = 8
# A shorter word is not looked for in two parts.
_PARTED = 4
_YEAR = re.compile("(?:19|20)[0-9]{2}")
# What stands behind the first author's name where a paper is cited.
_AND_OTHERS = (["et"], ["al"])


class Conditions:
    """Makes questions to one state of the index, with the reader's marks as they are in the library now."""

    def __init__(self, connection: sqlite3.Connection, searcher: Searcher) -> None:
        self._connection = connection
        self._searcher = searcher
        self._parted: dict[str, list[Query]] = {}
        self._rows: dict[tuple[TextField, tuple[str, ...], bool], Query] = {}

    def of(self, node: q.Node, scope: Scope = "anywhere", fit: Fit = "beginning") -> Query:
        """What `node` finds when its words are looked for so far and must fit so well."""
        last = next(reversed([*q.texts(node)]), None) if fit == "typed" else None
        return self._of(node, scope, fit, last)

    def in_a_row(self, node: q.Node) -> Query | None:
        """Titles that have the words of `node` one after another; None unless it is several words and no more."""
        if not isinstance(node, q.And):
            return None
        parts = [each for each in node.nodes if isinstance(each, q.Word | q.Phrase) and each.field in (None, "title")]
        row = list(chain.from_iterable(map(_words, parts)))
        if len(parts) < len(node.nodes):
            return None
        if row and len(row[-1]) < _SHORT and row[-1].isalpha():
            # Still being typed: so much begins so that to look for all of it behind a word is not worth the wait.
            row.pop()
            return index.in_a_row("title", row) if len(row) > 1 else None
        return self._in_a_row_beginning("title", row, wanted=True) if len(row) > 1 else None

    def beginning_titles(self, node: q.Node) -> Query | None:
        """Titles that begin with the one word or phrase that `node` wants; None when that is in too many to matter."""
        text, *more = q.texts(node)
        if more or text.field not in (None, "title") or not (row := _words(text)):
            return None
        seldom = min(index.frequency(self._searcher, "title", word) for word in row) <= _MOST_CALLED
        return index.titles_beginning(row) if seldom else None

    def _of(self, node: q.Node, scope: Scope, fit: Fit, last: q.Node | None) -> Query:
        match node:
            case q.And(nodes=nodes):
                # Titles that are pasted have "the" twice.
                wanted: list[q.Node] = [*dict.fromkeys(each for each in nodes if not isinstance(each, q.Not))]
                unwanted = [each.node for each in nodes if isinstance(each, q.Not)]
                without = [self._unwanted(each) for each in unwanted]
                if fit in _WRONG:
                    wanted = _without_others(wanted)
                all_words = index.all_of([self._of(each, scope, fit, last) for each in wanted], without)
                if fit != "nearly":
                    return all_words
                return index.any_of([all_words, *(index.all_of(row, without) for row in self._joined(wanted, scope))])
            case q.Or(nodes=nodes):
                return index.any_of([self._of(each, scope, fit, last) for each in nodes])
            case q.Not(node=inner):
                return index.all_of([], [self._unwanted(inner)])
            case q.Word() | q.Phrase():
                how: Fit = ("beginning" if node is last else "whole") if fit == "typed" else fit
                begun = isinstance(node, q.Phrase) and node.unfinished
                return self._text(_words(node), node.field, scope, how, begun)
            case q.DateRange(field="published", start=start, end=end):
                return index.published(start, end)
            case q.DateRange(start=start, end=end):
                return index.listed(start, end)
            case q.CountRange(field=field, low=low, high=high):
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

    def _joined(self, wanted: Sequence[q.Node], scope: Scope) -> Iterator[list[Query]]:
        """What `wanted` asks as it was typed, but for two neighbours that a paper has as one word: each two of them."""
        for at, (one, other) in enumerate(pairwise(wanted)) if len(wanted) <= _MOST_JOINED else ():
            if not (isinstance(one, q.Word | q.Phrase) and isinstance(other, q.Word | q.Phrase)):
                continue
            if one.field == other.field:
                others = [self._of(each, scope, "beginning", None) for each in (*wanted[:at], *wanted[at + 2 :])]
                yield [*others, self._as_one([*_words(one), *_words(other)], one.field, scope)]

    def _as_one(self, row: Sequence[str], field: filter_fields.TextField | None, scope: Scope) -> Query:
        """Words that are written as one."""
        return index.any_of([index.beginning(place, "".join(row)) for place in _places(field, scope)])

    def _apart(self, word: str) -> list[Query]:
        """Titles that have a word as two in a row, the second one being a beginning; one for each way to part it."""
        if len(word) < _PARTED:
            return []
        if word not in self._parted:
            parts = [(word[:at], word[at:]) for at in range(1, len(word))]
            self._parted[word] = [
                index.in_a_row("title", row)
                if len(row[1]) < _SHORT
                else self._in_a_row_beginning("title", row, wanted=False)
                for row in parts
                if index.frequency(self._searcher, "title", row[0])
            ]
        return self._parted[word]

    def _unwanted(self, node: q.Node) -> Query:
        """What is not wanted is not wanted anywhere, and only as it was typed."""
        return self._of(node, "anywhere", "unwanted", None)

    def _text(
        self, row: Sequence[str], field: filter_fields.TextField | None, scope: Scope, fit: Fit, begun: bool = False
    ) -> Query:
        """Words in a row, in one field or as far as the scope goes."""
        if not row:
            return index.nothing()
        where = _places(field, scope)
        if len(row) > 1 and fit in _WRONG:
            # Mistyped words are looked for wherever they stand.
            each = index.all_of([self._text([word], field, scope, fit) for word in row])
            return index.any_of([each, self._as_one(row, field, scope)]) if fit == "nearly" else each
        one: Callable[[TextField], Query]
        if len(row) > 1:

            def one(place: TextField) -> Query:
                if fit == "whole" or (not begun and index.is_letter(row[-1])):
                    return index.in_a_row(place, row)
                return self._in_a_row_beginning(place, row, wanted=fit != "unwanted")
        else:
            (word,) = row
            otherwise: list[Query] = []
            if fit == "nearly":
                otherwise += self._apart(word) if "title" in where else []
                if field is None and _YEAR.fullmatch(word):
                    otherwise.append(index.published(date(int(word), 1, 1), date(int(word), 12, 31)))
            wrong = min(spelling.letters_allowed(word), _WRONG.get(fit, 0))

            def one(place: TextField) -> Query:
                alone = place == "abstract" and field is None and len(word) < _SHORT
                if fit == "whole" or alone:
                    return index.whole(place, word)
                if not wrong:
                    return index.beginning(place, word)
                near = index.nearly(place, word, wrong, begun=spelling.may_be_prefix(word))
                return near if spelling.may_be_prefix(word) else index.any_of([near, index.beginning(place, word)])

            return index.any_of([*map(one, where), *otherwise])

        return index.any_of([one(place) for place in where])

    def _in_a_row_beginning(self, place: TextField, row: Sequence[str], *, wanted: bool) -> Query:
        """As the index's, which looks through all beginnings of the last word; once for all that is asked."""
        key = (place, tuple(row), wanted)
        if key not in self._rows:
            self._rows[key] = index.in_a_row_beginning(self._searcher, place, row, wanted=wanted)
        return self._rows[key]

    def _counted(self, field: filter_fields.CountField, low: int | None, high: int | None) -> Query:
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

    def _state(self, state: filter_fields.State) -> Query:
        if state == "new":
            return index.all_of([], [self._those("SELECT paper_id FROM mark WHERE status IS NOT NULL")])
        if state == "queued":
            return self._those("SELECT paper_id FROM queue")
        if state == "bookmarked":
            return self._those("SELECT paper_id FROM mark WHERE bookmarked_at IS NOT NULL")
        return self._those("SELECT paper_id FROM mark WHERE status = ?", state)

    def _label(self, field: filter_fields.LabelField, value: str) -> Query:
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
                from store.matching import identity

                arxiv, doi = identity.arxiv_id(value), identity.doi(value)
                return self._those(
                    "SELECT id FROM paper WHERE arxiv_id = ? UNION SELECT id FROM paper WHERE doi = ?",
                    arxiv[0] if arxiv else None,
                    doi,
                )

    def _those(self, select: str, *values: object) -> Query:
        return index.these([number for (number,) in self._connection.execute(select, values)])


def _places(field: filter_fields.TextField | None, scope: Scope) -> tuple[TextField, ...]:
    return _IN[scope] if field is None else (_FIELDS[field],)


def _without_others(wanted: list[q.Node]) -> list[q.Node]:
    """Without "et al", if anything else is there."""
    rows = [_words(each) if isinstance(each, q.Word) else [] for each in wanted]
    others = {at + more for at in range(len(rows)) if (*rows[at : at + 2],) == _AND_OTHERS for more in (0, 1)}
    return [each for at, each in enumerate(wanted) if at not in others] if len(others) < len(wanted) else wanted


def _words(node: q.Word | q.Phrase) -> list[str]:
    """The words as the index has them; what cannot be in it is left out."""
    return index_words(node.text if isinstance(node, q.Word) else " ".join(node.words))
