"""A queue of the actions for keys that were pressed before the requested list has arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterable


class KeyQueue:
    """Carries out actions in the order of their keys. An action waits while a newer list is expected."""

    def __init__(self, is_listed: Callable[[], bool], paper: Callable[[], int | None]) -> None:
        """`is_listed`: whether the list is the one that was requested; `paper`: the id of the one under the cursor."""
        self._is_listed = is_listed
        self._paper = paper
        # Called when actions that waited have been carried out, or, with True, were dropped.
        self.on_release: Callable[[bool], object] = lambda are_dropped: None
        self._waiting: list[tuple[Callable[[], None], bool]] = []
        # `_leaving`: papers that a mark will remove from the list when the mark has been saved.
        # `_left`: papers that a saved mark has removed, while the list without them has not arrived.
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
        """Call `act` now, or after the expected list has arrived. `on_paper`: `act` uses the paper under the cursor."""
        is_leaving = on_paper and self._paper() in self._leaving | self._left
        if self._waiting or self._is_changing or is_leaving or not self._is_listed():
            self._waiting.append((act, on_paper))
        else:
            act()

    def expect_change(self, papers: Iterable[int]) -> None:
        """Let actions wait for a new list, because `papers` will soon leave the list or move in it."""
        self._leaving.update(papers)
        self._is_changing = True

    def papers_left(self, papers: Iterable[int]) -> None:
        """Record that the next list will be without `papers`, because the change that removes them has been saved."""
        self._leaving.difference_update(papers)
        self._left.update(papers)

    def papers_stay(self, papers: Iterable[int]) -> None:
        """Record that `papers` remain in the list, because the change that would have removed them has failed."""
        self._leaving.difference_update(papers)
        self.stop_waiting()

    def list_arrived(self) -> None:
        """Carry out the waiting actions. Call this when the requested list has arrived."""
        self._left.clear()
        self.stop_waiting()

    def stop_waiting(self) -> None:
        """Carry out the waiting actions now, even if the expected change of the list has not been saved yet."""
        self._is_changing = False
        waiting, self._waiting = self._waiting, []
        for act, on_paper in waiting:
            self.run(act, on_paper=on_paper)
        if waiting:
            self.on_release(False)

    def clear(self) -> None:
        """Drop the waiting actions. Call this when the requested list will not arrive."""
        self._left.clear()
        self._is_changing = False
        if self._waiting:
            self._waiting.clear()
            self.on_release(True)
