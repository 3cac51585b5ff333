"""Translates changes of the marks of papers into changes of fields (store/marks/registers.py lists the fields)."""

from __future__ import annotations

import sqlite3

from store.marks import fold, queue_order
from store.marks.registers import moment
from store.marks.stored_marks import FieldChange, Marks


def differences(
    connection: sqlite3.Connection, before: dict[int, Marks], after: dict[int, Marks], now: str
) -> list[FieldChange]:
    """The changes of fields that turn the stored marks `before` into the marks `after`.

    Both map the ids of papers to marks.

    A new position in the queue is translated into an order key (store/model/order_keys.py). The other papers in the
    queue keep their order. `now` is the time of the change (ISO 8601). The fields "status" and "queue" contain the time
    of the change. The first paper gets `now`, and each further paper a time one microsecond later, so that sorting by
    these times keeps the order of the papers.
    """
    changes: list[FieldChange] = []
    start = moment(now)
    wishes: dict[int, int] = {}
    for index, (number, new) in enumerate(after.items()):
        old = before[number]
        changes += _simple_changes(number, old, new, start + index)
        changes += [FieldChange(number, f"tag:{name}", None) for name in old.tags if name not in new.tags]
        changes += [FieldChange(number, f"tag:{name}", True) for name in new.tags if name not in old.tags]
        if new.queue_position is None:
            changes += [FieldChange(number, "queue", None)] if old.queue_position is not None else []
        elif new.queue_position != old.queue_position or new.queued_because != old.queued_because:
            wishes[number] = new.queue_position
    return [*changes, *_queue_changes(connection, wishes, before, after, start)]


def _simple_changes(number: int, old: Marks, new: Marks, at: int) -> list[FieldChange]:
    """The changes of the fields "bookmark", "status", "note", "later" and "rating" of a paper."""
    changes = []
    if new.bookmarked != old.bookmarked:
        changes.append(FieldChange(number, "bookmark", moment(new.bookmarked) if new.bookmarked else None))
    if new.status != old.status:
        changes.append(FieldChange(number, "status", None if new.status == "new" else [new.status, at]))
    changes += [
        FieldChange(number, field, getattr(new, field))
        for field in ("note", "later", "rating")
        if getattr(new, field) != getattr(old, field)
    ]
    return changes


def _moving(connection: sqlite3.Connection, wishes: dict[int, int], before: dict[int, Marks]) -> dict[int, int]:
    """The papers of `wishes` that get another position in the queue, with the wished positions.

    The result is empty if papers that are already at the end of the queue are moved beyond its end.
    """
    moving = {number: wish for number, wish in wishes.items() if wish != before[number].queue_position}
    if any(before[number].queue_position is None for number in moving):
        return moving
    (length,) = connection.execute("SELECT count(*) FROM queue").fetchone()
    # The last of these papers can be moved to the position `length` at most, the one before it to the position before.
    ascending = sorted(moving, key=lambda number: moving[number])
    largest = range(length - len(ascending) + 1, length + 1)
    if all(
        min(moving[each], most) == before[each].queue_position for each, most in zip(ascending, largest, strict=True)
    ):
        return {}
    return moving


def _queue_changes(
    connection: sqlite3.Connection,
    wishes: dict[int, int],
    before: dict[int, Marks],
    after: dict[int, Marks],
    at: int,
) -> list[FieldChange]:
    if not wishes:
        return []
    moving = _moving(connection, wishes, before)
    keys: dict[int, str | None] = {number: None for number in wishes if number not in moving}
    if moving:
        keys.update(queue_order.keys_for(connection, moving))
    folded = fold.of_papers(connection, list(keys))
    changes = []
    for index, (number, key) in enumerate(keys.items()):
        queued = folded.get(number, {}).get("queue")
        value = dict(queued.value) if queued else {"at": at + index}
        if key is not None:
            value["key"] = key
        if number in after:
            value["because"] = after[number].queued_because
        changes.append(FieldChange(number, "queue", {name: part for name, part in value.items() if part is not None}))
    return changes
