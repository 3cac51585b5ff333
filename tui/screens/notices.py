"""Messages about errors and other events, which are shown in the status line or in a bar that covers it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, NamedTuple

from store.model.errors import explanation
from tui.render import styled
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from tui.widgets.notice_bar import NoticeBar

# At most this many characters of an error message are shown, because it is shown on one line.
_MAX_LENGTH = 300

# An offer cannot be accepted within this time (s) after it has appeared, because the user cannot have read it yet.
_NOTICED_SECONDS = 0.5


class _Offer(NamedTuple):
    """The last offer: if the action of the next key is one of `by`, `accept` is called.

    `made_at` is when it appeared (s).
    """

    accept: Callable[[], None]
    by: Collection[str]
    made_at: float


class Notices:
    """Shows errors and other short messages."""

    def __init__(self, status: StatusLine, make_bar: Callable[[], NoticeBar]) -> None:
        """`make_bar` must put the bar on the screen and return it.

        It is called only for the first message in the bar, because in most runs there is no such message.
        """
        self._status = status
        self._make_bar = make_bar
        self._bar: NoticeBar | None = None
        self._offer: _Offer | None = None

    @property
    def texts(self) -> list[str]:
        """The messages in the bar."""
        return self._bar.texts if self._bar else []

    def attempt(self, step: Callable[[], object]) -> bool:
        """Call `step` and return whether it succeeded.

        If the library or the system raises an error, the status line shows it.

        Every action is called through this method, and so is every function that a dialog calls with its result. Any
        other error is a bug in recto: it is not caught and ends the application.
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
        """Show an error message in the status line, and also in the bar for messages, which has room for more text."""
        text = styled.safe(text, _MAX_LENGTH)
        self._status.show_news(text, error=True)
        self.toast(text, "error")

    def toast(self, text: str, severity: SeverityLevel = "information") -> None:
        """Show `text` in the bar until the next key. Use it for messages that the user must not miss."""
        if self._bar is None:
            self._bar = self._make_bar()
        self._bar.add(styled.safe_text(text), severity)

    def offer(self, text: str, accept: Callable[[], None], by: Collection[str] = ("read",)) -> None:
        """Offer something in the bar by showing `text`. If the action of the next key is one of `by`, call `accept`.

        `answer` must be called for the next key.
        """
        self.toast(text)
        self._offer = _Offer(accept, by, time.monotonic())

    def answer(self, action_id: str | None) -> bool:
        """Remove the messages from the bar.

        This must be called for each pressed key, with the id of its action or None.

        Returns whether the key has accepted an offer and must do nothing else. A key cannot accept an offer that has
        appeared only just now: the user cannot have read the offer, so the key was meant for something else.
        """
        if self._bar is not None:
            self._bar.clear()
        offer, self._offer = self._offer, None
        if offer is None or action_id not in offer.by or time.monotonic() - offer.made_at < _NOTICED_SECONDS:
            return False
        offer.accept()
        return True
