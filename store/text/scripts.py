"""Writes superscripts and subscripts as plain text: 10³, H₂O, T_(eff). The import from all formats and the screen use
it.

A superscript must never become an ordinary character, because 10³ would then look like 103.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

# Signs that do not change when they are a superscript or subscript. Fonts draw them raised anyway, or their meaning
# does not depend on it: degrees, primes, footnote marks.
_SAME = {sign: sign for sign in "°′″‴'*∗†‡§¶®™℠©ª"}
# Superscripts that cannot be derived from Unicode's decompositions (see `_letters`). TeX and HTML write a raised circle
# for a degree sign, and Unicode derives the raised alpha from the phonetic letter instead of the Greek one.
_RAISED = {"α": "ᵅ", "∘": "°", "◦": "°", "○": "°", "º": "°", "'": "′", "∗": "*"}
# Superscripts whose meaning does not change when they are written as ordinary text.
_ON_THE_LINE = {"th": "th", "st": "st", "nd": "nd", "rd": "rd", "TM": "™", "SM": "℠", "R": "®", "(R)": "®", "(TM)": "™"}
_DASHES = "-−–‐‑"
# The Unicode blocks with superscript and subscript letters (first code point, end): Latin-1, modifier letters, phonetic
# extensions, super- and subscripts.
_BLOCKS = ((0xB2, 0xBA), (0x02B0, 0x02E5), (0x1D2C, 0x1D79), (0x1D9B, 0x1DC0), (0x2070, 0x209D), (0x2C7C, 0x2C7E))
_SPACES = re.compile(r"\s+")


def superscript(text: str) -> str:
    """`text` in superscript letters if Unicode has all of them, otherwise in the form "^(text)"; "" for empty text."""
    plain = _SPACES.sub(" ", text).strip()
    return _ON_THE_LINE.get(plain) or _converted(plain, "^", _SUPERSCRIPTS)


def subscript(text: str) -> str:
    """`text` in subscript letters if Unicode has all of them, otherwise in the form "_(text)"; "" for empty text."""
    return _converted(_SPACES.sub(" ", text).strip(), "_", _SUBSCRIPTS)


def script(sign: str, text: str) -> str:
    """The plain text for a script that TeX writes as "^{text}" or "_{text}". `sign` is "^" for a superscript and "_"
    for a subscript.
    """
    return superscript(text) if sign == "^" else subscript(text)


def _converted(plain: str, sign: str, letters: Mapping[str, str]) -> str:
    if not plain:
        return ""
    small = [letters.get(letter) for letter in plain]
    if all(small):
        return "".join(filter(None, small))
    # A text that is already in brackets gets no second pair.
    is_bracketed = plain[0] == "(" and plain[-1] == ")" and ")" not in plain[1:-1]
    return f"{sign}{plain}" if is_bracketed else f"{sign}({plain})"


def _letters(kind: str) -> dict[str, str]:
    """A dictionary from each letter to its superscript (`kind` "<super>") or subscript ("<sub>").

    The letters are taken from the decompositions that Unicode defines.
    """
    letters: dict[str, str] = {}
    for first, end in _BLOCKS:
        for code in range(first, end):
            decomposed = unicodedata.decomposition(chr(code)).split()
            if len(decomposed) == 2 and decomposed[0] == kind:
                letters.setdefault(chr(int(decomposed[1], 16)), chr(code))
    dash = letters["\u2212"]
    return letters | dict.fromkeys(_DASHES, dash) | _SAME | {" ": " "}


_SUPERSCRIPTS = _letters("<super>") | _RAISED
_SUBSCRIPTS = _letters("<sub>")


# Match superscripts and subscripts that databases write as words: OSTI writes "10{sup 3}", and INSPEC "LiNbO/sub 3/".
_AS_WORDS = re.compile(
    r"\{(?P<name>sup|sub) (?P<text>[^{}\s][^{}\n]{0,30})\}"
    r"|(?<=[\w)\]/])/(?P<inspec>sup|sub) (?P<inspec_text>\d[\w.+-]{0,6}|[+-]\d{0,3}|[A-Za-z]{1,2}) ?/"
)


def from_words(text: str) -> str:
    """`text` with the superscripts and subscripts that databases write as words: "10{sup 3}" becomes 10³."""
    # Searching for one character is much faster than searching for three, and most texts have neither character.
    if ("{" in text and "{su" in text) or ("/" in text and "/su" in text):
        return _AS_WORDS.sub(_of_words, text)
    return text


def _of_words(match: re.Match[str]) -> str:
    text = match["text"] or match["inspec_text"]
    return superscript(text) if "sup" in (match["name"], match["inspec"]) else subscript(text)


# Matches the parts of a chemical formula in the notation of the LaTeX package mhchem (https://ctan.org/pkg/mhchem):
# superscripts and subscripts with or without braces, numbers after a letter or a bracket, the charge, and arrows.
_CHEMICAL = re.compile(
    r"\^(?:\{(?P<up>[^{}]*)\}|(?P<charge>\d*[+-]+|[^\s{}]))|_(?:\{(?P<down>[^{}]*)\}|(?P<index>[^\s{}]))"
    r"|(?<=[A-Za-z)\]}])(?P<number>\d++)|(?<=[\w)\]}])(?P<sign>[+-])(?=\s|$)|(?P<arrow><=>|<->|->|<-)"
)
_ARROWS = {"<=>": "⇌", "<->": "↔", "->": "→", "<-": "←"}


def chemistry(source: str) -> str:
    """Convert a chemical formula in mhchem's notation to plain text: "SO4^2-" becomes SO₄²⁻."""
    return _CHEMICAL.sub(_chemical, source).replace("{", "").replace("}", "")


def _chemical(match: re.Match[str]) -> str:
    if arrow := match["arrow"]:
        return _ARROWS[arrow]
    raised = match["up"] or match["charge"] or match["sign"]
    return superscript(raised) if raised else subscript(match["down"] or match["index"] or match["number"] or "")
