"""Faults are counted: each test reports its row of what can go wrong, how often it was tried, and the figure."""

from __future__ import annotations

from collections.abc import Callable

import pytest

_LINES: list[str] = []

Report = Callable[[int, int, str, bool], None]


@pytest.fixture
def report() -> Report:
    """Report (row, rounds, figure, holds); the lines are printed when all is through."""

    def keep(row: int, rounds: int, figure: str, holds: bool) -> None:
        _LINES.append(f"row {row:>2} · {rounds:>4} rounds · {figure} · {'holds' if holds else 'falls short'}")
        assert holds, figure

    return keep


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for text in sorted(_LINES):
        terminalreporter.write_line(text)
