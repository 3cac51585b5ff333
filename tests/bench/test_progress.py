"""The progress line while libraries are made: how much is done, and how long the rest will take."""

from __future__ import annotations

import io

import pytest

from tests.bench.progress import Progress, left_over, spoken


class Screen(io.StringIO):
    """A text stream that claims to be a terminal: its `isatty` returns True."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("seconds", "said"), [(0.4, "0 s"), (59.4, "59 s"), (60, "1 min 00 s"), (185, "3 min 05 s")])
def test_durations_are_written_in_words(seconds: float, said: str) -> None:
    assert spoken(seconds) == said


def test_the_remaining_time_is_estimated_from_the_speed_so_far() -> None:
    assert left_over(10, 250, 1_000) == 30


def test_a_terminal_shows_the_time_left_and_a_file_only_the_subject() -> None:
    for stream, told in ((Screen(), True), (io.StringIO(), False)):
        with Progress("making papers", 1_000, stream) as progress:
            progress.step(500)
        assert ("500 of 1,000" in stream.getvalue() and " left" in stream.getvalue()) is told
        assert stream.getvalue().startswith("  making papers …\n")
        assert stream.getvalue().endswith("  making papers: 0 s\n")
