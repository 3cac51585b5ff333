"""The tokenizer: how text is cut into words, in the index, in a query and in a text on the screen.

The three places need three functions. The index uses tantivy's tokenizer and needs no positions. A query keeps the
case that was typed, and its words must hold combining marks, which are only folded away later. A text on the screen
needs to know where each word starts and ends.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from store.text.folding import fold

if TYPE_CHECKING:
    from tantivy import TextAnalyzer

# Words of this many bytes or more are not indexed: nobody searches for them, and they make the index large.
_TOO_LONG = 200
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f][^\W_]*)*")
# Unicode categories: letters, numbers and private use begin or continue a word ("w"), marks only continue one ("m").
_KIND = dict.fromkeys(("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No", "Co"), "w") | dict.fromkeys(
    ("Mn", "Mc", "Me"), "m"
)
_QUERY_WORD = re.compile("w[wm]*")


def index_words(text: str) -> list[str]:
    """The words of `text` as the index holds them: folded, without those that are too long to be indexed."""
    return folded_index_words(fold(text))


def folded_index_words(folded: str) -> list[str]:
    """As `index_words`, of a text that is already folded."""
    words: list[str] = analyzer().analyze(folded)
    return words


def query_words(text: str) -> list[str]:
    """The words of a typed text in their case, cut as SQLite's unicode61 does: a combining mark continues a word."""
    kinds = "".join(_KIND.get(unicodedata.category(character), " ") for character in text)
    return [text[match.start() : match.end()] for match in _QUERY_WORD.finditer(kinds)]


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text on the screen: each one folded, and the start and end of its letters in `text`."""
    for match in _WORD.finditer(text):
        yield fold(match[0]), match.start(), match.end()


@functools.cache
def analyzer() -> TextAnalyzer:
    """The tokenizer that is registered with the index."""
    # Imported here, because highlighting and parsing do without tantivy.
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    return TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(_TOO_LONG)).build()
