"""Adds other words to the tree of a filter, so that papers with these words instead of the typed ones match.

For example, "optimisation" is added to "optimization". The search first finds the papers that match the words as they
were typed, and then those that match a rewritten tree (stages.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeGuard

import msgspec
from tantivy import Searcher

from store.search import acronyms
from store.search import query as q
from store.search.corrections import corrections
from store.search.tokenizer import typed_words
from store.search.vocabulary import Vocabulary
from store.search.word_forms import Kinship, other_forms
from store.search.writings import other_writings

# The type of a function that takes a folded word and returns the words that may replace it, for example its
# inflections. For most words, it returns none.
OtherWords = Callable[[str], Sequence[str]]


def with_forms(tree: q.Node, vocabulary: Vocabulary, kinship: Kinship) -> q.Node | None:
    """The tree, to whose words their other forms are added. None when no other form of any word occurs in the library.

    A form that begins with the word itself, such as "models" for "model", is left out, because a typed word matches
    every word that begins with it.
    """
    return with_others(
        tree, lambda word: [each for each in other_forms(word, vocabulary, kinship) if not each.startswith(word)]
    )


def with_writings(tree: q.Node) -> q.Node | None:
    """The tree with other ways to write its words ("β-vae" for "beta-vae"), except quoted words.

    None when there are none.
    """
    rewritten = _replaced(tree, _with_writings)
    return None if rewritten == tree else rewritten


def with_acronyms(tree: q.Node, searcher: Searcher, vocabulary: Vocabulary) -> dict[str, q.Node]:
    """Trees in which one acronym is replaced by its long form, or some words are replaced by their acronym.

    A paper of the library must define the acronym. There is one tree for each replacement. The keys of the result are
    the acronyms or long forms that were put into the trees.
    """
    trees: dict[str, q.Node] = {}
    nodes = tree.nodes if isinstance(tree, q.And) else (tree,)

    def put(start: int, stop: int, instead: q.Word | q.Phrase) -> None:
        others = (*nodes[:start], instead, *nodes[stop:])
        rewritten = others[0] if len(others) == 1 else q.And(others)
        trees.setdefault(text_of(instead), with_forms(rewritten, vocabulary, "inflection") or rewritten)

    runs = [folded_words(node) if _may_be_replaced(node) else [] for node in nodes]
    for start, node in enumerate(nodes):
        field = node.field if isinstance(node, q.Word | q.Phrase) else None
        words: list[str] = []
        for stop in range(start + 1, len(nodes) + 1):
            # Only neighbouring words with the same field can together be replaced by an acronym.
            if not runs[stop - 1] or getattr(nodes[stop - 1], "field", None) != field:
                break
            words += runs[stop - 1]
            for acronym in acronyms.acronyms(searcher, words):
                # The acronym must match a whole word, because as a prefix, "moe" would find the name "Moehler". So
                # search for its plural too.
                put(start, stop, q.Phrase((acronym,), field, others=((f"{acronym}s",),), whole=True))
        if len(runs[start]) == 1:
            for long_form in acronyms.long_forms(searcher, runs[start][0]):
                put(start, start + 1, q.Phrase(long_form, field))
    return trees


def _may_be_replaced(node: q.Node) -> TypeGuard[q.Word | q.Phrase]:
    return isinstance(node, q.Word) or (isinstance(node, q.Phrase) and not node.quoted)


def with_corrections(tree: q.Node, vocabulary: Vocabulary, most: int, *, in_all_forms: bool) -> q.Node | None:
    """The tree, to which at most `most` corrections of each word that is not quoted are added.

    With `in_all_forms`, the other forms of the corrections are also added. None when no word has a correction.
    """

    def corrected(word: str) -> Iterator[str]:
        for correction in corrections(word, vocabulary)[:most]:
            yield correction
            if in_all_forms:
                yield from other_forms(correction, vocabulary)

    return with_others(tree, lambda word: tuple(dict.fromkeys(corrected(word))))


def with_others(tree: q.Node, other_words: OtherWords) -> q.Node | None:
    """The tree, to which `other_words(word)` is added for each word that is not quoted or negated. None when there are
    no other words.
    """
    rewritten = _replaced(tree, lambda text: _with_others(text, other_words))
    return None if rewritten == tree else rewritten


def others(tree: q.Node) -> dict[str, tuple[str, ...]]:
    """Maps each folded word of a rewritten tree to the other words that may replace it."""
    return {word: found for text in q.texts(tree) for word, found in _others_of(text) if found}


def all_words(tree: q.Node) -> list[str]:
    """The folded words of a tree that are not negated, without their `others`."""
    return list(dict.fromkeys(word for text in q.texts(tree) for word in folded_words(text)))


def folded_words(node: q.Word | q.Phrase) -> list[str]:
    """The words of a node, folded as in the index, without words that are too long to be indexed."""
    return typed_words(text_of(node))


def text_of(node: q.Word | q.Phrase) -> str:
    """The words of a node as they were typed, with spaces between them."""
    return node.text if isinstance(node, q.Word) else " ".join(node.words)


def _replaced(node: q.Node, replacement: Callable[[q.Word | q.Phrase], q.Node]) -> q.Node:
    """A copy of the tree in which `replacement` is applied to each word or phrase that is not quoted or negated."""
    match node:
        case q.And(nodes=nodes):
            return q.And(tuple(_replaced(each, replacement) for each in nodes))
        case q.Or(nodes=nodes):
            return q.Or(tuple(_replaced(each, replacement) for each in nodes))
        case q.Word() | q.Phrase(quoted=False):
            return replacement(node)
        case _:
            return node


def _with_writings(node: q.Word | q.Phrase) -> q.Node:
    others = [
        q.Word(writing[0], node.field) if len(writing) == 1 else q.Phrase(writing, node.field)
        for writing in other_writings(folded_words(node))
    ]
    return q.Or((node, *others)) if others else node


def _with_others(node: q.Word | q.Phrase, other_words: OtherWords) -> q.Word | q.Phrase:
    words = folded_words(node)
    found = tuple(tuple(other_words(word)) for word in words)
    if not any(found):
        return node
    if isinstance(node, q.Word) and len(words) == 1:
        return msgspec.structs.replace(node, others=found[0])
    if isinstance(node, q.Phrase):
        known = node.others or ((),) * len(words)
        merged = tuple((*before, *more) for before, more in zip(known, found, strict=True))
        return msgspec.structs.replace(node, words=tuple(words), others=merged)
    return q.Phrase(tuple(words), node.field, others=found)


def _others_of(text: q.Word | q.Phrase) -> Iterator[tuple[str, tuple[str, ...]]]:
    words = folded_words(text)
    if isinstance(text, q.Word):
        yield from ((word, text.others) for word in words)
    elif text.others:
        yield from zip(words, text.others, strict=True)
