"""LaTeX in a title or abstract becomes Unicode; what cannot stays as it was written."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

# A formula longer than this, and what comes after so many of them or so many letters in them, is left alone: the
# converter is slow (µs to ms a formula).
_LONGEST_FORMULA = 400
_MOST_FORMULAS = 200
_MOST_LETTERS = 6_000
# It takes twice as long for every group around a mistake, and for every optional argument inside another.
_DEEPEST = 5
_MOST_OPTIONS = 4
_GROUPING = re.compile(r"\\.|([{}$])", re.S)
_OPTION = re.compile(r"\\(?!left|right|[bB]igg?[lr]?)[a-zA-Z]+\*?\s*\[")
_FORMULA = re.compile(r"\$\$(.{1,400}?)\$\$|\$([^$\n]{1,400}?)\$|\\\((.{1,400}?)\\\)", re.S)
# A command outside a formula: an accent, a style with its argument, or a sign such as \% or \alpha; with the braces
# that protect it from what follows.
_COMMAND = re.compile(
    r"\{?(\\(?:['\"`^~=.](?:\{\\?\w\}|\\?[A-Za-z])|[uvHcbdrkt]\{\\?\w\}"
    r"|[a-zA-Z]{2,24}(?:\{[^{}]{0,300}\})?|[%&#_${}]))\}?"
)
# The converter takes the space after a command for its end; a reader wants it between the words.
_SPACED = re.compile(r"(\\[a-zA-Z]+) +(?=[^\s{])")
# A norm's bars, which the converter leaves out; not those behind a line's end.
_NORM = re.compile(r"(?<!\\)\\\|")
_RAISED = re.compile(r"([\^_])(?:\{([^{}]{1,40})\}|([^\s{}\\]))")
# "$5 to $10" is money: a formula does not begin or end with a space and is not followed by a digit.
_MONEY = re.compile(r"^\s|\s$|^\d[\d,.]*\s+[a-z]{2,}")


@lru_cache(maxsize=4096)
def unicode(text: str) -> str:
    """`text` with its LaTeX as Unicode: "$O(n^2)$" is "O(n²)", "\\alpha" is "α"."""
    if "$" not in text and "\\" not in text:
        return text
    for pattern, convert in ((_FORMULA, _formula), (_COMMAND, _command)):
        text = pattern.sub(_sparingly(convert), text, count=_MOST_FORMULAS)
    return text


def _sparingly(convert: Callable[[re.Match[str]], str]) -> Callable[[re.Match[str]], str]:
    """`convert`, up to _MOST_LETTERS."""
    letters = 0

    def convert_some(match: re.Match[str]) -> str:
        nonlocal letters
        letters += len(match[0])
        return convert(match) if letters <= _MOST_LETTERS else match[0]

    return convert_some


def _formula(match: re.Match[str]) -> str:
    inside = match[1] or match[2] or match[3] or ""
    if match[2] and _MONEY.search(inside):
        return match[0]
    # "{}" ends the name of a command before a small letter.
    raised = _RAISED.sub(lambda sign: "{}" + _raise(sign), inside)
    converted = _converted(raised) if _is_well_formed(inside) else None
    return match[0] if converted is None else converted.strip()


def _command(match: re.Match[str]) -> str:
    """A command and the braces around it; a brace that belongs to something else stays."""
    opened, closed = match[0].startswith("{"), match[0].endswith("}") and not match[1].endswith("}")
    if opened and closed:
        return _letters(match[1])
    return ("{" if opened else "") + _letters(match[1]) + ("}" if closed else "")


def _raise(match: re.Match[str]) -> str:
    """An exponent or index in small letters, when Unicode has all of them."""
    small = _SUPERSCRIPTS if match[1] == "^" else _SUBSCRIPTS
    inside = match[2] or match[3]
    plain = _letters(inside) if "\\" in inside else inside
    letters = [small.get(letter) for letter in plain.replace(" ", "")]
    if letters and all(letters):
        return "".join(letter for letter in letters if letter)
    return f"{match[1]}{plain}" if len(plain) == 1 else f"{match[1]}({plain})"


def _small(kind: str) -> dict[str, str]:
    """Letter -> its raised or lowered form, as Unicode itself knows them."""
    found: dict[str, str] = {}
    for code in (0xB2, 0xB3, 0xB9, *range(0x02B0, 0x02E5), *range(0x1D2C, 0x1D6B), *range(0x2070, 0x209D)):
        decomposed = unicodedata.decomposition(chr(code)).split()
        if len(decomposed) == 2 and decomposed[0] == kind:
            found.setdefault(chr(int(decomposed[1], 16)), chr(code))
    return found | {"-": "⁻" if kind == "<super>" else "₋", "*": "*", "'": "′"}


_SUPERSCRIPTS = _small("<super>")
_SUBSCRIPTS = _small("<sub>")


def _letters(source: str) -> str:
    converted = _converted(source)
    return source if converted is None else converted


@lru_cache(maxsize=4096)
def _converted(source: str) -> str | None:
    """LaTeX as Unicode; None for what cannot be converted, or takes too long."""
    if len(source) > _LONGEST_FORMULA or not _is_well_formed(source):
        return None
    # Imported here: most pages have no LaTeX in them.
    from pylatexenc.latex2text import LatexNodes2Text

    # It logs what it cannot parse, on a terminal that the reader is drawn on.
    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
    try:
        converted: str = LatexNodes2Text(math_mode="text", strict_latex_spaces=True).latex_to_text(
            _NORM.sub("‖", _SPACED.sub(r"\1{} ", source))
        )
    except Exception:  # whatever a formula does to the converter, its source can be read
        return None
    # "%s" is what it puts for an argument that is missing.
    return converted if converted.strip() and ("%s" not in converted or "%s" in source) else None


def _is_well_formed(source: str) -> bool:
    """Whether braces are closed and not too deep, optional arguments few, and no formula in it."""
    depth = 0
    for sign in _GROUPING.findall(source):
        depth += {"{": 1, "}": -1, "$": _DEEPEST + 1, "": 0}[sign]
        if not 0 <= depth <= _DEEPEST:
            return False
    return depth == 0 and len(_OPTION.findall(source)) <= _MOST_OPTIONS
