"""Limits how many postponed papers come back on one day. The papers with the earliest days come back first.

The user postpones a paper until a day, and on that day the paper comes back, that is, it counts as new again. If more
papers come back on one day than the user wants, the others are held back until another day. Of papers with the same
day, those with the highest rating and then the most upvotes come back first. The setting "held_back" of the library
contains today's date and the ids of the papers that are held back today. Without this setting, all papers come back on
their day.
"""

from __future__ import annotations

from datetime import date

import msgspec

from store.library import settings
from store.library.library import Library

_KEY = "held_back"


class _HeldBack(msgspec.Struct, frozen=True):
    on: str = ""
    papers: tuple[int, ...] = ()


_stored = msgspec.json.Decoder(_HeldBack)


def begin_day(library: Library, today: date, most: int) -> bool:
    """On the first call of each day, let at most `most` postponed papers count as new again, and hold the rest back.

    Returns whether the set of papers that are held back has changed. Raises LibraryError when the library cannot be
    written.
    """
    text = settings.get(library.reader(), _KEY)
    before = _stored.decode(text) if text else _HeldBack()
    if before.on >= today.isoformat():
        return False
    with library.writing(durable=False) as connection:
        # A paper has already come back if its day came before the last call and it was not held back then. Select the
        # other papers whose day has come.
        due = connection.execute(
            "SELECT m.paper_id FROM mark m JOIN paper p ON p.id = m.paper_id WHERE m.later <= ?1"
            " AND (m.later > ?2 OR m.paper_id IN (SELECT value FROM json_each(?3)))"
            " ORDER BY m.later, m.rating IS NULL, m.rating DESC, coalesce(p.upvotes, 0) DESC, m.paper_id",
            (today.isoformat(), before.on, msgspec.json.encode(before.papers).decode()),
        ).fetchall()
        held = tuple(paper for (paper,) in due[max(0, most) :])
        settings.put(connection, _KEY, msgspec.json.encode(_HeldBack(today.isoformat(), held)).decode())
    return held != before.papers
