"""Stages: a search first finds the exact matches of a filter, and then, stage by stage, papers that match less exactly.

A stage is searched only if the condition in the last column is met. "So far" means: found by all earlier stages.

    stage                 a paper is found if                                           when
    exact                 it has the words as they were typed (tiers.py)                always
    forms: titles         several words, in the title in the other number or spelling;  MANY_MATCHES or fewer so far
                          before exact matches in abstracts (tiers.py)
    forms: writings       Greek letters by name, words together (writings.py)           the same
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

A paper that an earlier stage has found is left out of the later ones. Within a stage, papers with the words in the
title come before other papers. Among papers that are equal in this, the newer ones come first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from tantivy import Query

from store.search import half_remembered, rewrites, terms
from store.search import query as q
from store.search.answer import Kind
from store.search.corrections import MOST_CORRECTIONS
from store.search.tiers import MANY_MATCHES, TierPlan, TierQuery, rewritten_tier_queries, tier_queries
from store.search.vocabulary import Vocabulary
from store.search.word_forms import KINSHIPS

# If fewer papers than this match, recto also searches for words with wrong letters.
FEW_MATCHES = 20


class Stage(NamedTuple):
    """The queries that find the papers of a stage. They are in groups; the queries of a group are run together.

    `others` maps a folded word of the filter to the words that a paper may have instead of it. `tree` is the rewritten
    filter. `words` are the words that are shown to the user with the papers of this stage: the ordinary words that were
    ignored, or the acronym or long form that was searched for.
    """

    kind: Literal["exact"] | Kind
    groups: Iterator[list[TierQuery]]
    others: Mapping[str, tuple[str, ...]]
    tree: q.Node | None = None
    words: tuple[str, ...] = ()


def stages(plan: TierPlan, vocabulary: Vocabulary, *, by_place: bool, exact_first: bool) -> Iterator[Stage]:
    """Yield the stages of the search for a filter with words. No paper is found by two stages.

    With `by_place`, matches in titles come first. Unless `exact_first` is true, some titles with other forms of the
    words then come before abstracts with the words as they were typed (tiers.py), so that several stages of the kind
    "exact" are yielded. The caller must run all queries of a stage before it requests the next stage, because the next
    stage depends on how many papers were found.
    """
    promoted: Query | None = None
    if not by_place:
        yield Stage("exact", iter([[TierQuery(plan.builder.build(plan.tree))]]), {})
    else:
        for group in tier_queries(plan, lambda: None if exact_first else _forms_of_titles(plan.tree, vocabulary)):
            if group.forms is None:
                yield Stage("exact", iter([group.queries]), {})
            else:
                yield Stage("forms", iter([group.queries]), rewrites.others(group.forms), group.forms)
                promoted = plan.builder.build(group.forms, "title")
    if plan.papers_found() > MANY_MATCHES:
        return
    yield from _form_stages(plan, vocabulary, plan.tree, by_place, promoted)
    yield from _acronym_stages(plan, vocabulary, by_place)
    if not plan.papers_found() and (content := half_remembered.without_ordinary_words(plan.tree)):
        tree, left_out = content
        groups = rewritten_tier_queries(plan._replace(tree=tree), terms.nothing(), by_place)
        yield Stage("ordinary", groups, {}, tree, left_out)
        if not plan.papers_found():
            for stage in _form_stages(plan, vocabulary, tree, by_place, None):
                yield stage._replace(kind="ordinary", words=left_out)
    if plan.builder.has_full_texts and not all(text.field for text in q.texts(plan.tree)):
        yield _full_text_stage(plan, vocabulary)


def _forms_of_titles(tree: q.Node, vocabulary: Vocabulary) -> q.Node | None:
    """The tree, to whose words the forms that differ only in number or spelling are added ("models", "modelling")."""
    return rewrites.with_forms(rewrites.with_writings(tree) or tree, vocabulary, "number")


def _form_stages(
    plan: TierPlan, vocabulary: Vocabulary, tree: q.Node, by_place: bool, promoted: Query | None
) -> Iterator[Stage]:
    """Yield the stages for other ways to write the words and for their other forms, the most similar forms first.

    The papers that the query `promoted` finds are left out.
    """
    rewritten = tree

    def stage(forms: q.Node) -> Stage:
        before = plan.builder.build(rewritten)
        found = before if promoted is None else terms.any_of([before, promoted])
        groups = rewritten_tier_queries(plan._replace(tree=forms), found, by_place)
        return Stage("forms", groups, rewrites.others(forms), forms)

    writings = rewrites.with_writings(tree)
    if writings is not None:
        yield stage(writings)
        rewritten = writings
    for kinship in KINSHIPS:
        forms = rewrites.with_forms(writings or tree, vocabulary, kinship)
        if forms is not None and forms != rewritten:
            yield stage(forms)
            rewritten = forms


def _full_text_stage(plan: TierPlan, vocabulary: Vocabulary) -> Stage:
    """The stage that finds papers with all the words, some of which are only in the full text."""
    found = rewrites.with_forms(plan.tree, vocabulary, "inflection") or plan.tree
    in_texts = plan.builder.build(plan.tree, "full text")
    return Stage("texts", iter([[TierQuery(terms.all_of([in_texts], [plan.builder.build(found)]), plan.ranks)]]), {})


def _acronym_stages(plan: TierPlan, vocabulary: Vocabulary, by_place: bool) -> Iterator[Stage]:
    """Yield a stage for each acronym that has a long form, and for each long form that has an acronym."""
    found = [rewrites.with_forms(plan.tree, vocabulary, "inflection") or plan.tree]
    for instead, tree in rewrites.with_acronyms(plan.tree, plan.searcher, vocabulary).items():
        excluded = terms.any_of([plan.builder.build(each) for each in found])
        yield Stage(
            "acronyms", rewritten_tier_queries(plan._replace(tree=tree), excluded, by_place), {}, tree, (instead,)
        )
        found.append(tree)


def corrected_stages(plan: TierPlan, vocabulary: Vocabulary, *, by_place: bool) -> Iterator[Stage]:
    """Yield the stages for corrected words: first the likeliest correction of each word, then its forms, then other
    corrections.
    """
    forms = rewrites.with_forms(plan.tree, vocabulary, "inflection")
    rewritten = rewrites.with_writings(forms or plan.tree) or forms or plan.tree
    for most, in_all_forms in ((1, False), (1, True), (MOST_CORRECTIONS, True)):
        corrected = rewrites.with_corrections(plan.tree, vocabulary, most, in_all_forms=in_all_forms)
        if corrected is not None and corrected != rewritten:
            groups = rewritten_tier_queries(plan._replace(tree=corrected), plan.builder.build(rewritten), by_place)
            yield Stage("corrected", groups, rewrites.others(corrected), corrected)
            rewritten = corrected
