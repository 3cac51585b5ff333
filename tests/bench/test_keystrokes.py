"""The measurement of keys, with a program on a real terminal whose first and last answers appear at known times."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.bench.keystrokes import Typist
from tests.bench.stand import COUNT, LIST
from tests.bench.terminal import COLUMNS, Terminal
from tests.bench.typing_queries import is_pending

# For each key the program shows a first answer with a provisional count after 30 ms, and the complete answer after 200
# ms. The key x changes nothing.
_PROGRAM = f"""
import sys, time, tty
tty.setraw(0)
def show(text, count):
    sys.stdout.write(f"\\x1b[3;1H{{text}}\\x1b[1;{COLUMNS - 20}H{{count:<20}}")
    sys.stdout.flush()
show("ready", "10 papers")
while key := sys.stdin.read(1):
    if key != "x":
        time.sleep(0.03)
        show("first " + key, "3+ papers" if key != "c" else "…")
        time.sleep(0.17)
        show("all " + key, "5 papers")
"""


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    with Terminal([sys.executable, "-u", "-c", _PROGRAM]) as started:
        for chunk in started.read_until(lambda written: b"10 papers" in written, limit=20):
            started.draw(chunk)
        yield started


def test_the_count_tells_the_first_answer_from_the_complete_one(terminal: Terminal) -> None:
    # If the typist ignored the provisional count, it would take the pause between the two answers for the end of the
    # reaction.
    reaction = Typist(terminal, (LIST, COUNT), quiet=0.05, pace=0, pending=is_pending).press("a")
    assert reaction.first is not None and reaction.last is not None
    assert 30 <= reaction.first < 150 < 195 <= reaction.last < 1_000


def test_without_a_provisional_count_the_last_change_decides(terminal: Terminal) -> None:
    reaction = Typist(terminal, (LIST, COUNT), quiet=0.4, pace=0).press("a")
    assert reaction.last is not None and reaction.last >= 195


def test_a_change_elsewhere_is_no_first_answer(terminal: Terminal) -> None:
    nowhere = (range(30, 31), range(0, 10))
    typist = Typist(terminal, (LIST, COUNT), quiet=0.3, limit=0.6, pace=0)
    assert typist.press("a", answered_in=nowhere).first is None


def test_a_key_that_changes_nothing_has_no_reaction(terminal: Terminal) -> None:
    reaction = Typist(terminal, (LIST, COUNT), quiet=0.1, pace=0).press("x", expected=False)
    assert (reaction.first, reaction.last) == (None, None)
