"""Replacements for symbols, for terminals that cannot show all of Unicode.

Each replacement is as wide (in cells) as the symbol, so that nothing moves on the screen.
"""

from __future__ import annotations

import codecs
import unicodedata

from rich.cells import cell_len

# Maps the symbols that recto draws, and punctuation that is common in titles, to replacements in ASCII.
_REPLACEMENTS = {
    # marks, counts and announcements in the list
    "●": "o", "◐": "c", "✓": "v", "∅": "x", "★": "*", "▲": "^", "✎": '"', "⤳": ">", "↻": "@", "⚂": "~",
    # keys and gaps
    "↓": "v", "↑": "^", "←": "<", "→": ">", "·": "-", "•": "*", "◦": "-", "…": "~",
    # dashes and quotation marks
    "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"',
    # operators
    "×": "x", "≤": "<", "≥": ">", "≈": "~", "±": "+",
    # frames
    "│": "|", "┃": "|", "║": "|", "─": "-", "━": "-", "═": "=", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┌": "+",
    "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+", "┴": "+", "┼": "+",
    # block characters, of which scrollbars consist
    "█": "#", "▉": "#", "▊": "#", "▋": "#", "▌": "|", "▍": "|", "▎": "|", "▏": "|", "▐": "|", "▕": "|",
    "▁": "_", "▂": "_", "▃": "_", "▄": "_", "▅": "#", "▆": "#", "▇": "#", "▀": '"', "▔": '"',
    "░": ".", "▒": "+", "▓": "%",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ",
}  # fmt: skip
_TABLE = {ord(symbol): replacement for symbol, replacement in _REPLACEMENTS.items()}
# The name of the error handler that replaces characters which an encoding cannot represent.
_HANDLER = "recto-symbols"


def to_ascii(text: str) -> str:
    """`text` with its symbols replaced by ASCII characters. Letters stay as they are, even letters outside ASCII."""
    return text if text.isascii() else text.translate(_TABLE)


def encodable(text: str, encoding: str) -> str:
    """`text` with every character that `encoding` lacks replaced by one or more characters of the same total width."""
    return text.encode(encoding, _HANDLER).decode(encoding)


def _replacement(character: str) -> str:
    if character in _REPLACEMENTS:
        return _REPLACEMENTS[character]
    width = cell_len(character)
    # Remove accents: "é" becomes "e". A character that is not ASCII even without its accents becomes a question mark.
    base = unicodedata.normalize("NFKD", character)[:1]
    return base if width == 1 and base.isascii() and base.isprintable() else "?" * width


def _replace(error: UnicodeError) -> tuple[str, int]:
    """The error handler that replaces unencodable characters, in the form that `codecs.register_error` requires."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_replacement, error.object[error.start : error.end])), error.end


codecs.register_error(_HANDLER, _replace)
