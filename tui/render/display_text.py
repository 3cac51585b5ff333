"""Makes text from listings safe to display.

The functions remove control characters, limit the combining marks on each letter, and truncate long text. The importer
stores cleaned text, but another program may have changed the library, so text is cleaned again before it is displayed.
Most text needs no change. A quick check recognizes such text, so that the slower code that cleans text is rarely
imported.
"""

from __future__ import annotations

from tui.render.cell_width import is_simple

# The largest lengths of a title, of any other line, and of a text with several lines (characters). Longer text is
# truncated. LONGEST_TEXT is ten times the length of the longest abstract. The layout of a longer text would take so
# long that the user would notice it.
LONGEST_TITLE = 1_000
LONGEST_LINE = 4_000
LONGEST_TEXT = 30_000
# The largest number of combining marks on one letter. Terminals would draw further marks over the lines above.
_MOST_COMBINING = 4
# The largest number of zero-width characters after one letter. No writing system needs more.
_MOST_ZERO_WIDTH = 8
# Characters whose width differs between terminals, so that they could move the rest of the line. Joiners and variation
# selectors of emoji, skin tones and blank letters are removed (None). A flag is replaced by its two letters.
_UNSTEADY_WIDTH: dict[int, str | None] = {
    **dict.fromkeys((0x200D, 0xFE0E, 0xFE0F, 0x3164, 0xFFA0, *range(0x1F3FB, 0x1F400))),
    **{0x1F1E6 + number: letter for number, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")},
}
# The Unicode categories of zero-width characters: three kinds of combining marks, and formatting characters.
_ZERO_WIDTH = frozenset(("Mn", "Mc", "Me", "Cf"))


def safe(text: str, longest: int = LONGEST_LINE) -> str:
    """`text` on one line and safe to display. If it has more than `longest` characters, the rest is replaced by "…"."""
    shown = " ".join(drawable(text[:longest]).split())
    return shown + ("…" if len(text) > longest else "")


def safe_text(text: str) -> str:
    """`text` with its line breaks, safe to display and truncated to LONGEST_TEXT characters."""
    cut = drawable(text[:LONGEST_TEXT]).replace("\t", " ")
    return cut + ("…" if len(text) > LONGEST_TEXT else "")


def title(text: str) -> str:
    """A title on one line and safe to display, with its LaTeX commands converted to Unicode."""
    text = text[: LONGEST_TITLE + 1]
    if "$" in text or "\\" in text:
        from store.text import tex

        text = tex.for_display(text)
    return safe(text, LONGEST_TITLE)


def drawable(text: str) -> str:
    """`text` without control characters, characters of uncertain width, and excess combining marks."""
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
