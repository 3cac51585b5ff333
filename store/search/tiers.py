"""Splits a filter into several queries. A list shows the papers of the first query first, then those of the second, and
so on.

The papers that one of these queries finds are called a tier. Papers with the words in the title come first, then papers
with the words in authors, organization and venue, then papers with the words in the abstract. In each of these three
groups, whole words come before prefixes. If the filter is a single short word, which may be an acronym, papers that
have it as a whole word in the abstract also come before papers with names that begin with it.

Of a filter of several words, papers with the words in the title in another number or spelling come before the papers
with the words as they were typed in the abstract. The reason is that two words often occur in an abstract by
coincidence, far apart. For example, the words "models challenge" are both in 83 abstracts of a library of 3,353 papers,
but a user who types them looks for the title "Challenges in Solar and Stellar Model Physics".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tantivy import Query, Searcher

from store.search import index, terms
from store.search import query as q
from store.search.query_builder import Match, QueryBuilder, Scope
from store.search.rewrites import folded_words
from store.search.tokenizer import is_unspaced

# If more papers than this match exactly, recto does not search for other forms of the words, because nobody would read
# so far down the list.
MANY_MATCHES = 5_000
_LONGEST_ACRONYM = 5
# A filter of a single word is searched for first in titles, and then in these scopes (sets of fields) one after
# another.
_BESIDE_TITLE: tuple[Scope, ...] = ("names", "abstract")
# The papers of a tier (papers that one query finds) are ranked one by one only if there are at most this many. If there
# are more, they keep the order of the list.
MAX_RANKED = 400


class TierQuery(NamedTuple):
    """The query of a tier (a group of papers in a list). If `ranked` is true and the query finds at most MAX_RANKED
    papers, they are ranked one by one.
    """

    query: Query
    ranked: bool = False


class TierPlan(NamedTuple):
    """The filter and the settings from which the queries of the tiers are made.

    `ranks` is true if the papers of a tier are ranked one by one. It is false for a filter of a single word, which all
    papers match equally well, and for a list with a fixed order, such as the queue. `names_first` is true if titles
    that begin with the word come first; it is used only for a filter of a single word. `papers_found` returns how many
    papers have been found so far.
    """

    searcher: Searcher
    builder: QueryBuilder
    tree: q.Node
    ranks: bool
    names_first: bool
    papers_found: Callable[[], int]


class TierGroup(NamedTuple):
    """Queries that are run together. If `forms` is None, their papers match exactly. Otherwise it is a tree with other
    forms of the words, and their papers match this tree.
    """

    queries: list[TierQuery]
    forms: q.Node | None = None


def tier_queries(plan: TierPlan, forms_of_titles: Callable[[], q.Node | None]) -> Iterator[TierGroup]:
    """Yield the queries of a filter, in groups by the fields that have the words. No paper is found by two queries.

    The caller must run the queries of a group before it requests the next group, which depends on how many papers were
    found. `forms_of_titles` returns the tree with other forms of its words, or None. These forms are searched for in
    titles, before the typed words are searched for in abstracts. `forms_of_titles` is called only if this search is
    needed.
    """
    builder, tree, ranks = plan.builder, plan.tree, plan.ranks
    texts = list(q.texts(tree))
    several_words = len(texts) > 1
    prefix, typed = (builder.build(tree, "title", match) for match in ("prefix", "typed"))
    titles = _title_tiers(plan, typed)
    if several_words:
        # With several words, "prefix" can find more papers than "typed" (see Match).
        titles.append(TierQuery(terms.all_of([prefix], [typed]), ranks))
    yield TierGroup(titles)
    if all(text.field for text in texts):
        # All words were typed with a field ("title:bert"), so other scopes would find the same papers again.
        return
    in_titles = plan.papers_found()
    # Exclude the papers of this query from later queries only if it found any, because excluding them takes as long as
    # finding them.
    excluded = [prefix] if in_titles else []
    if several_words:
        head, typed_head = (builder.build(tree, "head", match) for match in ("prefix", "typed"))
        typed_heads = TierQuery(terms.all_of([typed_head], excluded), ranks)
        yield TierGroup([typed_heads, TierQuery(terms.all_of([head], [*excluded, typed_head]), ranks)])
        excluded = [head] if plan.papers_found() > in_titles else excluded
        anywhere = builder.build(tree)
        if plan.papers_found() <= MANY_MATCHES and (forms := forms_of_titles()) is not None:
            in_forms = builder.build(forms, "title")
            yield TierGroup([TierQuery(terms.all_of([anywhere, in_forms], excluded), ranks)])
            yield TierGroup([TierQuery(terms.all_of([in_forms], [anywhere]), ranks)], forms)
            excluded = [*excluded, in_forms]
        yield TierGroup([TierQuery(terms.all_of([anywhere], excluded), ranks)])
        return
    # A paper that matches a single word, but not in its title, must have it in the names or in the abstract. So search
    # each of these scopes alone, which is faster than the scopes "head" and "anywhere", which include the title.
    matches: tuple[Match, ...] = ("whole", "prefix") if _may_be_acronym(texts[0]) else ("prefix",)
    for match in matches:
        for scope in _BESIDE_TITLE:
            found, query = plan.papers_found(), builder.build(tree, scope, match)
            yield TierGroup([TierQuery(terms.all_of([query], excluded), ranks)])
            excluded = [*excluded, query] if plan.papers_found() > found else excluded


def _may_be_acronym(text: q.Word | q.Phrase) -> bool:
    """Whether a text may be an acronym: a single short word.

    Papers with such a word in the abstract come before papers with names that begin with it. If they did not, the
    filter "CoT" would first show all papers by authors such as "Cotton".
    """
    words = folded_words(text)
    return len(words) == 1 and len(words[0]) <= _LONGEST_ACRONYM and not is_unspaced(words[0])


def rewritten_tier_queries(plan: TierPlan, found: Query, by_place: bool) -> Iterator[list[TierQuery]]:
    """Yield the queries of a filter to which rewrites.py has added other words.

    The queries do not find papers that the query `found` finds.
    """
    anywhere = plan.builder.build(plan.tree)
    if not by_place or all(text.field for text in q.texts(plan.tree)):
        yield [TierQuery(terms.all_of([anywhere], [found]), plan.ranks)]
    else:
        title = plan.builder.build(plan.tree, "title")
        yield [TierQuery(terms.all_of([title], [found]), plan.ranks)]
        yield [TierQuery(terms.all_of([anywhere], [found, title]), plan.ranks)]


def _title_tiers(plan: TierPlan, typed: Query) -> list[TierQuery]:
    """The tiers of papers whose titles have all words, where the last word may be a prefix."""
    if plan.ranks and index.run(plan.searcher, typed).total <= MAX_RANKED:
        # These papers are ranked one by one. Ranking puts phrases and whole words first, so one tier is enough.
        return [TierQuery(typed, True)]
    whole = plan.builder.build(plan.tree, "title", "whole")
    phrase = plan.builder.title_phrase(plan.tree)
    # The word may be the name of a paper ("bert"). Its title then begins with the word, so these titles come first.
    title_start = plan.builder.title_start(plan.tree) if plan.names_first else None
    phrases = [phrase] if phrase is not None else []
    starts = [title_start] if title_start is not None else []
    return [
        *(TierQuery(terms.all_of([typed, query]), plan.ranks) for query in phrases),
        *(TierQuery(terms.all_of([whole, query]), True) for query in starts),
        TierQuery(terms.all_of([whole], [*phrases, *starts]), plan.ranks),
        TierQuery(terms.all_of([typed], [whole, *phrases]), plan.ranks),
    ]
