"""A delayed call is run once, after the last request for it."""

from __future__ import annotations

from tests.tui.screens.parts import Timers
from tui.screens.delayed_call import DelayedCall


def test_each_request_replaces_the_one_before() -> None:
    timers, calls = Timers(), []
    delayed = DelayedCall(timers.set_timer, lambda: calls.append("called"))  # type: ignore[arg-type]
    delayed.request(0.1)
    delayed.request(0.2)
    assert [(timer.seconds, timer.is_stopped) for timer in timers.timers] == [(0.1, True), (0.2, False)]
    assert calls == []
    timers.run_out()
    assert calls == ["called"]
    timers.run_out()
    assert calls == ["called"]
