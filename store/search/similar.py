"""Finds the papers that are similar to one or more papers: those that share their heaviest words.

The heaviest words of a paper are those with the highest tf-idf weights among all words that are not too frequent. One
query of the index finds the papers that have any of these words, in any inflection, and scores them: each word adds its
weight, times the saturation of BM25. So short and long papers are comparable, and no text has
to be read for the ranking. (Ranking the first 200 papers again by the cosine of their tf-idf vectors gave
no higher precision on real papers, and took ten times as long.)
"""

from __future__ import annotations

import math
import sqlite3
from array import array
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from tantivy import Occur, Query, Searcher

from store.model.errors import LibraryError
from store.papers import queries
from store.ranking import word_weights
from store.ranking.word_weights import StemWeight
from store.search import index, terms
from store.search.answer import Answer, SimilarPaper
from store.search.tokenizer import index_words, typed_words
from store.search.vocabulary import FIELDS

# This many papers are listed as the similar papers of a paper.
MOST_SIMILAR = 20
# The number of words of a paper that are searched for, and the share of the library that may have such a word.
_HEAVIEST = 25
_MOST_FREQUENT = 0.1
# A word in the title of a paper counts as much as this many words in its abstract.
_TITLE_BOOST = 2.0
# If a paper must be similar to several papers, this many candidates are compared with each of them.
_CANDIDATES = 200
# A paper is not similar if its score is lower than this share of the score that the paper itself has.
_LEAST_LIKENESS = 0.04
# The counts of at most this many words are cached.
_MOST_CACHED = 50_000
# At most this many words are named as the reason why a paper is similar. Words that count less than this share of the
# one that counts most are not named.
_MOST_WORDS = 4
_LEAST_SHARE = 0.3


class WordCounts:
    """How many papers have words in the title and in the abstract. Results are cached.

    The cache stays valid for another state of the index with as many papers. Slightly outdated numbers do no harm.
    """

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, ...]] = {}
        self._papers = 0

    def of(self, searcher: Searcher, words: Iterable[str]) -> dict[str, tuple[int, ...]]:
        """For each of `words`, the numbers of papers that have it in each of FIELDS."""
        if searcher.num_docs != self._papers or len(self._counts) > _MOST_CACHED:
            self._counts, self._papers = {}, searcher.num_docs
        wanted = list(words)
        if unknown := [word for word in wanted if word not in self._counts]:
            by_field = [index.document_frequencies(searcher, [field], unknown) for field in FIELDS]
            self._counts |= {word: tuple(each[word] for each in by_field) for word in unknown}
        return {word: self._counts[word] for word in wanted}


class _Wanted(msgspec.Struct, frozen=True):
    """A paper to which others may be similar.

    `weights` are the weights of its heaviest stems. `stems` maps each form of these words, folded, to its stem, and
    `written` maps the stem to the word as the paper has it. `query` finds the papers that have any of the words. A
    paper that has all of them as often as BM25 counts has `own_score`.
    """

    weights: Mapping[str, float]
    stems: Mapping[str, str]
    written: Mapping[str, str]
    query: Query
    own_score: float


def similar(
    connection: sqlite3.Connection,
    searcher: Searcher,
    paper_ids: Sequence[int],
    required: Sequence[Query] = (),
    excluded: Sequence[Query] = (),
    most: int = MOST_SIMILAR,
    counts: WordCounts | None = None,
) -> list[SimilarPaper]:
    """The papers that are similar to all of `paper_ids`, the most similar first, without these papers themselves.

    Only papers that all queries of `required` find and no query of `excluded` finds are considered. With `counts`,
    words that were looked up before are not looked up again.
    """
    counts = counts or WordCounts()
    texts = _texts(connection, paper_ids)
    wanted = [each for text in texts.values() if (each := _wanted(searcher, counts, text)) is not None]
    if not wanted or len(wanted) < len(set(paper_ids)):
        return []
    filtered = [Query.const_score_query(each, 0.0) for each in required]
    excluded = [*excluded, terms.papers(list(texts))]
    likeness = _likeness(searcher, wanted, filtered, excluded, most)
    ranked = sorted(likeness, key=lambda paper_id: (-likeness[paper_id], -paper_id))[:most]
    found = _texts(connection, ranked)
    return [
        SimilarPaper(paper_id, round(likeness[paper_id], 3), _shared_words(wanted, found[paper_id]))
        for paper_id in ranked
        if paper_id in found
    ]


def best(connection: sqlite3.Connection, searcher: Searcher, paper_id: int, most: int = MOST_SIMILAR) -> list[int]:
    """The ids of the most similar papers without reading their texts, and perhaps the paper itself."""
    wanted = _wanted(searcher, WordCounts(), _texts(connection, [paper_id])[paper_id])
    return list(index.best(searcher, wanted.query, most)) if wanted is not None else []


def answer(
    connection: sqlite3.Connection,
    searcher: Searcher | None,
    likes: Sequence[str],
    required: Sequence[Query],
    excluded: Sequence[Query],
    empty: Answer,
) -> Answer:
    """The answer to a filter with conditions `like:`, whose values are `likes`.

    `required` and `excluded` are as in `similar`. `empty` is the answer without papers, which is returned if a value of
    `likes` names no paper or there is no index.
    """
    paper_ids, notes = named_papers(connection, likes)
    if searcher is None or notes:
        return msgspec.structs.replace(empty, notes=tuple(notes))
    papers = similar(connection, searcher, paper_ids, required, excluded)
    shared = {folded for paper in papers for word in paper.words for folded in typed_words(word)}
    return msgspec.structs.replace(
        empty,
        ids=array("q", (paper.id for paper in papers)),
        exact=len(papers),
        highlights=empty.highlights.with_whole(shared),
        similar=tuple(papers),
        liked=tuple(_titles(connection, paper_ids)),
    )


def named_papers(connection: sqlite3.Connection, names: Sequence[str]) -> tuple[list[int], list[str]]:
    """The ids of the papers that the values of `like:` name, and a message for each value that names no single paper.

    An id is a number, an arXiv id, a DOI, a citation key or the beginning of a title.
    """
    paper_ids: dict[int, None] = {}
    messages = []
    for name in names:
        try:
            paper_ids[queries.find_paper(connection, name)] = None
        except LibraryError as error:
            messages.append(f"like: {error}")
    return list(paper_ids), messages


def _likeness(
    searcher: Searcher, wanted: Sequence[_Wanted], required: Sequence[Query], excluded: Sequence[Query], most: int
) -> dict[int, float]:
    """The likeness of the papers that are most similar to all of `wanted`, by id."""
    if len(wanted) == 1:
        scores = index.best(searcher, terms.all_of([wanted[0].query, *required], excluded), most)
        likeness = {paper_id: score / wanted[0].own_score for paper_id, score in scores.items()}
    else:
        balanced = [Query.boost_query(each.query, 1 / each.own_score) for each in wanted]
        candidates = index.best(searcher, terms.all_of([*balanced, *required], excluded), _CANDIDATES)
        if not candidates:
            return {}
        among = Query.const_score_query(terms.papers(list(candidates)), 0.0)
        likeness = dict.fromkeys(candidates, math.inf)
        for each in balanced:
            scores = index.best(searcher, terms.all_of([each, among]), _CANDIDATES)
            likeness = {paper_id: min(least, scores.get(paper_id, 0.0)) for paper_id, least in likeness.items()}
    return {paper_id: value for paper_id, value in likeness.items() if value >= _LEAST_LIKENESS}


def _wanted(searcher: Searcher, counts: WordCounts, text: str) -> _Wanted | None:
    """None if the text has no words that describe a paper."""

    def frequencies(words: Iterable[str]) -> dict[str, int]:
        return {word: sum(each) for word, each in counts.of(searcher, words).items()}

    weighted = word_weights.weights(text, frequencies, searcher.num_docs, _MOST_FREQUENT)
    heaviest = dict(list(weighted.items())[:_HEAVIEST])
    stems = {form: key for key, each in heaviest.items() for form in _forms(key, each)}
    clauses = _clauses(searcher, counts, heaviest, stems)
    if not clauses:
        return None
    weights = {key: each.weight for key, each in heaviest.items()}
    query = Query.boolean_query([(Occur.Should, each) for each in clauses])
    return _Wanted(weights, stems, word_weights.as_written(text, heaviest), query, sum(weights.values()))


def _forms(key: str, heavy: StemWeight) -> frozenset[str]:
    return heavy.forms.union(word_weights.frequent_forms(key))


def _clauses(
    searcher: Searcher, counts: WordCounts, heaviest: Mapping[str, StemWeight], stems: Mapping[str, str]
) -> list[Query]:
    """The queries for the forms of all words. Each scores as the weight of its word, times the saturation of BM25."""
    clauses = []
    for form, frequencies in counts.of(searcher, stems).items():
        for field, frequency in zip(FIELDS, frequencies, strict=True):
            if frequency:
                # tantivy multiplies by the inverse document frequency, which the weight contains already.
                inverse = math.log(1 + (searcher.num_docs - frequency + 0.5) / (frequency + 0.5))
                boost = _TITLE_BOOST if field == "title" else 1.0
                score = boost * heaviest[stems[form]].weight / inverse
                clauses.append(Query.boost_query(terms.scored_word(field, form), score))
    return clauses


def _shared_words(wanted: Sequence[_Wanted], text: str) -> tuple[str, ...]:
    """The words that `text` shares with the papers to which it is similar, those with the highest weights first."""
    words = set(index_words(text))
    shares: dict[str, float] = {}
    for each in wanted:
        for key in {each.stems[form] for form in words & each.stems.keys()}:
            written = each.written[key]
            shares[written] = shares.get(written, 0.0) + each.weights[key]
    heaviest = sorted(shares, key=lambda word: (-shares[word], word))[:_MOST_WORDS]
    return tuple(word for word in heaviest if shares[word] >= _LEAST_SHARE * shares[heaviest[0]])


def _titles(connection: sqlite3.Connection, paper_ids: Sequence[int]) -> list[str]:
    """The titles of the papers, in the same order."""
    rows = connection.execute(
        "SELECT p.title FROM json_each(?) i JOIN paper p ON p.id = i.value ORDER BY i.key",
        (msgspec.json.encode(list(paper_ids)).decode(),),
    )
    return [str(title) for (title,) in rows]


def _texts(connection: sqlite3.Connection, paper_ids: Sequence[int]) -> dict[int, str]:
    """The title and the abstract of each paper, by id."""
    rows = connection.execute(
        "SELECT p.id, p.title, coalesce(b.abstract, '') FROM json_each(?) i JOIN paper p ON p.id = i.value"
        " JOIN body b ON b.paper_id = p.id",
        (msgspec.json.encode(list(paper_ids)).decode(),),
    )
    return {paper_id: f"{title} . {abstract}" for paper_id, title, abstract in rows}
