"""How the process ends: with an exit code and, after an error, one line on standard error."""

from __future__ import annotations

import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def ended(act: Callable[[], int]) -> int:
    """Call `act` and return the exit code that it returns.

    If `act` raises an error that can be explained to the user, print one line and return 1. After ctrl+c, print
    "stopped" and return 130. Any other error is a bug in recto and is not caught.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        try:
            return act()
        finally:
            _restore_interrupts()
    except Exception as error:
        # This import and the one below are inside the function because they are needed only after an error.
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
    """Let ctrl+c end the process at once from now on. Otherwise it would print a traceback while Python shuts down."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
