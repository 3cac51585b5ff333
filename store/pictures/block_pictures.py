"""Finds the picture that belongs to a block of a full text: a figure, table, equation, or picture of a web page.

A block is, for example, a paragraph, a caption or an equation.
"""

from __future__ import annotations

import re

from store.pictures.picture import Source
from store.texts.blocks import Block
from store.texts.worker import TextFormat

_WORD = re.compile(r"[^\W\d_]{4,}")
_TABLE = re.compile(r"\s*tab", re.IGNORECASE)


def source_of(block: Block, format: TextFormat) -> Source | None:
    """The source of the picture that belongs to a block of a text in this format; None if the block has no picture."""
    if format != "pdf":
        return Source(link=block.picture) if block.picture else None
    if block.page is None or block.box is None:
        return None
    if block.kind == "equation":
        # An "equation" that contains words is a line of text with a formula. It is readable as text, so it needs no
        # picture.
        return None if _WORD.search(block.text) else Source(block.page, "equation", block.box)
    if block.kind == "caption":
        return Source(block.page, "table" if _TABLE.match(block.text) else "figure", block.box)
    return None
