"""Ctrl+C and the signals that end a program, turned into a question that a long job asks between two steps."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """Call it to learn whether a signal asked the job to stop. A second signal raises KeyboardInterrupt."""

    def __init__(self) -> None:
        self._requested = False
        self._immediate = False

    def request(self, number: int, frame: FrameType | None) -> None:
        """Note a request to stop. This is the signal handler."""
        if self._requested or self._immediate:
            raise KeyboardInterrupt
        self._requested = True

    @contextmanager
    def immediate(self) -> Iterator[None]:
        """Inside, already the first signal raises KeyboardInterrupt: there is no step that must be completed."""
        self._immediate = True
        try:
            yield
        finally:
            self._immediate = False

    def __call__(self) -> bool:
        return self._requested


@contextmanager
def stop_on_signals() -> Iterator[Stop]:
    """A `Stop` that SIGINT, SIGTERM and SIGHUP trigger inside. The handlers before are restored at the end."""
    stop = Stop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    # Under nohup, and behind "&" in a script, some signals are ignored on purpose.
    handlers = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
    for number in handlers:
        signal.signal(number, stop.request)
    try:
        yield stop
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
