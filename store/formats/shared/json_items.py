"""The items of a JSON listing: an array, an array inside an object, single objects, JSON lines.

A file that is well-formed is taken apart by msgspec. One that is not, cut or broken somewhere, is scanned for the
items that are whole, so that a bad one costs no other. JSON lines are streamed; anything else is held in memory.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Annotated, Any, BinaryIO, NamedTuple, TypeVar

import msgspec

from store.formats.shared import text_lines
from store.formats.shared.json_scan import Found, Scan
from store.model import limits
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError

_BETWEEN = re.compile(rb"[ \t\r\n]*+(?:,[ \t\r\n]*+)?")
# So many bytes are looked for where a list is; then the whole of it is compared.
_TELLING = 200
# SQLite's integers, and what JSON numbers hold exactly in other programs.
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]

# The keys that lead from the outermost object to the list of items.
Path = tuple[str, ...]
T = TypeVar("T")


class Value(NamedTuple):
    """One item as JSON text: its number from 1, and the line of the file it starts on."""

    number: int
    line: int
    text: bytes | str | msgspec.Raw


class Around(NamedTuple):
    """The object around a list, as JSON text without the list. A cut file may give two, before and after it."""

    text: bytes


class _Parts(NamedTuple):
    """What stands around a list, its items, and where in the file the first of them is looked for."""

    around: Around | None
    items: list[msgspec.Raw]
    start: int


class Unfit(ValueError):
    """An item that is no paper; the message says why."""


class _Twice(ValueError):
    """A key that an object has more than once."""


def entries(
    stream: BinaryIO,
    decoder: msgspec.json.Decoder[T],
    entry: Callable[[T, int], Entry],
    *,
    lists: Sequence[Path] = (),
    landmarks: Collection[str] = (),
) -> Iterator[Item | Around]:
    """The entries of a listing whose items `decoder` reads and `entry` (item, line) turns into entries.

    An item that has the wrong type somewhere, or for which `entry` raises Unfit, is refused. `lists` and
    `landmarks` are as in `items`. Raises ListingError when the file is no JSON, or empty.
    """
    for found in items(stream, lists=lists, landmarks=landmarks):
        if not isinstance(found, Value):
            yield found
            continue
        try:
            yield entry(decoded(found, decoder), found.line)
        except Unfit as unfit:
            yield Refused(found.number, found.line, str(unfit))


def items(
    stream: BinaryIO, *, lists: Sequence[Path] = (), landmarks: Collection[str] = ()
) -> Iterator[Value | Around | Refused | CutShort | Warned]:
    """The items of a listing, in file order.

    `lists` are the paths of lists inside an object ("data" in {"data": […]}); an object without any of them is
    itself an item. `landmarks` are keys that only items start with, by which the next item is found after one that
    is broken. Raises ListingError when the file is no JSON, or empty.
    """
    number = 0
    silent = True
    with text_lines.open_text(stream) as opened:
        for found in _found(opened, lists, landmarks):
            if isinstance(found, Value):
                number += 1
                yield found._replace(number=number)
            elif isinstance(found, Refused):
                number += 1
                yield msgspec.structs.replace(found, index=number)
            else:
                yield found
            silent = silent and isinstance(found, Around)
    if silent:
        yield Warned("the list holds no papers")


def decoded(value: Value, decoder: msgspec.json.Decoder[T]) -> T:
    """An item as the type of `decoder`. Raises Unfit when it has another shape or is no well-formed JSON."""
    try:
        item = decoder.decode(value.text)
        _check_keys(value.text)
    except msgspec.ValidationError as error:
        # msgspec's message names the field and both types. It is shown whole: its wording differs between versions.
        raise Unfit(str(error)) from None
    except _Twice as error:
        raise Unfit(str(error)) from None
    except RecursionError:
        raise Unfit("it is nested too deeply") from None
    except ValueError as error:  # msgspec.DecodeError and UnicodeDecodeError are ValueErrors
        raise Unfit(f"broken JSON ({error})") from None
    return item


def around(found: Around, decoder: msgspec.json.Decoder[T]) -> T | None:
    """What stands around a list, as the type of `decoder`; None when it has another shape."""
    try:
        return decoder.decode(found.text)
    except (ValueError, RecursionError):
        return None


@lru_cache(maxsize=4)
def keys(head: bytes) -> frozenset[str]:
    """The paths of keys in the start of a JSON file ("data.title"), for `sniff`; none when it is no JSON.

    Lists do not show in a path, so that the keys of items are the same for one item and for many; a key whose
    value is a list is there with "[]" behind it too.
    """
    text = text_lines.text(head).lstrip("\ufeff \t\r\n")
    return Scan(text.encode("utf-8", "replace")).keys() if text.startswith(("{", "[")) else frozenset()


def _found(
    opened: io.TextIOWrapper, lists: Sequence[Path], landmarks: Collection[str]
) -> Iterator[Value | Around | Refused | CutShort | Warned]:
    """As `items`, the indexes still open."""
    blank = 0
    while (first := opened.readline(limits.JSON_LINE)).isspace():
        blank += 1
    if not first:
        raise ListingError("an empty file")
    second = ""
    lines = first.lstrip("\ufeff \t").startswith("{") and first.endswith("\n") and _whole(first)
    if not lines and first.lstrip().startswith("{"):
        second = opened.readline(limits.JSON_LINE)
        lines = second.startswith("{") and _whole(second)
    if lines:
        rest = iter(lambda: opened.readline(limits.JSON_LINE), "")
        yield from _json_lines(chain([first, second], rest) if second else chain([first], rest), blank + 1, lists)
        return
    rest_of_it = opened.read(limits.WHOLE_JSON - len(first))
    if opened.read(1):
        raise ListingError(
            f"JSON that is no JSON lines, over {limits.WHOLE_JSON // 2**20} MiB, the limit;"
            " make JSON lines of it (jq -c '.[]')"
        )
    data = (first + second + rest_of_it).lstrip("\ufeff").encode("utf-8", "replace")
    try:
        parts = _taken_apart(data, lists)
    except (ValueError, RecursionError):
        yield from _scanned(data, blank + 1, lists, landmarks)
    else:
        yield from _numbered(data, blank + 1, parts)


def _json_lines(
    lines: Iterator[str], first: int, lists: Sequence[Path]
) -> Iterator[Value | Around | Refused | CutShort | Warned]:
    """Each line by itself; one that is broken costs no other, and one that is cut is the last."""
    too_long = False
    for number, text in _counted(lines, first):
        goes_on, too_long = too_long, not text.endswith("\n") and len(text) == limits.JSON_LINE
        if goes_on or text.isspace():
            continue
        if too_long:
            yield Refused(0, number, f"a line of more than {limits.JSON_LINE // 2**20} million characters")
        elif not text.endswith("\n") and not _whole(text):
            yield CutShort(f"the file ends in the middle of line {number}")
        elif lists:
            yield from _in_line(text, number, lists)
        else:
            yield Value(0, number, text)


def _in_line(text: str, number: int, lists: Sequence[Path]) -> Iterator[Value | Around]:
    """The items of one line: itself, or those of a list in it."""
    data = text.encode("utf-8", "replace")
    try:
        yield from _numbered(data, number, _taken_apart(data, lists))
    except (ValueError, RecursionError):
        yield Value(0, number, text)


def _counted(lines: Iterator[str], number: int) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; the pieces of one that was too long have the same."""
    for text in lines:
        yield number, text
        number += text.endswith("\n")


def _whole(text: str) -> bool:
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (ValueError, RecursionError):
        return False
    return True


def _taken_apart(data: bytes, lists: Sequence[Path]) -> _Parts:
    """A well-formed object or list. Raises ValueError or RecursionError for JSON that is not one."""
    start = _space(data, 0)
    if data[start : start + 1] == b"[":
        return _Parts(None, msgspec.json.decode(data, type=list[msgspec.Raw]), start + 1)
    if data[start : start + 1] != b"{":
        raise ValueError("no object and no list")
    whole = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    for path in lists:
        holder = whole
        for key in path[:-1]:
            inner = holder.get(key)
            holder = msgspec.json.decode(inner, type=dict[str, msgspec.Raw]) if inner and _starts(inner, b"{") else {}
        found = holder.pop(path[-1], None)
        if found is not None and _starts(found, b"["):
            at = _offset(data, found)
            # There may be two such lists; the scanner reads both.
            _check_keys(data[:at] + b"0" + data[at + len(memoryview(found)) :])
            around_it = Around(msgspec.json.encode(holder))
            return _Parts(around_it, msgspec.json.decode(found, type=list[msgspec.Raw]), at + 1)
    return _Parts(None, [msgspec.json.decode(data, type=msgspec.Raw)], start)


def _starts(raw: msgspec.Raw, bracket: bytes) -> bool:
    return bytes(memoryview(raw)[:1]) == bracket


def _offset(data: bytes, raw: msgspec.Raw) -> int:
    """Where `raw` stands in `data`."""
    whole = bytes(raw)
    at = data.index(whole[:_TELLING])
    while not data.startswith(whole, at):
        at = data.index(whole[:_TELLING], at + 1)
    return at


def _numbered(data: bytes, line: int, parts: _Parts) -> Iterator[Value | Around]:
    """The items with the lines they start on, and before them what stands around the list."""
    if parts.around:
        yield parts.around
    at, counted = parts.start, 0
    for raw in parts.items:
        at = _space(data, at)
        line += data.count(b"\n", counted, at)
        counted = at
        yield Value(0, line, raw)
        at += len(memoryview(raw))


def _space(data: bytes, at: int) -> int:
    """The end of the space, or of the comma in it, at `at`."""
    match = _BETWEEN.match(data, at)
    return match.end() if match else at


def _scanned(
    data: bytes, line: int, lists: Sequence[Path], landmarks: Collection[str]
) -> Iterator[Value | Around | Refused | CutShort | Warned]:
    """The whole items of JSON that is not well-formed, and what is wrong with it."""
    for found in Scan(data, line, lists, landmarks).items():
        if isinstance(found, Found):
            yield Value(0, found.line, found.text) if found.is_item else Around(found.text)
        else:
            yield found


def _check_keys(text: bytes | str | msgspec.Raw) -> None:
    """Raises _Twice when an object anywhere in `text` has a key twice: one of the two would be lost unseen."""
    _KEYS.decode(text if isinstance(text, str) else str(memoryview(text), "utf-8"))


def _no_key_twice(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise _Twice(f"the key “{' '.join(twice.split())[:40]}” stands twice in one object")


_KEYS = json.JSONDecoder(object_pairs_hook=_no_key_twice)
