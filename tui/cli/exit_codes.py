"""How a run ends: its exit code, and one line on standard error for an error."""

from __future__ import annotations

import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def ended(act: Callable[[], int]) -> int:
    """The exit code of `act`. An error that it raises is printed as one line, with exit code 1, or 130 for ctrl+c.

    A mistake in the program itself is raised.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        try:
            return act()
        finally:
            _restore_interrupts()
    except Exception as error:
        # Imported late, as below: a run without an error does not need it.
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
