"""Any text can be parsed, and every tree can be written as text and parsed again."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import get_args

from hypothesis import example, given
from hypothesis import strategies as st

from store.search.filter_fields import CountField, DateField, LabelField, Possession, State, TextField
from store.search.parser import MAX_CHARACTERS, MAX_TERMS, parse
from store.search.query import (
    And,
    CountRange,
    DateRange,
    Has,
    Is,
    Label,
    Like,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    Word,
    words,
)
from tests.store.search.query_trees import ANY_TEXT, TODAY, is_minimal, leaves, quoted, tree
from tests.thorough import examples


@examples(100, 1_000)
@given(ANY_TEXT, st.dates())
@example("date:>9999 date:<1", date.max)
@example("\ud800 is:\udfff", date.min)
def test_any_text_can_be_parsed(text: str, today: date) -> None:
    query = parse(text, today)
    assert query.text == text
    assert is_minimal(query.tree)
    parsed_leaves = leaves(query.tree)
    assert len(parsed_leaves) <= MAX_TERMS
    for leaf in parsed_leaves:
        match leaf:
            case DateRange(start=low, end=high) | CountRange(low=low, high=high):
                assert (low, high) != (None, None)
            case Label(value=value):
                assert value.strip() == value != ""
                value.encode()
            case Phrase(words=phrase):
                assert phrase


@examples(100, 1_000)
@given(ANY_TEXT)
def test_words_never_hold_a_separator(text: str) -> None:
    parsed_words = [
        word
        for leaf in leaves(tree(text))
        for word in (leaf.words if isinstance(leaf, Phrase) else [leaf.text] if isinstance(leaf, Word) else [])
    ]
    for word in [*parsed_words, *words(parse(text, TODAY))]:
        kinds = [unicodedata.category(character) for character in word]
        assert kinds
        assert kinds[0][0] in "LN" or kinds[0] == "Co"
        assert all(kind[0] in "LNM" or kind == "Co" for kind in kinds)


# Random trees, which are written as text and parsed again.

_LETTERS = "abNOTRor4é深\u0915\ue000"
_WORD = st.text(_LETTERS, min_size=1, max_size=6)
_FIELDS = st.sampled_from([None, *get_args(TextField)])
_IDS = st.sampled_from(["2510.01234", "math/0309136", "10.1000/x(7)", "10.1016/0021-9797(76)90042-1"])
_VALUES = st.text("abCÉ ():|-.+/*:☆'>", min_size=1, max_size=8).map(str.split).map(" ".join).filter(bool)


def _ends(values: st.SearchStrategy[date] | st.SearchStrategy[int]) -> st.SearchStrategy[tuple[object, object]]:
    return st.tuples(st.none() | values, st.none() | values).filter(lambda pair: pair != (None, None))


_LABELS: dict[LabelField, st.SearchStrategy[str]] = {
    **dict.fromkeys(get_args(LabelField), _VALUES),
    "id": _IDS | _VALUES,
    "cat": st.sampled_from(["cs", "cs.CL", "astro-ph", "q-fin.ST"]),
    "from": st.sampled_from(["hf", "arxiv", "hf-text"]),
}

LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.builds(Word, _WORD, _FIELDS),
    st.builds(quoted, st.lists(_WORD, min_size=1, max_size=4).map(tuple), _FIELDS),
    *(st.builds(Label, st.just(field), values) for field, values in _LABELS.items()),
    st.builds(Like, _IDS | _VALUES),
    st.builds(Is, st.sampled_from(get_args(State))),
    st.builds(Has, st.sampled_from(get_args(Possession))),
    st.builds(lambda field, ends: DateRange(field, *ends), st.sampled_from(get_args(DateField)), _ends(st.dates())),
    st.builds(
        lambda field, ends: CountRange(field, *ends),
        st.sampled_from(get_args(CountField)),
        _ends(st.integers(0, 2**53)),
    ),
)


def _branches(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(st.builds(Not, inner), st.builds(And, several), st.builds(Or, several))


TREES = st.recursive(LEAVES, _branches, max_leaves=12).filter(is_minimal)


def unparse(node: Node) -> str:
    """Write a tree as a text of the filter language that is parsed as the same tree."""
    match node:
        case Word(text=text, field=None):
            # Put a comma after "or", so that it is parsed as a word and not as the operator.
            return f"{text}," if text in ("or", "OR") else text
        case Word(text=text, field=field):
            return f"{field}:{text}"
        case Phrase(words=phrase, field=field):
            return f'{field}:"{" ".join(phrase)}"' if field else f'"{" ".join(phrase)}"'
        case Label(field=field, value=value):
            return f'{field}:"{value}"'
        case Like() | Is() | Has():
            return _named(node)
        case DateRange(field=field, start=low, end=high):
            return f"{field}:{_end(low)}..{_end(high)}"
        case CountRange(field=field, low=low, high=high):
            end = _decimal if field == "score" else _end
            return f"{field}:{end(low)}..{end(high)}"
        case Not(node=inner):
            return f"-{_grouped(inner)}"
        case And(nodes=nodes):
            return " ".join(map(_grouped, nodes))
        case Or(nodes=nodes):
            return " or ".join(map(_grouped, nodes))


def _named(node: Like | Is | Has) -> str:
    match node:
        case Like(paper=paper):
            return f'like:"{paper}"'
        case Is(state=state):
            return f"is:{state}"
        case Has(what=what):
            return f"has:{what}"


def _end(value: date | int | None) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _decimal(hundredths: int | None) -> str:
    return "" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02}"


def _grouped(node: Node) -> str:
    return f"({unparse(node)})" if isinstance(node, And | Or) else unparse(node)


@examples(80, 800)
@given(TREES)
def test_a_tree_written_as_text_is_parsed_as_the_same_tree(node: Node) -> None:
    typed = unparse(node)
    assert len(typed) <= MAX_CHARACTERS
    assert parse(typed, TODAY) == Query(typed, node, ())


@examples(40, 400)
@given(TREES)
def test_every_beginning_of_a_filter_can_be_parsed(node: Node) -> None:
    typed = unparse(node)
    for end in range(len(typed)):
        assert is_minimal(tree(typed[:end]))
