"""The classes of a query, which is a filter of the user as a tree of conditions. `parser.py` creates the tree from the
text.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

import msgspec

from store.search.filter_fields import CountField, DateField, LabelField, Possession, State, TextField


class Word(msgspec.Struct, frozen=True):
    """A condition: the paper has a word that begins with `text`, or has one of the words `others`.

    `text` is as the user typed it, with small and capital letters. `others` are folded. The parser leaves `others`
    empty, and rewrites.py fills it with other forms of the word.
    """

    text: str
    field: TextField | None = None
    others: tuple[str, ...] = ()


class Phrase(msgspec.Struct, frozen=True):
    """A condition: the paper has these words next to each other.

    A phrase is a quoted text, or a text without spaces that consists of several words ("GPT-4o"). The last word also
    matches as a prefix. But if it is a single letter, it must match a whole word, unless `unfinished` is true: the
    letter is then the last character of the filter, and the user may still be typing the word. If `quoted` is true, the
    phrase matches only the words that were typed. For a phrase that is not quoted, `others` has, for each word, the
    words that match instead of it, as in Word. The last word of a `whole` phrase, such as an acronym, does not match as
    a prefix.
    """

    words: tuple[str, ...]
    field: TextField | None = None
    unfinished: bool = False
    quoted: bool = False
    others: tuple[tuple[str, ...], ...] = ()
    whole: bool = False


class Label(msgspec.Struct, frozen=True):
    """A condition: the paper has this tag, collection, category, source, decision, track, arXiv id, DOI or citation
    key, or these words in its note.

    `value` may be only the beginning of a category or a citation key: "cs" matches "cs.CL". `value` is never empty. The
    name of a source is casefolded. An arXiv id or a DOI is in the form in which the library stores it. Every other
    value is as the user typed it.
    """

    field: LabelField
    value: str


class Is(msgspec.Struct, frozen=True):
    """A condition: the paper has this state, which results from the user's marks."""

    state: State


class Has(msgspec.Struct, frozen=True):
    """A condition: the paper has an abstract, a PDF, code, or a note of the user."""

    what: Possession


class Like(msgspec.Struct, frozen=True):
    """A condition: the paper is one of those that are most similar to a given paper.

    `paper` is the id of a paper in the library, an arXiv id, a DOI, a citation key or the beginning of a title. The
    answer is sorted by similarity if every paper in it must match this condition, that is, if the condition is neither
    negated nor inside an "or" (`split_likes`).
    """

    paper: str


class DateRange(msgspec.Struct, frozen=True):
    """A condition: the paper was published or listed from `start` to `end`, both inclusive. None means no limit."""

    field: DateField
    start: date | None
    end: date | None


class CountRange(msgspec.Struct, frozen=True):
    """A condition: the number in `field` is from `low` to `high`, both inclusive. None means no limit.

    If the field is `score`, the number is the score multiplied by 100. If it is `rating`, it is the user's rating, 1 to
    5.
    """

    field: CountField
    low: int | None
    high: int | None


class Not(msgspec.Struct, frozen=True):
    """A condition: the paper does not match `node`. `node` is never a Not."""

    node: Node


class And(msgspec.Struct, frozen=True):
    """A condition: the paper matches every node. There are at least two nodes, and none of them is an And."""

    nodes: tuple[Node, ...]


class Or(msgspec.Struct, frozen=True):
    """A condition: the paper matches at least one node. There are at least two nodes, and none of them is an Or."""

    nodes: tuple[Node, ...]


Node: TypeAlias = Word | Phrase | Label | Is | Has | Like | DateRange | CountRange | Not | And | Or


class Query(msgspec.Struct, frozen=True):
    """A filter as it was typed and as it was parsed.

    `tree` is None when the filter has no condition. `misread` has a message for each part of the filter that looked
    like syntax but was read as words. The messages quote text that the user typed or pasted, so remove control
    characters from them before they are shown.
    """

    text: str
    tree: Node | None
    misread: tuple[str, ...] = ()


def words(query: Query) -> tuple[str, ...]:
    """The words to highlight in the papers that match a query: every word that is not negated, in order, each once."""
    return tuple(dict.fromkeys(_positive_words(query.tree))) if query.tree is not None else ()


def noted_texts(query: Query) -> tuple[str, ...]:
    """The values of all conditions `note:` that are not negated. They are searched for in the user's notes."""
    return tuple(each.value for each in _conditions(query.tree) if isinstance(each, Label) and each.field == "note")


def asks_marks(query: Query) -> bool:
    """Whether a query has a condition on the user's marks. If it has, its answer changes when the marks change."""
    return any(map(_is_on_marks, _conditions(query.tree, negated=True)))


def asks_hidden(query: Query) -> bool:
    """Whether the filter asks for hidden papers (`is:hidden`). If not, they are left out of the answer."""
    return any(each == Is("hidden") for each in _conditions(query.tree))


def split_likes(tree: Node | None) -> tuple[tuple[str, ...], Node | None]:
    """The values of the conditions `like:` that every paper of the answer must match, and the tree without them.

    These values name the papers to which the papers of the answer must be similar.
    """
    nodes = tree.nodes if isinstance(tree, And) else (tree,) if tree is not None else ()
    likes = tuple(dict.fromkeys(node.paper for node in nodes if isinstance(node, Like)))
    others = tuple(node for node in nodes if not isinstance(node, Like))
    return likes, And(others) if len(others) > 1 else next(iter(others), None)


def texts(node: Node) -> Iterator[Word | Phrase]:
    """The words and phrases of a tree that are not negated, in the order in which they were typed."""
    return (each for each in _conditions(node) if isinstance(each, Word | Phrase))


def _positive_words(node: Node) -> Iterator[str]:
    for text in texts(node):
        yield from (text.text,) if isinstance(text, Word) else text.words


def _conditions(node: Node | None, *, negated: bool = False) -> Iterator[Node]:
    """The leaves of a tree, which are all its nodes except And, Or and Not, in order.

    Negated conditions are left out unless `negated` is true.
    """
    match node:
        case And(nodes=nodes) | Or(nodes=nodes):
            for each in nodes:
                yield from _conditions(each, negated=negated)
        case Not(node=inner):
            if negated:
                yield from _conditions(inner, negated=True)
        case None:
            pass
        case _:
            yield node


def _is_on_marks(condition: Node) -> bool:
    match condition:
        case Is() | Label(field="tag" | "collection" | "note") | Has(what="note") | CountRange(field="rating"):
            return True
        case _:
            return False
