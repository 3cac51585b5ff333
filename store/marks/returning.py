"""Lets only a few postponed papers come back on a day: those that have waited longest, and of these the best.

A postponed paper comes back on its day. If more come back on one day than the reader wants, the others are held back
until another day. A setting of the library has the numbers of the papers that are held back today, and the day. All due
papers come back while nothing is held back.
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
    """On the first call of a day, let at most `most` postponed papers come back, and hold the others back.

    Returns whether other papers are held back than before. Raises LibraryError when the library cannot be written.
    """
    text = settings.get(library.reader(), _KEY)
    before = _stored.decode(text) if text else _HeldBack()
    if before.on >= today.isoformat():
        return False
    with library.writing(durable=False) as connection:
        # Of the due papers, those that were due before and not held back have come back already.
        due = connection.execute(
            "SELECT m.paper_id FROM mark m JOIN paper p ON p.id = m.paper_id WHERE m.later <= ?1"
            " AND (m.later > ?2 OR m.paper_id IN (SELECT value FROM json_each(?3)))"
            " ORDER BY m.later, m.rating IS NULL, m.rating DESC, coalesce(p.upvotes, 0) DESC, m.paper_id",
            (today.isoformat(), before.on, msgspec.json.encode(before.papers).decode()),
        ).fetchall()
        held = tuple(paper for (paper,) in due[max(0, most) :])
        settings.put(connection, _KEY, msgspec.json.encode(_HeldBack(today.isoformat(), held)).decode())
    return held != before.papers
