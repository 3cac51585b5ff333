"""Converts errors to exit codes and to one line on standard error."""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO


def ended(act: Callable[[], int]) -> int:
    """Call `act`, write the rest of the buffered output, and return the exit code that `act` returns.

    If `act` raises an error for which `explanation` has a text for the user, print that text and return 1. After
    ctrl+c, print "stopped" and return 130. Any other error is a bug in recto and is not caught.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    text = ""
    try:
        try:
            code = act()
        finally:
            _restore_interrupts()
    except Exception as error:
        # These modules are imported inside the function, because they are needed only after an error.
        from store.model.errors import explanation

        text = explanation(error) or ""
        if not text:
            raise
        code = 1
    except KeyboardInterrupt:
        text, code = "stopped", 130
    unwritten = _unwritten(sys.stdout)
    if unwritten is not None and code == 0:
        from store.model.errors import explanation

        text, code = explanation(unwritten) or "", 1
    if text:
        from tui.cli.output import complain

        complain(text)
    # Empty the buffer of standard error too: the application draws there, and its terminal may be closed.
    _unwritten(sys.stderr)
    return code


def _unwritten(stream: TextIO | None) -> OSError | None:
    """Write what is left in the buffer of `stream`. If that is impossible, discard it and return the error.

    The disk may be full or the terminal closed. If the rest were not discarded, the interpreter would try to write it
    again when it ends. It would fail and replace the exit code with 120.
    """
    if stream is None or stream.closed:
        return None
    try:
        stream.flush()
    except OSError as error:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
        return error
    return None


def _restore_interrupts() -> None:
    """Let ctrl+c end the process at once from now on.

    Otherwise ctrl+c would print a traceback while Python shuts down.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
