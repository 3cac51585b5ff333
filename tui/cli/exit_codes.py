"""How a run ends: its exit code, and one line on standard error for an error."""

from __future__ import annotations

import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def ended(act: Callable[[], int]) -> int:
    """Call `act` and return its exit code.

    If `act` raises an error, print the error as one line and return 1, or 130 for ctrl+c. Errors that are bugs in
    recto are not caught.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        try:
            return act()
        finally:
            _restore_interrupts()
    except Exception as error:
        # This import and the one below are inside the function because a run without an error does not need them.
        from store.model.errors import explanation

        text = explanation(error)
        if text is None:
            raise
        code = 1
    except KeyboardInterrupt:
        text, code = "stopped", 130
    from tui.cli.output import complain

    complain(text)
    return code


def _restore_interrupts() -> None:
    """Let ctrl+c end the process at once. While Python shuts down, it would print a traceback instead."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
