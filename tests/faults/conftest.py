"""The fixture with which a test reports its row in the table of faults, its number of rounds, and its result."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.collector import REPORTED

Report = Callable[[int, int, str, bool], None]


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Report:
    """A function to report (row, rounds, figure, holds). `make faults` prints the figure.

    If `holds` is false, the test fails.
    """

    def keep(row: int, rounds: int, figure: str, holds: bool) -> None:
        request.node.user_properties.append((REPORTED, [row, rounds, figure, holds]))
        assert holds, figure

    return keep
