"""Foreign text made safe to display: no control characters, few combining marks on a letter, bounded length.

The library holds cleaned text, but another program may have changed it, so it is cleaned again before display. Most
text is recognized as safe without importing the code that cleans the rest.
"""

from __future__ import annotations

from tui.render.cell_width import is_simple

# The longest title, other single line, and running text that is shown (characters). Running text may have ten times
# the length of the longest abstract; more could not be laid out within one key press.
LONGEST_TITLE = 1_000
LONGEST_LINE = 4_000
LONGEST_TEXT = 30_000
# More combining marks than this on one letter reach into the lines above. Some scripts need several characters without
# a width after a letter, but never more than _MOST_ZERO_WIDTH.
_MOST_COMBINING = 4
_MOST_ZERO_WIDTH = 8
# Characters that terminals draw with different widths, so that columns shift: joiners and selectors between emoji, skin
# tones, and blank letters.
_UNSTEADY_WIDTH = dict.fromkeys((0x200D, 0xFE0E, 0xFE0F, 0x3164, 0xFFA0, *range(0x1F3FB, 0x1F400)))
# The Unicode categories of characters without a width: three kinds of marks, and formatting characters.
_ZERO_WIDTH = frozenset(("Mn", "Mc", "Me", "Cf"))


def safe(text: str, longest: int = LONGEST_LINE) -> str:
    """Foreign text on one line, safe to display, of at most `longest` characters and an ellipsis."""
    shown = " ".join(drawable(text[:longest]).split())
    return shown + ("…" if len(text) > longest else "")


def safe_text(text: str) -> str:
    """Foreign running text, safe to display; line breaks stay."""
    cut = drawable(text[:LONGEST_TEXT]).replace("\t", " ")
    return cut + ("…" if len(text) > LONGEST_TEXT else "")


def title(text: str) -> str:
    """A title on one line, safe to display, with its LaTeX as Unicode."""
    text = text[: LONGEST_TITLE + 1]
    if "$" in text or "\\" in text:
        from store.text import tex

        text = tex.for_display(text)
    return safe(text, LONGEST_TITLE)


def drawable(text: str) -> str:
    """`text` cleaned, without the characters whose width differs between terminals or that pile up on a letter."""
    if is_simple(text):
        return text
    import unicodedata

    from store.text.clean import clean

    cleaned = clean(text)
    if cleaned.isascii():
        return cleaned
    characters: list[str] = []
    combining = zero_width = 0
    for character in cleaned.translate(_UNSTEADY_WIDTH):
        if unicodedata.category(character) not in _ZERO_WIDTH:
            combining = zero_width = 0
        else:
            zero_width += 1
            combining += unicodedata.combining(character) != 0 or unicodedata.category(character) == "Me"
        if combining <= _MOST_COMBINING and zero_width <= _MOST_ZERO_WIDTH:
            characters.append(character)
    return "".join(characters)
