"""The tokenizer: how text is cut into words, in the index, in a query and in a text on the screen.

Scripts that put no spaces between words (Chinese, Japanese, Thai and others) have no words that could be told apart
here. Each two neighbouring letters of a run of such letters are indexed as a word, and its last letter as one:
深層学習 is indexed as 深層, 層学, 学習 and 習. So any part of a run is a phrase of the index.

The three places need three functions. The index uses tantivy's tokenizer and needs no positions. A query keeps the
case that was typed, and its words must hold combining marks, which are only folded away later. A text on the screen
needs to know where each word starts and ends.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from store.text.folding import fold

if TYPE_CHECKING:
    from tantivy import TextAnalyzer

# Words of this many bytes or more are not indexed: nobody searches for them, and they make the index large.
_TOO_LONG = 200
# The letters of scripts without spaces: Thai, Lao, Myanmar, Khmer, kana and Chinese characters.
_UNSPACED = (
    "\u0e01-\u0e46\u0e81-\u0ec6\u1000-\u103f\u1780-\u17b3\u17b6-\u17d3\u3005-\u3007\u3041-\u3096\u309d-\u309f"
    "\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
)
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}]+")
# Marks of these scripts that do not belong to the letters of a word for the index.
_IGNORED_MARKS = re.compile("[\u0e47-\u0e4e\u0ec8-\u0ecd]+")
_ANY_UNSPACED = re.compile(f"{_UNSPACED_RUN.pattern}|{_IGNORED_MARKS.pattern}")
# Vowel signs and other marks of these scripts, which Python does not count among letters.
_MARKS = "\u0e31\u0e34-\u0e4e\u0eb1-\u0ecd\u102b-\u103e\u17b4-\u17d3"
_WORD = re.compile(rf"(?:[^\W_]+|[{_MARKS}][^\W_]*)(?:[\u0300-\u036f{_MARKS}][^\W_]*)*")
# Unicode categories: letters, numbers and private use begin or continue a word ("w"), marks only continue one ("m").
_KIND = dict.fromkeys(("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No", "Co"), "w") | dict.fromkeys(
    ("Mn", "Mc", "Me"), "m"
)
_QUERY_WORD = re.compile("w[wm]*")


def index_text(text: str) -> str:
    """`text` as it is given to the index: folded, with spaces where its words end."""
    return _spaced(fold(text))


def index_words(text: str) -> list[str]:
    """The words of `text` as the index holds them: folded, without those that are too long to be indexed."""
    return words_of(index_text(text))


def typed_words(text: str) -> list[str]:
    """As `index_words`, of a text that somebody types: its last letters may be any part of a run without spaces."""
    words = index_words(text)
    if len(words) > 1 and len(words[-1]) == 1 and is_unspaced(words[-1]) and words[-2].endswith(words[-1]):
        words.pop()
    return words


def plain_words(text: str) -> list[str]:
    """As `index_words`, but a run without spaces is one word."""
    return words_of(fold(text))


def words_of(spaced: str) -> list[str]:
    """The words of an `index_text`."""
    words: list[str] = analyzer().analyze(spaced)
    return words


def is_unspaced(word: str) -> bool:
    """Whether a folded word is of a script without spaces."""
    return not word.isascii() and _UNSPACED_RUN.match(word) is not None


def query_words(text: str) -> list[str]:
    """The words of a typed text in their case, cut as SQLite's unicode61 does: a combining mark continues a word."""
    kinds = "".join(_KIND.get(unicodedata.category(character), " ") for character in text)
    return [text[match.start() : match.end()] for match in _QUERY_WORD.finditer(kinds)]


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text on the screen: each one folded, and the start and end of its letters in `text`.

    In a script without spaces they are those of the index, and overlap.
    """
    for match in _WORD.finditer(text):
        if match[0].isascii() or not _ANY_UNSPACED.search(match[0]):
            yield fold(match[0]), match.start(), match.end()
        else:
            yield from _unspaced_tokens(match[0], match.start())


def _unspaced_tokens(word: str, start: int) -> Iterator[tuple[str, int, int]]:
    """The tokens of a word that has letters of a script without spaces."""
    letters = [(_IGNORED_MARKS.sub("", fold(letter)), start + at) for at, letter in enumerate(word)]
    for is_run, group in itertools.groupby((each for each in letters if each[0]), lambda each: is_unspaced(each[0])):
        run = list(group)
        if not is_run:
            yield "".join(letter for letter, _ in run), run[0][1], run[-1][1] + 1
            continue
        for (first, at), (second, end) in itertools.pairwise(run):
            yield first + second, at, end + 1
        yield run[-1][0], run[-1][1], run[-1][1] + 1


def _spaced(folded: str) -> str:
    """A folded text with each run of a script without spaces cut into the words of the index."""
    if folded.isascii() or not _ANY_UNSPACED.search(folded):
        return folded
    return _UNSPACED_RUN.sub(_cut_run, _IGNORED_MARKS.sub("", folded))


def _cut_run(match: re.Match[str]) -> str:
    run = match[0]
    return f" {' '.join([*(run[at : at + 2] for at in range(len(run) - 1)), run[-1]])} "


@functools.cache
def analyzer() -> TextAnalyzer:
    """The tokenizer that is registered with the index."""
    # Imported here, because highlighting and parsing do without tantivy.
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    return TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(_TOO_LONG)).build()
