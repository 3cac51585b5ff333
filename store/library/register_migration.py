"""Converts the marks and the journal of libraries up to version 6 into registers, which machines can exchange.

Each mark becomes a register: the latest value of one field of one paper, and the time of its change
(store/marks/registers.py). The journal, which stores the user's steps for undo, becomes a list of changes of registers.

Libraries up to version 6 stored the marks of a paper by the id of the paper, and stored positions in the queue as
numbers. Each step of their journal contained all marks of its papers before and after the step. The migration keeps the
times of marks and the order of the queue.

Old steps can still be undone and redone. For this, the migration computes what the queue was before each step, and
gives each earlier position in the queue an order key (store/model/order_keys.py). Suppose that a paper was joined to
another one because they are the same paper. The marks that it had before are stored as registers of a special identity,
"former:" followed by the id of the paper, which no other machine uses. If the two papers are separated again, the paper
has these marks again.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlite_utils import Database

from store.library import register_tables
from store.model.order_keys import filled, keys_between

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DEVICE_BYTES = 4
_COUNTER_BITS = 16
_decoder = msgspec.json.Decoder(dict[int, dict[str, Any]])
_MarksByPaper = dict[int, dict[str, Any]]


class _Step(msgspec.Struct):
    """A step of the old journal. `changes` are the changes of registers into which it is converted."""

    id: int
    at: str
    label: str
    undone: int
    sitting: int | None
    before: _MarksByPaper
    after: _MarksByPaper
    changes: list[tuple[str, str, Any, Any]]


def migrate(db: Database) -> None:
    """Create the tables of registers, fill them from the old tables, and remove or replace the old tables."""
    register_tables.create(db)
    _Conversion(db.conn).run()
    db.execute("DROP TABLE old_queue")
    db.execute("DROP TABLE old_journal")


class _Conversion:
    """Computes the registers and the new journal: goes back through the old steps, starting from the current marks."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.joined: dict[int, int] = dict(connection.execute("SELECT gone, kept FROM joined"))
        self.identities: dict[int, str] = {}
        self.numbers: dict[str, int] = {}
        self.steps = list(self._read_steps())
        # Maps the id of a paper to the steps that changed its status: for each, the id, the time and the new status.
        self.statuses: dict[int, list[tuple[int, str, str]]] = {}
        # The values of all fields of each paper. They change as the conversion goes from step to step.
        self.values: dict[int, dict[str, Any]] = {}
        # For each identity (the text that stands for a paper on all machines) and field, the attribute `over` of the
        # register: the identities of joined papers whose registers of this field are replaced by this register.
        self.over: dict[tuple[str, str], list[str]] = {}
        # Maps the id of a paper to the time of the last step that changed it.
        self.changed_at: dict[int, str] = {}

    def run(self) -> None:
        """Compute the registers and the new journal from the old tables, and write them into the new tables."""
        done = [step for step in self.steps if not step.undone]
        undone = sorted((step for step in self.steps if step.undone), key=lambda step: (-step.undone, step.id))
        self._read_marks(self._times(done))
        for step in reversed(done):
            self._follow(step, step.after, step.before)
            step.changes = [(name, field, new, old) for name, field, old, new in step.changes]
        # Going back through the steps has changed `self.values` to the oldest state, so apply all changes again in
        # order.
        for step in done:
            for name, field, _, new in step.changes:
                self._put(name, field, new)
        for step in undone:
            self._follow(step, step.before, step.after)
        for step in reversed(undone):
            for name, field, old, _ in step.changes:
                self._put(name, field, old)
        self._write_registers(done)
        self._write_journal()

    # Methods that read the old tables.

    def _read_steps(self) -> Iterator[_Step]:
        for number, at, label, before, after, undone, sitting in self.connection.execute(
            "SELECT id, at, label, before, after, undone, sitting FROM old_journal ORDER BY id"
        ):
            try:
                marks = _decoder.decode(before), _decoder.decode(after)
            except msgspec.MsgspecError:
                continue
            yield _Step(number, at, label, undone, sitting, *marks, [])

    def _times(self, done: list[_Step]) -> dict[int, str]:
        """When each paper was last put into the queue. Also fills `self.changed_at` and `self.statuses`."""
        queued: dict[int, str] = {}
        for step in done:
            for number, marks in step.after.items():
                self.changed_at[number] = step.at
                before = step.before.get(number, {})
                if marks.get("queue_position") is not None and before.get("queue_position") is None:
                    queued[number] = step.at
                if (status := marks.get("status", "new")) != before.get("status", "new"):
                    self.statuses.setdefault(number, []).append((step.id, step.at, status))
        return queued

    def _read_marks(self, queued_at: Mapping[int, str]) -> None:
        for number, bookmarked, status, status_at, note, later in self.connection.execute(
            "SELECT paper_id, bookmarked_at, status, status_at, note, later FROM mark"
        ):
            values = {
                "bookmark": _moment(bookmarked) if bookmarked else None,
                "status": [status, _moment(status_at)] if status else None,
                "note": note,
                "later": later,
            }
            self.values[number] = {field: value for field, value in values.items() if value is not None}
        for number, name in self.connection.execute("SELECT paper_id, name FROM tag"):
            self._values(number)[f"tag:{name}"] = True
        papers = [n for (n,) in self.connection.execute("SELECT paper_id FROM old_queue ORDER BY position, paper_id")]
        for number, key in zip(papers, keys_between(None, None, len(papers)), strict=True):
            at = _moment(queued_at.get(number))
            self._values(number)["queue"] = {"key": key, **({"at": at} if at else {})}

    def _values(self, number: int) -> dict[str, Any]:
        return self.values.setdefault(number, {})

    # Methods that undo and redo the old steps.

    def _follow(self, step: _Step, source: _MarksByPaper, target: _MarksByPaper) -> None:
        """Undo or redo a step: change the values of papers from the marks `source` to `target`.

        Record the changes in the step.

        This does what undo and redo did in the old versions. A field stays as it is if its value is not the one in
        `source`, which happens when the paper was joined to another one. If one paper changes its position in the
        queue, all papers of the step are put into their positions again.
        """
        for number, new in target.items():
            old = source.get(number, {})
            paper = self.joined.get(number, number)
            # Undoing a step restores the status that an earlier step had set, and its time.
            last = step.id if step.undone else step.id - 1
            for field, value in self._changed(step, number, old, new, last):
                if field.startswith("tag:") or self._has(paper, field, old):
                    self._change(step, paper, field, value)
        places = {number: marks.get("queue_position") for number, marks in target.items()}
        if all(place == source.get(number, {}).get("queue_position") for number, place in places.items()):
            return
        for number, place in places.items():
            if place is None and number not in self.joined:
                self._change(step, number, "queue", None)
        self._requeue(
            step,
            {number: place for number, place in places.items() if place is not None and number not in self.joined},
        )

    def _has(self, paper: int, field: str, marks: dict[str, Any]) -> bool:
        """Whether a field of a paper has the same value now as in `marks`."""
        value = self._values(paper).get(field)
        match field:
            case "bookmark":
                return bool(value == (_moment(marks["bookmarked"]) if marks.get("bookmarked") else None))
            case "status":
                return bool((value[0] if value else "new") == marks.get("status", "new"))
        return bool(value == marks.get(field))

    def _changed(
        self, step: _Step, number: int, old: dict[str, Any], new: dict[str, Any], last: int
    ) -> Iterator[tuple[str, Any]]:
        """The fields, except for the queue, that differ between two states of a paper's marks, with their new values.

        A new status gets the time of the latest step that set it, among the steps up to the id `last`; if there is no
        such step, the time of `step`.
        """
        if old.get("bookmarked") != new.get("bookmarked"):
            yield "bookmark", _moment(new["bookmarked"]) if new.get("bookmarked") else None
        if old.get("status", "new") != (status := new.get("status", "new")):
            yield (
                "status",
                None if status == "new" else [status, _moment(self._status_time(number, status, last) or step.at)],
            )
        for field in ("note", "later"):
            if old.get(field) != new.get(field):
                yield field, new.get(field)
        before, after = set(old.get("tags", ())), set(new.get("tags", ()))
        for name in sorted(before ^ after):
            yield f"tag:{name}", True if name in after else None

    def _status_time(self, number: int, status: str, last: int) -> str | None:
        steps = reversed(self.statuses.get(number, []))
        return next((at for step, at, made in steps if step <= last and made == status), None)

    def _requeue(self, step: _Step, wishes: dict[int, int]) -> None:
        """Move papers in the queue. `wishes` maps the id of each paper to its new position.

        The other papers keep their order.
        """
        if not wishes:
            return
        queue = sorted(
            (values["queue"]["key"], number)
            for number, values in self.values.items()
            if values.get("queue") and number not in wishes
        )
        items: list[tuple[str | None, int]] = list(queue)
        for number in sorted(wishes, key=lambda each: wishes[each]):
            items.insert(max(1, wishes[number]) - 1, (None, number))
        for (old, number), key in zip(items, filled([key for key, _ in items]), strict=True):
            if old != key:
                present = self._values(number).get("queue") or {"at": _moment(step.at)}
                self._change(step, number, "queue", {**present, "key": key})

    def _change(self, step: _Step, paper: int, field: str, value: Any) -> None:
        present = self._values(paper).get(field)
        if present != value:
            step.changes.append((self._identity(paper), field, present, value))
            self._put(self._identity(paper), field, value)

    def _put(self, identity: str, field: str, value: Any) -> None:
        values = self._values(self.numbers[identity])
        if value is None:
            values.pop(field, None)
        else:
            values[field] = value

    # Methods that determine the identities of papers.

    def _identity(self, paper: int) -> str:
        """The identity of a paper: a text made from its arXiv id, its DOI or its title.

        If another paper has the same identity, "#2", "#3" and so on is added.
        """
        if paper in self.identities:
            return self.identities[paper]
        row = self.connection.execute("SELECT arxiv_id, doi, title_key FROM paper WHERE id = ?", (paper,)).fetchone()
        arxiv_id, doi, title_key = row or (None, None, None)
        names = [f"arxiv:{arxiv_id}"] if arxiv_id else []
        names += [f"doi:{doi}"] if doi and not any(map(str.isspace, doi)) else []
        names += [f"title:{title_key % 2**64:016x}"] if title_key is not None else [f"former:{paper}"]
        numbered = (f"{names[0]}#{number}" for number in range(2, len(self.numbers) + 3))
        name = next(name for name in (*names, *numbered) if name not in self.numbers)
        self.numbers[name] = paper
        self.identities[paper] = name
        return name

    # Methods that write the new tables.

    def _write_registers(self, done: list[_Step]) -> None:
        if not self.values:
            return
        device = secrets.token_hex(_DEVICE_BYTES)
        former = self._former_marks(done)
        for gone, marks in former.items():
            for field in marks:
                self.over.setdefault((self._identity(self.joined[gone]), field), []).append(f"former:{gone}")
        fields = {(self._identity(paper), field) for paper, values in self.values.items() for field in values}
        rows = []
        for name, field in sorted(fields | self.over.keys()):
            paper = self.numbers[name]
            value = self._values(paper).get(field)
            rows.append((name, field, value, self._clock(paper, value), self.over.get((name, field), [])))
        for gone, marks in former.items():
            self.identities[gone] = f"former:{gone}"
            rows += [(f"former:{gone}", field, value, 0, []) for field, value in marks.items()]
        self.connection.executemany(
            "INSERT INTO register (paper, field, value, clock, device, over, change) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    name,
                    field,
                    None if value is None else _json(value),
                    clock,
                    device,
                    _json(over) if over else None,
                    None if name.startswith("former:") else 1,
                )
                for name, field, value, clock, over in rows
            ],
        )
        self.connection.executemany(
            "INSERT INTO identity (identity, paper_id) VALUES (?, ?)",
            [(name, paper) for paper, name in self.identities.items()],
        )
        self.connection.executemany(
            "INSERT INTO queue (paper_id, key, identity, queued_at) VALUES (?, ?, ?, ?)",
            [
                (paper, queued["key"], self._identity(paper), _time(queued["at"]) if "at" in queued else None)
                for paper, values in self.values.items()
                if (queued := values.get("queue"))
            ],
        )
        latest = max((clock for *_, clock, _ in rows), default=0)
        self.connection.executemany(
            "INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", [("device", device), ("clock", str(latest))]
        )

    def _former_marks(self, done: list[_Step]) -> _MarksByPaper:
        """For each paper that was joined to another one, its marks (the values of its fields) after its last step."""
        last: _MarksByPaper = {}
        for step in done:
            for number, marks in step.after.items():
                if number in self.joined:
                    fields = dict(self._changed(step, number, {}, marks, step.id))
                    last[number] = {field: value for field, value in fields.items() if value is not None}
        return {number: values for number, values in last.items() if values}

    def _clock(self, paper: int, value: Any) -> int:
        """A clock reading, as a number, for the register of a mark.

        The reading is made from the time in the value, or else from the time of the last step that changed the paper.
        """
        match value:
            case int() if value is not True:
                moment = value
            case [_, int() as moment]:
                pass
            case _:
                moment = _moment(self.changed_at.get(paper))
        return max(1, moment // 1_000) << _COUNTER_BITS

    def _write_journal(self) -> None:
        self.connection.executemany(
            "INSERT INTO journal (id, at, label, papers, changes, undone, sitting) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    step.id,
                    step.at,
                    step.label,
                    _json(list(step.after)),
                    _json([self._register_change(step, *change) for change in step.changes]),
                    step.undone,
                    step.sitting,
                )
                for step in self.steps
            ],
        )

    def _register_change(self, step: _Step, name: str, field: str, old: Any, new: Any) -> tuple[Any, ...]:
        over = self.over.get((name, field), [])
        made = max(1, _moment(step.at) // 1_000) << _COUNTER_BITS
        # Give the old value a clock reading just before that of the step, but after those of the registers of joined
        # papers.
        return name, field, (old, over, made - 1), (new, over, made)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _moment(text: str | None) -> int:
    """A time in ISO 8601 as microseconds since 1970; 0 for None and for text that is not such a time."""
    try:
        time = datetime.fromisoformat(text or "")
    except ValueError:
        return 0
    return (time.replace(tzinfo=time.tzinfo or UTC) - _EPOCH) // timedelta(microseconds=1)


def _time(moment: int) -> str:
    return (_EPOCH + timedelta(microseconds=moment)).isoformat(timespec="microseconds")
