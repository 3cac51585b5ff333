"""The order of the reading queue: positions, which count from 1, and the order keys that new positions need."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping

import msgspec

# The position that means the end of the queue. It is larger than the length of any queue and than any paper's number.
QUEUE_END = 2**40
# For more papers than this, their positions are found by reading the whole queue.
_FEW = 4


def position(connection: sqlite3.Connection, paper: int) -> int | None:
    """The position of a paper in the queue, or None when it is not in the queue."""
    row = connection.execute("SELECT key, identity FROM queue WHERE paper_id = ?", (paper,)).fetchone()
    if row is None:
        return None
    count = connection.execute("SELECT count(*) FROM queue WHERE (key, identity) <= (?, ?)", row).fetchone()
    return int(count[0])


def positions(connection: sqlite3.Connection, papers: Collection[int]) -> dict[int, int]:
    """The positions of those of `papers` that are in the queue."""
    queued = connection.execute(
        "SELECT q.paper_id FROM json_each(?) i JOIN queue q ON q.paper_id = i.value",
        (msgspec.json.encode(list(papers)).decode(),),
    )
    wanted = {paper for (paper,) in queued}
    if len(wanted) <= _FEW:
        return {paper: place for paper in wanted if (place := position(connection, paper)) is not None}
    rows = connection.execute("SELECT paper_id FROM queue ORDER BY key, identity")
    return {paper: place for place, (paper,) in enumerate(rows, 1) if paper in wanted}


def keys_for(connection: sqlite3.Connection, wishes: Mapping[int, int]) -> dict[int, str]:
    """The new order keys with which papers move to the positions that `wishes` has for them.

    The papers are taken out of the queue and put back, the lowest position first; a position beyond the end is the end.
    The other papers keep their order. They keep their keys too, unless a paper is put between two with equal keys.
    """
    # Imported here, because reading positions does not need it, and the import would delay every start.
    from store.model.order_keys import filled, keys_between

    marks = ", ".join("?" * len(wishes))
    others = f"FROM queue WHERE paper_id NOT IN ({marks})"
    (length,) = connection.execute(f"SELECT count(*) {others}", tuple(wishes)).fetchone()
    ascending = sorted(wishes, key=lambda paper: wishes[paper])
    if wishes[ascending[0]] > length:
        (last,) = connection.execute(f"SELECT max(key) {others}", tuple(wishes)).fetchone()
        return dict(zip(ascending, keys_between(last, None, len(ascending)), strict=True))
    rows = connection.execute(f"SELECT paper_id, key {others} ORDER BY key, identity", tuple(wishes)).fetchall()
    items: list[tuple[int, str | None]] = list(rows)
    for paper in ascending:
        items.insert(max(1, wishes[paper]) - 1, (paper, None))
    keys = filled([key for _, key in items])
    return {paper: new for (paper, key), new in zip(items, keys, strict=True) if new != key}
