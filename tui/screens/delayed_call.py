"""A delayed function call. Each further request starts the delay again."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer

# The type of Textual's `MessagePump.set_timer`, which calls a function once after a delay (s).
SetTimer = Callable[[float, Callable[[], None]], Timer]


class DelayedCall:
    """Calls a function after a delay. Each new request replaces the previous one."""

    def __init__(self, set_timer: SetTimer, call: Callable[[], None]) -> None:
        self._set_timer = set_timer
        self._call = call
        self._timer: Timer | None = None

    def request(self, seconds: float) -> None:
        """Call the function `seconds` from now.

        If `request` is called again before then, only the later request counts.
        """
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._set_timer(seconds, self._call)
