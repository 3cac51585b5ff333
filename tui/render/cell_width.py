"""How many cells of a terminal a text takes. Text that is simple is measured without the table of all letters."""

from __future__ import annotations

# Letters below this (Latin with its accents) take one cell each, if they can be printed.
_SIMPLE = "\u0250"
# So do these: the punctuation of titles, and the signs that the lists are drawn with.
_COMMON = dict.fromkeys(map(ord, "‐–—‘’“”…•·★●◐✓∅▲✎⤳↻"), "x")


def is_simple(text: str) -> bool:
    """Whether each letter of `text` surely takes one cell, stands alone and acts on nothing."""
    if text.isascii():
        return text.isprintable()
    return text.isprintable() and max(text.translate(_COMMON)) < _SIMPLE


def width(text: str) -> int:
    """The cells that `text` takes."""
    if is_simple(text):
        return len(text)
    # Imported here: most pages have no other letters in them.
    from rich.cells import cell_len

    return cell_len(text)


def cut(text: str, cells: int) -> str:
    """`text` cut or filled to so many cells."""
    if is_simple(text):
        return text[:cells].ljust(cells)
    from rich.cells import set_cell_size

    return set_cell_size(text, cells)
