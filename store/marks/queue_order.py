"""The order of the reading queue: the positions of papers, which count from 1, and order keys for new positions.

The queue is stored by order keys (store/model/order_keys.py) and sorted by them, so a paper is moved by changing its
key.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping

import msgspec

# This position stands for the end of the queue. It is larger than the length of any queue and than the id of any paper.
QUEUE_END = 2**40
# The positions of at most this many papers are found one by one. For more papers, reading all of the queue is faster.
_FEW = 4


def position(connection: sqlite3.Connection, paper: int) -> int | None:
    """The position of a paper in the queue, or None when it is not in the queue."""
    row = connection.execute("SELECT key, identity FROM queue WHERE paper_id = ?", (paper,)).fetchone()
    if row is None:
        return None
    count = connection.execute("SELECT count(*) FROM queue WHERE (key, identity) <= (?, ?)", row).fetchone()
    return int(count[0])


def positions(connection: sqlite3.Connection, papers: Collection[int]) -> dict[int, int]:
    """The position of each of `papers` that is in the queue, by the id of the paper."""
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
    """The new order keys that move papers to new positions. `wishes` maps the id of each paper to its new position.

    The result is as if all these papers were taken out of the queue and put back one by one, the one with the lowest
    position first. A position beyond the end means the end. The other papers keep their order. They also keep their
    keys, except that if a paper is put between two papers with equal keys, some of them get new keys. The result
    contains these new keys too.
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
        # The wished positions are consecutive, so reading the keys of the paper before them and the paper after them is
        # enough.
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
