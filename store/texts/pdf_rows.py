"""Finds the lines of a PDF that are fragments of a row of a paragraph, which PDFium has divided at a superscript."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from store.texts import pdf_equations
from store.texts.pdf_lines import Line

# A position counts as the left edge of a column if at least _LEAST lines of at least _LONG characters begin there.
_LONG, _LEAST = 30, 3
# Two fragments belong to one row if they overlap vertically by at least the share _OVERLAP of the height of the smaller
# one, and if the horizontal space between them is at most _BESIDE times the size of the letters.
_OVERLAP, _BESIDE = 0.5, 2.5
# A row of a paragraph begins at most this far to the right of the left edge of its column (in multiples of the size of
# the letters).
_INDENT = 2.2
_MOSTLY_MATH = 0.5
# Matches a word that shows that a line is part of a sentence. Only common short words match, because others, such as
# "bij", may be a letter with its subscripts. Names of functions do not match, because they also occur in formulas.
_WORD = re.compile(
    r"(?<![^\W\d_])(?:(?:the|and|for|are|let|set|has|can|not|but|all|any|get|its|our|is|of|to|we|by|be|as|it|an|on|so)"
    r"(?![^\W\d_])|(?!(?:sinh|cosh|tanh|coth|diag|rank|sign|span|argmin|argmax|limsup|liminf)(?![^\W\d_]))[^\W\d_]{4,})",
    re.IGNORECASE,
)


def in_sentences(lines: Sequence[Line], body: float) -> set[int]:
    """The `id` of each line in a row of a paragraph. Such a row contains a word and begins at the left edge of a
    column.

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
    """The rows of a page: groups of lines that are beside each other, each sorted from left to right."""
    rows: list[list[Line]] = []
    # The rows to which a further line may belong. Only lines near each other in the order of the text are compared.
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
