"""Actions wait for the list for which their key was pressed, and run in the order of the keys."""

from __future__ import annotations

import pytest

from tui.screens.key_queue import KeyQueue


class Keys:
    """A key queue, the list that is shown, and the actions that have run."""

    def __init__(self) -> None:
        self.is_listed = True
        self.paper: int | None = 1
        self.done: list[str] = []
        # For each release of waiting keys: how many actions had run, and whether the remaining ones were dropped.
        self.releases: list[tuple[int, bool]] = []
        self.queue = KeyQueue(lambda: self.is_listed, lambda: self.paper)
        self.queue.on_release = lambda are_dropped: self.releases.append((len(self.done), are_dropped))

    def press(self, name: str, *, on_paper: bool = False) -> None:
        self.queue.run(lambda: self.done.append(f"{name} {self.paper}"), on_paper=on_paper)


@pytest.fixture
def keys() -> Keys:
    return Keys()


def test_an_action_is_carried_out_at_once_when_the_list_is_up_to_date(keys: Keys) -> None:
    keys.press("mark", on_paper=True)
    assert keys.done == ["mark 1"]
    assert keys.queue.is_empty


def test_actions_wait_for_the_requested_list_and_keep_their_order(keys: Keys) -> None:
    keys.is_listed = False
    keys.press("move")
    keys.is_listed = True
    # The second action could run now, but must not run before the first.
    keys.press("mark", on_paper=True)
    assert keys.done == [] and not keys.queue.is_empty
    keys.paper = 2
    keys.queue.list_arrived()
    assert keys.done == ["move 2", "mark 2"]


def test_actions_wait_while_papers_are_about_to_leave_the_list(keys: Keys) -> None:
    keys.queue.expect_change([1])
    keys.press("move")
    assert keys.done == []
    keys.queue.papers_left([1])
    assert keys.done == []
    keys.paper = 2
    keys.queue.list_arrived()
    assert keys.done == ["move 2"]


def test_after_a_while_moving_waits_no_longer_but_marks_still_do(keys: Keys) -> None:
    keys.queue.expect_change([1])
    keys.press("move")
    keys.queue.stop_waiting()
    assert keys.done == ["move 1"]
    # The paper under the cursor is still being removed from the list, so the key of a mark was not pressed for it.
    keys.press("mark", on_paper=True)
    assert keys.done == ["move 1"]
    keys.queue.papers_left([1])
    keys.paper = 2
    keys.queue.list_arrived()
    assert keys.done == ["move 1", "mark 2"]


def test_actions_continue_after_a_mark_that_failed(keys: Keys) -> None:
    keys.queue.expect_change([1])
    keys.press("mark", on_paper=True)
    keys.queue.papers_stay([1])
    assert keys.done == ["mark 1"]


def test_actions_are_dropped_when_the_list_does_not_arrive(keys: Keys) -> None:
    keys.is_listed = False
    keys.press("move")
    keys.queue.clear()
    keys.is_listed = True
    keys.queue.list_arrived()
    assert keys.done == []


def test_an_action_may_add_others_to_the_queue(keys: Keys) -> None:
    keys.is_listed = False

    def sort() -> None:
        keys.done.append("sort")
        keys.is_listed = False

    keys.queue.run(sort)
    keys.press("move")
    keys.is_listed = True
    keys.queue.list_arrived()
    assert keys.done == ["sort"]
    keys.is_listed = True
    keys.queue.list_arrived()
    assert keys.done == ["sort", "move 1"]


def test_later_keys_are_held_while_an_action_on_a_paper_waits(keys: Keys) -> None:
    keys.is_listed = False
    keys.press("move")
    # This action changes nothing that a waiting key could refer to, so it need not wait.
    assert not keys.queue.holds_keys
    keys.press("note", on_paper=True)
    assert keys.queue.holds_keys and keys.releases == []
    keys.is_listed = True
    keys.queue.list_arrived()
    assert not keys.queue.holds_keys
    assert keys.releases == [(2, False)]


def test_held_keys_are_dropped_when_the_list_does_not_arrive(keys: Keys) -> None:
    keys.is_listed = False
    keys.press("note", on_paper=True)
    keys.queue.clear()
    assert not keys.queue.holds_keys
    assert keys.releases == [(0, True)]
