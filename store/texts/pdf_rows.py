"""Finds the lines of a PDF that are in a row of a paragraph, although PDFium divides the row at a raised letter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from store.texts import pdf_equations
from store.texts.pdf_lines import Line

# A line of running text has at least _LONG characters, and at least _LEAST such lines begin at the left edge of a
# column.
_LONG, _LEAST = 30, 3
# Lines of one row overlap by this share of the lower one, and the space between them is at most _BESIDE times the size
# of the letters.
_OVERLAP, _BESIDE = 0.5, 2.5
# A row of a paragraph begins at most this far to the right of the left edge of its column (sizes of the letters).
_INDENT = 2.2
_MOSTLY_MATH = 0.5
# A word of a sentence. Short words are only those that are common, because "bij" is a formula without its subscripts,
# and names of functions are words of formulas too.
_WORD = re.compile(
    r"(?<![^\W\d_])(?:(?:the|and|for|are|let|set|has|can|not|but|all|any|get|its|our|is|of|to|we|by|be|as|it|an|on|so)"
    r"(?![^\W\d_])|(?!(?:sinh|cosh|tanh|coth|diag|rank|sign|span|argmin|argmax|limsup|liminf)(?![^\W\d_]))[^\W\d_]{4,})",
    re.IGNORECASE,
)


def in_sentences(lines: Sequence[Line], body: float) -> set[int]:
    """The `id` of each line that is in a row of a paragraph: with a word, and at the left edge of a column.

    `body` is the size of the letters of the text (points).
    """
    edges = Counter(
        round(line.left) for line in lines if len(line.text) > _LONG and line.math < _MOSTLY_MATH and line.size
    )
    columns = sorted(left for left, count in edges.items() if count >= _LEAST)
    found: set[int] = set()
    for row in _rows(lines, body):
        left = row[0].left
        edge = max((each for each in columns if each <= left + 2), default=left)
        if pdf_equations.NUMBER.match(row[0].text):
            continue
        if columns and left - edge <= _INDENT * body and any(_WORD.search(line.text) for line in row):
            found.update(map(id, row))
    return found


def _rows(lines: Sequence[Line], body: float) -> list[list[Line]]:
    """The lines that are beside each other, each row from left to right."""
    rows: list[list[Line]] = []
    # The last lines of the rows that may continue, because only lines near each other in the text are compared.
    for line in sorted(lines, key=lambda line: line.left):
        best = next(
            (
                row
                for row in reversed(rows)
                if 0 <= line.left - row[-1].right + body < (_BESIDE + 1) * body and _overlap(row, line)
            ),
            None,
        )
        if best is None:
            rows.append([line])
        else:
            best.append(line)
    return rows


def _overlap(row: Sequence[Line], line: Line) -> bool:
    """Whether a line is at the height of the last large line of a row."""
    other = max(row[-3:], key=lambda each: each.size)
    least = min(other.top - other.bottom, line.top - line.bottom)
    return other.shared_height(line) > _OVERLAP * least
