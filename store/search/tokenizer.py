"""The tokenizer, which splits text into words: for the index, for a query, and for highlighting text on the screen.

Some scripts, such as Chinese, Japanese and Thai, are written without spaces between words. A sequence of such letters
is called a run. Every two neighbouring letters of a run are indexed as a word, and so is its last letter: 深層学習 is
indexed as 深層, 層学, 学習 and 習. So any part of a run can be found as a phrase.

The index, the queries and the highlighting need different functions. The index uses tantivy's tokenizer. The words of a
query keep their capitals and combining marks, because they are folded (put into lower case, without accents) only
later. Highlighting needs to know where each word starts and ends. Titles are sorted by `title_text`, a fourth function.
Whoever changes the rule for words must change all four functions and increase VERSION, so that recto builds the index
again.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from store.text.folding import fold

if TYPE_CHECKING:
    from tantivy import TextAnalyzer

# The version of the rule for words. Increase it when the rule changes, so that recto builds the index again.
VERSION = 1
# Words of this many bytes or more are not indexed, because nobody searches for them and they would make the index
# large.
_TOO_LONG = 200
# The letters of scripts that are written without spaces between words: Thai, Lao, Myanmar, Khmer, kana and Chinese
# characters.
_UNSPACED = (
    "\u0e01-\u0e46\u0e81-\u0ec6\u1000-\u103f\u1780-\u17b3\u17b6-\u17d3\u3005-\u3007\u3041-\u3096\u309d-\u309f"
    "\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
)
# Tone marks and other signs of Thai and Lao that are removed before text is indexed.
_IGNORED = "\u0e47-\u0e4e\u0ec8-\u0ecd"
# Vowel signs and other marks of the scripts in _UNSPACED. They belong to words, but `\w` in Python's regular
# expressions does not match them.
_MARKS = "\u0e31\u0e34-\u0e4e\u0eb1-\u0ecd\u102b-\u103e\u17b4-\u17d3"
_WORD = re.compile(rf"(?:[^\W_]+|[{_MARKS}][^\W_]*)(?:[\u0300-\u036f{_MARKS}][^\W_]*)*")
# Maps Unicode categories to "w" if their characters can begin or continue a word (letters, numbers and private use), or
# to "m" if they can only continue a word (marks).
_KIND = dict.fromkeys(("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No", "Co"), "w") | dict.fromkeys(
    ("Mn", "Mc", "Me"), "m"
)
_QUERY_WORD = re.compile("w[wm]*")
_TITLE_WORD = re.compile(r"[^\W_]+")


class _UnspacedPatterns(NamedTuple):
    """Patterns for scripts without spaces: one for a run (a sequence of letters), one for marks that are removed, and
    one for both.
    """

    run: re.Pattern[str]
    marks: re.Pattern[str]
    either: re.Pattern[str]


@functools.cache
def _unspaced() -> _UnspacedPatterns:
    # Compiled only when the first text outside ASCII is split, because compiling takes 3 ms, which would slow down the
    # start of the program.
    run, marks = f"[{_UNSPACED}]+", f"[{_IGNORED}]+"
    return _UnspacedPatterns(re.compile(run), re.compile(marks), re.compile(f"{run}|{marks}"))


def index_text(text: str) -> str:
    """`text` in the form in which it is passed to the index: folded, and with spaces between the words of scripts
    without spaces.
    """
    return _spaced(fold(text))


def index_words(text: str) -> list[str]:
    """The words of `text` as the index stores them: folded, without those that are too long to be indexed."""
    return words_of(index_text(text))


def typed_words(text: str) -> list[str]:
    """The words of a text that the user types, in the form that `index_words` returns.

    In a script without spaces, the last letter of a run (a sequence of letters) is not returned as a separate word. A
    paper has this word only if its own run ends with this letter, but the user may have typed only the first part of
    the run.
    """
    words = index_words(text)
    if len(words) > 1 and len(words[-1]) == 1 and is_unspaced(words[-1]) and words[-2].endswith(words[-1]):
        words.pop()
    return words


def plain_words(text: str) -> list[str]:
    """The words that `index_words` returns, but a sequence of letters of a script without spaces is a single word."""
    return words_of(fold(text))


def words_of(spaced: str) -> list[str]:
    """The words of a text that `index_text` returned."""
    words: list[str] = analyzer().analyze(spaced)
    return words


def is_unspaced(word: str) -> bool:
    """Whether a folded word begins with a letter of a script without spaces."""
    return not word.isascii() and _unspaced().run.match(word) is not None


def query_words(text: str) -> list[str]:
    """The words of a typed text, with small and capital letters unchanged.

    A combining mark continues a word, as in SQLite's tokenizer unicode61.
    """
    kinds = "".join(_KIND.get(unicodedata.category(character), " ") for character in text)
    return [text[match.start() : match.end()] for match in _QUERY_WORD.finditer(kinds)]


def title_text(title: str) -> str:
    """The text by which a title is sorted: its words, folded, with a single space between them."""
    return " ".join(_TITLE_WORD.findall(fold(title)))


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word of a text on the screen, folded, with its start and its end in `text`.

    In a script without spaces, every two neighbouring letters are a word, so these words overlap.
    """
    for match in _WORD.finditer(text):
        if match[0].isascii() or not _unspaced().either.search(match[0]):
            yield fold(match[0]), match.start(), match.end()
        else:
            yield from _unspaced_tokens(match[0], match.start())


def _unspaced_tokens(word: str, start: int) -> Iterator[tuple[str, int, int]]:
    """Yield what `tokens` yields, for a word at the position `start` that contains letters of a script
    without spaces.
    """
    marks = _unspaced().marks
    letters = [(marks.sub("", fold(letter)), start + at) for at, letter in enumerate(word)]
    for is_run, group in itertools.groupby((each for each in letters if each[0]), lambda each: is_unspaced(each[0])):
        run = list(group)
        if not is_run:
            yield "".join(letter for letter, _ in run), run[0][1], run[-1][1] + 1
            continue
        for (first, at), (second, end) in itertools.pairwise(run):
            yield first + second, at, end + 1
        yield run[-1][0], run[-1][1], run[-1][1] + 1


def _spaced(folded: str) -> str:
    """A folded text with spaces between the words of scripts without spaces: 深層学習 becomes 深層 層学 学習 習."""
    if folded.isascii() or not _unspaced().either.search(folded):
        return folded
    return _unspaced().run.sub(_cut_run, _unspaced().marks.sub("", folded))


def _cut_run(match: re.Match[str]) -> str:
    run = match[0]
    return f" {' '.join([*(run[at : at + 2] for at in range(len(run) - 1)), run[-1]])} "


@functools.cache
def analyzer() -> TextAnalyzer:
    """The tokenizer of tantivy that splits the texts of papers for the index."""
    # Imported here, because highlighting and parsing do not need tantivy.
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    return TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(_TOO_LONG)).build()
