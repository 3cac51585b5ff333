"""The signals that ask the application to end: handled while it runs, and ignored while it ends."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

_ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)


def handle(loop: asyncio.AbstractEventLoop, act: Callable[[int], None]) -> None:
    """Call `act` with the number of each signal, in the event loop."""
    for number in _ENDING:
        loop.add_signal_handler(number, act, number)
    # Each signal wakes the loop with a byte in a pipe. Hundreds of signals fill the pipe, and Python then drops further
    # bytes and prints a traceback for each. The bytes in the pipe wake the loop, so turn these tracebacks off.
    signal.set_wakeup_fd(signal.set_wakeup_fd(-1), warn_on_full_buffer=False)


def ignore(loop: asyncio.AbstractEventLoop) -> None:
    """Ignore the signals from now on: the application is ending, and nothing may interrupt what it still does.

    Without this, asyncio would give the signals their default effect when it closes the loop, before the library is
    closed: a second ctrl+c would raise KeyboardInterrupt there, or end the process without its exit code.
    """
    # While the handlers are changed, the signals wait: `remove_signal_handler` restores the default effect first.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        for number in _ENDING:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_process() -> None:
    """Let the signals end the process again, except SIGINT: a user who presses ctrl+c twice wants only one end.

    Call this after the terminal was restored.
    """
    for number in _ENDING:
        if number != signal.SIGINT:
            signal.signal(number, signal.SIG_DFL)
