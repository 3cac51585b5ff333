"""A queue of actions that wait for a list.

When the user changes the filter or hides a paper, a new list of papers is requested. If the key of an action is pressed
before that list has arrived, the action must wait, because it is meant for a paper of the new list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable


class KeyQueue:
    """Carries out actions in the order of their key presses. An action waits while a new list is expected."""

    def __init__(self, is_listed: Callable[[], bool], paper: Callable[[], int | None]) -> None:
        """`is_listed` must return whether the requested list is shown.

        `paper` must return the id of the paper under the cursor.
        """
        self._is_listed = is_listed
        self._paper = paper
        # This function is called with False when waiting actions have been carried out, and with True when they were
        # dropped.
        self.on_release: Callable[[bool], object] = lambda are_dropped: None
        self._waiting: list[tuple[Callable[[], None], bool]] = []
        # `_leaving` are the papers that will leave the list because of a mark that is not saved yet. `_left` are the
        # papers whose mark has been saved, but that the list still shows because the new list has not arrived.
        self._leaving: set[int] = set()
        self._left: set[int] = set()
        self._is_changing = False

    @property
    def is_empty(self) -> bool:
        """Whether no action is waiting."""
        return not self._waiting

    @property
    def holds_keys(self) -> bool:
        """Whether an action on the paper under the cursor is waiting for a new list, so that later keys must wait.

        The waiting action may open a dialog or the paper. Later keys are then meant for that dialog or paper, so the
        caller must not handle them until `on_release` is called.
        """
        return any(on_paper for _, on_paper in self._waiting)

    def run(self, act: Callable[[], None], *, on_paper: bool = False) -> None:
        """Call `act` now or, if a new list is expected, when that list has arrived.

        `on_paper` must be True if `act` uses the paper under the cursor.
        """
        is_leaving = on_paper and self._paper() in self._leaving | self._left
        if self._waiting or self._is_changing or is_leaving or not self._is_listed():
            self._waiting.append((act, on_paper))
        else:
            act()

    def expect_change(self, papers: Iterable[int]) -> None:
        """Make actions wait for a new list, because `papers` will soon leave the list or change their positions."""
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
        """Carry out the waiting actions. This must be called when the requested list has arrived."""
        self._left.clear()
        self.stop_waiting()

    def stop_waiting(self) -> None:
        """Carry out the waiting actions now, even if the change for which they wait has not been saved yet."""
        self._is_changing = False
        waiting, self._waiting = self._waiting, []
        for act, on_paper in waiting:
            self.run(act, on_paper=on_paper)
        if waiting:
            self.on_release(False)

    def clear(self) -> None:
        """Drop the waiting actions. This must be called when the requested list will not arrive."""
        self._left.clear()
        self._is_changing = False
        if self._waiting:
            self._waiting.clear()
            self.on_release(True)
