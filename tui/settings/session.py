"""What the reader left is what it finds: kept in the library itself, as one setting."""

from __future__ import annotations

import sqlite3

import msgspec

from store.library import settings
from store.library.library import Library
from store.papers.views import Sort

_KEY = "session"


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """Where a reader is: the view, the filter as typed, the sort, the paper, how the panes are, the theme.

    `line` is how far below the top of the list the paper is, in papers.
    """

    view: str = "new"
    filter: str = ""
    sort: Sort = "best"
    paper: int | None = None
    line: int = 0
    list_share: int = 45
    theme: str | None = None


def load(connection: sqlite3.Connection) -> Session:
    """The session that was left; a fresh one when there is none or it cannot be read."""
    text = settings.get(connection, _KEY)
    try:
        return msgspec.json.decode(text, type=Session) if text is not None else Session()
    except msgspec.MsgspecError:
        return Session()


def save(library: Library, session: Session) -> None:
    """Keep `session`. A power cut may forget it; nothing of the reader's marks is in it."""
    with library.writing(durable=False) as connection:
        settings.put(connection, _KEY, msgspec.json.encode(session).decode())
