"""Registers: each mark is the latest value of one field of one paper, with the clock reading of its change.

A paper is named by its identity, never by its number, because the numbers differ between libraries:

- "arxiv:2310.06770": the arXiv id without its version.
- "doi:10.1000/x": the DOI in lower case, of a paper without an arXiv id.
- "title:0123456789abcdef": a fingerprint of the folded title (`identity.title_key`, 64 bits, hexadecimal), of a paper
  without both.
- Such an identity followed by "#2", "#3", …: a further paper of one library with the same identity, for example
  another "Editorial".
- "": no paper. Saved filters and names of devices belong to no paper.

A paper may have several identities, for example because an id became known after its title, or because two papers were
joined. Registers never move from one identity to another. The marks of a paper are folded from the registers of all its
identities (store/marks/fold.py), so that parting papers restores the marks of each exactly.

These are the fields and their values. Moments are microseconds since 1970 in UTC. The value None means "not set".

==================  ===============================================================================================
bookmark            the moment of the bookmark
status              [status, moment]; the status is "seen", "reading", "done" or "hidden"; a new paper has None
rating              1 to 5
tag:NAME            true
collection:NAME     {"key": order key, "at": moment}; further keys are kept
note                a text
queue               {"key": order key, "at": moment, "because": a text or missing}; further keys are kept
later               the day until which the paper is postponed, "2026-07-02"; "similar" until a similar paper arrives
position            [block, quotation, share]: where the reader is in the full text (store/texts/positions.py)
highlight:NAME      {"quotation", "before", "note", "at"}: a passage of the full text; the name is random
about               {"title", "authors", "year", "link"}: what to show of a paper that a library does not have
filter:NAME         without paper: a saved filter; any value
collection:NAME     without paper: the properties of a collection; any value
device:ID           without paper: the name of a device, a text
==================  ===============================================================================================

An order key is a fractional index (store/model/order_keys.py). A register with another field, which a newer version of
recto wrote, is kept and passed on.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from store.marks.clock import DEVICE, LARGEST_NUMBER, Clock
from store.marks.stored_marks import STATUSES
from store.model import order_keys
from store.text.clean import clean, line

# The fields of a paper, and the fields without a paper. A field that ends in ":" is followed by a name.
PAPER_FIELDS = (
    *("bookmark", "status", "rating", "tag:", "collection:"),
    *("note", "queue", "later", "position", "highlight:", "about"),
)
OTHER_FIELDS = ("filter:", "collection:", "device:")
HIGHLIGHT = "highlight:"
RATINGS = range(1, 6)
# The value of the field "later" of a paper that is postponed until a similar paper arrives. As a text, it is larger
# than every day.
UNTIL_SIMILAR = "similar"

_PAPER = re.compile(r"(?:arxiv|doi|title|former):\S{1,500}")
_LONGEST_FIELD = 200
_LONGEST_NOTE = 1_000_000
# The longest value of a field of any other kind, as JSON (bytes).
_LONGEST_VALUE = 100_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The moments of the years 1 and 9999.
_MOMENTS = range(-62_135_596_800_000_000, 253_402_300_800_000_000)


class Register(msgspec.Struct, frozen=True):
    """One change of one field: the latest one, when it is read from a library.

    `replaced` is the clock reading of the register of another device that this one replaced, or None if there was none.
    When a device changes a field several times, the reading stays that of the last register of another device. So two
    registers of different devices, of which neither replaced the other, were made independently. `over` names other
    identities of the same paper. While a paper has these identities, and while the values of their registers of the
    same field were made earlier than this one, this register takes their place. `made` is the number of the clock
    reading at which the reader made this value, if an undo or a redo has written it again since with a new reading.
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
        """The number of the clock reading at which the reader made this value. 0 for a value that was never made."""
        return self.clock.number if self.made is None else self.made


def is_acceptable(register: Register) -> bool:
    """Whether a register from another machine has a form that a library can store.

    Unknown fields are acceptable. A known field with a malformed value is not.
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
    """Whether `value`, which is not None, has the form of values of `field`. True for every value of other fields."""
    kind, colon, _ = field.partition(":")
    if not of_paper:
        return kind != "device" or isinstance(value, str)
    match f"{kind}{colon}":
        case "bookmark":
            return _is_moment(value)
        case "status":
            return (
                isinstance(value, list | tuple)
                and len(value) == 2
                and value[0] in STATUSES[1:]
                and _is_moment(value[1])
            )
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
    """The moment of a time in ISO 8601, in microseconds since 1970. A time without an offset is in UTC.

    Raises ValueError when `text` is no time.
    """
    time = datetime.fromisoformat(text)
    return (time.replace(tzinfo=time.tzinfo or UTC) - _EPOCH) // timedelta(microseconds=1)


def time_text(moment: int) -> str:
    """A moment as ISO 8601 in UTC with microseconds, for example "2026-07-02T08:30:00.000000+00:00"."""
    return (_EPOCH + timedelta(microseconds=moment)).isoformat(timespec="microseconds")


def _is_name(field: str) -> bool:
    return 0 < len(field) <= _LONGEST_FIELD and line(field) == field


def _is_clock(clock: Clock) -> bool:
    return (
        DEVICE.fullmatch(clock.device) is not None
        and clock.milliseconds >= 0
        and 0 <= clock.counter < 2**16
        and clock.number <= LARGEST_NUMBER
    )


def _is_moment(value: object) -> bool:
    return type(value) is int and value in _MOMENTS


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
