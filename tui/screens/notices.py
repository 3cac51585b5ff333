"""Messages about what went wrong or needs an answer: in the status line, and in a bar over it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from store.model.errors import explanation
from tui.render import styled
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from tui.widgets.notice_bar import NoticeBar

# The longest explanation of an error on one line (characters).
_MAX_LENGTH = 300

# An offer that is younger was not seen before the key was pressed (s).
_NOTICED_SECONDS = 0.5


class Notices:
    """Shows errors and other short messages."""

    def __init__(self, status: StatusLine, make_bar: Callable[[], NoticeBar]) -> None:
        """`make_bar` puts the bar on the screen. It is called for the first message: most sittings have none."""
        self._status = status
        self._make_bar = make_bar
        self._bar: NoticeBar | None = None
        # What the next key may accept, and when it was offered.
        self._offer: tuple[Callable[[], None], float] | None = None

    @property
    def texts(self) -> list[str]:
        """The messages in the bar."""
        return self._bar.texts if self._bar else []

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
        """Show what went wrong in the status line, and in the bar, where there is room for all of it."""
        text = styled.safe(text, _MAX_LENGTH)
        self._status.show_news(text, error=True)
        self.toast(text, "error")

    def toast(self, text: str, severity: SeverityLevel = "information") -> None:
        """Show `text` at the bottom of the screen until the next key, for what needs an answer."""
        if self._bar is None:
            self._bar = self._make_bar()
        self._bar.add(styled.safe_text(text), severity)

    def offer(self, text: str, accept: Callable[[], None]) -> None:
        """Show what the next key may accept, if it is the key that reads a paper."""
        self.toast(text)
        self._offer = accept, time.monotonic()

    def dismiss(self) -> Callable[[], None] | None:
        """Remove what `toast` and `offer` showed, because a key was pressed. Returns what the offer does.

        None when there was no offer, or when it has just appeared: the key was then meant for something else.
        """
        if self._bar is not None:
            self._bar.clear()
        offer, self._offer = self._offer, None
        return offer[0] if offer and time.monotonic() - offer[1] >= _NOTICED_SECONDS else None
