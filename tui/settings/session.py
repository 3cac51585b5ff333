"""The session: the view, the filter, the cursor position and other state of the screen.

It is stored when the application ends, and restored at the next start.

In the library, the session is one value in the table of settings.
"""

from __future__ import annotations

import sqlite3

import msgspec

from store.library import settings
from store.library.library import Library
from store.papers import visits
from store.papers.views import Sort

_KEY = "session"


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """The state of the screen that is restored at the next start.

    `filter` is the text of the filter. `paper` is the id of the paper under the cursor, and `line` the number of papers
    that are shown above that paper. `list_share` is the width of the list in percent of the screen. `chosen_theme` is
    the name of the theme that the user chose with a key, or None. `background_is_dark` is the last answer of the
    terminal to the question whether its background is dark, or None if no terminal has answered yet. `used_on` is the
    last day on which the application was open. `taken_keys` is the last message about default keys that the
    configuration gives to other actions.
    """

    view: str = "new"
    filter: str = ""
    sort: Sort = "best"
    paper: int | None = None
    line: int = 0
    list_share: int = 45
    chosen_theme: str | None = None
    background_is_dark: bool | None = None
    used_on: str = ""
    taken_keys: str = ""


def load(connection: sqlite3.Connection) -> Session:
    """The stored session, or the default session when none is stored or the stored one is invalid.

    If a tag, collection or saved filter in its view or filter was renamed since, its new name is used.
    """
    text = settings.get(connection, _KEY)
    try:
        session = msgspec.json.decode(text, type=Session) if text is not None else Session()
    except msgspec.MsgspecError:
        return Session()
    if ":" not in session.view and ":" not in session.filter:
        return session
    # Imported here, because most sessions name no tag, collection or saved filter.
    from store.marks import named_in_filters

    names = named_in_filters.renames(connection)
    view = named_in_filters.view_with_new_name(names, session.view)
    filter = named_in_filters.filter_with_new_names(names, session.filter)
    return msgspec.structs.replace(session, view=view, filter=filter)


def save(library: Library, session: Session) -> None:
    """Store `session`, and record that the application was open today.

    The write is not flushed to the disk, so a power failure may undo it. The session contains none of the user's marks
    on papers, so little is lost.
    """
    with library.writing(durable=False, is_session=True) as connection:
        visits.note(connection)
        settings.put(connection, _KEY, msgspec.json.encode(session).decode())
