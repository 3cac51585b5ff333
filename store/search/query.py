"""A query: the filter that a reader typed, as a tree of conditions. `parser.py` makes it from the text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

import msgspec

from store.search.filter_fields import CountField, DateField, LabelField, Possession, State, TextField


class Word(msgspec.Struct, frozen=True):
    """Papers with a word that begins with `text`, which is in the case that was typed, or with one of `others`.

    The parser makes words without `others`; rewrites.py finds them, folded.
    """

    text: str
    field: TextField | None = None
    others: tuple[str, ...] = ()


class Phrase(msgspec.Struct, frozen=True):
    """Papers with these words next to each other: a quoted text, or one token of several words ("GPT-4o").

    The last word also matches as a prefix. A single letter at the end must be a whole word, unless the phrase is
    `unfinished`: the letter is the last character of the filter, so that more may follow. A `quoted` phrase is never
    rewritten; in any other one each word may have `others`, as in Word.
    """

    words: tuple[str, ...]
    field: TextField | None = None
    unfinished: bool = False
    quoted: bool = False
    others: tuple[tuple[str, ...], ...] = ()


class Label(msgspec.Struct, frozen=True):
    """Papers filed under a tag, a category or its beginning ("cs"), a source, a decision, a track, an arXiv id, a DOI.

    `value` is never empty. A source is casefolded. What is recognised as an arXiv id or a DOI has the form in which
    papers are stored. Every other value is as typed.
    """

    field: LabelField
    value: str


class Is(msgspec.Struct, frozen=True):
    """Papers that the reader gave this state."""

    state: State


class Has(msgspec.Struct, frozen=True):
    """Papers that have an abstract, a PDF, code, or a note of the reader."""

    what: Possession


class DateRange(msgspec.Struct, frozen=True):
    """Papers published or listed from `start` to `end`, both inclusive. One of the two may be None: an open end."""

    field: DateField
    start: date | None
    end: date | None


class CountRange(msgspec.Struct, frozen=True):
    """Papers with `low` to `high` upvotes or comments, both inclusive. One of the two may be None: an open end.

    Scores are in hundredths.
    """

    field: CountField
    low: int | None
    high: int | None


class Not(msgspec.Struct, frozen=True):
    """Papers that `node` does not match. `node` is not itself a Not."""

    node: Node


class And(msgspec.Struct, frozen=True):
    """Papers that every node matches. There are two nodes or more, and none of them is an And."""

    nodes: tuple[Node, ...]


class Or(msgspec.Struct, frozen=True):
    """Papers that at least one node matches. There are two nodes or more, and none of them is an Or."""

    nodes: tuple[Node, ...]


Node: TypeAlias = Word | Phrase | Label | Is | Has | DateRange | CountRange | Not | And | Or


class Query(msgspec.Struct, frozen=True):
    """A filter as it was typed and as it was parsed.

    `tree` is None when the filter has no condition. `misread` has a line for the status line for each part that
    looked like syntax and was read as words; the lines quote text that the reader typed or pasted.
    """

    text: str
    tree: Node | None
    misread: tuple[str, ...] = ()


def words(query: Query) -> tuple[str, ...]:
    """The words to highlight in papers that match: every word that is not negated, in order, each once."""
    return tuple(dict.fromkeys(_positive_words(query.tree))) if query.tree is not None else ()


def asks_marks(query: Query) -> bool:
    """Whether the answer depends on the reader's marks, and so changes with them."""
    return query.tree is not None and _asks_marks(query.tree)


def asks_hidden(query: Query) -> bool:
    """Whether the filter asks for hidden papers, which are otherwise left out."""
    return query.tree is not None and _asks_hidden(query.tree)


def texts(node: Node) -> Iterator[Word | Phrase]:
    """The words and phrases of a tree that are not negated, in order."""
    match node:
        case Word() | Phrase():
            yield node
        case And(nodes=nodes) | Or(nodes=nodes):
            for each in nodes:
                yield from texts(each)
        case _:
            pass


def _positive_words(node: Node) -> Iterator[str]:
    for text in texts(node):
        yield from (text.text,) if isinstance(text, Word) else text.words


def _asks_marks(node: Node) -> bool:
    match node:
        case And(nodes=nodes) | Or(nodes=nodes):
            return any(map(_asks_marks, nodes))
        case Not(node=inner):
            return _asks_marks(inner)
        case Is() | Label(field="tag") | Has(what="note"):
            return True
        case _:
            return False


def _asks_hidden(node: Node) -> bool:
    match node:
        case Is(state="hidden"):
            return True
        case And(nodes=nodes) | Or(nodes=nodes):
            return any(map(_asks_hidden, nodes))
        case _:
            return False
