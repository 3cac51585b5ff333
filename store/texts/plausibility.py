"""Refuses files that can hardly be the text of the paper to which the user attaches them."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from store.model.errors import ListingError
from store.text import folding
from store.texts.blocks import FullText
from store.texts.worker import TextFormat

# A file counts as binary if at least the share _MOST_CONTROLS of its first _HEAD bytes are control characters.
_MOST_CONTROLS = 0.02
_HEAD = 4_096
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# The title of the paper is searched for in the first _START characters of the text. A passage that is at least
# _LEAST_ALIKE percent similar counts as the title.
_START = 4_000
_LEAST_ALIKE = 80.0
# A text that does not contain the title of its paper is accepted only if it has at least this many words, and one of
# these headings.
_LEAST_WORDS = 300
_HEADINGS = re.compile(
    r"(?:[\dIVX]+[.:]?\s+)?(?:abstract|introduction|references|bibliography|conclusions?|methods|results|discussion"
    r"|acknowledge?ments?)\b",
    re.IGNORECASE,
)


class DoubtfulTextError(ListingError):
    """Raised when a file is probably not the text of the paper to which the user attaches it."""


def is_binary(data: bytes) -> bool:
    """Whether the content of a file has control characters that do not occur in text."""
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
    """Whether the start of a text contains the title of a paper, in which a few letters may differ."""
    start = folding.letters(" ".join(block.text for block in text.blocks[:20])[:_START])
    wanted = folding.letters(title)
    return wanted in start or (len(wanted) > 8 and fuzz.partial_ratio(wanted, start, score_cutoff=_LEAST_ALIKE) > 0)
