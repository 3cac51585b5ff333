"""The session: the view, filter and cursor position to restore at the next start. It is one setting of the library."""

from __future__ import annotations

import sqlite3

import msgspec

from store.library import settings
from store.library.library import Library
from store.papers.views import Sort

_KEY = "session"


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """The state of the reader that the next start restores.

    `filter` is the text of the filter. `paper` is the id of the paper under the cursor, and `line` the number of papers
    between the top of the screen and that paper. `list_share` is the share of the width that the list has (percent).
    `chosen_theme` is the theme that the reader chose, if any. `background_is_dark` is what the terminal last said.
    """

    view: str = "new"
    filter: str = ""
    sort: Sort = "best"
    paper: int | None = None
    line: int = 0
    list_share: int = 45
    chosen_theme: str | None = None
    background_is_dark: bool | None = None


def load(connection: sqlite3.Connection) -> Session:
    """The stored session, or the default session when none is stored or the stored one is invalid."""
    text = settings.get(connection, _KEY)
    try:
        return msgspec.json.decode(text, type=Session) if text is not None else Session()
    except msgspec.MsgspecError:
        return Session()


def save(library: Library, session: Session) -> None:
    """Store `session`. A power failure may undo this, which is acceptable because a session contains no marks."""
    with library.writing(durable=False) as connection:
        settings.put(connection, _KEY, msgspec.json.encode(session).decode())
