"""The width of text in terminal cells. Most text is measured without importing Rich's table of character widths."""

from __future__ import annotations

# Printable characters before this one (Latin letters with and without accents) are each one cell wide.
_SIMPLE = "\u0250"
# Other characters that are one cell wide: punctuation that is common in titles, and the signs that the lists show.
_COMMON = dict.fromkeys(map(ord, "‐–—‘’“”…•·★●◐✓∅▲✎⤳↻"), "x")


def is_simple(text: str) -> bool:
    """Whether every character of `text` is known to be one cell wide, no combining mark and no control character."""
    if text.isascii():
        return text.isprintable()
    return text.isprintable() and max(text.translate(_COMMON)) < _SIMPLE


def width(text: str) -> int:
    """The width of `text` in cells."""
    if is_simple(text):
        return len(text)
    # Imported here because most pages show only simple text.
    from rich.cells import cell_len

    return cell_len(text)


def cut(text: str, cells: int) -> str:
    """`text` truncated or padded to exactly `cells` cells."""
    if is_simple(text):
        return text[:cells].ljust(cells)
    from rich.cells import set_cell_size

    return set_cell_size(text, cells)
