"""The width of text in terminal cells, and breaking it into lines. Most text needs no table of character widths."""

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


def characters_in(text: str, cells: int) -> int:
    """How many characters at the start of `text` fit into `cells` cells, combining marks with their letter."""
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
    """Where the first line of `text[start:]` ends, and where the next line begins.

    A line ends behind a word if that fills at least the share `least_filled` of it, and otherwise inside a word. Every
    line has at least one character.
    """
    end = start + max(1, characters_in(text[start : start + cells + 1], cells))
    if end >= len(text):
        return len(text), len(text)
    if text[end] == " ":
        return end, end + 1
    space = text.rfind(" ", start + int((end - start) * least_filled), end)
    return (space, space + 1) if space > start else (end, end)


def wrapped(text: str, cells: int) -> list[tuple[int, int]]:
    """The lines of `text`, each `cells` cells wide at most, as the start and the end of each in `text`."""
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
