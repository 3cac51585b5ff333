"""Finds papers for half-remembered sentences: if no paper has all words of a filter, finds papers with most of them."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import tantivy
from tantivy import Query

from store.papers import searchable
from store.search import index, terms
from store.search import query as q
from store.search.corrections import corrections
from store.search.ordinary_words import is_ordinary
from store.search.rewrites import folded_words
from store.search.tokenizer import index_words
from store.search.vocabulary import FIELDS, Vocabulary
from store.search.word_forms import other_forms

# A filter is treated as a half-remembered sentence only if it has at least this many words, without ordinary words such
# as "the". In a shorter filter, a single word would already be half of the words.
_FEWEST_WORDS = 3
# At most this many papers are read from the index: those with the highest BM25 scores (the usual measure for matching
# words). They are then sorted by how close together the words are in each paper.
_MOST_PAPERS = 200
# Instead of a word of the filter, a paper may have another form or a correction of it. At most this many forms or
# corrections of each word are searched for.
_MOST_FORMS = 6
# Two neighbouring words of the filter count as close together in a text if the second is at most this many words after
# the first.
_CLOSE = 4
# A match in the title has this many times the score of a match in the abstract.
_TITLE_BOOST = 2.0


class Sentence(NamedTuple):
    """A filter that may be a half-remembered sentence.

    `words` are its words that are not ordinary (unlike "the"). `required` contains the other conditions of the filter,
    which every paper must match.
    """

    words: tuple[str, ...]
    required: tuple[q.Node, ...]


def sentence(tree: q.Node | None) -> Sentence | None:
    """The filter as a half-remembered sentence. None if it has too few words besides ordinary words such as "the"."""
    if not isinstance(tree, q.And):
        return None
    words: list[str] = []
    required: list[q.Node] = []
    for node in tree.nodes:
        if isinstance(node, q.Word | q.Phrase) and node.field is None and not getattr(node, "quoted", False):
            words += [word for word in folded_words(node) if not is_ordinary(word)]
        else:
            required.append(node)
    unique = tuple(dict.fromkeys(words))
    return Sentence(unique, tuple(required)) if len(unique) >= _FEWEST_WORDS else None


def without_ordinary_words(tree: q.Node) -> tuple[q.Node, tuple[str, ...]] | None:
    """The filter without its ordinary words, and these words.

    None if the filter has no ordinary words, or consists only of ordinary words.
    """
    if not isinstance(tree, q.And):
        return None
    ordinary = [node for node in tree.nodes if isinstance(node, q.Word) and not node.field and is_ordinary(_word(node))]
    rest = tuple(node for node in tree.nodes if node not in ordinary)
    if not ordinary or not any(True for node in rest for _ in q.texts(node)):
        return None
    return rest[0] if len(rest) == 1 else q.And(rest), tuple(dict.fromkeys(map(_word, ordinary)))


def most_words(
    connection: sqlite3.Connection, searcher: tantivy.Searcher, words: Sequence[str], required: Query
) -> tuple[list[int], list[str]]:
    """Find the papers that `required` finds and that have at least half of the folded `words`.

    Returns their ids, the best match first, and all forms of the words that were searched for.
    """
    vocabulary = Vocabulary(searcher)
    forms = {word: _forms(word, vocabulary) for word in words}
    scored = [_scored(word_forms) for word_forms in forms.values() if word_forms]
    fewest = max(2, math.ceil(len(words) / 2))
    if len(scored) < fewest:
        return [], []
    some = Query.boolean_query([(tantivy.Occur.Should, each) for each in scored], minimum_number_should_match=fewest)
    query = Query.boolean_query(
        [(tantivy.Occur.Must, some), (tantivy.Occur.Must, Query.const_score_query(required, 0.0))]
    )
    weights = {word: _weight(searcher, vocabulary, word_forms) for word, word_forms in forms.items()}
    best = index.best(searcher, query, _MOST_PAPERS)
    typed = {form: word for word, word_forms in forms.items() for form in word_forms}
    ranks = {
        paper_id: _closeness([typed.get(word) for word in index_words(text)], words, weights)
        for paper_id, text in searchable.title_and_abstract(connection, list(best)).items()
    }
    return sorted((each for each in best if each in ranks), key=lambda each: (-ranks[each], -best[each])), list(typed)


def _forms(word: str, vocabulary: Vocabulary) -> list[str]:
    """The word itself and its other forms that occur in the library. If no form occurs, the corrections of the word."""
    known = [word] if vocabulary.frequency(word) else []
    forms = [*known, *other_forms(word, vocabulary)][:_MOST_FORMS]
    return forms or corrections(word, vocabulary)


def _scored(forms: Sequence[str]) -> Query:
    """A query for papers with one of these words in the title or abstract, scored by BM25."""
    return terms.any_of(
        [
            Query.boost_query(terms.scored_word(field, form), _TITLE_BOOST if field == "title" else 1.0)
            for form in forms
            for field in FIELDS
        ]
    )


def _weight(searcher: tantivy.Searcher, vocabulary: Vocabulary, forms: Sequence[str]) -> float:
    """The inverse document frequency of a word. Its forms are counted together. The result is 0 if no paper has any of
    the forms.
    """
    frequency = sum(map(vocabulary.frequency, forms))
    return math.log(1 + searcher.num_docs / frequency) if frequency else 0.0


def _closeness(text: Sequence[str | None], words: Sequence[str], weights: dict[str, float]) -> float:
    """The score of a text: the sum of the weights of the filter's words that it contains.

    If two neighbouring words of the filter are close together in the text, half of the sum of their weights is added.
    `text` has an element for each word of the text. It is the word of the filter of which the text's word is a form, or
    None.
    """
    positions: dict[str, list[int]] = {}
    for position, word in enumerate(text):
        if word is not None:
            positions.setdefault(word, []).append(position)
    total = sum(weights[word] for word in positions)
    for first, second in pairwise(words):
        if first in positions and second in positions and _are_close(positions[first], positions[second]):
            total += (weights[first] + weights[second]) / 2
    return total


def _are_close(first: Sequence[int], second: Sequence[int]) -> bool:
    later = set(second)
    return any(position + step in later for position in first for step in range(1, _CLOSE + 1))


def _word(node: q.Word) -> str:
    return " ".join(folded_words(node))
