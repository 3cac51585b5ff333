"""How the process ends: with an exit code and, after an error, one line on standard error."""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO


def ended(act: Callable[[], int]) -> int:
    """Call `act`, write what is left of the output, and return the exit code that `act` returns.

    If `act` raises an error that can be explained to the user, print one line and return 1. After ctrl+c, print
    "stopped" and return 130. Any other error is a bug in recto and is not caught.
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
        # This import and those below are inside the function because they are needed only after an error.
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
    # The application draws on standard error, whose terminal may be closed.
    _unwritten(sys.stderr)
    return code


def _unwritten(stream: TextIO | None) -> OSError | None:
    """Write what is left in the buffer of `stream`. If that is impossible, discard it and return the error.

    The disk may be full or the terminal closed. Without the discarding, the interpreter would try to write the rest
    again when it ends, and would replace the exit code with 120.
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
    """Let ctrl+c end the process at once from now on. Otherwise it would print a traceback while Python shuts down."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
