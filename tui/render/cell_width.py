"""The width of text in terminal cells. Simple text is measured without loading the table of all characters."""

from __future__ import annotations

# Printable characters below this one (Latin with accents) take one cell each.
_SIMPLE = "\u0250"
# These take one cell too: punctuation of titles, and the signs that the lists show.
_COMMON = dict.fromkeys(map(ord, "‐–—‘’“”…•·★●◐✓∅▲✎⤳↻"), "x")


def is_simple(text: str) -> bool:
    """Whether every character of `text` certainly takes one cell, combines with no other and controls nothing."""
    if text.isascii():
        return text.isprintable()
    return text.isprintable() and max(text.translate(_COMMON)) < _SIMPLE


def width(text: str) -> int:
    """The number of cells that `text` takes."""
    if is_simple(text):
        return len(text)
    # Imported late, since most pages show only simple text.
    from rich.cells import cell_len

    return cell_len(text)


def cut(text: str, cells: int) -> str:
    """`text` cut or padded to exactly `cells` cells."""
    if is_simple(text):
        return text[:cells].ljust(cells)
    from rich.cells import set_cell_size

    return set_cell_size(text, cells)
