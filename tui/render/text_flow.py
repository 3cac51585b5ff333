"""The lines of a full text for one width of the screen.

A block, such as a paragraph, is laid out only when one of its lines is needed, so that a long text opens at once.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from store.texts.blocks import Block
from store.texts.positions import LONGEST_QUOTATION, Place, Position
from tui.render import text_layout
from tui.render.picture_cells import Frame
from tui.render.text_layout import TextLine

# The reading speed (words per minute) from which the remaining reading time of a text is estimated.
_WORDS_A_MINUTE = 230


Line = TypeVar("Line")


class LinePlace(NamedTuple):
    """A line of a text: the index of its block, and the index of the line among the lines of the block."""

    block: int
    line: int


class Match(NamedTuple):
    """An occurrence of the searched text: the index of a block, and a range of characters in the text of the block.

    The text is the one that `text_layout.display_text` returns.
    """

    block: int
    start: int
    end: int


class Outline(NamedTuple):
    """A heading of a text: the index of its block, its level, and its text."""

    block: int
    level: int
    text: str


class LineFlow(Generic[Line]):
    """The lines of a text of `count` blocks (paragraphs, figures, …).

    A subclass must implement `lay_out` for one block.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._lines: dict[int, list[Line]] = {}

    def lay_out(self, block: int) -> list[Line]:
        """The lines of a block, after the blank lines that separate it from the block before it."""
        raise NotImplementedError

    def lines_of(self, block: int) -> list[Line]:
        """The lines of a block. Each block is laid out at most once."""
        if (lines := self._lines.get(block)) is None:
            lines = self._lines[block] = self.lay_out(block)
        return lines

    def take(self, place: LinePlace, count: int) -> list[Line]:
        """The line at `place` and the lines after it: `count` lines in total, or fewer at the end of the text."""
        lines: list[Line] = []
        block, line = place
        while len(lines) < count and block < self.count:
            lines += self.lines_of(block)[line : line + count - len(lines)]
            block, line = block + 1, 0
        return lines

    def moved(self, place: LinePlace, lines: int) -> LinePlace:
        """The place `lines` lines below `place`, or above it if `lines` is negative. It is never outside the text."""
        block, line = place
        line += lines
        while line < 0 and block > 0:
            block -= 1
            line += len(self.lines_of(block))
        while block < self.count - 1 and line >= len(self.lines_of(block)):
            line -= len(self.lines_of(block))
            block += 1
        last = max(0, len(self.lines_of(block)) - 1) if self.count else 0
        return LinePlace(block, min(max(0, line), last))

    def last_top(self, room: int) -> LinePlace:
        """The line at the top of a screen of `room` lines when the text is scrolled to its end."""
        end = self.count - 1
        if end < 0:
            return LinePlace(0, 0)
        return self.moved(LinePlace(end, len(self.lines_of(end)) - 1), 1 - room)


class TextFlow(LineFlow[TextLine]):
    """The lines of `blocks` in a column of `width` cells.

    `frames` maps indices of blocks to the sizes of their pictures. A picture is shown below its caption. The picture of
    an equation replaces the text of the equation. A frame without rows hides its block: the picture of another block
    already shows what is in it.
    """

    def __init__(self, blocks: Sequence[Block], width: int, frames: Mapping[int, Frame] | None = None) -> None:
        super().__init__(len(blocks))
        self.blocks = blocks
        self.width = width
        self.frames: Mapping[int, Frame] = frames or {}

    def with_frames(self, frames: Mapping[int, Frame]) -> TextFlow:
        """A copy of this flow with other sizes of the pictures.

        Only blocks whose picture changes are laid out again.
        """
        flow = TextFlow(self.blocks, self.width, frames)
        flow._lines = {
            block: lines for block, lines in self._lines.items() if self.frames.get(block) == frames.get(block)
        }
        return flow

    def lay_out(self, block: int) -> list[TextLine]:
        lines = text_layout.block_lines(self.blocks, block, self.width)
        if (frame := self.frames.get(block)) is None:
            return lines
        if not frame.rows:
            # Never hide the last block, because `last_top` needs a line of that block.
            return [] if block < len(self.blocks) - 1 else lines
        if self.blocks[block].kind == "equation":
            lines = [line for line in lines if not line.pieces]
        return lines + [TextLine(block, 0, 0, (), picture_row=row) for row in range(frame.rows)]

    def line_at(self, place: Place) -> LinePlace:
        """The line that shows the character at `place`. If no line shows it, the first line with text in its block."""
        lines = self.lines_of(place.block)
        first = next((index for index, line in enumerate(lines) if line.pieces), 0)
        for index, line in enumerate(lines):
            if line.start <= place.character < line.end:
                return LinePlace(place.block, index)
        return LinePlace(place.block, first)

    def position(self, top: LinePlace, progress: Progress) -> Position:
        """The reading position to store in the library while `top` is the first line on the screen."""
        shown = self.take(top, 3)
        line = next((each for each in shown if each.pieces), TextLine(top.block, 0, 0, ()))
        text = text_layout.display_text(self.blocks[line.block]) if self.blocks else ""
        quotation = text[line.start : line.start + LONGEST_QUOTATION] if line.end > line.start else text[:40]
        return Position(line.block, quotation, progress.share(line.block, line.start))


class Progress:
    """Computes which fraction of a text precedes a given place, and how long reading the rest takes."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        lengths = (0 if block.kind == "reference" else len(block.text) for block in blocks)
        self._before = [0, *itertools.accumulate(lengths)]
        words = (0 if block.kind == "reference" else block.text.count(" ") + 1 for block in blocks)
        self._words_before = [0, *itertools.accumulate(words)]

    def share(self, block: int, character: int = 0) -> float:
        """The fraction of the text (0 to 1) that precedes a place. The bibliography is not counted."""
        whole = self._before[-1]
        block = min(block, len(self._before) - 1)
        return min(1.0, (self._before[block] + character) / whole) if whole else 0.0

    def minutes_left(self, block: int) -> int:
        """How many minutes it takes to read the text from a block to the end."""
        block = min(block, len(self._words_before) - 1)
        return round((self._words_before[-1] - self._words_before[block]) / _WORDS_A_MINUTE)


def outline(blocks: Sequence[Block]) -> list[Outline]:
    """The headings of a text, without the title of the paper."""
    return [
        Outline(index, block.level, text_layout.display_text(block))
        for index, block in enumerate(blocks)
        if block.kind == "heading" and block.level > 1
    ]


def section_at(headings: Sequence[Outline], block: int) -> int | None:
    """The index of the last heading at or before a block; None when the block is before the first heading."""
    index = bisect.bisect_right([heading.block for heading in headings], block) - 1
    return index if index >= 0 else None


def matches(texts: Iterable[str], query: str) -> list[Match]:
    """The occurrences of `query` in a text. Case does not matter, unless the query has a capital letter.

    `texts` are the texts of all blocks, as `text_layout.display_text` returns them.
    """
    words = query.split()
    if not words:
        return []
    flags = 0 if any(map(str.isupper, query)) else re.IGNORECASE
    pattern = re.compile(r"\s+".join(map(re.escape, words)), flags)
    return [
        Match(index, found.start(), found.end()) for index, text in enumerate(texts) for found in pattern.finditer(text)
    ]
