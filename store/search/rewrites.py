"""Rewrites: the tree of a filter with other words for those that were typed, for the tiers below exact matches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from store.search import query as q
from store.search.tokenizer import index_words
from store.search.vocabulary import Vocabulary
from store.search.word_forms import Kinship, other_forms

# The other words for one folded word; none for most.
OtherWords = Callable[[str], Sequence[str]]


def with_forms(tree: q.Node, vocabulary: Vocabulary, kinship: Kinship) -> q.Node | None:
    """The tree in which words may also have another form. None when no word has one in the library.

    A form that begins with the word itself is left out: words match as prefixes anyway.
    """
    return with_others(
        tree, lambda word: [each for each in other_forms(word, vocabulary, kinship) if not each.startswith(word)]
    )


def with_others(tree: q.Node, other_words: OtherWords) -> q.Node | None:
    """The tree in which words that are not quoted or negated may also be other words. None when none may."""
    rewritten = _rewritten(tree, other_words)
    return None if rewritten == tree else rewritten


def others(tree: q.Node) -> dict[str, tuple[str, ...]]:
    """The folded words of a rewritten tree that have other words, and these."""
    return {word: found for text in q.texts(tree) for word, found in _others_of(text) if found}


def folded_words(node: q.Word | q.Phrase) -> list[str]:
    """The words as the index has them, without those that it cannot hold."""
    return index_words(node.text if isinstance(node, q.Word) else " ".join(node.words))


def _rewritten(node: q.Node, other_words: OtherWords) -> q.Node:
    match node:
        case q.And(nodes=nodes):
            return q.And(tuple(_rewritten(each, other_words) for each in nodes))
        case q.Or(nodes=nodes):
            return q.Or(tuple(_rewritten(each, other_words) for each in nodes))
        case q.Word() | q.Phrase(quoted=False):
            return _with_others(node, other_words)
        case _:
            return node


def _with_others(node: q.Word | q.Phrase, other_words: OtherWords) -> q.Word | q.Phrase:
    words = folded_words(node)
    found = tuple(tuple(other_words(word)) for word in words)
    if not any(found):
        return node
    if isinstance(node, q.Word) and len(words) == 1:
        return msgspec.structs.replace(node, others=found[0])
    return q.Phrase(tuple(words), node.field, isinstance(node, q.Phrase) and node.unfinished, others=found)


def _others_of(text: q.Word | q.Phrase) -> Iterator[tuple[str, tuple[str, ...]]]:
    words = folded_words(text)
    if isinstance(text, q.Word):
        yield from ((word, text.others) for word in words)
    elif text.others:
        yield from zip(words, text.others, strict=True)
