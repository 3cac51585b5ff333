"""Read the items of a JSON listing: an array, an array inside an object, single objects, or JSON lines.

msgspec parses a well-formed file. If a file is truncated or broken, a scanner finds the complete items, so that one
broken item does not prevent the others from being read. JSON lines are streamed; any other file is read into memory.
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
from store.formats.shared.json_scan import Fragment, Scan
from store.model import limits
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError

_BETWEEN_ITEMS = re.compile(rb"[ \t\r\n]*+(?:,[ \t\r\n]*+)?")
# To find the offset of a list in the file, search for this many of its first bytes and then compare the whole list.
_SEARCHED = 200
# A count, for example of upvotes. It is at most 2**53: SQLite can store this number, and other programs read JSON
# numbers exactly only up to it.
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]

# The keys that lead from the outermost object to the list of items.
Path = tuple[str, ...]
T = TypeVar("T")


class Value(NamedTuple):
    """One item as JSON text, with its index in the file and the line on which it starts, both from 1."""

    number: int
    line: int
    text: bytes | str | msgspec.Raw


class Around(NamedTuple):
    """An object around the list of items. `text` is its JSON without the list, or without the object with the list.

    For a broken file, an object may be yielded in two parts: the keys before the list, and the keys after the list.
    """

    text: bytes


class _Parts(NamedTuple):
    """The objects around the list, the items, and the offset from which to search for the first item."""

    around: list[Around]
    items: list[msgspec.Raw]
    start: int


class Unfit(ValueError):
    """Raised when an item is not a paper. The message is the reason."""


class _RepeatedKey(ValueError):
    """Raised when an object has the same key more than once."""


def entries(
    stream: BinaryIO,
    decoder: msgspec.json.Decoder[T],
    entry: Callable[[T, int], Entry],
    *,
    lists: Sequence[Path] = (),
    landmarks: Collection[str] = (),
) -> Iterator[Item | Around]:
    """The entries of a listing. `decoder` decodes each item, and `entry(item, line)` converts it to an Entry.

    Yields a Refused for an item with a value of the wrong type, or for which `entry` raises Unfit. `lists` and
    `landmarks` are described in `items`. Raises ListingError when the file is empty or not JSON.
    """
    for piece in items(stream, lists=lists, landmarks=landmarks):
        if not isinstance(piece, Value):
            yield piece
            continue
        try:
            yield entry(decoded(piece, decoder), piece.line)
        except Unfit as unfit:
            yield Refused(piece.number, piece.line, str(unfit))


def items(
    stream: BinaryIO, *, lists: Sequence[Path] = (), landmarks: Collection[str] = ()
) -> Iterator[Value | Around | Refused | CutShort | Warned]:
    """The items of a listing, in file order.

    `lists` are the key paths of lists inside an object; for example, the path ("data",) is for {"data": […]}. An object
    without any of these lists is itself an item. `landmarks` are keys that come first in items and occur nowhere else;
    the scanner uses them to find the next item after a broken one. Raises ListingError when the file is empty or not
    JSON.
    """
    number = 0
    is_empty = True
    with text_lines.open_text(stream) as text_file:
        for piece in _pieces(text_file, lists, landmarks):
            if isinstance(piece, Value):
                number += 1
                yield piece._replace(number=number)
            elif isinstance(piece, Refused):
                number += 1
                yield msgspec.structs.replace(piece, index=number)
            else:
                yield piece
            is_empty = is_empty and isinstance(piece, Around)
    if is_empty:
        yield Warned("the list holds no papers")


def decoded(value: Value, decoder: msgspec.json.Decoder[T]) -> T:
    """Decode an item. Raises Unfit when the item has the wrong type or is not well-formed JSON."""
    try:
        item = decoder.decode(value.text)
        _check_keys(value.text)
    except msgspec.ValidationError as error:
        # Show msgspec's message unchanged: it contains the field and both types, and parsing it would fail with another
        # version of msgspec.
        raise Unfit(str(error)) from None
    except _RepeatedKey as error:
        raise Unfit(str(error)) from None
    except RecursionError:
        raise Unfit("it is nested too deeply") from None
    except ValueError as error:  # msgspec.DecodeError and UnicodeDecodeError are ValueErrors
        raise Unfit(f"broken JSON ({error})") from None
    return item


def around(piece: Around, decoder: msgspec.json.Decoder[T]) -> T | None:
    """Decode the object that contains a list; None when it has the wrong type."""
    try:
        return decoder.decode(piece.text)
    except (ValueError, RecursionError):
        return None


@lru_cache(maxsize=4)
def keys(head: bytes) -> frozenset[str]:
    """The paths of the keys ("data.title") in the start of a JSON file, for `sniff`; empty when `head` is not JSON.

    Paths do not contain list indexes, so a single item and a list of items have the same paths. If a value is a list,
    the set also contains the path with "[]" at its end ("data[]").
    """
    text = text_lines.text(head).lstrip("\ufeff \t\r\n")
    return Scan(text.encode("utf-8", "replace")).keys() if text.startswith(("{", "[")) else frozenset()


def _pieces(
    opened: io.TextIOWrapper, lists: Sequence[Path], landmarks: Collection[str]
) -> Iterator[Value | Around | Refused | CutShort | Warned]:
    """The same values that `items` yields, but without their indexes in the file."""
    blank = 0
    while (first := opened.readline(limits.JSON_LINE)).isspace():
        blank += 1
    if not first:
        raise ListingError("an empty file")
    second = ""
    lines = first.lstrip("\ufeff \t").startswith("{") and first.endswith("\n") and is_json(first)
    if not lines and first.lstrip().startswith("{"):
        second = opened.readline(limits.JSON_LINE)
        lines = second.startswith("{") and is_json(second)
    if lines:
        rest = iter(lambda: opened.readline(limits.JSON_LINE), "")
        yield from _json_lines(chain([first, second], rest) if second else chain([first], rest), blank + 1, lists)
        return
    remaining = opened.read(limits.WHOLE_JSON - len(first))
    if opened.read(1):
        raise ListingError(
            f"JSON that is not JSON lines, over {limits.WHOLE_JSON // 2**20} MiB, the limit;"
            " make JSON lines of it (jq -c '.[]')"
        )
    data = (first + second + remaining).lstrip("\ufeff").encode("utf-8", "replace")
    try:
        parts = _parsed(data, lists)
    except (ValueError, RecursionError):
        yield from _scanned(data, blank + 1, lists, landmarks)
    else:
        yield from _numbered(data, blank + 1, parts)


def _json_lines(
    lines: Iterator[str], first: int, lists: Sequence[Path]
) -> Iterator[Value | Around | Refused | CutShort | Warned]:
    """Each line as an item. A broken line does not affect other lines. Only the last line can be truncated."""
    too_long = False
    for number, text in _counted(lines, first):
        continues, too_long = too_long, not text.endswith("\n") and len(text) == limits.JSON_LINE
        if continues or text.isspace():
            continue
        if too_long:
            yield Refused(0, number, f"a line of more than {limits.JSON_LINE // 2**20} million characters")
        elif not text.endswith("\n") and not is_json(text):
            yield CutShort(f"the file ends in the middle of line {number}")
        elif lists:
            yield from _in_line(text, number, lists)
        else:
            yield Value(0, number, text)


def _in_line(text: str, number: int, lists: Sequence[Path]) -> Iterator[Value | Around]:
    """The items in one line: the items of a list in the line's object if it has such a list, otherwise the line."""
    data = text.encode("utf-8", "replace")
    try:
        yield from _numbered(data, number, _parsed(data, lists))
    except (ValueError, RecursionError):
        yield Value(0, number, text)


def _counted(lines: Iterator[str], number: int) -> Iterator[tuple[int, str]]:
    """Each line with its line number. The parts of an overlong line all have the same number."""
    for text in lines:
        yield number, text
        number += text.endswith("\n")


def is_json(text: str | bytes) -> bool:
    """Whether `text` is one well-formed JSON value."""
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (ValueError, RecursionError):
        return False
    return True


def _parsed(data: bytes, lists: Sequence[Path]) -> _Parts:
    """Parse a well-formed object or list. Raises ValueError or RecursionError for any other text."""
    start = _space(data, 0)
    if data[start : start + 1] == b"[":
        return _Parts([], msgspec.json.decode(data, type=list[msgspec.Raw]), start + 1)
    if data[start : start + 1] != b"{":
        raise ValueError("neither an object nor a list")
    whole = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    for path in lists:
        holder, above = whole, []
        for key in path[:-1]:
            above.append({name: value for name, value in holder.items() if name != key})
            inner = holder.get(key)
            holder = msgspec.json.decode(inner, type=dict[str, msgspec.Raw]) if inner and _starts(inner, b"{") else {}
        item_list = holder.pop(path[-1], None)
        if item_list is not None and _starts(item_list, b"["):
            at = _offset(data, item_list)
            # If the object has two lists under the same key, this raises, and the caller scans the file for both lists.
            _check_keys(data[:at] + b"0" + data[at + len(memoryview(item_list)) :])
            around = [Around(msgspec.json.encode(each)) for each in (*above, holder)]
            return _Parts(around, msgspec.json.decode(item_list, type=list[msgspec.Raw]), at + 1)
    return _Parts([], [msgspec.json.decode(data, type=msgspec.Raw)], start)


def _starts(raw: msgspec.Raw, bracket: bytes) -> bool:
    return bytes(memoryview(raw)[:1]) == bracket


def _offset(data: bytes, raw: msgspec.Raw) -> int:
    """The offset of `raw` in `data`."""
    whole = bytes(raw)
    at = data.index(whole[:_SEARCHED])
    while not data.startswith(whole, at):
        at = data.index(whole[:_SEARCHED], at + 1)
    return at


def _numbered(data: bytes, line: int, parts: _Parts) -> Iterator[Value | Around]:
    """Yield the objects around the list, and then each item with the number of the line on which it starts."""
    yield from parts.around
    at, counted = parts.start, 0
    for raw in parts.items:
        at = _space(data, at)
        line += data.count(b"\n", counted, at)
        counted = at
        yield Value(0, line, raw)
        at += len(memoryview(raw))


def _space(data: bytes, at: int) -> int:
    """The offset after the white space and the comma at offset `at`; `at` itself when there are none."""
    match = _BETWEEN_ITEMS.match(data, at)
    return match.end() if match else at


def _scanned(
    data: bytes, line: int, lists: Sequence[Path], landmarks: Collection[str]
) -> Iterator[Value | Around | Refused | CutShort | Warned]:
    """The complete items of JSON that is not well-formed, and reports of the errors in it."""
    for piece in Scan(data, line, lists, landmarks).items():
        if isinstance(piece, Fragment):
            yield Value(0, piece.line, piece.text) if piece.is_item else Around(piece.text)
        else:
            yield piece


def _check_keys(text: bytes | str | msgspec.Raw) -> None:
    """Raise _RepeatedKey when an object in `text` has the same key twice, because a decoder would drop one value."""
    _KEYS.decode(text if isinstance(text, str) else str(memoryview(text), "utf-8"))


def _refuse_repeated_keys(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) == len(pairs):
        return
    names: set[str] = set()
    for name, _ in pairs:
        if name in names:
            raise _RepeatedKey(f"the key “{' '.join(name.split())[:40]}” stands twice in one object")
        names.add(name)


_KEYS = json.JSONDecoder(object_pairs_hook=_refuse_repeated_keys)
