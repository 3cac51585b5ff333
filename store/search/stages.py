"""Stages: the exact matches of a filter, and then, stage after stage, what matches it in another way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from store.search import query as q
from store.search import rewrites
from store.search.answer import Kind
from store.search.tiers import TierPlan, TierQuery, rewritten_tier_queries, tier_queries
from store.search.vocabulary import Vocabulary
from store.search.word_forms import KINSHIPS

# With more papers than this, no other forms are searched for: nobody reads so far down the list.
MANY_MATCHES = 5_000


class Stage(NamedTuple):
    """The groups of queries that find one kind of match, the words that may stand in the place of a folded word, and
    the rewritten filter."""

    kind: Literal["exact"] | Kind
    groups: Iterator[list[TierQuery]]
    others: Mapping[str, tuple[str, ...]]
    tree: q.Node | None = None


def stages(plan: TierPlan, vocabulary: Vocabulary, *, by_place: bool) -> Iterator[Stage]:
    """The stages of a filter with words; no two find the same paper.

    With `by_place`, matches in titles come first. The caller runs all queries of one stage before it requests the next
    stage.
    """
    exact = tier_queries(plan) if by_place else iter([[TierQuery(plan.builder.build(plan.tree))]])
    yield Stage("exact", exact, {})
    if plan.papers_found() > MANY_MATCHES:
        return
    rewritten = plan.tree
    writings = rewrites.with_writings(plan.tree)
    if writings is not None:
        groups = rewritten_tier_queries(plan._replace(tree=writings), plan.builder.build(plan.tree), by_place)
        yield Stage("forms", groups, {}, writings)
        rewritten = writings
    for kinship in KINSHIPS:
        forms = rewrites.with_forms(writings or plan.tree, vocabulary, kinship)
        if forms is not None and forms != rewritten:
            groups = rewritten_tier_queries(plan._replace(tree=forms), plan.builder.build(rewritten), by_place)
            yield Stage("forms", groups, rewrites.others(forms), forms)
            rewritten = forms
