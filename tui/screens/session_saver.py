"""Saves the session: the view, the filter, the position of the cursor and so on, which the next start restores."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec

from store.library.library import Library
from tui.screens.delayed_call import DelayedCall, SetTimer
from tui.screens.list_search import ListSearch
from tui.settings import session
from tui.settings.session import Session
from tui.settings.theme_choice import ThemeChoice
from tui.widgets.panes import Panes
from tui.widgets.paper_list import PaperList
from tui.workers.write_worker import WriteWorker

# The session is saved when nothing in it has changed for this time (s).
_SAVE_SECONDS = 1.0


class SessionSaver:
    """Writes the session (the state of the screen for the next start) to the library when it has changed."""

    def __init__(
        self,
        library: Library,
        writer: WriteWorker,
        saved: Session,
        current: Callable[[Session], Session],
        set_timer: SetTimer,
    ) -> None:
        """`saved` is the session that is stored in the library.

        `current` must return a copy of the session that is its argument, updated to the current state of the screen.
        """
        self._library = library
        self._writer = writer
        # The notice about default keys that the configuration gives to other actions, once the user has seen the
        # notice. It is saved, so that the next start does not show it again.
        self.taken_keys = saved.taken_keys
        self._saved = saved
        self._current = current
        self._delayed = DelayedCall(set_timer, self.save)

    def save_soon(self) -> None:
        """Save the session after a delay, which each further call starts again."""
        self._delayed.request(_SAVE_SECONDS)

    def save(self) -> None:
        """Save the session now, if it has changed. A failure is not reported, because a session is not important."""
        current = msgspec.structs.replace(self._current(self._saved), taken_keys=self.taken_keys)
        if current != self._saved:
            self._writer.write(
                lambda: session.save(self._library, current), lambda _: self._is_saved(current), quiet=True
            )

    def _is_saved(self, current: Session) -> None:
        self._saved = current


def session_now(saved: Session, search: ListSearch, papers: PaperList, panes: Panes, theme: ThemeChoice) -> Session:
    """A copy of the session `saved`, updated to the current state of the screen."""
    place = papers.lasting_place
    return msgspec.structs.replace(
        saved,
        view=str(search.view),
        filter=search.query.text,
        sort=search.sort,
        paper=place.paper if place else None,
        line=(place.line or 0) if place else 0,
        list_share=panes.list_share,
        chosen_theme=theme.chosen,
        background_is_dark=theme.background_is_dark,
        used_on=date.today().isoformat(),
    )
