"""How text is split into words."""

from __future__ import annotations

import sqlite3
import unicodedata

import pytest

from store.search.query import Phrase
from store.search.tokenizer import index_words, query_words, tokens
from tests.store.search.query_trees import tree


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4o don't snake_case C++",
        "naïve Ångström ½ ² x²y ⅷ",
        "深度学习 による 변환기 трансформер",
        "a\u0301b",
        "p(y|x) — ‘quoted’ “words” …",
        "α-β λ ∑ ∞ € 5% #1 @home",
        "\ue000private a\U000f0001b",
    ],
)
def test_query_words_are_cut_as_unicode61_cuts_them(text: str) -> None:
    database = sqlite3.connect(":memory:")
    try:
        database.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize = 'unicode61 remove_diacritics 0')")
        database.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance')")
        database.execute("INSERT INTO t VALUES (?)", (unicodedata.normalize("NFC", text),))
        expected = [term for (term,) in database.execute("SELECT term FROM v ORDER BY offset")]
    finally:
        database.close()
    assert [word.lower() for word in query_words(unicodedata.normalize("NFC", text))] == expected
    phrase = tree('"' + "".join(" " if letter in '"“”' else letter for letter in text) + '"')
    assert isinstance(phrase, Phrase)
    assert [word.lower() for word in phrase.words] == expected


def test_index_words_are_folded_and_not_too_long() -> None:
    assert index_words("Naïve ﬁne-tuning of GPT_4o") == ["naive", "fine", "tuning", "of", "gpt", "4o"]
    assert index_words(f"{'x' * 199} {'y' * 200}") == ["x" * 199]


def test_tokens_of_a_text_have_their_positions() -> None:
    text = "Ünder e\u0301tude, GPT_4o"
    assert [(word, text[start:end]) for word, start, end in tokens(text)] == [
        ("under", "Ünder"),
        ("etude", "e\u0301tude"),
        ("gpt", "GPT"),
        ("4o", "4o"),
    ]
