"""Lines of text as they are read from the pages of a PDF, generated without a PDF."""

from __future__ import annotations

from store.texts.pdf_lines import Line


def pdf_line(text: str, y: float, *, size: float = 10.0, left: float = 72.0, **values: float) -> Line:
    """A line of text at height `y`, in letters that are 5 points wide.

    `values` are the values of other fields of Line.
    """
    text = text.strip()
    known = Line(1, left, y, left + 5.0 * len(text), y + size, size, 0.0, 0.0, 0.0, 0.0, "Roman", text)
    return known._replace(**{"lead": 0, **values})
