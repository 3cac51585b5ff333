"""Messages about what went wrong: in the status line, and in toasts over the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from textual.notifications import SeverityLevel

from store.model.errors import explanation
from tui.render import styled
from tui.widgets.status_line import StatusLine

_TOAST_SECONDS = 8.0
# The longest explanation of an error on one line (characters).
_MAX_LENGTH = 300


class Notify(Protocol):
    """Textual's `Widget.notify`."""

    def __call__(self, message: str, *, severity: SeverityLevel, timeout: float | None, markup: bool) -> None: ...


class Notices:
    """Shows errors and other short messages."""

    def __init__(self, status: StatusLine, notify: Notify) -> None:
        self._status = status
        self._notify = notify

    def attempt(self, step: Callable[[], object]) -> bool:
        """Call `step` and return whether it succeeded. The status line shows an error of the library or the system.

        Every action is called through this method, and so is every function that a dialog calls with its result. An
        error that is a bug in recto is not caught and ends the reader.
        """
        try:
            step()
        except Exception as error:
            text = explanation(error)
            if text is None:
                raise
            self._status.show_news(styled.safe(text, _MAX_LENGTH), error=True)
            return False
        return True

    def show_error(self, text: str) -> None:
        """Show what went wrong in the status line, and in a toast, where there is room for all of it."""
        text = styled.safe(text, _MAX_LENGTH)
        self._status.show_news(text, error=True)
        self.toast(text, "error")

    def toast(self, text: str, severity: SeverityLevel = "information") -> None:
        """Show `text` over the screen for a while. It is never parsed as markup."""
        self._notify(text, severity=severity, markup=False, timeout=_TOAST_SECONDS)
