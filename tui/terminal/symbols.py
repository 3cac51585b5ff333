"""Characters for terminals that cannot show all of Unicode: ASCII in place of symbols, cell by cell.

Each replacement is as wide as what it replaces, so that no column moves.
"""

from __future__ import annotations

import codecs
import unicodedata

from rich.cells import cell_len

# What recto draws, and punctuation that is common in titles.
_REPLACEMENTS = {
    # marks, counts and announcements in the list
    "●": "o", "◐": "c", "✓": "v", "∅": "x", "★": "*", "▲": "^", "✎": '"', "⤳": ">", "↻": "@",
    # keys and gaps
    "↓": "v", "↑": "^", "←": "<", "→": ">", "·": "-", "•": "*", "…": "~",
    # dashes and quotation marks
    "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"',
    # operators
    "×": "x", "≤": "<", "≥": ">", "≈": "~", "±": "+",
    # frames
    "│": "|", "┃": "|", "║": "|", "─": "-", "━": "-", "═": "=", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┌": "+",
    "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+", "┴": "+", "┼": "+",
    # blocks, of which scrollbars are made
    "█": "#", "▉": "#", "▊": "#", "▋": "#", "▌": "|", "▍": "|", "▎": "|", "▏": "|", "▐": "|", "▕": "|",
    "▁": "_", "▂": "_", "▃": "_", "▄": "_", "▅": "#", "▆": "#", "▇": "#", "▀": '"', "▔": '"',
    "\u00a0": " ", "\u202f": " ", "\u2009": " ",
}  # fmt: skip
_TABLE = {ord(symbol): replacement for symbol, replacement in _REPLACEMENTS.items()}
# The name of the error handler that replaces what an encoding cannot represent.
_HANDLER = "recto-symbols"


def to_ascii(text: str) -> str:
    """`text` with ASCII characters in place of symbols. Letters of all alphabets stay."""
    return text if text.isascii() else text.translate(_TABLE)


def encodable(text: str, encoding: str) -> str:
    """`text` with only characters that an encoding has, each replacement as wide as what it replaces."""
    return text.encode(encoding, _HANDLER).decode(encoding)


def _replacement(character: str) -> str:
    if character in _REPLACEMENTS:
        return _REPLACEMENTS[character]
    width = cell_len(character)
    # "é" becomes "e". A letter without an accent in ASCII becomes a question mark.
    base = unicodedata.normalize("NFKD", character)[:1]
    return base if width == 1 and base.isascii() and base.isprintable() else "?" * width


def _replace(error: UnicodeError) -> tuple[str, int]:
    """The handler, as `codecs.register_error` describes it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_replacement, error.object[error.start : error.end])), error.end


codecs.register_error(_HANDLER, _replace)
