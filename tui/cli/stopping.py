"""Lets a long job end between two of its steps after ctrl+c or another signal that asks the process to end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """An object that a job must call between its steps. The call returns True once a signal has asked the job to stop.

    The first signal is only recorded. A second signal raises KeyboardInterrupt at once.
    """

    def __init__(self) -> None:
        self._requested = False
        self._immediate = False

    def request(self, number: int, frame: FrameType | None) -> None:
        """The signal handler: record that the job should stop, or raise KeyboardInterrupt for a second signal.

        In the context `immediate`, the first signal already raises KeyboardInterrupt.
        """
        if self._requested or self._immediate:
            raise KeyboardInterrupt
        self._requested = True

    @contextmanager
    def immediate(self) -> Iterator[None]:
        """A context in which the first signal already raises KeyboardInterrupt.

        Use it for work that may be abandoned at any point, such as waiting for standard input.
        """
        self._immediate = True
        try:
            yield
        finally:
            self._immediate = False

    def __call__(self) -> bool:
        return self._requested


@contextmanager
def stop_on_signals() -> Iterator[Stop]:
    """A context in which SIGINT, SIGTERM and SIGHUP call the handler of a new `Stop`, which the context yields.

    At its end the context restores the previous signal handlers.
    """
    stop = Stop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    # If a signal is already ignored, keep ignoring it: nohup, and "&" in a shell script, ignore it on purpose.
    handlers = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
    for number in handlers:
        signal.signal(number, stop.request)
    try:
        yield stop
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
