"""Registers. A register is the latest value of one field of one paper, with the clock reading of its last change.

Every mark of the user, such as a rating, is stored as a register, so that libraries on several machines can exchange
marks. A register refers to its paper by an *identity*, a text, and not by the id of the paper (column `paper.id`),
because a paper has different ids in different libraries. These are the forms of identities:

- "arxiv:2310.06770": the arXiv id without its version.
- "doi:10.1000/x": for a paper without an arXiv id, its DOI in lower case.
- "title:0123456789abcdef": for a paper without both, a hash of its folded title (`title_key` in
  store/matching/same_paper.py) with 64 bits, in hexadecimal.
- One of these followed by "#2", "#3", …: for the second and each further paper of a library that would have the same
  identity, for example for several papers with the title "Editorial".
- "": for registers that belong to no paper. These are saved filters, collections and the names of devices.

A paper may have several identities, for example because its DOI became known only after it was marked, or because recto
found that two stored papers are one paper and joined them. A register never moves from one identity to another. The
marks of a paper are computed from the registers of all its identities (store/marks/fold.py). So when joined papers are
separated again, each has exactly the marks that it had before.

These are the fields and their values. A moment is a time in microseconds since 1970 (UTC). The value None means "not
set".

==================  ===============================================================================================
bookmark            the moment of the bookmark
status              [status, moment]; the status is "seen", "reading", "done" or "hidden"; a new paper has None
rating              1 to 5
tag:NAME            true
collection:NAME     {"key": order key, "at": moment, "by": who put it there, "because": why}; the last two may be
                    missing; further keys are kept
note                a text
queue               {"key": order key, "at": moment, "because": a text or missing}; further keys are kept
later               the day until which the paper is postponed, "2026-07-02"; "similar" until a similar paper arrives
returned            {"on": day, "because": text}: a similar paper with this title arrived on this day, so the paper came
                    back (store/search/arrivals.py)
position            [block, quotation, share]: where the user is in the full text (store/texts/positions.py)
highlight:NAME      {"quotation", "before", "note", "at"}: a passage of the full text; the name is random
about               {"title", "authors", "year", "link"}: what to show of a paper that a library does not have
filter:NAME         without paper: a saved filter; any value
collection:NAME     without paper: the properties of a collection; any value (store/marks/sharing.py has those of a
                    shared one)
renamed:KIND:NAME   without paper: the new name of the tag, collection or saved filter (store/marks/named_in_filters.py)
device:ID           without paper: the name of a device, a text
==================  ===============================================================================================

An order key is a fractional index (store/model/order_keys.py). If a newer version of recto wrote a register with a
field that is not in this table, the register is stored and passed on to other machines.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import msgspec

from store.marks.clock import DEVICE, LATEST, Clock
from store.marks.stored_marks import STATUSES
from store.model import order_keys
from store.text.clean import clean, line

HIGHLIGHT = "highlight:"
RATINGS = range(1, 6)
# The value of the field "later" of a paper that is postponed until a similar paper arrives. Compared as texts, it is
# larger than every day, such as "2026-07-02", so SQL can compare both kinds of values with today.
UNTIL_SIMILAR: Final = "similar"

_PAPER = re.compile(r"(?:arxiv|doi|title|former):\S{1,500}")
_LONGEST_FIELD = 200
_LONGEST_NOTE = 1_000_000
# The longest value, as JSON, of every field except "note" (bytes).
_LONGEST_VALUE = 100_000
_SET_STATUSES = STATUSES[1:]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The valid moments (microseconds since 1970): those that `datetime` can represent, from the year 1 to the year 9999.
_MOMENTS = range(-62_135_596_800_000_000, 253_402_300_800_000_000)


class Register(msgspec.Struct, frozen=True, gc=False):
    """One change of one field of one paper. A library stores the latest change of each field.

    A device is a library on one machine. `replaced` is the clock reading of the register of another device that this
    one replaced, or None if there was none. When a device changes a field several times, `replaced` stays the reading
    of the last register of another device. So if neither of two registers of different devices replaced the other, the
    two changes were made independently. `over` contains other identities of the same paper. A register of one of these
    identities is ignored if it has the same field and its value was made earlier than the value of this register.
    `made` is set if an undo or a redo wrote this value again with a new clock reading: it is the number
    (`Clock.number`) of the reading at which the user first set the value. The garbage collector ignores registers
    (`gc=False`), which saves time when many are read, and is safe because they are never in reference cycles.
    """

    paper: str
    field: str
    value: Any
    clock: Clock
    replaced: Clock | None = None
    over: tuple[str, ...] = ()
    made: int | None = None

    @property
    def made_at(self) -> int:
        """The number of the clock reading at which the user set this value; 0 if an undo restored "no value"."""
        return self.clock.number if self.made is None else self.made


def is_acceptable(register: Register) -> bool:
    """Whether a register from another machine is valid, so that the library can store it.

    A register with an unknown field is acceptable. A register with a known field and a malformed value is not.
    """
    clocks = [register.clock, *([register.replaced] if register.replaced else [])]
    return (
        (not register.paper or is_identity(register.paper))
        and _is_name(register.field)
        and all(_is_clock(clock) for clock in clocks)
        and all(is_identity(identity) for identity in register.over)
        and (register.made is None or 0 <= register.made <= register.clock.number)
        and len(msgspec.json.encode(register.value))
        <= (_LONGEST_NOTE * 4 if register.field == "note" else _LONGEST_VALUE)
        and (register.value is None or is_value(register.field, register.value, of_paper=bool(register.paper)))
    )


def is_value(field: str, value: Any, *, of_paper: bool = True) -> bool:
    """Whether `value`, which must not be None, is valid for `field`. True for every value of an unknown field."""
    if field == "status" and of_paper:
        # Test the field "status" first, because most registers have this field.
        return (
            isinstance(value, list | tuple) and len(value) == 2 and value[0] in _SET_STATUSES and _is_moment(value[1])
        )
    kind, colon, _ = field.partition(":")
    if not of_paper:
        return kind != "device" or isinstance(value, str)
    match f"{kind}{colon}":
        case "bookmark":
            return _is_moment(value)
        case "rating":
            return type(value) is int and value in RATINGS
        case "tag:":
            return value is True
        case "queue" | "collection:":
            return isinstance(value, dict) and order_keys.is_key(value.get("key")) and _is_moment(value.get("at", 0))
        case "note":
            return isinstance(value, str) and 0 < len(value) <= _LONGEST_NOTE
        case "later":
            return value == UNTIL_SIMILAR or (isinstance(value, str) and _is_day(value))
    return True


def is_identity(text: str) -> bool:
    """Whether a text has the form of the identity of a paper."""
    return _PAPER.fullmatch(text) is not None and line(text) == text


def cleaned(value: Any) -> Any:
    """A copy of a value from another machine in which every text is safe to store."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return [cleaned(each) for each in value]
    if isinstance(value, dict):
        return {line(str(key)): cleaned(each) for key, each in value.items()}
    return value


def moment(text: str) -> int:
    """Convert a time in ISO 8601 to microseconds since 1970. A time without an offset is taken to be in UTC.

    Raises ValueError when `text` is not a time.
    """
    time = datetime.fromisoformat(text)
    return (time.replace(tzinfo=time.tzinfo or UTC) - _EPOCH) // timedelta(microseconds=1)


def time_text(moment: int) -> str:
    """A moment (microseconds since 1970) as ISO 8601 text in UTC, for example "2026-07-02T08:30:00.000000+00:00"."""
    return (_EPOCH + timedelta(microseconds=moment)).isoformat(timespec="microseconds")


def _is_name(field: str) -> bool:
    return 0 < len(field) <= _LONGEST_FIELD and line(field) == field


def _is_clock(clock: Clock) -> bool:
    return (
        DEVICE.fullmatch(clock.device) is not None
        and clock.milliseconds >= 0
        and 0 <= clock.counter < 2**16
        and clock.number <= LATEST
    )


def _is_moment(value: object) -> bool:
    return type(value) is int and value in _MOMENTS


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
