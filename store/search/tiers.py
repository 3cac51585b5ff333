"""Tiers: a filter as several queries, in the order in which a list shows what they find.

Papers with the words in the title come first, then those with the words among authors, organization and venue, then
those with the words in the abstract. Within each, whole words come before prefixes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tantivy import Query, Searcher

from store.search import index, terms
from store.search import query as q
from store.search.query_builder import QueryBuilder

# Up to this many papers with several words are ranked one by one. More stay in the order of the list.
MAX_RANKED = 400


class TierQuery(NamedTuple):
    """The query of a tier, and whether its papers are ranked one by one when they are few (`MAX_RANKED`)."""

    query: Query
    ranked: bool = False


class TierPlan(NamedTuple):
    """What the tiers of a filter depend on.

    `ranks`: whether papers that match equally are ranked one by one. That is of no use for a single word, which all
    papers match alike, or where a list has an order of its own. `names_first`: whether titles that begin with the one
    word of the filter come first. `papers_found`: how many papers the queries so far have found.
    """

    searcher: Searcher
    builder: QueryBuilder
    tree: q.Node
    ranks: bool
    names_first: bool
    papers_found: Callable[[], int]


def tier_queries(plan: TierPlan) -> Iterator[list[TierQuery]]:
    """The queries of a filter, in groups by where the words are. No two queries find the same paper.

    The caller runs the queries of one group before it requests the next group.
    """
    builder, tree, ranks = plan.builder, plan.tree, plan.ranks
    texts = list(q.texts(tree))
    several_words = len(texts) > 1
    prefix, typed = (builder.build(tree, "title", match) for match in ("prefix", "typed"))
    titles = _title_tiers(plan, typed)
    if several_words:
        # With a single word "typed" already finds all that "prefix" does.
        titles.append(TierQuery(terms.all_of([prefix], [typed]), ranks))
    yield titles
    if all(text.field for text in texts):
        # All words have a field of their own, so other scopes would find the same papers again.
        return
    in_titles = plan.papers_found()
    # A query that found nothing need not be excluded from the next ones, which would take as long again.
    excluded = [prefix] if in_titles else []
    if several_words:
        head, typed_head = (builder.build(tree, "head", match) for match in ("prefix", "typed"))
        yield [
            TierQuery(terms.all_of([typed_head], excluded), ranks),
            TierQuery(terms.all_of([head], [*excluded, typed_head]), ranks),
        ]
        excluded = [head] if plan.papers_found() > in_titles else excluded
        yield [TierQuery(terms.all_of([builder.build(tree)], excluded), ranks)]
        return
    # A single word that is not in the scopes before can only be in the next one.
    names, abstract = (builder.build(tree, scope) for scope in ("names", "abstract"))
    yield [TierQuery(terms.all_of([names], excluded), ranks)]
    excluded += [names] if plan.papers_found() > in_titles else []
    yield [TierQuery(terms.all_of([abstract], excluded), ranks)]


def rewritten_tier_queries(plan: TierPlan, found: Query, by_place: bool) -> Iterator[list[TierQuery]]:
    """The queries of a rewritten filter (rewrites.py), without the papers that `found` finds."""
    anywhere = plan.builder.build(plan.tree)
    if not by_place or all(text.field for text in q.texts(plan.tree)):
        yield [TierQuery(terms.all_of([anywhere], [found]), plan.ranks)]
    else:
        title = plan.builder.build(plan.tree, "title")
        yield [TierQuery(terms.all_of([title], [found]), plan.ranks)]
        yield [TierQuery(terms.all_of([anywhere], [found, title]), plan.ranks)]


def _title_tiers(plan: TierPlan, typed: Query) -> list[TierQuery]:
    """The tiers of titles that have the words whole, but the last one, which may still be being typed."""
    if plan.ranks and index.run(plan.searcher, typed).total <= MAX_RANKED:
        # So few are ranked one by one, which also puts phrases and whole words first.
        return [TierQuery(typed, True)]
    whole = plan.builder.build(plan.tree, "title", "whole")
    phrase = plan.builder.title_phrase(plan.tree)
    # A paper whose name is the one word of the filter is among the titles that begin with it.
    title_start = plan.builder.title_start(plan.tree) if plan.names_first else None
    phrases = [phrase] if phrase is not None else []
    starts = [title_start] if title_start is not None else []
    return [
        *(TierQuery(terms.all_of([typed, query]), plan.ranks) for query in phrases),
        *(TierQuery(terms.all_of([whole, query]), True) for query in starts),
        TierQuery(terms.all_of([whole], [*phrases, *starts]), plan.ranks),
        TierQuery(terms.all_of([typed], [whole, *phrases]), plan.ranks),
    ]
