"""The messages of the parser about unknown or wrong syntax, and the parsing of pasted titles."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import get_args

import pytest

from store.search import parser
from store.search.filter_fields import Possession, State
from store.search.parser import parse
from store.search.query import And, DateRange, Has, Is, Node, Not, Or, Phrase, Query, Word, words
from tests.store.search.query_trees import TODAY, A, B, all_of, tree

MISREAD: list[tuple[str, Node, str]] = [
    ("author: a", all_of(Word("author"), A), "author: with a space behind it is read as a word"),
    ("b date: a", all_of(B, Word("date"), A), "date: with a space behind it is read as a word"),
    ("upvotes>x", all_of(Word("upvotes"), Word("x")), "upvotes:>x is not a number; read as words"),
    (
        "date:tomorow",
        all_of(Word("date"), Word("tomorow")),
        "date:tomorow is not a date; read as words",
    ),
    ("is:xyz", all_of(Word("is"), Word("xyz")), "is:xyz is not a state; read as words"),
    (
        "has:legs",
        all_of(Word("has"), Word("legs")),
        "has:legs is not code, pdf, note, abstract, text, model or dataset; read as words",
    ),
    (
        "Upvotes:many",
        all_of(Word("Upvotes"), Word("many")),
        "Upvotes:many is not a number; read as words",
    ),
    ("upvotes:> 20", all_of(Word("upvotes"), Word("20")), "upvotes:> is not a number; read as words"),
    ("upvotes:-5", all_of(Word("upvotes"), Word("5")), "upvotes:-5 is not a number; read as words"),
    ("upvotes:٣", all_of(Word("upvotes"), Word("٣")), "upvotes:٣ is not a number; read as words"),
    ("date:20 a", all_of(Word("date"), Word("20"), A), "date:20 is not a date; read as words"),
    (
        "date:2026-13",
        all_of(Word("date"), Phrase(("2026", "13"))),
        "date:2026-13 is not a date; read as words",
    ),
    (
        "date:2026-02-30",
        all_of(Word("date"), Phrase(("2026", "02", "30"))),
        "date:2026-02-30 is not a date; read as words",
    ),
    ("date:2026-00", all_of(Word("date"), Phrase(("2026", "00"))), "date:2026-00 is not a date; read as words"),
    ("date:0000", all_of(Word("date"), Word("0000")), "date:0000 is not a date; read as words"),
    ("date:>9999", all_of(Word("date"), Word("9999")), "date:>9999 is not a date; read as words"),
    ("date:<0001", all_of(Word("date"), Word("0001")), "date:<0001 is not a date; read as words"),
    (
        "is:quued",
        all_of(Word("is"), Word("quued")),
        "is:quued is not a state; read as words; did you mean is:queued?",
    ),
    ("-is:xyz", Not(all_of(Word("is"), Word("xyz"))), "is:xyz is not a state; read as words"),
]


@pytest.mark.parametrize(("typed", "parsed", "message"), MISREAD, ids=[typed for typed, _, _ in MISREAD])
def test_invalid_syntax_is_read_as_words_with_a_message(typed: str, parsed: Node, message: str) -> None:
    assert parse(typed, TODAY) == Query(typed, parsed, (message,))


def test_each_message_is_given_once_in_order() -> None:
    query = parse("is:x date:never is:x", TODAY)
    assert query.misread == ("is:x is not a state; read as words", "date:never is not a date; read as words")


def test_a_message_stays_short() -> None:
    (message,) = parse(f"date:{'x' * 900}", TODAY).misread
    assert len(message) < 80
    assert message.endswith("… is not a date; read as words")


def test_the_first_letter_of_a_state_or_possession_is_enough() -> None:
    for state in get_args(State):
        # "retracted" and "reading" both begin with "re", so at least three letters of "retracted" must be typed.
        short = "ret" if state == "retracted" else state[0]
        assert tree(f"is:{state}") == tree(f"is:{short}") == Is(state)
    for what in get_args(Possession):
        assert tree(f"has:{what}") == tree(f"has:{what[0].upper()}") == Has(what)


def test_a_valid_filter_gives_no_message_while_it_is_being_typed() -> None:
    typed = 'title:(graph or "neural net") -is:seen has:code date:>=2026-06-15 upvotes:>20 listed:2025..2026'
    for end in range(len(typed) + 1):
        assert parse(typed[:end], TODAY).misread == ()


UNFINISHED = [
    ("title:robots or (", "or ("),
    ("title:robots or", "or"),
    ("robots (", "("),
    ("robots title:", "title:"),
    ("robots -author:", "-author:"),
    ("robots (learning or cat:)", "or cat:)"),
    ("robots upvotes>", "upvotes>"),
    ("title:robots or (learning", ""),
    ("robots --", ""),
    ("robots -", ""),
    ('robots "', ""),
    ("robots) …", ""),
    ("robots ordinary", ""),
    ('"robots or (', ""),
    ("", ""),
]


@pytest.mark.parametrize(("typed", "unfinished"), UNFINISHED, ids=[typed for typed, _ in UNFINISHED])
def test_an_incomplete_filter_is_recognized_as_incomplete(typed: str, unfinished: str) -> None:
    assert parser.unfinished(typed, TODAY) == unfinished
    assert parse(typed, TODAY).misread == ()


@pytest.mark.parametrize("today", [date.min, date.min + timedelta(3), date.max])
def test_named_ranges_stay_within_the_calendar(today: date) -> None:
    for name in ("today", "yesterday", "week", "month"):
        days = parse(f"date:{name}", today).tree
        assert isinstance(days, DateRange)
        assert days.start is not None
        assert days.end is not None
        assert date.min <= days.start <= days.end <= today


def matches(node: Node, text: str) -> bool:
    """Whether `node`, a tree of words and phrases, matches a paper with this text."""
    match node:
        case And(nodes=nodes):
            return all(matches(each, text) for each in nodes)
        case Or(nodes=nodes):
            return any(matches(each, text) for each in nodes)
        case Not(node=inner):
            return not matches(inner, text)
        case Word(text=word, field=None):
            return re.search(rf"\b{word}", text) is not None
        case Phrase(words=phrase, field=None):
            return re.search(r"\b" + r"\W+".join(phrase), text) is not None
        case _:
            raise AssertionError(node)


@pytest.mark.parametrize(
    "title",
    [
        "Attention Is Not And You Need",
        "To Reason or not to Reason",
        "Not -- And: Layers of LLMs Are Not Necessary",
        "Reasons to Reject or Accept",
        "Reasons to Reject Or Accept",
        "FRIEND OR FOE? NOT SO FAST",
        "Is It Thinking or Cheating? (and How to Tell)",
        "Chain-of-Thought Is Not Explainability - A Survey",
        "“Not Aligned” is Not “Malicious”: Being Careful",
    ],
)
def test_a_pasted_title_matches_its_paper_and_highlights_all_its_words(title: str) -> None:
    query = parse(title, TODAY)
    assert query.tree is not None
    assert matches(query.tree, title)
    assert not matches(query.tree, "Graphs")
    assert query.misread == ()
    in_title = dict.fromkeys(re.findall(r"\w+", title))
    assert words(query) == tuple(word for word in in_title if word not in ("or", "OR"))


def test_the_words_to_highlight_are_those_not_negated_in_order_and_once() -> None:
    query = parse('b "GPT-4o a" or title:(c b) -d -(e f) tag:x org:kaist-ai date:2026 is:new B', TODAY)
    assert words(query) == ("b", "GPT", "4o", "a", "c", "kaist", "ai", "B")
    assert words(parse("", TODAY)) == ()
    assert words(parse("-a", TODAY)) == ()
