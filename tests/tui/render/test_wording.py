"""How long an import still takes, in words."""

from __future__ import annotations

import pytest

from store.importing.log import Step
from tui.render import wording


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
