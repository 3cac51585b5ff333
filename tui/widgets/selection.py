"""A selection of consecutive rows, from an anchor to the cursor."""

from __future__ import annotations


class Selection:
    """The rows between the anchor, where the selection began, and the cursor. Both ends are selected."""

    def __init__(self) -> None:
        self.anchor: int | None = None

    @property
    def is_active(self) -> bool:
        """Whether a selection was begun."""
        return self.anchor is not None

    def begin(self, index: int) -> None:
        """Begin a selection at the row `index`."""
        self.anchor = index

    def end(self) -> None:
        """Select nothing."""
        self.anchor = None

    def rows(self, cursor: int) -> range:
        """The indices of the selected rows; empty without a selection."""
        if self.anchor is None:
            return range(0)
        return range(min(self.anchor, cursor), max(self.anchor, cursor) + 1)
