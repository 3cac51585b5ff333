"""Decides whether a file that the user attaches to a paper may be its text at all."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from store.model.errors import ListingError
from store.text import folding
from store.texts.blocks import FullText
from store.texts.worker import TextFormat

# A file is binary if at least this share of its first bytes is neither text nor white space.
_MOST_CONTROLS = 0.02
_HEAD = 4_096
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# The title of the paper is searched for in this many characters at the start of the text. It may differ a little.
_START = 4_000
_LEAST_ALIKE = 80.0
# A text without the title of its paper has at least this many words, and one of these headings.
_LEAST_WORDS = 300
_HEADINGS = re.compile(
    r"(?:[\dIVX]+[.:]?\s+)?(?:abstract|introduction|references|bibliography|conclusions?|methods|results|discussion"
    r"|acknowledge?ments?)\b",
    re.IGNORECASE,
)


class DoubtfulTextError(ListingError):
    """Raised when a file is probably not the text of the paper to which the user attaches it."""


def is_binary(data: bytes) -> bool:
    """Whether a file has characters that no text has."""
    head = data[:_HEAD]
    return b"\0" in head or len(_CONTROLS.findall(head)) > _MOST_CONTROLS * len(head)


def check(text: FullText, format: TextFormat, title: str) -> None:
    """Raise DoubtfulTextError, with the reason, when a file of plain text is probably not the paper called `title`.

    A PDF or a web page is always accepted: it is a document, and its title may have changed.
    """
    if format != "markdown" or has_title(text, title):
        return
    if text.words < _LEAST_WORDS:
        raise DoubtfulTextError(f"it has only {text.words:,} words and not the title of the paper")
    if not any(block.kind == "heading" and _HEADINGS.match(block.text) for block in text.blocks):
        raise DoubtfulTextError("it has neither the title of the paper nor a heading such as Abstract or References")


def has_title(text: FullText, title: str) -> bool:
    """Whether the start of a text has the title of a paper. A few letters may differ."""
    start = folding.letters(" ".join(block.text for block in text.blocks[:20])[:_START])
    wanted = folding.letters(title)
    return wanted in start or (len(wanted) > 8 and fuzz.partial_ratio(wanted, start, score_cutoff=_LEAST_ALIKE) > 0)
