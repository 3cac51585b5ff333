"""Converts a displayed equation of a PDF, which PDFium returns as fragments, to text with a line for each row."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from store.text import scripts
from store.texts.pdf_lines import FILLER, Line

# Matches the number of an equation, such as "(1)" or "(A.2)".
NUMBER = re.compile(r"\([A-Z]?\.?\d{1,3}(?:\.\d{1,3})?[a-z]?[′']?\)")
_NUMBER_AT_END = re.compile(rf"(?:\s+|^)({NUMBER.pattern})$")
_NUMBER_AT_START = re.compile(rf"({NUMBER.pattern})\s+")
# PDFium returns U+FFFD for the parts of large brackets in some fonts.
_UNKNOWN = re.compile(r"\ufffd(?:\s*\ufffd)+")
# Matches the space before a superscript or subscript.
_BEFORE_SCRIPT = re.compile(r" (?=[_^]\(|[²³¹⁰-₎ᵃ-ᶿₐ-ₜⁱⁿ])")
_LETTER = re.compile(r"\w")
_RELATION = re.compile(r"[=≤≥<>≈≡∼≃≅∝→←↔⇒⇔↦∈⊂⊆≔≜≠⩽⩾≲≳]")
# Letters smaller than this factor times the size of the equation's letters are superscripts, subscripts or limits (of
# sums and integrals).
_SMALL = 0.86
# Two lines belong to different rows if they are further apart than this multiple of the size of the letters.
_ROW = 0.9
# The numerator of a fraction is above the middle of the row, and the denominator below it, by at least _RAISED times
# the size of the letters. The two overlap horizontally by at least the share _ABOVE of their widths.
_RAISED, _ABOVE = 0.35, 0.5
# A numerator or denominator with at most this many letters and digits is written without brackets: "a/2b".
_SHORT = 3


def text(lines: Sequence[Line]) -> str:
    """The text of an equation: its rows, separated by line feeds. If a row has a number, a tab and the number follow
    it.

    The fragments are ordered from left to right. Small letters become superscripts or subscripts. Fragments above and
    below the middle of the row become fractions.
    """
    sizes = [line.size for line in lines for _ in range(len(line.text))]
    size = statistics.median_high(sizes)
    large = [line for line in lines if line.size >= _SMALL * size]
    anchors: list[Line] = []
    for line in large:
        if (_RELATION.search(line.text) or NUMBER.fullmatch(line.text)) and all(
            abs(line.middle - other.middle) > _ROW * size or line.page != other.page for other in anchors
        ):
            anchors.append(line)
    anchors = anchors or large[:1] or [lines[0]]
    rows: dict[int, list[Line]] = {index: [] for index in range(len(anchors))}
    for line in lines:
        nearest = min(
            range(len(anchors)),
            key=lambda index: (line.page != anchors[index].page, abs(line.middle - anchors[index].middle)),
        )
        rows[nearest].append(line)
    return "\n".join(filter(None, (_row(rows[index], anchors[index].middle, size) for index in rows)))


def _row(lines: Sequence[Line], middle: float, size: float) -> str:
    """The text of one row of an equation."""
    written = list(_fractions(lines, middle, size))
    used = {id(line) for fraction in written for line in fraction.lines}
    for line in lines:
        if id(line) in used:
            continue
        base = _base(line, lines, size)
        if base is None:
            written.append(_Part(line.left, line.text))
        else:
            script = scripts.superscript if line.middle > base.middle else scripts.subscript
            # Put a limit that is above or below a sign, such as that of a sum, after the sign.
            written.append(_Part(max(line.left, base.left + 0.1), script(line.text.replace(FILLER, ""))))
    row = " ".join(part.text for part in sorted(written, key=lambda part: part.left))
    row = _BEFORE_SCRIPT.sub("", _UNKNOWN.sub("\ufffd", " ".join(row.split())))
    if (number := _NUMBER_AT_END.search(row)) and number.start():
        return f"{row[: number.start()]}\t{number[1]}"
    if number := _NUMBER_AT_START.match(row):
        return f"{row[number.end() :]}\t{number[1]}"
    return row


class _Part(NamedTuple):
    """A part of a row: its left edge, its text, and for a fraction the lines of which it consists."""

    left: float
    text: str
    lines: Sequence[Line] = ()


def _fractions(lines: Sequence[Line], middle: float, size: float) -> Iterator[_Part]:
    """The fractions of a row, each as one part."""
    large = [line for line in lines if line.size >= _SMALL * size]
    below = _chains([line for line in large if line.middle < middle - _RAISED * size], size)
    for above in _chains([line for line in large if line.middle > middle + _RAISED * size], size):
        for under in below:
            left, right = max(above[0].left, under[0].left), min(above[-1].right, under[-1].right)
            least = min(above[-1].right - above[0].left, under[-1].right - under[0].left)
            if right - left > _ABOVE * least:
                below.remove(under)
                text = f"{_grouped(above)}/{_grouped(under)}"
                yield _Part(min(above[0].left, under[0].left), text, [*above, *under])
                break


def _chains(lines: Sequence[Line], size: float) -> list[list[Line]]:
    """Groups of lines that follow each other from left to right. Groups without letters are left out."""
    chains: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.left):
        if chains and line.left - chains[-1][-1].right < _ROW * size:
            chains[-1].append(line)
        else:
            chains.append([line])
    return [chain for chain in chains if any(_LETTER.search(line.text) for line in chain)]


def _base(line: Line, lines: Sequence[Line], size: float) -> Line | None:
    """The larger letters to which a line of small letters belongs; None if it has no small letters."""
    if line.size >= _SMALL * size:
        return None
    beside = [
        other
        for other in lines
        if other.size >= _SMALL * size
        and (other.left <= line.left or line.shared_width(other) > 0)
        and abs(other.middle - line.middle) < 2 * size
    ]
    return max(beside, key=lambda other: other.left, default=None)


def _grouped(lines: Sequence[Line]) -> str:
    """The text of a numerator or denominator, in brackets unless it is short."""
    text = " ".join(line.text for line in lines).strip()
    return text if len(text) <= _SHORT and text.isalnum() else f"({text})"
