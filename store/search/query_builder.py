"""Converts a filter, parsed as a tree (query.py), to a query of the search index.

The caller chooses the fields in which words are searched for (Scope) and how well the words must match (Match).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, pairwise
from typing import Literal

from tantivy import Query, Searcher

from store.marks.collections import collection_name
from store.marks.marking import tag_name
from store.marks.stored_marks import BACK, DECIDED, WAITING
from store.papers import visits
from store.papers.queries import like_pattern
from store.papers.view_kinds import is_new_undated
from store.search import index, rewrites, sort_keys, spelling, terms
from store.search import query as q
from store.search.filter_fields import (
    COUNT_COLUMNS,
    FIELDS,
    CountField,
    LabelField,
    Possession,
    State,
    TextField,
    TextFilter,
)
from store.search.index_schema import IndexText
from store.search.rewrites import folded_words
from store.search.tokenizer import index_text, index_words, is_unspaced, plain_words

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
# A word with fewer letters than this must be a whole word in abstracts, because nearly every abstract has a word that
# begins with it.
_SHORTEST_PREFIX = 3
# A filter of one word may be the name of a paper, such as "bert" for "BERT: Pre-training of …". It is treated as a name
# only if at most this many titles contain the word.
_MAX_NAMED_BY_WORD = 10_000
# Each pair of neighbouring words is also searched for as one word ("pre training" as "pretraining"), but only if the
# filter has at most this many words. A longer filter would take too long, because each pair needs one more query, which
# contains all the other words too.
_MAX_WORDS_TO_JOIN = 8
# Only a word with at least this many letters is also searched for as two words.
_SHORTEST_TO_SPLIT = 4
_YEAR = re.compile("(?:19|20)[0-9]{2}")
# The words "et al", which follow the name of the first author when a paper is cited. They are ignored if words may have
# wrong letters.
_ET_AL = (["et"], ["al"])
# The largest integer of SQLite.
_MAX_INTEGER = 2**63 - 1


class QueryBuilder:
    """Builds queries for one state of the index.

    Marks are not in the index. So for a condition on marks, such as "is:queued", it first reads the ids of the matching
    papers from the library, and then builds a query for these ids.
    """

    def __init__(self, connection: sqlite3.Connection, searcher: Searcher) -> None:
        self._connection = connection
        self._searcher = searcher
        self._split_words: dict[str, list[Query]] = {}
        self._phrase_prefixes: dict[tuple[IndexText, tuple[str, ...], bool], Query] = {}

    @property
    def has_full_texts(self) -> bool:
        """Whether any paper of the library has a full text."""
        return self._connection.execute("SELECT 1 FROM text LIMIT 1").fetchone() is not None

    def build(self, node: q.Node, scope: Scope = "anywhere", match: Match = "prefix") -> Query:
        """A query for the papers that match `node`.

        Its words are searched for in the fields of `scope`, and must match as well as `match` says.
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
            # The user is still typing the last word. Leave it out, because too many words begin with so few letters, so
            # that tantivy would refuse the phrase query.
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
        """The same as `build`. If `match` is "typed", `last` matches as a prefix, and all other nodes as whole words.

        `last` is the last word or phrase of the whole filter.
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
        """The query for a condition that is not a word or a phrase."""
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
            case q.Like(paper=paper):
                # Imported here, because few filters ask for similar papers.
                from store.search import similar

                paper_ids, _ = similar.named_papers(self._connection, [paper])
                papers = similar.similar(self._connection, self._searcher, paper_ids) if paper_ids else []
                return terms.papers([each.id for each in papers])
        raise AssertionError(node)

    def _joined(self, required: Sequence[q.Node], scope: Scope) -> Iterator[list[Query]]:
        """For each pair of neighbouring words, yield a list of queries for the papers that have the pair as one word.

        A paper must match all queries of a list: one for the joined word, and one for each of the other nodes.
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
        """Queries for titles that have `word` as two words next to each other, one query for each place to split it.

        The second word of the title need only begin with the second part, unless that part is very short.
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

        Words without a field exclude papers that have them in the title, the names or the abstract.
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
            # With wrong letters, the words of a phrase need not be next to each other.
            apart = terms.all_of([self._word(word, field, index_texts, match) for word in words])
            return terms.any_of([apart, self._as_one_word(words, field, scope)]) if match == "one_wrong" else apart
        if match == "whole" or (not unfinished and terms.is_single_letter(words[-1])):
            return terms.any_of([terms.phrase(text, words) for text in index_texts])
        strict = match == "negated"
        return terms.any_of([self._phrase_prefix(text, words, strict=strict) for text in index_texts])

    def _others(self, node: q.Word | q.Phrase, index_texts: Sequence[IndexText]) -> list[Query]:
        """Queries for the words that a paper may have instead of those of `node`, one for each index field."""
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
        """The same as `terms.phrase_prefix`, but cached, because each call makes tantivy look up all matching words."""
        key = (text, tuple(words), strict)
        if key not in self._phrase_prefixes:
            self._phrase_prefixes[key] = terms.phrase_prefix(self._searcher, text, words, strict=strict)
        return self._phrase_prefixes[key]

    def _counted(self, field: CountField, low: int | None, high: int | None) -> Query:
        """A query for the papers with a count from `low` to `high`, both inclusive. None means that there is no limit.

        The index stores all counts above `sort_keys.COUNT_LIMIT` as the same number, so the few papers with such counts
        are looked up in the library.
        """
        if field == "rating":
            # Ratings are marks, and marks are not in the index.
            return self._papers(
                "SELECT paper_id FROM mark WHERE rating BETWEEN ? AND ?",
                low or 0,
                _MAX_INTEGER if high is None else high,
            )
        column = COUNT_COLUMNS[field]
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
                # The same papers as in the view "new": papers without a listing day are new only if no paper of the
                # library has a listing day.
                today = date.today().isoformat()
                decided = self._papers(DECIDED, today)
                if is_new_undated(self._connection):
                    return terms.all_of([], [decided])
                dated = terms.all_of([], [terms.has_flag("undated"), decided])
                return terms.any_of([dated, terms.all_of([self._papers(BACK, today)], [decided])])
            case "arrived":
                # The same papers as in the view "since:last": those with a listing day that were imported since the
                # user last used recto on an earlier day.
                first = (visits.last_paper(self._connection) or 0) + 1
                arrived = terms.sort_key_between("id", first, sort_keys.MAX_KEY)
                return terms.all_of([arrived], [terms.has_flag("undated")])
            case "retracted":
                return self._papers("SELECT paper_id FROM retracted")
            case "queued":
                return self._papers("SELECT paper_id FROM queue")
            case "bookmarked":
                return self._papers("SELECT paper_id FROM mark WHERE bookmarked_at IS NOT NULL")
            case "later":
                return self._papers(f"SELECT paper_id FROM mark WHERE {WAITING}", date.today().isoformat())
            case "seen" | "reading" | "done" | "hidden" as status:
                return self._papers("SELECT paper_id FROM mark WHERE status = ?", status)

    def _possession(self, what: Possession) -> Query:
        match what:
            case "note":
                return self._papers("SELECT paper_id FROM mark WHERE note IS NOT NULL")
            case "text":
                return self._papers(
                    "SELECT coalesce(j.kept, t.paper_id) FROM text t LEFT JOIN joined j ON j.gone = t.paper_id"
                )
            case "model" | "dataset":
                return self._papers(f"SELECT id FROM paper WHERE has_{what} IS NOT NULL")
            case "code" | "pdf" | "abstract" as flag:
                return terms.has_flag(flag)

    def _label(self, field: LabelField, value: str) -> Query:
        match field:
            case "tag":
                like = like_pattern(tag_name(value))
                return self._papers("SELECT paper_id FROM tag WHERE name LIKE ? ESCAPE '\\'", f"{like}%")
            case "collection":
                like = like_pattern(collection_name(value))
                return self._papers("SELECT paper_id FROM collection WHERE name LIKE ? ESCAPE '\\'", f"{like}%")
            case "note":
                return terms.papers(_noted(self._connection, value))
            case "cat":
                # Every category that begins with the value matches: "cs" and "cs.c" match "cs.CL".
                return terms.prefix("category", value.lower())
            case "from":
                return terms.prefix("family", value)
            case "decision" | "track":
                # The value may be the beginning of any word: "top" matches "Notable top 5%".
                return self._papers(
                    f"SELECT id FROM paper WHERE {field} IS NOT NULL AND ' ' || {field} LIKE ? ESCAPE '\\'",
                    f"% {like_pattern(value)}%",
                )
            case "key":
                # Every key that begins with the value matches: "@vaswani" matches "vaswani2017attention".
                like = like_pattern(value.removeprefix("@"))
                return self._papers(
                    "SELECT coalesce(j.kept, k.paper_id) FROM citation_key k LEFT JOIN joined j ON j.gone = k.paper_id"
                    " WHERE k.key LIKE ? ESCAPE '\\'",
                    f"{like}%",
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
        """A query for the papers whose ids the statement `select` returns."""
        return terms.papers([paper_id for (paper_id,) in self._connection.execute(select, values)])


def _noted(connection: sqlite3.Connection, value: str) -> list[int]:
    """The papers whose notes contain the words of `value` next to each other. The last word may be only a prefix."""
    words = index_words(value)
    notes = connection.execute("SELECT paper_id, note FROM mark WHERE note IS NOT NULL")
    # Splitting a note into words takes long, so first skip notes that do not contain the first word as a substring.
    likely = ((paper_id, note) for paper_id, note in notes if words and words[0] in index_text(note))
    phrase = f" {' '.join(words)}"
    return [paper_id for paper_id, note in likely if phrase in f" {' '.join(index_words(note))}"]


def _index_texts(field: TextField | None, scope: Scope) -> tuple[IndexText, ...]:
    """The index fields to search: that of `field`, which the user typed, or if it is None, those of `scope`."""
    return _SCOPE_FIELDS[scope] if field is None else (_INDEX_TEXTS[field],)


def _without_et_al(nodes: list[q.Node]) -> list[q.Node]:
    """`nodes` without the words "et al". If `nodes` has only these words, it is returned unchanged."""
    words = [folded_words(each) if isinstance(each, q.Word) else [] for each in nodes]
    positions = {at + offset for at in range(len(words)) if (*words[at : at + 2],) == _ET_AL for offset in (0, 1)}
    return [each for at, each in enumerate(nodes) if at not in positions] if len(positions) < len(nodes) else nodes
