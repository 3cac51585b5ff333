"""Foreign text becomes text that can only be seen: no controls, no towers of accents, not endless.

Text that is safe as it stands, as most is, is told without importing what makes the rest so.
"""

from __future__ import annotations

from tui.render.cell_width import is_simple

# A paper's title is shown up to this length, any other single line up to the second, running text up to the third
# (letters): ten times what the longest abstract has, and no more than can be laid out while a key is pressed.
LONGEST_TITLE = 1_000
LONGEST_LINE = 4_000
LONGEST_TEXT = 30_000
# More accents than this on one letter climb into the lines above; more signs without a width of their own, which
# some scripts need several of, are no writing.
_MOST_ACCENTS = 4
_MOST_SIGNS = 8
# What one terminal draws in a cell and the next in two or none: joiners and selectors between emoji, skin tones, and
# letters that are blank. Columns shift by them.
_UNSTEADY = dict.fromkeys((0x200D, 0xFE0E, 0xFE0F, 0x3164, 0xFFA0, *range(0x1F3FB, 0x1F400)))
# Categories of letters that take no cell: marks of three kinds, and formatting.
_SIGNS = frozenset(("Mn", "Mc", "Me", "Cf"))


def safe(text: str, longest: int = LONGEST_LINE) -> str:
    """Any foreign text as one line that can only be seen: no controls, no towers of accents, not endless."""
    plain = " ".join(drawable(text[:longest]).split())
    return plain + ("…" if len(text) > longest else "")


def safe_text(text: str) -> str:
    """As `safe` for running text: line ends stay."""
    cut = drawable(text[:LONGEST_TEXT]).replace("\t", " ")
    return cut + ("…" if len(text) > LONGEST_TEXT else "")


def title(text: str) -> str:
    """A title on one line, its LaTeX as Unicode."""
    text = text[: LONGEST_TITLE + 1]
    if "$" in text or "\\" in text:
        from store.text import tex

        text = tex.for_display(text)
    return safe(text, LONGEST_TITLE)


def is_light(text: str) -> bool:
    """Whether `title` and `safe` give `text` without importing anything."""
    return is_simple(text) and "$" not in text and "\\" not in text


def drawable(text: str) -> str:
    """Cleaned text in which every letter has the width that it seems to have."""
    if is_simple(text):
        return text
    import unicodedata

    from store.text.clean import clean

    safe = clean(text)
    if safe.isascii():
        return safe
    kept: list[str] = []
    accents = signs = 0
    for letter in safe.translate(_UNSTEADY):
        if unicodedata.category(letter) not in _SIGNS:
            accents = signs = 0
        else:
            signs += 1
            accents += unicodedata.combining(letter) != 0 or unicodedata.category(letter) == "Me"
        if accents <= _MOST_ACCENTS and signs <= _MOST_SIGNS:
            kept.append(letter)
    return "".join(kept)
