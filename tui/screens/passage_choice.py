"""Lets the user choose a passage of a full text with the keyboard. A passage is one or more sentences of one block."""

from __future__ import annotations

from typing import NamedTuple

from store.texts import sentences
from store.texts.positions import Place
from tui.render import text_layout
from tui.render.text_flow import Match
from tui.widgets.full_text import FullTextView

# The kinds of blocks from which the user can choose a passage. Tables and equations are left out, because their text on
# the screen differs from the text of the block.
_KINDS = frozenset(("paragraph", "list", "caption", "note", "reference", "heading"))


class Passage(NamedTuple):
    """A chosen passage: its position, its text, and the text before it in the same block (a paragraph, for example)."""

    place: Match
    quotation: str
    before: str


class PassageChoice:
    """The choice of a passage in the text of `view`. The chosen sentences are highlighted."""

    def __init__(self, view: FullTextView) -> None:
        self._view = view
        self._block: int | None = None
        # The first and the last chosen sentence of the block.
        self._first = self._last = 0

    @property
    def is_active(self) -> bool:
        """Whether the user is choosing a passage."""
        return self._block is not None

    def begin(self) -> bool:
        """Choose the first sentence on the screen. Returns False when no sentence is on the screen."""
        for line in self._view.shown_lines:
            if line.end > line.start and self._view.blocks[line.block].kind in _KINDS:
                found = self._sentences(line.block)
                at = next((index for index, (start, end) in enumerate(found) if end > line.start), 0)
                self._choose(line.block, at, at)
                return True
        return False

    def end(self) -> None:
        """End the choice, and remove its highlighting."""
        self._block = None
        self._view.show_selection(())

    def move(self, step: int) -> None:
        """Choose the sentence that follows the passage or, if `step` is -1, the one that precedes it."""
        if self._block is None:
            return
        at = (self._last if step > 0 else self._first) + step
        block = self._block
        while not 0 <= at < len(self._sentences(block)):
            following = self._neighbour(block, step)
            if following is None:
                return
            block = following
            at = 0 if step > 0 else len(self._sentences(block)) - 1
        self._choose(block, at, at)

    def extend(self, step: int) -> None:
        """Make the passage one sentence longer at its end or, if `step` is -1, one sentence shorter."""
        if self._block is not None:
            last = min(max(self._first, self._last + step), len(self._sentences(self._block)) - 1)
            self._choose(self._block, self._first, last)

    @property
    def passage(self) -> Passage | None:
        """The chosen passage; None when the user is not choosing a passage."""
        if self._block is None:
            return None
        text = text_layout.display_text(self._view.blocks[self._block])
        found = self._sentences(self._block)
        start, end = found[self._first][0], found[self._last][1]
        return Passage(Match(self._block, start, end), text[start:end], text[:start])

    def _choose(self, block: int, first: int, last: int) -> None:
        self._block, self._first, self._last = block, first, last
        passage = self.passage
        assert passage is not None
        self._view.show_selection([passage.place])
        self._view.show_place(Place(block, passage.place.start))

    def _sentences(self, block: int) -> list[tuple[int, int]]:
        return sentences.ranges(text_layout.display_text(self._view.blocks[block])) or [(0, 0)]

    def _neighbour(self, block: int, step: int) -> int | None:
        """The index of the next block with sentences or, if `step` is -1, of the previous one; None if none is left."""
        blocks = self._view.blocks
        candidates = range(block + step, len(blocks) if step > 0 else -1, step)
        return next((index for index in candidates if blocks[index].kind in _KINDS), None)
