"""Keys that were faster than the list: they are for the list that was asked for, not for the one still shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable


class Ahead:
    """Carries actions out in their order, each when the list, and its paper, are what the reader means."""

    def __init__(self, listed: Callable[[], bool], paper: Callable[[], int | None]) -> None:
        """`listed`: whether the list is the one that was asked for; `paper`: the one under the cursor."""
        self._listed = listed
        self._paper = paper
        self._waiting: list[tuple[Callable[[], None], bool]] = []
        # Papers that a mark on its way to the disk takes from the list, and those it has taken.
        self._leaving: set[int] = set()
        self._left: set[int] = set()
        self._changing = False

    def do(self, act: Callable[[], None], *, on_paper: bool = False) -> None:
        """Do `act`, on the paper under the cursor or just in the list: now, or when the list has come."""
        leaves = on_paper and self._paper() in self._leaving | self._left
        if self._waiting or self._changing or leaves or not self._listed():
            self._waiting.append((act, on_paper))
        else:
            act()

    def leaving(self, papers: Iterable[int]) -> None:
        """These are about to leave the list, or to change places: the next key is for what it will be then."""
        self._leaving.update(papers)
        self._changing = True

    def left(self, papers: Iterable[int]) -> None:
        """These have left, and the next list will show it."""
        self._leaving.difference_update(papers)
        self._left.update(papers)

    def stay(self, papers: Iterable[int]) -> None:
        """These do not leave the list."""
        self._leaving.difference_update(papers)
        self.hurry()

    def list_came(self) -> None:
        """The list is the one that was asked for: do what waited for it."""
        self._left.clear()
        self.hurry()

    def hurry(self) -> None:
        """Moving must not wait any longer, even if the disk does."""
        self._changing = False
        self._go_on()

    def forget(self) -> None:
        """The list does not come: what waited for it has lost its meaning."""
        self._left.clear()
        self._changing = False
        self._waiting.clear()

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, []
        for act, on_paper in waiting:
            self.do(act, on_paper=on_paper)
