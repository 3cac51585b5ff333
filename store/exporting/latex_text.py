r"""Converts text to LaTeX that BibTeX, biber and LaTeX accept.

Formulas (`$…$`) are not changed if they are well formed. In all other text, each character with a meaning in LaTeX is
escaped. A brace in text becomes `\textbraceleft{}` and not `\{`: biber counts the brace of `\{` as an opening brace,
and would drop the entry if the closing brace were missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from store.text import tex

# Matches a formula between dollar signs or between pairs of dollar signs. Because of the possessive quantifiers, the
# search takes linear time.
_FORMULA = re.compile(r"\$\$(?:[^\\$]++|\\.)++\$\$|\$(?:[^\\$]++|\\.)++\$", re.DOTALL)
_LONGEST_FORMULA = 2_000
_SPECIAL = re.compile(r"[\\{}&%$#_~^]")
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_WORD = re.compile(r"[^\W_]+(?:[-'’./][^\W_]+)*")
_IN_FORMULA = {r"\{": r"\lbrace{}", r"\}": r"\rbrace{}"}
_ESCAPED_BRACE = re.compile(r"\\\\|\\[{}]")
_BRACE = re.compile(r"[{}]")
_WORDS_THAT_SHOW_THE_CASE = 3
_SHORTEST_SUCH_WORD = 4
# Marks for the braces around a word of a title, until all other signs of the title are escaped.
_OPEN, _CLOSE = "\0", "\1"


def escaped(text: str, *, ascii: bool = False) -> str:
    """`text` as LaTeX. With `ascii`, characters outside ASCII are written as LaTeX commands."""
    if is_plain(text, ascii=ascii):
        return text
    return _converted(text, lambda words: words, ascii)


def is_plain(text: str, *, ascii: bool = False) -> bool:
    """Whether no character of `text` has a special meaning in LaTeX, so that `escaped` returns it unchanged."""
    return not _SPECIAL.search(text) and not (ascii and not text.isascii())


def title(text: str, *, ascii: bool = False) -> str:
    """A title as LaTeX. Braces around words such as {BERT} keep a bibliography style from changing their capitals."""
    is_sentence = _is_in_sentence_case(text)
    seen_first = False

    def protected(words: str) -> str:
        nonlocal seen_first
        parts: list[str] = []
        end = 0
        for match in _WORD.finditer(words):
            word = match[0]
            keeps = word[1:] != word[1:].lower() or (seen_first and is_sentence and word[0].isupper() and len(word) > 1)
            seen_first = True
            parts += [words[end : match.start()], f"{_OPEN}{word}{_CLOSE}" if keeps else word]
            end = match.end()
        return "".join([*parts, words[end:]])

    # Another program may have stored the two marks in the library.
    text = text.replace(_OPEN, "").replace(_CLOSE, "")
    return _converted(text, protected, ascii).replace(_OPEN, "{").replace(_CLOSE, "}")


def _converted(text: str, mark: Callable[[str], str], ascii: bool) -> str:
    parts: list[str] = []
    end = 0
    for match in _FORMULA.finditer(text):
        formula = _formula(match[0], ascii)
        if formula is None:
            continue
        parts += [_words(mark(text[end : match.start()]), ascii), formula]
        end = match.end()
    return "".join([*parts, _words(mark(text[end:]), ascii)])


def _words(text: str, ascii: bool) -> str:
    text = _SPECIAL.sub(lambda match: _ESCAPES.get(match[0]) or f"\\{match[0]}", text)
    return _NOT_ASCII.sub(lambda match: _in_ascii(match[0]), text) if ascii else text


def _formula(source: str, ascii: bool) -> str | None:
    """A formula with its dollar signs, in a form that is valid in a BibTeX field. None if it is not a well-formed
    formula.
    """
    inside = source.strip("$")
    if not inside.strip() or len(inside) > _LONGEST_FORMULA or tex.is_money(inside) or "%" in inside or "#" in inside:
        return None
    inside = _ESCAPED_BRACE.sub(lambda match: _IN_FORMULA.get(match[0], match[0]), inside)
    depth = 0
    for brace in _BRACE.findall(inside):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return None
    if depth or inside.endswith("\\"):
        return None
    if ascii:
        inside = _NOT_ASCII.sub(lambda match: rf"\mbox{{{_in_ascii(match[0])}}}", inside)
    return f"${inside}$"


@lru_cache(maxsize=4096)
def _in_ascii(text: str) -> str:
    """`text` with each character outside ASCII as a LaTeX command. A character without a command becomes
    `\\symbol{number}`.
    """
    return "".join(_command(letter) for letter in text)


def _command(letter: str) -> str:
    command: str = _encoder()(letter)
    if command.isascii():
        return command if command.startswith("{") or not command.startswith("\\") else f"{{{command}}}"
    return rf"{{\symbol{{{ord(letter)}}}}}"


@cache
def _encoder() -> Callable[[str], str]:
    # Imported here, because the import takes 30 ms, and only exports with `--ascii` need it.
    from pylatexenc.latexencode import UnicodeToLatexEncoder

    encoder = UnicodeToLatexEncoder(unknown_char_policy="keep", unknown_char_warning=False)
    convert: Callable[[str], str] = encoder.unicode_to_latex
    return convert


def _is_in_sentence_case(text: str) -> bool:
    """Whether most of the longer words of a title begin with a small letter.

    In such a title, a capital letter must be protected from BibTeX styles, because it belongs to a name or a similar
    word.
    """
    longer = [word for word in _WORD.findall(text)[1:] if len(word) >= _SHORTEST_SUCH_WORD]
    small = sum(word[0].islower() for word in longer)
    return len(longer) >= _WORDS_THAT_SHOW_THE_CASE and small * 2 > len(longer)
