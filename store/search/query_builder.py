"""From the tree of a query to a query of the index: where words are searched for, and how well they must match."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, pairwise
from typing import Literal

from tantivy import Query, Searcher

from store.marks.marking import tag_name
from store.marks.stored_marks import BACK, DECIDED
from store.papers.views import is_new_undated
from store.search import index, rewrites, sort_keys, spelling, terms
from store.search import query as q
from store.search.filter_fields import (
    FIELDS,
    CountField,
    CountFilter,
    LabelField,
    Possession,
    State,
    TextField,
    TextFilter,
)
from store.search.index_schema import IndexText
from store.search.rewrites import folded_words
from store.search.tokenizer import is_unspaced, plain_words

# Where words without a field of their own are searched: in titles; in titles, authors, organizations and venues; there
# and in abstracts; in authors, organizations and venues only; or in abstracts only.
Scope = Literal["title", "head", "anywhere", "names", "abstract"]
# How well words must match.
#   whole      as whole words
#   typed      as whole words, but the last one, which may still be being typed, as a prefix
#   prefix     as prefixes
#   one_wrong  as prefixes with one wrong letter; also two words as one, one word as two, and a year as the paper's year
#   two_wrong  as prefixes with two wrong letters
#   negated    as prefixes, and strictly so: what a reader excludes must match as it was typed
Match = Literal["whole", "typed", "prefix", "one_wrong", "two_wrong", "negated"]

_SCOPE_FIELDS: dict[Scope, tuple[IndexText, ...]] = {
    "title": ("title",),
    "head": ("title", "authors", "organization", "venue"),
    "anywhere": ("title", "authors", "organization", "venue", "abstract"),
    "names": ("authors", "organization", "venue"),
    "abstract": ("abstract",),
}
_INDEX_TEXTS = {field.name: field.index_text for field in FIELDS if isinstance(field, TextFilter)}
_COUNT_COLUMNS = {field.name: field.column for field in FIELDS if isinstance(field, CountFilter)}
_WRONG_LETTERS: dict[Match, int] = {"one_wrong": 1, "two_wrong": 2}
# Nearly every abstract has a word that begins with a shorter one. There such a word must be a whole word.
_SHORTEST_PREFIX = 3
# A word that is in more titles than this is not the name of a paper.
_MAX_NAMED_BY_WORD = 10_000
# In a filter of more words, neighbours are not tried as one word: each pair needs a query for all the other words.
_MAX_WORDS_TO_JOIN = 8
# A shorter word is not tried as two words.
_SHORTEST_TO_SPLIT = 4
_YEAR = re.compile("(?:19|20)[0-9]{2}")
# "et al" follows the name of the first author where a paper is cited.
_ET_AL = (["et"], ["al"])
# The largest integer of SQLite.
_MAX_INTEGER = 2**63 - 1


class QueryBuilder:
    """Builds queries for one state of the index. The library answers the conditions on the reader's marks."""

    def __init__(self, connection: sqlite3.Connection, searcher: Searcher) -> None:
        self._connection = connection
        self._searcher = searcher
        self._split_words: dict[str, list[Query]] = {}
        self._phrase_prefixes: dict[tuple[IndexText, tuple[str, ...], bool], Query] = {}

    def build(self, node: q.Node, scope: Scope = "anywhere", match: Match = "prefix") -> Query:
        """The papers that match `node`, with its words in this scope and matching this well."""
        last = next(reversed([*q.texts(node)]), None) if match == "typed" else None
        return self._build(node, scope, match, last)

    def title_phrase(self, node: q.Node) -> Query | None:
        """Titles with the words of `node` next to each other. None unless `node` is several words and nothing else."""
        if not isinstance(node, q.And):
            return None
        texts = [each for each in node.nodes if isinstance(each, q.Word | q.Phrase) and each.field in (None, "title")]
        words = list(chain.from_iterable(map(folded_words, texts)))
        if len(texts) < len(node.nodes):
            return None
        if words and len(words[-1]) < _SHORTEST_PREFIX and words[-1].isalpha():
            # The reader is still typing the last word. Too many words begin with it for a phrase query.
            words.pop()
            return terms.phrase("title", words) if len(words) > 1 else None
        return self._phrase_prefix("title", words, strict=False) if len(words) > 1 else None

    def title_start(self, node: q.Node) -> Query | None:
        """Titles that begin with the words of `node`, which must be one word or phrase.

        None otherwise, and when the words are so frequent that no paper is known by them.
        """
        text, *others = q.texts(node)
        if others or text.field not in (None, "title") or not (words := plain_words(rewrites.text_of(text))):
            return None
        rarest = min(index.document_frequency(self._searcher, "title", word) for word in folded_words(text))
        return terms.title_prefix(words) if rarest <= _MAX_NAMED_BY_WORD else None

    def _build(self, node: q.Node, scope: Scope, match: Match, last: q.Node | None) -> Query:
        """`last` is the last text of the whole filter, which "typed" takes for a prefix."""
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
                unfinished = isinstance(node, q.Phrase) and node.unfinished
                as_typed = self._text(folded_words(node), node.field, scope, match, unfinished)
                return terms.any_of([as_typed, *self._others(node, _index_texts(node.field, scope))])
            case _:
                return self._condition(node)

    def _and(self, nodes: Sequence[q.Node], scope: Scope, match: Match, last: q.Node | None) -> Query:
        # Each node once: titles that are pasted have "the" twice.
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
        """A condition other than words."""
        match node:
            case q.DateRange(field=field, start=start, end=end):
                return terms.published(start, end) if field == "published" else terms.listed(start, end)
            case q.CountRange(field=field, low=low, high=high):
                return self._counted(field, low, high)
            case q.Is(state=state):
                return self._state(state)
            case q.Has(what=what):
                return self._possession(what)
            case q.Label(field=field, value=value):
                return self._label(field, value)
        raise AssertionError(node)

    def _joined(self, required: Sequence[q.Node], scope: Scope) -> Iterator[list[Query]]:
        """For each two neighbouring words: queries with them as one word, and with the other nodes as typed."""
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
        """Titles with `word` as two words next to each other, the second a prefix: a query for each way to split it."""
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
        """The papers that a negated node leaves out: wherever its words are, and only as they were typed."""
        return self._build(node, "anywhere", "negated", None)

    def _text(
        self, words: Sequence[str], field: TextField | None, scope: Scope, match: Match, unfinished: bool
    ) -> Query:
        """A word or phrase, in its own field or in those of the scope."""
        index_texts = _index_texts(field, scope)
        if not words:
            return terms.nothing()
        if len(words) == 1:
            return self._word(words[0], field, index_texts, match)
        if match in _WRONG_LETTERS:
            # Mistyped words are searched for wherever they are.
            apart = terms.all_of([self._word(word, field, index_texts, match) for word in words])
            return terms.any_of([apart, self._as_one_word(words, field, scope)]) if match == "one_wrong" else apart
        if match == "whole" or (not unfinished and terms.is_single_letter(words[-1])):
            return terms.any_of([terms.phrase(text, words) for text in index_texts])
        strict = match == "negated"
        return terms.any_of([self._phrase_prefix(text, words, strict=strict) for text in index_texts])

    def _others(self, node: q.Word | q.Phrase, index_texts: Sequence[IndexText]) -> list[Query]:
        """The queries for the other forms of the words of `node`."""
        if not node.others:
            return []
        if isinstance(node, q.Word):
            return [terms.any_word(text, node.others) for text in index_texts]
        forms = [[word, *others] for word, others in zip(folded_words(node), node.others, strict=True)]
        if len(forms) == 1:
            return [terms.any_word(text, forms[0]) for text in index_texts]
        return [terms.phrase_of(self._searcher, text, forms) for text in index_texts]

    def _word(self, word: str, field: TextField | None, index_texts: Sequence[IndexText], match: Match) -> Query:
        """A single word in some fields of the index. `field` is the one that the reader named."""
        queries = [self._word_in(text, word, field, match) for text in index_texts]
        if match == "one_wrong":
            if "title" in index_texts:
                queries += self._as_two_words(word)
            if field is None and _YEAR.fullmatch(word):
                queries.append(terms.published(date(int(word), 1, 1), date(int(word), 12, 31)))
        return terms.any_of(queries)

    def _word_in(self, text: IndexText, word: str, field: TextField | None, match: Match) -> Query:
        short_in_abstract = (
            text == "abstract" and field is None and len(word) < _SHORTEST_PREFIX and not is_unspaced(word)
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
        """As `terms.phrase_prefix`, but each query is built only once, because building it expands the prefix."""
        key = (text, tuple(words), strict)
        if key not in self._phrase_prefixes:
            self._phrase_prefixes[key] = terms.phrase_prefix(self._searcher, text, words, strict=strict)
        return self._phrase_prefixes[key]

    def _counted(self, field: CountField, low: int | None, high: int | None) -> Query:
        """The papers with a count from `low` to `high`.

        The index does not distinguish counts above a limit. The library finds the few papers that have such counts.
        """
        column = _COUNT_COLUMNS[field]
        low, high = (None if bound is None else min(bound, _MAX_INTEGER) for bound in (low, high))
        if low is not None and low > sort_keys.COUNT_LIMIT:
            highest = _MAX_INTEGER if high is None else high
            return self._papers(f"SELECT id FROM paper WHERE {column} BETWEEN ? AND ?", low, highest)
        if high is not None and high >= sort_keys.COUNT_LIMIT:
            above = self._papers(f"SELECT id FROM paper WHERE {column} > ?", high)
            return terms.all_of([terms.counted(field, low, None)], [above])
        return terms.counted(field, low, high)

    def _state(self, state: State) -> Query:
        match state:
            case "new":
                # As the view "new": without a listing day, papers are new only if no paper has one.
                today = date.today().isoformat()
                decided = self._papers(DECIDED, today)
                if is_new_undated(self._connection):
                    return terms.all_of([], [decided])
                dated = terms.all_of([], [terms.has_flag("undated"), decided])
                return terms.any_of([dated, terms.all_of([self._papers(BACK, today)], [decided])])
            case "queued":
                return self._papers("SELECT paper_id FROM queue")
            case "bookmarked":
                return self._papers("SELECT paper_id FROM mark WHERE bookmarked_at IS NOT NULL")
            case "later":
                return self._papers("SELECT paper_id FROM mark WHERE later > ?", date.today().isoformat())
            case "seen" | "reading" | "done" | "hidden" as status:
                return self._papers("SELECT paper_id FROM mark WHERE status = ?", status)

    def _possession(self, what: Possession) -> Query:
        match what:
            case "note":
                return self._papers("SELECT paper_id FROM mark WHERE note IS NOT NULL")
            case "code" | "pdf" | "abstract" as flag:
                return terms.has_flag(flag)

    def _label(self, field: LabelField, value: str) -> Query:
        match field:
            case "tag":
                like = like_pattern(tag_name(value))
                return self._papers("SELECT paper_id FROM tag WHERE name LIKE ? ESCAPE '\\'", f"{like}%")
            case "cat":
                # "cs" and "cs.c" match every category that begins so.
                return terms.prefix("category", value.lower())
            case "from":
                return terms.prefix("family", value)
            case "decision" | "track":
                # The beginning of any word: "top" finds "Notable top 5%".
                return self._papers(
                    f"SELECT id FROM paper WHERE {field} IS NOT NULL AND ' ' || {field} LIKE ? ESCAPE '\\'",
                    f"% {like_pattern(value)}%",
                )
            case "id":
                # Imported here, because few filters ask for an identifier.
                from store.matching import identifiers

                arxiv, doi = identifiers.exact_arxiv_id(value), identifiers.exact_doi(value)
                return self._papers(
                    "SELECT id FROM paper WHERE arxiv_id = ? UNION SELECT id FROM paper WHERE doi = ?",
                    arxiv[0] if arxiv else None,
                    doi,
                )

    def _papers(self, select: str, *values: object) -> Query:
        """The papers whose ids a SELECT gives."""
        return terms.papers([paper_id for (paper_id,) in self._connection.execute(select, values)])


def like_pattern(text: str) -> str:
    """A pattern for LIKE with ESCAPE '\\' that matches exactly `text`, in any case of letters."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _index_texts(field: TextField | None, scope: Scope) -> tuple[IndexText, ...]:
    """The fields of the index to search: that of the field that the reader named, or those of the scope."""
    return _SCOPE_FIELDS[scope] if field is None else (_INDEX_TEXTS[field],)


def _without_et_al(nodes: list[q.Node]) -> list[q.Node]:
    """The nodes without a pair of words "et al", unless nothing else is left."""
    words = [folded_words(each) if isinstance(each, q.Word) else [] for each in nodes]
    positions = {at + offset for at in range(len(words)) if (*words[at : at + 2],) == _ET_AL for offset in (0, 1)}
    return [each for at, each in enumerate(nodes) if at not in positions] if len(positions) < len(nodes) else nodes
