"""A function call that is delayed until it has not been requested again for a while."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer

# Textual's `MessagePump.set_timer`: calls a function once, after a delay (s).
SetTimer = Callable[[float, Callable[[], None]], Timer]


class DelayedCall:
    """Calls a function after a delay. Each new request replaces the one before it."""

    def __init__(self, set_timer: SetTimer, call: Callable[[], None]) -> None:
        self._set_timer = set_timer
        self._call = call
        self._timer: Timer | None = None

    def request(self, seconds: float) -> None:
        """Make the call `seconds` from now, unless it is requested again before."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._set_timer(seconds, self._call)
