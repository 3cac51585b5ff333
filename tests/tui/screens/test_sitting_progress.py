"""The progress of a sitting (a pass through papers): the order, the rest, the decisions, and the time left."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from store.marks.sittings import Decided, Decision
from tests.thorough import examples
from tui.screens.sitting_progress import SittingProgress


def begun(*papers: int) -> SittingProgress:
    return SittingProgress(papers or (1, 2, 3, 4), [])


def decide(progress: SittingProgress, *decisions: Decision, seconds: float = 10) -> None:
    for decision in decisions:
        paper = progress.paper
        assert paper is not None
        progress.decide(decision, seconds)
        progress.confirm(paper)


def test_papers_come_in_order_without_repeats() -> None:
    progress = begun(3, 1, 3, 2, 1)
    came = []
    while progress.paper is not None:
        came.append((progress.paper, progress.following))
        decide(progress, "skip")
    assert came == [(3, 1), (1, 2), (2, None)]
    assert progress.left == 0


def test_a_decision_is_counted_when_it_is_stored() -> None:
    progress = begun()
    progress.decide("keep", 1)
    assert (progress.count("keep"), progress.left, progress.is_stored) == (0, 3, False)
    progress.confirm(1)
    assert (progress.count("keep"), progress.left, progress.is_stored) == (1, 3, True)


def test_a_decision_that_could_not_be_stored_brings_its_paper_back() -> None:
    progress = begun()
    decide(progress, "keep")
    progress.decide("hide", 1)
    progress.cancel(2)
    assert (progress.paper, progress.left, progress.count("hide")) == (2, 3, 0)


def test_decisions_are_taken_back_one_after_the_other_and_the_rest_follows() -> None:
    progress = begun()
    decide(progress, "keep", "skip")
    for paper in (2, 1):
        assert progress.last() == paper
        progress.take_back(paper)
        assert progress.paper == paper
    assert (progress.last(), progress.left) == (None, 4)
    decide(progress, "hide")
    assert progress.paper == 2


def test_a_paper_that_was_taken_back_from_the_middle_comes_before_the_rest() -> None:
    progress = begun()
    decide(progress, "keep", "skip", "skip")
    progress.take_back(1)
    assert (progress.paper, progress.following) == (1, 4)
    decide(progress, "hide")
    assert progress.paper == 4


def test_a_sitting_continues_with_what_was_decided_before() -> None:
    # Papers that were decided on yesterday are not in the list any more.
    progress = SittingProgress([3, 4], [Decided(1, "keep"), Decided(2, "hide")])
    assert (progress.paper, progress.left, progress.count("keep")) == (3, 2, 1)
    progress.take_back(2)
    assert (progress.paper, progress.following, progress.left) == (2, 3, 3)


def test_the_time_left_follows_the_pace_and_not_the_pauses() -> None:
    progress = begun(*range(100))
    assert progress.seconds_left == 1000
    decide(progress, *["skip"] * 30, seconds=2)
    assert progress.seconds_left == 140
    decide(progress, "skip", seconds=3600)
    assert progress.seconds_left == 138


@examples(30, 300)
@given(steps=st.lists(st.sampled_from(["decide", "back", "first"]), max_size=40))
def test_no_paper_is_lost_or_comes_twice(steps: list[str]) -> None:
    progress = begun()
    for step in steps:
        if step == "decide" and progress.paper is not None:
            decide(progress, "skip")
        elif step != "decide" and progress.decided:
            progress.take_back(progress.decided[0 if step == "first" else -1].paper)
        decided = {each.paper for each in progress.decided}
        assert len(decided) + progress.left == 4
        assert progress.paper not in decided
        assert (progress.paper is None) == (progress.left == 0)
        assert progress.following not in decided | {progress.paper} or progress.following is None
