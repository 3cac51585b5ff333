"""A search does not run unnecessary queries on the index."""

from __future__ import annotations

import pytest
import tantivy

from store.model.paper import Paper
from store.search import search_run, terms
from store.search.index_schema import IndexText
from store.search.query import Node
from store.search.query_builder import Match, QueryBuilder, Scope
from tests.store.search.sample_library import SampleLibrary

DEEP_SEAS = Paper(title="Deep seas", abstract="Deep water", venue="Journal of deep seas", doi="10.1000/1")


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Scope, Match]]:
    """A list to which a search appends, for each query that it builds, the scope and the kind of match of the query."""
    recorded: list[tuple[Scope, Match]] = []
    build = QueryBuilder.build

    def record(self: QueryBuilder, node: Node, scope: Scope = "anywhere", match: Match = "prefix") -> tantivy.Query:
        recorded.append((scope, match))
        return build(self, node, scope, match)

    monkeypatch.setattr(QueryBuilder, "build", record)
    return recorded


def test_the_prefix_at_the_end_of_a_phrase_is_expanded_once_for_each_field(
    sample: SampleLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample.put(DEEP_SEAS)
    expanded: list[tuple[str, ...]] = []
    phrase_prefix = terms.phrase_prefix

    def record(searcher: tantivy.Searcher, field: IndexText, words: list[str], *, strict: bool) -> tantivy.Query:
        expanded.append((field, *words))
        return phrase_prefix(searcher, field, words, strict=strict)

    monkeypatch.setattr(terms, "phrase_prefix", record)
    monkeypatch.setattr(search_run, "FEW_MATCHES", 0)
    assert sample.exact_matches('"deep wat"') == [1]
    assert ("abstract", "deep", "wat") in expanded
    assert len(expanded) == len(set(expanded))


def test_two_wrong_letters_are_searched_for_only_if_a_word_is_long_enough(
    sample: SampleLibrary, built: list[tuple[Scope, Match]]
) -> None:
    sample.put(Paper(title="Deep waters"))
    for text in ("dep watr", "dep watrs"):
        assert 1 in sample.answer(text).ids
    assert ("head", "one_wrong") in built
    assert "two_wrong" not in {match for _, match in built}
    assert 1 in sample.answer("deep wtaesr").ids
    assert ("title", "two_wrong") in built


def test_a_word_that_was_typed_twice_is_searched_for_once(
    sample: SampleLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample.put(Paper(title="The deep and the high", doi="10.1000/1"))
    sample.put(Paper(title="The deeps", doi="10.1000/2"))
    searched: list[str] = []
    prefix = terms.prefix

    def record(field: IndexText, text: str) -> tantivy.Query:
        searched.append(text)
        return prefix(field, text)

    monkeypatch.setattr(terms, "prefix", record)
    monkeypatch.setattr(search_run, "FEW_MATCHES", 0)
    counts = []
    for text in ("the deep", "the deep the deep the deep"):
        searched.clear()
        assert set(sample.exact_matches(text)) == {1, 2}
        counts.append(len(searched))
    assert 0 < counts[1] <= counts[0]


@pytest.mark.parametrize("text", ["title:deep", "abstract:deep", "venue:deep or author:deep", 'title:"deep seas"'])
def test_words_with_a_field_of_their_own_are_searched_for_in_one_scope_only(
    sample: SampleLibrary, monkeypatch: pytest.MonkeyPatch, built: list[tuple[Scope, Match]], text: str
) -> None:
    sample.put(DEEP_SEAS)
    monkeypatch.setattr(search_run, "FEW_MATCHES", 0)
    assert sample.exact_matches(text) == [1]
    assert {scope for scope, _ in built} == {"title"}
