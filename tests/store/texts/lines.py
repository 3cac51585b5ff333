"""Lines of pages of a PDF, made without a PDF."""

from __future__ import annotations

from store.texts.pdf_lines import Line


def pdf_line(text: str, y: float, *, size: float = 10.0, left: float = 72.0, **values: float) -> Line:
    """A line of text at height `y`, in letters that are 5 points wide, with `values` for other fields of Line."""
    text = text.strip()
    known = Line(1, left, y, left + 5.0 * len(text), y + size, size, 0.0, 0.0, 0.0, 0.0, "Roman", text)
    return known._replace(**{"lead": 0, **values})
