"""How a run ends: its exit code, and for what went wrong one line on standard error."""

from __future__ import annotations

import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def ended(act: Callable[[], int]) -> int:
    """Do `act`; its exit code, or the one for the error that it raised, which is said in one line."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        try:
            return act()
        finally:
            _leave_interrupts()
    except Exception as error:
        # Imported here, as below: a run that ends well does not need it.
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


def _leave_interrupts() -> None:
    """From now on ctrl+c ends the process at once: Python, which is ending, would print what it broke off."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
