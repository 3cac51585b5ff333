"""The width of text in terminal cells, and breaking text into lines.

Most text has only characters that are known to be one cell wide. For such text, the slow import
of a table of character widths is not needed.
"""

from __future__ import annotations

# All printable characters below this code point are one cell wide: Latin letters, with and without accents.
_SIMPLE = "\u0250"
# Further characters that are one cell wide: punctuation that is common in titles, and the signs that recto draws.
_COMMON = dict.fromkeys(map(ord, "‐–—‘’“”…•·★●◐✓∅▲✎⤳↻"), "x")


def is_simple(text: str) -> bool:
    """Whether every character of `text` is known to be exactly one cell wide, so that `len(text)` is its width."""
    if text.isascii():
        return text.isprintable()
    return text.isprintable() and max(text.translate(_COMMON)) < _SIMPLE


def width(text: str) -> int:
    """The width of `text` in cells."""
    if is_simple(text):
        return len(text)
    # Imported here, because the import is slow and most pages contain only simple text, which does not need it.
    from rich.cells import cell_len

    return cell_len(text)


def cut(text: str, cells: int) -> str:
    """`text` truncated or padded to exactly `cells` cells."""
    if is_simple(text):
        return text[:cells].ljust(cells)
    from rich.cells import set_cell_size

    return set_cell_size(text, cells)


def characters_in(text: str, cells: int) -> int:
    """How many characters at the start of `text` fit into `cells` cells.

    A letter and its combining marks are never separated.
    """
    if is_simple(text):
        return max(0, min(len(text), cells))
    from rich.cells import cell_len

    room = cells
    for index, character in enumerate(text):
        room -= cell_len(character)
        if room < 0:
            return index
    return len(text)


def first_break(text: str, cells: int, *, start: int = 0, least_filled: float = 0.0) -> tuple[int, int]:
    """The index in `text` at which the line that begins at `start` ends, and the index at which the next line begins.

    A line is at most `cells` cells wide, and has at least one character. It ends after its last complete word if these
    words fill at least the fraction `least_filled` (0 to 1) of the line. If they fill less, it ends inside the next
    word.
    """
    end = start + max(1, characters_in(text[start : start + cells + 1], cells))
    if end >= len(text):
        return len(text), len(text)
    if text[end] == " ":
        return end, end + 1
    space = text.rfind(" ", start + int((end - start) * least_filled), end)
    return (space, space + 1) if space > start else (end, end)


def wrapped(text: str, cells: int) -> list[tuple[int, int]]:
    """The lines of `text`, each at most `cells` cells wide, as pairs of the start and the end of the line in `text`."""
    lines: list[tuple[int, int]] = []
    at = 0
    for paragraph in text.split("\n"):
        start, size = 0, len(paragraph)
        while True:
            end, following = first_break(paragraph, cells, start=start)
            lines.append((at + start, at + end))
            start = following
            if start >= size:
                break
        at += size + 1
    return lines
