"""Encodes a register, which is a synchronized value (store/marks/registers.py), as a line of a segment file, and
decodes it.

A line consists of texts that are separated by tabs: a checksum, the clock reading at the change, the paper, the field
and the value as JSON. If the attributes `replaced`, `over` and `made` of the register are set, they follow in this
order. Further texts in a line are ignored, so that later versions of recto can add some. For example:

    9d1c2f06	w6avmvfkhdv.k3v9x2	arxiv:2310.06770	status	["seen","+12"]

A clock reading is written as its number in base 36, a dot and the id of the device. Some values contain a point in
time. If it is near the clock reading, only the difference in microseconds is written, such as "+12", because full times
would take up a quarter of a large file. No line refers to another line, so each line can be read even if the file was
truncated or renamed, or is damaged in another place.

The files come from other machines and are not trusted: `decode` returns None for a line that recto could not have
written.
"""

from __future__ import annotations

import re
import zlib
from typing import Any

import msgspec

from store.marks.clock import LATEST, Clock
from store.marks.registers import Register, cleaned, is_acceptable, is_value
from store.text.clean import line as one_line

# The longest line (bytes). It has room for a note of a million characters of any script; all other values are much
# shorter.
LONGEST_LINE = 4 * 2**20
# The length of the checksum, in hexadecimal digits, and of the tab after it (characters).
_CHECKSUM_LENGTH = 9
_CLOCK = re.compile(r"([0-9a-z]{1,13})\.([0-9a-z]{1,32})")
_DIFFERENCE = re.compile(r"[+-][0-9]{1,9}")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# Matches a line of printable ASCII characters in the usual form: clock, device, paper, field, value, and the clock and
# device of the change that was replaced. Such a line contains no control characters that must be removed, not even
# escaped ones, because its value has no "\". Most lines match, and are decoded in a third of the time.
_USUAL = re.compile(
    r"([0-9a-z]{1,12})\.([0-9a-z]{1,32})\t((?:(?:arxiv|doi|title):[!-~]{1,200})?)\t([a-z]+(?::[!-~]{1,100})?)"
    r"\t([ -\[\]-~]{1,1000})(?:\t([0-9a-z]{1,12})\.([0-9a-z]{1,32}))?"
)
# Matches a usual line that sets the status of a paper, with its time as a difference from the clock: clock, device,
# paper, status, difference, and the clock and device of the change that was replaced. Most lines set a status. A line
# that matches is decoded without a JSON decoder and without further checks.
_STATUS = re.compile(
    r"([0-9a-z]{1,12})\.([0-9a-z]{1,32})\t((?:arxiv|doi|title):[!-~]{1,200})\tstatus"
    r'\t\["(seen|reading|done|hidden)","([+-][0-9]{1,9})"\](?:\t([0-9a-z]{1,12})\.([0-9a-z]{1,32}))?'
)
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder()


def encode(register: Register) -> bytes:
    """Encode a register as a line, which ends with a line feed."""
    value = _shortened(register.field, register.value, register.clock)
    texts = [_clock_text(register.clock), register.paper, register.field, _encoder.encode(value).decode()]
    texts += [
        _clock_text(register.replaced) if register.replaced else "",
        " ".join(register.over),
        "" if register.made is None else _base_36(register.made),
    ]
    while not texts[-1]:
        texts.pop()
    body = "\t".join(texts).encode()
    return b"%08x\t%s\n" % (zlib.crc32(body), body)


def decode(line: bytes) -> Register | None:
    """Decode the register in `line`, which has no line feed at its end. Unsafe characters in its texts are replaced.

    None when recto cannot have written this line, or when it was damaged.
    """
    if line.endswith(b"\r"):
        # Git and other programs may convert line feeds to CR LF, so remove a carriage return.
        line = line[:-1]
    body = line[_CHECKSUM_LENGTH:]
    if line[:_CHECKSUM_LENGTH] != b"%08x\t" % zlib.crc32(body) or len(line) > LONGEST_LINE:
        return None
    try:
        text = body.decode()
        if status := _STATUS.fullmatch(text):
            return _status(*status.groups())
        usual = _USUAL.fullmatch(text)
        return _usual(*usual.groups()) if usual else _unusual(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _status(
    number: str,
    device: str,
    paper: str,
    status: str,
    difference: str,
    replaced: str | None,
    replaced_device: str | None,
) -> Register:
    """The register in a line that `_STATUS` matches. Raises ValueError if its clock reading is after LATEST."""
    clock = _reading(number, device)
    before = _reading(replaced, replaced_device) if replaced and replaced_device else None
    return Register(paper, "status", [status, clock.milliseconds * 1000 + int(difference)], clock, before)


def _usual(
    number: str, device: str, paper: str, field: str, json: str, replaced: str | None, replaced_device: str | None
) -> Register | None:
    """The register in a line that `_USUAL` matches. None if the value is not valid for the field.

    Raises ValueError if the clock reading is after LATEST.
    """
    clock = _reading(number, device)
    value = _expanded(field, _decoder.decode(json), clock)
    if value is not None and not is_value(field, value, of_paper=bool(paper)):
        return None
    before = _reading(replaced, replaced_device) if replaced and replaced_device else None
    return Register(paper, field, value, clock, before)


def _unusual(text: str) -> Register | None:
    """The register in a line that `_USUAL` does not match, without unsafe characters. None if the register is not
    valid.

    Raises ValueError or MsgspecError when the line is malformed.
    """
    written, paper, field, json, *rest = text.split("\t")
    clock = _clock(written)
    replaced = _clock(rest[0]) if rest and rest[0] else None
    over = tuple(rest[1].split(" ")) if len(rest) > 1 and rest[1] else ()
    made = int(rest[2], 36) if len(rest) > 2 and rest[2] else None
    value = _expanded(field, cleaned(_decoder.decode(json)), clock)
    register = Register(paper, one_line(field), value, clock, replaced, over, made)
    return register if is_acceptable(register) else None


def _shortened(field: str, value: Any, clock: Clock) -> Any:
    """A copy of a value of `field` for writing. A time in the value that is near `clock` is replaced by the
    difference.
    """
    if field == "bookmark":
        return _difference(value, clock)
    if field == "status" and isinstance(value, list | tuple) and len(value) == 2:
        return [value[0], _difference(value[1], clock)]
    if _is_place(field) and isinstance(value, dict) and "at" in value:
        return {**value, "at": _difference(value["at"], clock)}
    return value


def _expanded(field: str, value: Any, clock: Clock) -> Any:
    """The inverse of `_shortened`: the value with its full time. Lists and dictionaries are changed in place."""
    if field == "status" and type(value) is list and len(value) == 2:
        value[1] = _moment(value[1], clock)
    elif field == "bookmark":
        return _moment(value, clock)
    elif type(value) is dict and "at" in value and _is_place(field):
        value["at"] = _moment(value["at"], clock)
    return value


def _is_place(field: str) -> bool:
    """Whether the field stores the place of a paper in the queue or in a collection."""
    return field == "queue" or field.startswith("collection:")


def _difference(moment: Any, clock: Clock) -> Any:
    """The difference (µs) of the time `moment` from `clock` as text, such as "+12".

    If the difference has more than 9 digits, `moment` is returned unchanged.
    """
    if type(moment) is not int:
        return moment
    text = f"{moment - clock.milliseconds * 1000:+d}"
    return text if _DIFFERENCE.fullmatch(text) else moment


def _moment(value: Any, clock: Clock) -> Any:
    """The inverse of `_difference`: the full time. A value that is not such a difference is returned unchanged."""
    # No regular expression is used, because that would be slower, and this function is called for almost every line.
    if type(value) is str and value[:1] in ("+", "-") and len(value) <= 10 and value.isascii() and value[1:].isdigit():
        return clock.milliseconds * 1000 + int(value)
    return value


def _clock_text(clock: Clock) -> str:
    return f"{_base_36(clock.number)}.{clock.device}"


def _base_36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def _clock(text: str) -> Clock:
    """The clock reading in a text that `_clock_text` returned. Raises ValueError for any other text."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise ValueError("no clock")
    return _reading(match[1], match[2])


def _reading(number: str, device: str) -> Clock:
    """The clock reading of `device` whose number is given in base 36. Raises ValueError if the reading is
    after LATEST.
    """
    value = int(number, 36)
    if value > LATEST:
        raise ValueError(f"{value} is no reading of a clock")
    return Clock.of(value, device)
