"""What runs behind the screen gives way to the reader's next key."""

from __future__ import annotations

import itertools
import queue
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from textual.message import Message

from store import query, views
from store.library import Library
from store.views import Shelves, View
from tui.jobs import Counted, Found, Searcher, Wish

PATIENCE = 20.0
# Would take minutes.
_ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT max(i) FROM n"


class Receiver:
    """Takes what is posted, as a screen does."""

    def __init__(self) -> None:
        self.posted: queue.Queue[Message] = queue.Queue()

    def post_message(self, message: Message) -> None:
        self.posted.put(message)


def test_a_wish_does_not_wait_for_the_views_to_be_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: queue.Queue[int] = queue.Queue()
    shelves = views.shelves
    times = itertools.count(1)

    def slow_at_first(connection: sqlite3.Connection) -> Shelves:
        time = next(times)
        begun.put(time)
        if time == 1:
            connection.execute(_ENDLESS).fetchone()
        return shelves(connection)

    monkeypatch.setattr(views, "shelves", slow_at_first)
    receiver = Receiver()
    with Library.open(tmp_path / "library.db") as library:
        searcher = Searcher(library, receiver)  # type: ignore[arg-type]
        searcher.count()
        searcher.start()
        assert begun.get(timeout=PATIENCE) == 1
        searcher.wish(Wish(1, View("all"), query.parse("", date(2026, 7, 15)), "best"))
        assert isinstance(receiver.posted.get(timeout=PATIENCE), Found)
        # Then they are counted after all.
        assert isinstance(receiver.posted.get(timeout=PATIENCE), Counted)
        searcher.stop()
