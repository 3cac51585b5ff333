"""The reader's own marks: bookmarks, the queue, status, tags and notes, and the journal that undo and redo walk.

Every change is one action in the journal: what the papers it touched had before, and what they have after.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec

from store.library.library import Library
from store.model.paper import LibraryError
from store.text.clean import clean, line

Status = Literal["new", "seen", "reading", "done", "hidden"]
STATUSES: tuple[Status, ...] = ("new", "seen", "reading", "done", "hidden")


class Marks(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the reader made of one paper. `queue_position` counts from 1; `bookmarked` is when, in UTC."""

    bookmarked: str | None = None
    queue_position: int | None = None
    status: Status = "new"
    tags: tuple[str, ...] = ()
    note: str | None = None


class Marked(msgspec.Struct, frozen=True):
    """An action that is on the disk: what it did in words, and the papers it touched with their marks now."""

    label: str
    papers: dict[int, Marks]


Change = Callable[[Marks], Marks]
_states = msgspec.json.Decoder(dict[int, Marks])
_json = msgspec.json.Encoder()


def marks(connection: sqlite3.Connection, number: int) -> Marks:
    """The marks of one paper. Works on any connection."""
    row = connection.execute("SELECT bookmarked_at, status, note FROM mark WHERE paper_id = ?", (number,)).fetchone()
    bookmarked, status, note = row or (None, None, None)
    tags = connection.execute("SELECT name FROM tag WHERE paper_id = ? ORDER BY name", (number,)).fetchall()
    return Marks(
        bookmarked=bookmarked,
        queue_position=_place(connection, number),
        status=status or "new",
        tags=tuple(name for (name,) in tags),
        note=note,
    )


def bookmark(library: Library, papers: Sequence[int], wanted: bool | None = None) -> Marked:
    """Set or take away bookmarks; None toggles: if any of the papers has none, all get one."""

    def decide(states: dict[int, Marks]) -> tuple[str, Change]:
        on = wanted if wanted is not None else any(not state.bookmarked for state in states.values())
        now = _now()
        return (
            "bookmarked" if on else "bookmark removed",
            lambda state: msgspec.structs.replace(state, bookmarked=(state.bookmarked or now) if on else None),
        )

    return _act(library, papers, decide)


def queue(library: Library, papers: Sequence[int], wanted: bool | None = None, at: int | None = None) -> Marked:
    """Put papers in the reading queue, at its end or at position `at` (from 1), or take them out. None toggles."""

    def decide(states: dict[int, Marks]) -> tuple[str, Change]:
        on = wanted if wanted is not None else any(state.queue_position is None for state in states.values())
        if not on:
            return "taken out of the queue", lambda state: msgspec.structs.replace(state, queue_position=None)
        if at is None:
            places = iter(range(_AT_END, _AT_END + len(states)))
            return (
                "queued",
                lambda state: (
                    state
                    if state.queue_position is not None
                    else msgspec.structs.replace(state, queue_position=next(places))
                ),
            )
        first = min(max(1, at), _AT_END)
        places = iter(range(first, first + len(states)))
        return "queued", lambda state: msgspec.structs.replace(state, queue_position=next(places))

    return _act(library, papers, decide)


def move(library: Library, paper: int, to: int) -> Marked:
    """Give a queued paper another place. Raises LibraryError when it is not in the queue."""

    def decide(states: dict[int, Marks]) -> tuple[str, Change]:
        if _only(states).queue_position is None:
            raise LibraryError(f"paper {paper} is not in the queue; put it there with: recto mark {paper} --queue")
        place = min(max(1, to), _AT_END)
        return "moved in the queue", lambda state: msgspec.structs.replace(state, queue_position=place)

    return _act(library, [paper], decide)


def shift(library: Library, paper: int, by: int) -> Marked:
    """Move a queued paper `by` places down, or up when negative; at either end it stays. As `move` otherwise."""

    def decide(states: dict[int, Marks]) -> tuple[str, Change]:
        position = _only(states).queue_position
        if position is None:
            raise LibraryError("only a queued paper can be moved: press a to queue it")
        place = min(max(1, position + by), _AT_END)
        return "moved in the queue", lambda state: msgspec.structs.replace(state, queue_position=place)

    return _act(library, [paper], decide)


def status(library: Library, papers: Sequence[int], wanted: Status, *, toggle: bool = False) -> Marked:
    """Give papers a status. `toggle`: those that all have it become "seen", or "new" when it was that."""

    def decide(states: dict[int, Marks]) -> tuple[str, Change]:
        target = wanted
        if toggle and all(state.status == wanted for state in states.values()):
            target = "new" if wanted == "seen" else "seen"
        return _STATUS_LABEL[target], lambda state: msgspec.structs.replace(state, status=target)

    return _act(library, papers, decide)


def seen(library: Library, paper: int) -> Marked:
    """A new paper was opened. Nothing happens to one that has any other status."""
    return _act(
        library,
        [paper],
        lambda states: (
            "seen",
            lambda state: msgspec.structs.replace(state, status="seen") if state.status == "new" else state,
        ),
    )


def tag(library: Library, papers: Sequence[int], add: Iterable[str] = (), drop: Iterable[str] = ()) -> Marked:
    """Add and drop tags."""
    new = {name for each in add if (name := tag_name(each))}
    old = {name for each in drop if (name := tag_name(each))}
    return _act(
        library,
        papers,
        lambda states: (
            "tagged" if new else "tag removed",
            lambda state: msgspec.structs.replace(state, tags=tuple(sorted({*state.tags, *new} - old))),
        ),
    )


def retag(library: Library, papers: Sequence[int], tags: Iterable[str]) -> Marked:
    """Give papers exactly these tags."""
    names = tuple(sorted({name for each in tags if (name := tag_name(each))}))
    return _act(library, papers, lambda states: ("tagged", lambda state: msgspec.structs.replace(state, tags=names)))


def note(library: Library, paper: int, text: str | None) -> Marked:
    """Set the one note of a paper, its lines as they were written; empty text removes it."""
    words = clean(text or "").expandtabs(4).strip() or None
    return _act(
        library,
        [paper],
        lambda states: (
            "note saved" if words else "note removed",
            lambda state: msgspec.structs.replace(state, note=words),
        ),
    )


def undo(library: Library) -> Marked | None:
    """Take the last action back; None when there is none."""
    return _walk(library, "SELECT id, label, before, after FROM journal WHERE NOT undone ORDER BY id DESC", 1)


def redo(library: Library) -> Marked | None:
    """Do again what was taken back last; None when there is nothing."""
    return _walk(library, "SELECT id, label, after, before FROM journal WHERE undone ORDER BY id", 0)


def join(connection: sqlite3.Connection, kept: int, gone: int) -> None:
    """Two papers turned out to be one: the marks of both are kept. Inside a write transaction."""
    both = _both(marks(connection, kept), marks(connection, gone))
    _store(connection, {gone: Marks()})
    _store(connection, {kept: both})


def part(connection: sqlite3.Connection, kept: int, parted: Iterable[int]) -> None:
    """Papers that had been joined to `kept` are by themselves again, each with the marks it was given as such.

    `kept` loses what it had from them alone. Inside a write transaction.
    """
    staying = [gone for (gone,) in connection.execute("SELECT gone FROM joined WHERE kept = ?", (kept,))]
    # Of two that were put at one place of the queue the later one comes first.
    given = sorted((found, number) for number in (kept, *staying, *parted) if (found := _given(connection, number)))
    states = {number: _states.decode(after)[number] for (_, after), number in given}
    gone = {number: state for number, state in states.items() if number not in (kept, *staying)}
    rest = (state for number, state in states.items() if number in staying)
    own, now = functools.reduce(_both, rest, states.get(kept, Marks())), marks(connection, kept)
    both = functools.reduce(_both, gone.values(), own)
    requeued = both.queue_position is not None and (
        own.queue_position is None or both.queue_position == now.queue_position
    )
    back = _back(now, both, own, requeued=requeued)
    if back.note == now.note:
        # Of several notes in one those that leave are taken out.
        lost = [state.note for state in gone.values() if state.note and state.note != states.get(kept, Marks()).note]
        back = msgspec.structs.replace(back, note=functools.reduce(_without_note, lost, back.note))
    _store(connection, {**gone, kept: back})


def tag_name(text: str) -> str:
    """A tag as it is kept: no white space, no case, no leading "#"."""
    return "-".join(line(text).lstrip("#").casefold().split())[:100]


# Beyond any queue's length, and any paper's number: a place there is the end.
_AT_END = 2**40
_BY_EFFORT: tuple[Status, ...] = ("new", "seen", "hidden", "done", "reading")
_STATUS_LABEL: dict[Status, str] = {
    "new": "marked new",
    "seen": "marked seen",
    "reading": "reading",
    "done": "done",
    "hidden": "hidden",
}


def _now() -> str:
    # Marks made one right after the other keep their order.
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _only(states: dict[int, Marks]) -> Marks:
    """The state of the one paper of an action, which may have another number than the one it was called by."""
    (state,) = states.values()
    return state


def _act(library: Library, papers: Sequence[int], decide: Callable[[dict[int, Marks]], tuple[str, Change]]) -> Marked:
    """One action: decided and carried out in one transaction, so that two rectos cannot cross."""
    with library.writing() as connection:
        numbers = [resolve(connection, number) for number in papers]
        before = {number: marks(connection, number) for number in numbers}
        label, change = decide(before)
        after = {number: change(state) for number, state in before.items()}
        if after == before:
            return Marked(label, before)
        _store(connection, after)
        # As stored: a place at the end has become a number.
        after = {number: marks(connection, number) for number in after}
        if after == before:
            return Marked(label, after)
        connection.execute("DELETE FROM journal WHERE undone")
        connection.execute(
            "INSERT INTO journal (at, label, before, after, undone) VALUES (?, ?, ?, ?, 0)",
            (_now(), label, _json.encode(before).decode(), _json.encode(after).decode()),
        )
        return Marked(label, after)


def _both(first: Marks, second: Marks) -> Marks:
    """The marks of two papers that are one."""
    notes = [text for text in (first.note, second.note) if text]
    places = [place for place in (first.queue_position, second.queue_position) if place]
    stamps = [stamp for stamp in (first.bookmarked, second.bookmarked) if stamp]
    return Marks(
        bookmarked=min(stamps, default=None),
        queue_position=min(places, default=None),
        # Of two statuses the one that the reader did more for.
        status=max(first.status, second.status, key=_BY_EFFORT.index),
        tags=tuple(sorted({*first.tags, *second.tags})),
        note="\n\n".join(dict.fromkeys(notes)) or None,
    )


def _without_note(note: str | None, lost: str) -> str | None:
    """A note of several that were joined, without one of them."""
    kept = f"\n\n{note or ''}\n\n".replace(f"\n\n{lost}\n\n", "\n\n", 1)
    return kept.strip("\n") or None


def _given(connection: sqlite3.Connection, number: int) -> tuple[int, str] | None:
    """The last action on a paper under this number, and what it left; None when there was none."""
    row: tuple[int, str] | None = connection.execute(
        "SELECT j.id, j.after FROM journal j, json_each(j.after) state WHERE NOT j.undone AND state.key = ?"
        " ORDER BY j.id DESC LIMIT 1",
        (str(number),),
    ).fetchone()
    return row


def _walk(library: Library, select: str, undone: int) -> Marked | None:
    with library.writing() as connection:
        row = connection.execute(f"{select} LIMIT 1").fetchone()
        if row is None:
            return None
        step, label, wanted, left = row
        target, source = _states.decode(wanted), _states.decode(left)
        requeued = any(target[number].queue_position != source[number].queue_position for number in target)
        states: dict[int, Marks] = {}
        for number in target:
            joined = connection.execute("SELECT kept FROM joined WHERE gone = ?", (number,)).fetchone()
            current = joined[0] if joined else number
            state = states.get(current) or marks(connection, current)
            states[current] = _back(state, source[number], target[number], requeued=requeued and not joined)
        _store(connection, states)
        connection.execute("UPDATE journal SET undone = ? WHERE id = ?", (undone, step))
        return Marked(label, {number: marks(connection, number) for number in states})


def _back(now: Marks, source: Marks, target: Marks, *, requeued: bool) -> Marks:
    """`now` with what an action changed set from `source` to `target`, and nothing else.

    They differ in more than that only for a paper that another was joined to since: its marks are kept.
    """
    tags = {*now.tags} - ({*source.tags} - {*target.tags}) | ({*target.tags} - {*source.tags})
    return Marks(
        bookmarked=target.bookmarked if now.bookmarked == source.bookmarked else now.bookmarked,
        queue_position=target.queue_position if requeued else now.queue_position,
        status=target.status if now.status == source.status else now.status,
        tags=tuple(sorted(tags)),
        note=target.note if now.note == source.note else now.note,
    )


def resolve(connection: sqlite3.Connection, number: int) -> int:
    """The paper that `number` names now. Raises LibraryError when no paper has that number."""
    row = None
    if abs(number) < _AT_END:
        row = connection.execute(
            "SELECT id FROM paper WHERE id = ?1 UNION ALL SELECT kept FROM joined WHERE gone = ?1 LIMIT 1",
            (number,),
        ).fetchone()
    if row is None:
        raise LibraryError(f"there is no paper {number}; recto list shows the numbers")
    return int(row[0])


def _store(connection: sqlite3.Connection, states: dict[int, Marks]) -> None:
    """Make the stored marks of these papers be these; the order of the other queued papers stays."""
    for number, state in states.items():
        status = None if state.status == "new" else state.status
        if (state.bookmarked, status, state.note) == (None, None, None):
            connection.execute("DELETE FROM mark WHERE paper_id = ?", (number,))
        else:
            connection.execute(
                "INSERT INTO mark (paper_id, bookmarked_at, status, status_at, note) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (paper_id) DO UPDATE SET bookmarked_at = excluded.bookmarked_at,"
                " status_at = CASE WHEN status IS excluded.status THEN status_at ELSE excluded.status_at END,"
                " status = excluded.status, note = excluded.note",
                (number, state.bookmarked, status, _now() if status else None, state.note),
            )
        connection.execute("DELETE FROM tag WHERE paper_id = ?", (number,))
        connection.executemany(
            "INSERT INTO tag (paper_id, name) VALUES (?, ?)", [(number, name) for name in state.tags]
        )
    _requeue(connection, states)


def _requeue(connection: sqlite3.Connection, states: dict[int, Marks]) -> None:
    """Take these papers out of the queue and put them back at their places, first places first.

    The queue without them is the same before and after any action on them, so that absolute places restore it.
    """
    if all(_place(connection, number) == state.queue_position for number, state in states.items()):
        return
    for number in states:
        row = connection.execute("DELETE FROM queue WHERE paper_id = ? RETURNING position", (number,)).fetchone()
        if row:
            connection.execute("UPDATE queue SET position = position - 1 WHERE position > ?", row)
    placed = [(state.queue_position, number) for number, state in states.items() if state.queue_position]
    for place, number in sorted(placed, key=lambda each: each[0]):
        (length,) = connection.execute("SELECT count(*) FROM queue").fetchone()
        position = min(place, length + 1)
        connection.execute("UPDATE queue SET position = position + 1 WHERE position >= ?", (position,))
        connection.execute("INSERT INTO queue (paper_id, position) VALUES (?, ?)", (number, position))


def _place(connection: sqlite3.Connection, number: int) -> int | None:
    row = connection.execute("SELECT position FROM queue WHERE paper_id = ?", (number,)).fetchone()
    return row[0] if row else None
