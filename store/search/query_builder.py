"""Converts a filter, parsed as a tree (query.py), to a query of the search index.

The caller chooses the fields in which words are searched for (Scope) and how well the words must match (Match). The
conditions that are not words are in filter_conditions.py.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, pairwise
from typing import Literal

from tantivy import Query, Searcher

from store.search import filter_conditions, index, rewrites, spelling, terms
from store.search import query as q
from store.search.filter_fields import FIELDS, TextField, TextFilter
from store.search.index_schema import IndexText
from store.search.rewrites import folded_words
from store.search.tokenizer import is_unspaced, plain_words

# The scope is the set of fields in which a word is searched for, unless the user typed a field before the word, as in
# "title:attention". _SCOPE_FIELDS has the fields of each scope.
Scope = Literal["title", "head", "anywhere", "names", "abstract", "full text"]
# How well the words of a filter must match the words of a paper.
#   whole      each word of the filter equals a word of the paper
#   typed      the last word of the filter, which the user may still be typing, matches as in "prefix"; the others as in
#              "whole"
#   prefix     for each word of the filter, a word of the paper begins with it
#   one_wrong  as "prefix", but one letter of each word may be wrong. Two words of the filter may also be written as one
#              word in the paper, or one word as two, and a year also matches papers published in that year
#   two_wrong  as "prefix", but two letters of each word may be wrong
#   negated    as "prefix", for words that the user excludes ("-survey"). The other kinds ignore the last word of a
#              phrase if too many words begin with it. Here this would exclude papers that do not have the word
Match = Literal["whole", "typed", "prefix", "one_wrong", "two_wrong", "negated"]

_SCOPE_FIELDS: dict[Scope, tuple[IndexText, ...]] = {
    "title": ("title",),
    "head": ("title", "authors", "organization", "venue"),
    "anywhere": ("title", "authors", "organization", "venue", "abstract"),
    "names": ("authors", "organization", "venue"),
    "abstract": ("abstract",),
    "full text": ("title", "authors", "organization", "venue", "abstract", "text"),
}
_INDEX_TEXTS = {field.name: field.index_text for field in FIELDS if isinstance(field, TextFilter)}
_WRONG_LETTERS: dict[Match, int] = {"one_wrong": 1, "two_wrong": 2}
# A word of the filter with fewer letters than this must equal a whole word of an abstract. As a prefix, it would match
# nearly every abstract.
_SHORTEST_PREFIX = 3
# A filter of one word may be the name of a paper, such as "bert" for "BERT: Pre-training of …". It is treated as a name
# only if at most this many titles contain the word.
_MAX_NAMED_BY_WORD = 10_000
# Each pair of neighbouring words is also searched for as one word ("pre training" as "pretraining"), but only if the
# filter has at most this many words. A longer filter would take too long, because each pair needs one more query, which
# also contains all other words.
_MAX_WORDS_TO_JOIN = 8
# Only a word with at least this many letters is also searched for as two words.
_SHORTEST_TO_SPLIT = 4
_YEAR = re.compile("(?:19|20)[0-9]{2}")
# The words "et al", which follow the name of the first author when a paper is cited. They are ignored if words may have
# wrong letters.
_ET_AL = (["et"], ["al"])


class QueryBuilder:
    """Builds queries for one state of the library and of its index."""

    def __init__(self, connection: sqlite3.Connection, searcher: Searcher) -> None:
        self._connection = connection
        self._searcher = searcher
        self._conditions: dict[q.Node, Query] = {}
        self._split_words: dict[str, list[Query]] = {}
        self._phrase_prefixes: dict[tuple[IndexText, tuple[str, ...], bool], Query] = {}

    @property
    def has_full_texts(self) -> bool:
        """Whether any paper of the library has a full text."""
        return self._connection.execute("SELECT 1 FROM text LIMIT 1").fetchone() is not None

    def build(self, node: q.Node, scope: Scope = "anywhere", match: Match = "prefix") -> Query:
        """A query for the papers that match `node`.

        The words of `node` are searched for in the fields of `scope`. `match` is how well they must match (see Match).
        """
        last = next(reversed([*q.texts(node)]), None) if match == "typed" else None
        return self._build(node, scope, match, last)

    def title_phrase(self, node: q.Node) -> Query | None:
        """A query for titles with the words of `node` next to each other.

        None if `node` is a single condition, or contains anything but words and phrases that may be in the title.
        """
        if not isinstance(node, q.And):
            return None
        texts = [each for each in node.nodes if isinstance(each, q.Word | q.Phrase) and each.field in (None, "title")]
        words = list(chain.from_iterable(map(folded_words, texts)))
        if len(texts) < len(node.nodes):
            return None
        if words and len(words[-1]) < _SHORTEST_PREFIX and words[-1].isalpha():
            # The user is still typing the last word. Leave it out, because tantivy refuses a phrase query if too many
            # words begin with these letters.
            words.pop()
            return terms.phrase("title", words) if len(words) > 1 else None
        return self._phrase_prefix("title", words, strict=False) if len(words) > 1 else None

    def title_start(self, node: q.Node) -> Query | None:
        """A query for titles that begin with the words of `node`.

        None if `node` is not a single word or phrase. Also None if its words are so frequent in titles that they are
        probably not the name of a paper.
        """
        text, *others = q.texts(node)
        if others or text.field not in (None, "title") or not (words := plain_words(rewrites.text_of(text))):
            return None
        rarest = min(index.document_frequency(self._searcher, "title", word) for word in folded_words(text))
        return terms.title_prefix(words) if rarest <= _MAX_NAMED_BY_WORD else None

    def _build(self, node: q.Node, scope: Scope, match: Match, last: q.Node | None) -> Query:
        """The same query as `build` returns. If `match` is "typed", `last` matches as a prefix, and all other nodes as
        whole words.

        `last` is the last word or phrase of the whole filter, which the user may still be typing.
        """
        match node:
            case q.And(nodes=nodes):
                return self._and(nodes, scope, match, last)
            case q.Or(nodes=nodes):
                return terms.any_of([self._build(each, scope, match, last) for each in nodes])
            case q.Not(node=inner):
                return terms.all_of([], [self._negated(inner)])
            case q.Word() | q.Phrase():
                if match == "typed":
                    match = "prefix" if node is last else "whole"
                if isinstance(node, q.Phrase) and node.whole and match == "prefix":
                    match = "whole"
                unfinished = isinstance(node, q.Phrase) and node.unfinished
                as_typed = self._text(folded_words(node), node.field, scope, match, unfinished)
                return terms.any_of([as_typed, *self._others(node, _index_texts(node.field, scope))])
            case _:
                return self._condition(node)

    def _and(self, nodes: Sequence[q.Node], scope: Scope, match: Match, last: q.Node | None) -> Query:
        # Use each node only once, because a pasted title may contain a word such as "the" several times.
        required: list[q.Node] = [*dict.fromkeys(each for each in nodes if not isinstance(each, q.Not))]
        excluded = [self._negated(each.node) for each in nodes if isinstance(each, q.Not)]
        if match in _WRONG_LETTERS:
            required = _without_et_al(required)
        as_typed = terms.all_of([self._build(each, scope, match, last) for each in required], excluded)
        if match != "one_wrong":
            return as_typed
        joined = [terms.all_of(queries, excluded) for queries in self._joined(required, scope)]
        return terms.any_of([as_typed, *joined])

    def _condition(self, node: q.Node) -> Query:
        """The query for a condition that is not a word or a phrase.

        The query is cached, because it is needed for each scope and each kind of match, and building the query for a
        condition on marks takes long: it reads the ids of all papers with these marks.
        """
        if node not in self._conditions:
            self._conditions[node] = filter_conditions.query_of(self._connection, self._searcher, node)
        return self._conditions[node]

    def _joined(self, required: Sequence[q.Node], scope: Scope) -> Iterator[list[Query]]:
        """For each pair of neighbouring words, yield a list of queries for the papers that have the pair as one word.

        A paper must match all queries of a list: one for the joined word, and one for each node that is not in the
        pair.
        """
        if len(required) > _MAX_WORDS_TO_JOIN:
            return
        for at, (first, second) in enumerate(pairwise(required)):
            if not (isinstance(first, q.Word | q.Phrase) and isinstance(second, q.Word | q.Phrase)):
                continue
            if first.field == second.field:
                others = [self._build(each, scope, "prefix", None) for each in (*required[:at], *required[at + 2 :])]
                yield [*others, self._as_one_word([*folded_words(first), *folded_words(second)], first.field, scope)]

    def _as_one_word(self, words: Sequence[str], field: TextField | None, scope: Scope) -> Query:
        return terms.any_of([terms.prefix(text, "".join(words)) for text in _index_texts(field, scope)])

    def _as_two_words(self, word: str) -> list[Query]:
        """Queries for titles that contain `word` as two neighbouring words, one query for each position at which it can
        be split.

        The second word of the title need only begin with the second part of `word`, unless that part is very short.
        """
        if len(word) < _SHORTEST_TO_SPLIT:
            return []
        if word not in self._split_words:
            halves = [(word[:at], word[at:]) for at in range(1, len(word))]
            self._split_words[word] = [
                terms.phrase("title", words)
                if len(words[1]) < _SHORTEST_PREFIX
                else self._phrase_prefix("title", words, strict=True)
                for words in halves
                if index.document_frequency(self._searcher, "title", words[0])
            ]
        return self._split_words[word]

    def _negated(self, node: q.Node) -> Query:
        """A query for the papers that a negated condition excludes, where `node` is the condition without the negation.

        A word without a field excludes papers that have it in the title, the names or the abstract.
        """
        return self._build(node, "anywhere", "negated", None)

    def _text(
        self, words: Sequence[str], field: TextField | None, scope: Scope, match: Match, unfinished: bool
    ) -> Query:
        """The query for a word or a phrase.

        If the user typed a field before it ("title:"), `field` is that field, and only it is searched; otherwise the
        fields of `scope` are. `unfinished` is true if the last word is a single letter that may be the start of a word.
        """
        index_texts = _index_texts(field, scope)
        if not words:
            return terms.nothing()
        if len(words) == 1:
            return self._word(words[0], field, index_texts, match)
        if match in _WRONG_LETTERS:
            # If letters may be wrong, the words of a phrase need not be next to each other.
            apart = terms.all_of([self._word(word, field, index_texts, match) for word in words])
            return terms.any_of([apart, self._as_one_word(words, field, scope)]) if match == "one_wrong" else apart
        if match == "whole" or (not unfinished and terms.is_single_letter(words[-1])):
            return terms.any_of([terms.phrase(text, words) for text in index_texts])
        strict = match == "negated"
        return terms.any_of([self._phrase_prefix(text, words, strict=strict) for text in index_texts])

    def _others(self, node: q.Word | q.Phrase, index_texts: Sequence[IndexText]) -> list[Query]:
        """Queries for the words that a paper may have instead of the words of `node`, one query for each
        index field.
        """
        if not node.others:
            return []
        if isinstance(node, q.Word):
            return [terms.any_word(text, node.others) for text in index_texts]
        forms = [[word, *others] for word, others in zip(folded_words(node), node.others, strict=True)]
        if len(forms) == 1:
            return [terms.any_word(text, forms[0]) for text in index_texts]
        return [terms.phrase_of(self._searcher, text, forms) for text in index_texts]

    def _word(self, word: str, field: TextField | None, index_texts: Sequence[IndexText], match: Match) -> Query:
        """The query for a single word in the index fields `index_texts`.

        `field` is the field that the user typed before the word, or None.
        """
        queries = [self._word_in(text, word, field, match) for text in index_texts]
        if match == "one_wrong":
            if "title" in index_texts:
                queries += self._as_two_words(word)
            if field is None and _YEAR.fullmatch(word):
                queries.append(terms.published(date(int(word), 1, 1), date(int(word), 12, 31)))
        return terms.any_of(queries)

    def _word_in(self, text: IndexText, word: str, field: TextField | None, match: Match) -> Query:
        short_in_abstract = (
            text in ("abstract", "text") and field is None and len(word) < _SHORTEST_PREFIX and not is_unspaced(word)
        )
        if match == "whole" or short_in_abstract:
            return terms.word(text, word)
        wrong = min(spelling.letters_allowed(word), _WRONG_LETTERS.get(match, 0))
        if not wrong:
            return terms.prefix(text, word)
        if spelling.may_be_prefix(word):
            return terms.fuzzy(text, word, wrong, as_prefix=True)
        return terms.any_of([terms.fuzzy(text, word, wrong, as_prefix=False), terms.prefix(text, word)])

    def _phrase_prefix(self, text: IndexText, words: Sequence[str], *, strict: bool) -> Query:
        """A cached call of `terms.phrase_prefix`. It is cached because in each call, tantivy looks up all matching
        words.
        """
        key = (text, tuple(words), strict)
        if key not in self._phrase_prefixes:
            self._phrase_prefixes[key] = terms.phrase_prefix(self._searcher, text, words, strict=strict)
        return self._phrase_prefixes[key]


def _index_texts(field: TextField | None, scope: Scope) -> tuple[IndexText, ...]:
    """The index fields to search: the one of `field`, which the user typed before the word, or if it is None, those of
    `scope`.
    """
    return _SCOPE_FIELDS[scope] if field is None else (_INDEX_TEXTS[field],)


def _without_et_al(nodes: list[q.Node]) -> list[q.Node]:
    """`nodes` without the words "et al". If `nodes` has only these words, it is returned unchanged."""
    words = [folded_words(each) if isinstance(each, q.Word) else [] for each in nodes]
    positions = {at + offset for at in range(len(words)) if (*words[at : at + 2],) == _ET_AL for offset in (0, 1)}
    return [each for at, each in enumerate(nodes) if at not in positions] if len(positions) < len(nodes) else nodes
