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

    others = "FROM queue WHERE paper_id NOT IN (SELECT value FROM json_each(?))"
    moving = msgspec.json.encode(list(wishes)).decode()
    (length,) = connection.execute(f"SELECT count(*) {others}", (moving,)).fetchone()
    ascending = sorted(wishes, key=lambda paper: wishes[paper])
    if wishes[ascending[0]] > length:
        (last,) = connection.execute(f"SELECT max(key) {others}", (moving,)).fetchone()
        return dict(zip(ascending, keys_between(last, None, len(ascending)), strict=True))
    first = max(1, wishes[ascending[0]])
    if [max(1, wishes[paper]) for paper in ascending] == list(range(first, first + len(ascending))):
        # The papers come to stand one after another, so only the keys of their neighbours are needed.
        neighbours = connection.execute(
            f"SELECT key {others} ORDER BY key, identity LIMIT ? OFFSET ?",
            (moving, 1 if first == 1 else 2, max(0, first - 2)),
        ).fetchall()
        lower, upper = (None, *neighbours[0]) if first == 1 else (neighbours[0][0], neighbours[1][0])
        if lower is None or lower < upper:
            return dict(zip(ascending, keys_between(lower, upper, len(ascending)), strict=True))
    rows = connection.execute(f"SELECT paper_id, key {others} ORDER BY key, identity", (moving,)).fetchall()
    items: list[tuple[int, str | None]] = list(rows)
    for paper in ascending:
        items.insert(max(1, wishes[paper]) - 1, (paper, None))
    keys = filled([key for _, key in items])
    return {paper: new for (paper, key), new in zip(items, keys, strict=True) if new != key}
