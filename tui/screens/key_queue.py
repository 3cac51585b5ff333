"""Keys that were faster than the list: they are meant for the list that was requested, not for the one still shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable


class KeyQueue:
    """Carries out actions in the order of their keys, each when the list is the one that its key was meant for."""

    def __init__(self, is_listed: Callable[[], bool], paper: Callable[[], int | None]) -> None:
        """`is_listed`: whether the list is the one that was requested; `paper`: the id of the one under the cursor."""
        self._is_listed = is_listed
        self._paper = paper
        # Called when actions that waited have been carried out, or, with True, were dropped.
        self.on_release: Callable[[bool], object] = lambda are_dropped: None
        self._waiting: list[tuple[Callable[[], None], bool]] = []
        # Papers that a mark will remove from the list when it is on the disk, and papers that one has removed.
        self._leaving: set[int] = set()
        self._left: set[int] = set()
        self._is_changing = False

    @property
    def is_empty(self) -> bool:
        """Whether no action waits for the list."""
        return not self._waiting

    @property
    def holds_keys(self) -> bool:
        """Whether an action on a paper waits. It may open a dialog or the paper, and then later keys are for that."""
        return any(on_paper for _, on_paper in self._waiting)

    def run(self, act: Callable[[], None], *, on_paper: bool = False) -> None:
        """Call `act` now or when the list has arrived. `on_paper`: it concerns the paper under the cursor."""
        is_leaving = on_paper and self._paper() in self._leaving | self._left
        if self._waiting or self._is_changing or is_leaving or not self._is_listed():
            self._waiting.append((act, on_paper))
        else:
            act()

    def expect_change(self, papers: Iterable[int]) -> None:
        """These papers are about to leave the list or to move in it: actions wait for the new list."""
        self._leaving.update(papers)
        self._is_changing = True

    def papers_left(self, papers: Iterable[int]) -> None:
        """These papers have left the list; the next answer will show it without them."""
        self._leaving.difference_update(papers)
        self._left.update(papers)

    def papers_stay(self, papers: Iterable[int]) -> None:
        """These papers remain in the list after all."""
        self._leaving.difference_update(papers)
        self.stop_waiting()

    def list_arrived(self) -> None:
        """The list is the one that was requested: carry out what waited for it."""
        self._left.clear()
        self.stop_waiting()

    def stop_waiting(self) -> None:
        """Do not wait any longer for a change of the list, even if the disk is slow."""
        self._is_changing = False
        waiting, self._waiting = self._waiting, []
        for act, on_paper in waiting:
            self.run(act, on_paper=on_paper)
        if waiting:
            self.on_release(False)

    def clear(self) -> None:
        """The requested list will not arrive: drop the actions that waited for it."""
        self._left.clear()
        self._is_changing = False
        if self._waiting:
            self._waiting.clear()
            self.on_release(True)
