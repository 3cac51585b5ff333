"""Reading positions: where the user stopped in a text. A quotation finds the place again in another version of the
text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec
from rapidfuzz import fuzz

from store.marks import own_fields
from store.text import folding
from store.texts.blocks import Block

# A quotation has at most this many characters, and is searched for only if it has at least this many letters.
LONGEST_QUOTATION = 120
_LEAST_LETTERS = 12
# The position in the text of a paper is stored in a register, a value that is copied to the user's other machines. This
# is the name of the register (store/marks/registers.py).
_FIELD = "position"
# Only this many letters at the start of a quotation are searched for. They are enough to find the place, and the end of
# a longer quotation may differ between two versions.
_LONGEST_LETTERS = 40
# If the start of a quotation is not found, parts of it with _PART letters are searched for. If these are not found
# either, at most _MOST_ALIKE blocks are searched for a passage that is at least _ALIKE percent similar, which takes
# about 0.1 ms for each block.
_PART = 24
_MOST_ALIKE, _ALIKE = 200, 75.0


class Position(msgspec.Struct, frozen=True, array_like=True):
    """A place in a text.

    `block` is the index of the block, and `quotation` the text that begins at the place. `share` is the fraction of the
    whole text that is before the place, from 0 to 1.
    """

    block: int
    quotation: str
    share: float


class Place(msgspec.Struct, frozen=True):
    """A place in a text: the index of a block, and the index of a character in the text of that block."""

    block: int
    character: int = 0


def find(blocks: Sequence[Block], position: Position) -> Place:
    """The place in `blocks` that corresponds best to the stored `position`, which may come from another version of the
    text.

    If several blocks contain the quotation, the block nearest to the old one is taken. If none does, only letters are
    compared, without spaces and punctuation. First the letters at the start of the quotation are searched for, then
    other parts of it, then a similar passage. If nothing is found, the result is the place at the same fraction of the
    text.
    """
    if not blocks:
        return Place(0)
    nearest = sorted(range(len(blocks)), key=lambda index: abs(index - position.block))
    if not position.quotation and 0 <= position.block < len(blocks):
        return Place(position.block)
    for index in nearest:
        if (at := blocks[index].text.find(position.quotation)) >= 0:
            return Place(index, at)
    found = _by_letters(blocks, nearest, folding.letters(position.quotation))
    return found or _at_share(blocks, position.share)


def _by_letters(blocks: Sequence[Block], nearest: Sequence[int], letters: str) -> Place | None:
    """The place in `blocks` at which the folded `letters` of a quotation are. `nearest` contains the indices of the
    blocks in the order in which they are searched.
    """
    if len(letters) < _LEAST_LETTERS:
        return None
    texts = {index: folding.letters(blocks[index].text) for index in nearest}
    for start in range(0, max(1, len(letters) - _PART + 1), _PART):
        # The start of the quotation may differ between versions, for example in a formula or the number of a citation.
        # So search for later parts of it.
        part = letters[start : start + (_LONGEST_LETTERS if start == 0 else _PART)]
        for index in nearest:
            if (at := texts[index].find(part)) >= 0:
                before = max(0, at - start)
                return Place(index, _character_after(blocks[index].text, before))
    for index in nearest[:_MOST_ALIKE]:
        alike = fuzz.partial_ratio_alignment(letters, texts[index], score_cutoff=_ALIKE)
        if alike is not None and len(texts[index]) >= len(letters) / 2:
            return Place(index, _character_after(blocks[index].text, alike.dest_start))
    return None


def find_passage(blocks: Sequence[Block], quotation: str, before: str) -> tuple[int, int, int] | None:
    """The block that has a quotation, and the range of its characters; None when no block has it.

    If several blocks have it, the block in which the text `before` comes before it is preferred. Hyphens, spaces and
    case may differ.
    """
    found: tuple[int, int, int] | None = None
    for index, block in enumerate(blocks):
        text = block.text
        at = text.find(quotation)
        while at >= 0:
            if text.endswith(before, 0, at):
                return index, at, at + len(quotation)
            found = found or (index, at, at + len(quotation))
            at = text.find(quotation, at + 1)
    letters = folding.letters(quotation)
    if found is not None or len(letters) < _LEAST_LETTERS:
        return found
    for index, block in enumerate(blocks):
        if letters in folding.letters(block.text):
            start = _character(block.text, letters)
            return index, start, _end(block.text, start, len(letters))
    return None


def _end(text: str, start: int, count: int) -> int:
    """The end of the part of `text` that begins at the index `start` and has `count` letters and digits."""
    for index in range(start, len(text)):
        count -= len(folding.letters(text[index]))
        if count <= 0:
            return index + 1
    return len(text)


def _character(text: str, letters: str) -> int:
    """The index in `text` at which the passage with the folded letters and digits `letters` begins."""
    return _character_after(text, folding.letters(text).index(letters))


def _character_after(text: str, before: int) -> int:
    """The index in `text` of the first letter or digit after the first `before` folded letters and digits."""
    low, high = 0, len(text)
    # `before` is the number of letters and digits before the passage. The longer a prefix of `text` is, the more
    # letters it has, so the prefix with `before` letters can be found by bisection.
    while low < high:
        middle = (low + high) // 2
        if len(folding.letters(text[:middle])) < before:
            low = middle + 1
        else:
            high = middle
    while low < len(text) and not text[low].isalnum():
        low += 1
    return low


def _at_share(blocks: Sequence[Block], share: float) -> Place:
    left = share * sum(len(block.text) for block in blocks)
    for index, block in enumerate(blocks):
        left -= len(block.text)
        if left < 0:
            return Place(index)
    return Place(len(blocks) - 1)


def read(connection: sqlite3.Connection, paper_id: int) -> Position | None:
    """The stored position in the text of a paper. None when there is none, or one that this version cannot read."""
    try:
        return msgspec.convert(own_fields.get(connection, paper_id, _FIELD), Position, strict=True)
    except msgspec.ValidationError:
        return None


def write(connection: sqlite3.Connection, paper_id: int, position: Position) -> None:
    """Store the position in the text of a paper, inside a write transaction."""
    stored = msgspec.structs.replace(position, quotation=position.quotation[:LONGEST_QUOTATION])
    own_fields.put(connection, paper_id, _FIELD, msgspec.to_builtins(stored))
