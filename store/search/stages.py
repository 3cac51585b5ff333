"""Stages: a search first finds the exact matches of a filter, and then, stage by stage, papers that match less exactly.

A stage is searched only if the condition in the last column is met. There, "so far" counts the papers that earlier
stages have found.

    stage                 a paper is found if                                           when
    exact                 it has the words as they were typed (tiers.py)                always
    forms: writings       Greek letters by name, words together (writings.py)           MANY_MATCHES or fewer so far
    forms: spelling       British for American words or the reverse (spellings.py)      the same
    forms: number         also plural for singular or the reverse (inflections.py)      the same
    forms: inflection     also any other inflection                                     the same
    acronyms              an acronym is spelt out, or the reverse (acronyms.py)         the same
    ordinary              ordinary words are left out (ordinary_words.py)               none so far
    texts                 its full text has the words as they were typed                MANY_MATCHES or fewer so far
    corrected: fuzzy      title or names have the words with wrong letters              fewer than FEW_MATCHES exact
                          (SearchRun._mistyped)
    corrected             it has the likeliest word of the library with one other       fewer than FEW_MATCHES so far
                          letter (corrections.py), then its forms, then other such words
    most                  it has most of the words (half_remembered.py)                 none so far

A later stage would also find the papers of earlier stages, but each paper is in the answer only once. Within a stage,
papers with the words in the title come before the others, and newer papers before older ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from store.search import half_remembered, rewrites, terms
from store.search import query as q
from store.search.answer import Kind
from store.search.corrections import MOST_CORRECTIONS
from store.search.tiers import TierPlan, TierQuery, rewritten_tier_queries, tier_queries
from store.search.vocabulary import Vocabulary
from store.search.word_forms import KINSHIPS

# If more papers than this match exactly, no other forms of the words are searched for, because nobody would read so far
# down the list.
MANY_MATCHES = 5_000


# If fewer papers than this match, words with wrong letters are searched for too.
FEW_MATCHES = 20


class Stage(NamedTuple):
    """The queries that find one kind of match, in groups. The queries of a group are run together.

    `others` maps a folded word of the filter to the words that a paper may have instead of it. `tree` is the rewritten
    filter. `words` are the words that the message to the user about this stage contains: the ordinary words that were
    ignored, or the acronym or long form that was used.
    """

    kind: Literal["exact"] | Kind
    groups: Iterator[list[TierQuery]]
    others: Mapping[str, tuple[str, ...]]
    tree: q.Node | None = None
    words: tuple[str, ...] = ()


def stages(plan: TierPlan, vocabulary: Vocabulary, *, by_place: bool) -> Iterator[Stage]:
    """Yield the stages of a filter with words. No two stages find the same paper.

    With `by_place`, matches in titles come first. The caller must run all queries of a stage before it requests the
    next stage, because the next stage depends on how many papers were found.
    """
    exact = tier_queries(plan) if by_place else iter([[TierQuery(plan.builder.build(plan.tree))]])
    yield Stage("exact", exact, {})
    if plan.papers_found() > MANY_MATCHES:
        return
    yield from _form_stages(plan, vocabulary, plan.tree, by_place)
    yield from _acronym_stages(plan, vocabulary, by_place)
    if not plan.papers_found() and (content := half_remembered.without_ordinary_words(plan.tree)):
        tree, left_out = content
        groups = rewritten_tier_queries(plan._replace(tree=tree), terms.nothing(), by_place)
        yield Stage("ordinary", groups, {}, tree, left_out)
        if not plan.papers_found():
            for stage in _form_stages(plan, vocabulary, tree, by_place):
                yield stage._replace(kind="ordinary", words=left_out)
    if plan.builder.has_full_texts and not all(text.field for text in q.texts(plan.tree)):
        yield _full_text_stage(plan, vocabulary)


def _form_stages(plan: TierPlan, vocabulary: Vocabulary, tree: q.Node, by_place: bool) -> Iterator[Stage]:
    """The stages for other ways to write the words and for their other forms, the most similar forms first."""
    rewritten = tree
    writings = rewrites.with_writings(tree)
    if writings is not None:
        groups = rewritten_tier_queries(plan._replace(tree=writings), plan.builder.build(tree), by_place)
        yield Stage("forms", groups, {}, writings)
        rewritten = writings
    for kinship in KINSHIPS:
        forms = rewrites.with_forms(writings or tree, vocabulary, kinship)
        if forms is not None and forms != rewritten:
            groups = rewritten_tier_queries(plan._replace(tree=forms), plan.builder.build(rewritten), by_place)
            yield Stage("forms", groups, rewrites.others(forms), forms)
            rewritten = forms


def _full_text_stage(plan: TierPlan, vocabulary: Vocabulary) -> Stage:
    """The stage for papers that have the words, but some of them only in the full text."""
    found = rewrites.with_forms(plan.tree, vocabulary, "inflection") or plan.tree
    in_texts = plan.builder.build(plan.tree, "full text")
    return Stage("texts", iter([[TierQuery(terms.all_of([in_texts], [plan.builder.build(found)]), plan.ranks)]]), {})


def _acronym_stages(plan: TierPlan, vocabulary: Vocabulary, by_place: bool) -> Iterator[Stage]:
    """A stage for each acronym that can be replaced by its long form, and for each long form that has an acronym."""
    found = [rewrites.with_forms(plan.tree, vocabulary, "inflection") or plan.tree]
    for instead, tree in rewrites.with_acronyms(plan.tree, plan.searcher, vocabulary).items():
        excluded = terms.any_of([plan.builder.build(each) for each in found])
        yield Stage(
            "acronyms", rewritten_tier_queries(plan._replace(tree=tree), excluded, by_place), {}, tree, (instead,)
        )
        found.append(tree)


def corrected_stages(plan: TierPlan, vocabulary: Vocabulary, *, by_place: bool) -> Iterator[Stage]:
    """The stages for corrected words: first the most probable correction of each word, then its forms, then others."""
    forms = rewrites.with_forms(plan.tree, vocabulary, "inflection")
    rewritten = rewrites.with_writings(forms or plan.tree) or forms or plan.tree
    for most, in_all_forms in ((1, False), (1, True), (MOST_CORRECTIONS, True)):
        corrected = rewrites.with_corrections(plan.tree, vocabulary, most, in_all_forms=in_all_forms)
        if corrected is not None and corrected != rewritten:
            groups = rewritten_tier_queries(plan._replace(tree=corrected), plan.builder.build(rewritten), by_place)
            yield Stage("corrected", groups, rewrites.others(corrected), corrected)
            rewritten = corrected
