"""The text that says how long an import will still take."""

from __future__ import annotations

import pytest

from store.importing.log import Step
from tui.render import wording
from tui.render.cell_width import width


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (2.0, ""),
        (42.4, "about 42 seconds left"),
        (150.0, "about 2 minutes left"),
        (3600.0, "about 60 minutes left"),
    ],
)
def test_the_time_left_is_said_when_it_is_worth_it(seconds: float | None, said: str) -> None:
    assert wording.time_left(Step("big.json", 1, 100, 10, seconds)) == said


def test_a_title_is_shortened_so_that_the_text_after_it_fits() -> None:
    title = "Simultaneous Multi-objective Alignment across Verifiable Rewards"
    for label in ("put into “Thesis chapter 2”", "queued", "hidden, taken out of the queue", "rated 4"):
        whole = wording.mark_text(label, 1, title)
        text = wording.mark_text(label, 1, title, 50)
        assert width(text) <= 50 < width(whole) or text == whole
        assert text.rpartition("”")[2] == whole.rpartition("”")[2]
    assert wording.mark_text("queued", 1, title, 5) == "put “Simultaneous …” in the queue"
