"""Short names for the nodes of parsed filters, and random texts to parse."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from store.search.filter_fields import TextField
from store.search.parser import parse
from store.search.query import And, DateRange, Node, Not, Or, Phrase, Word

TODAY = date(2026, 7, 15)

A, B, C, D = (Word(letter) for letter in "abcd")


def tree(text: str) -> Node | None:
    return parse(text, TODAY).tree


def all_of(*nodes: Node) -> And:
    return And(nodes)


def any_of(*nodes: Node) -> Or:
    return Or(nodes)


def quoted(words: tuple[str, ...], field: TextField | None = None, *, unfinished: bool = False) -> Phrase:
    return Phrase(words, field, unfinished, quoted=True)


def published(start: date | None, end: date | None) -> DateRange:
    return DateRange("published", start, end)


# Pieces of text that have a meaning in the filter language.
PIECES = (
    *('"', "“", "(", ")", "|", "-", "--", " ", ":", "..", ".", ">", "<=", "or", "OR ", "not ", "\n", "'", "\u0301"),
    *(
        "title:",
        "id:",
        "doi:10.1000/",
        "arxiv:2510.01234",
        "v2",
        "date:",
        "upvotes:",
        "is:",
        "tag:",
        "cat:",
        "foo:",
        "2026",
        "-06",
        "week",
        "new",
        "a",
    ),
)
# Random texts, some of which consist of the pieces above.
ANY_TEXT = st.one_of(
    st.text(max_size=200),
    st.text(st.characters(codec=None), max_size=50),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
)


def leaves(node: Node | None) -> list[Node]:
    """The leaves of a tree: its nodes that have no child nodes."""
    match node:
        case None:
            return []
        case Not(node=inner):
            return leaves(inner)
        case And(nodes=nodes) | Or(nodes=nodes):
            return [leaf for each in nodes for leaf in leaves(each)]
        case _:
            return [node]


def is_minimal(node: Node | None) -> bool:
    """Whether a tree has no double negation, no And directly in an And, and no Or directly in an Or."""
    match node:
        case Not(node=inner):
            return not isinstance(inner, Not) and is_minimal(inner)
        case And(nodes=nodes) | Or(nodes=nodes):
            kind = type(node)
            return len(nodes) > 1 and all(not isinstance(each, kind) and is_minimal(each) for each in nodes)
        case _:
            return True
