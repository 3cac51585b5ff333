"""A scanner for truncated or broken JSON. It uses only brackets and strings to find where each value ends.

It does not validate anything else and does not recurse. Its time is linear in the length of the text, plus the time to
scan _SCANNED_IN_VAIN bytes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Generator, Iterator, Sequence
from typing import NamedTuple

import msgspec

from store.model.entry import CutShort, Refused, Warned
from store.model.errors import ListingError

# A string must end on the line on which it starts, so that a missing quotation mark affects only that line.
_STRING = re.compile(rb'"(?:[^"\\\n]++|\\[^\n])*+"')
# The last alternative also matches a quotation mark that starts a string without an end.
_TOKEN = re.compile(_STRING.pattern + rb'|["\[\]{}]')
_SPACE = re.compile(rb"[ \t\r\n]*+")
_SCALAR = re.compile(rb"[^\s,\[\]{}\"]++")
_COLON = re.compile(rb"[ \t\r\n]*+:")
_OPENING = re.compile(rb"\{[ \t\r\n]*+(" + _STRING.pattern + rb")[ \t\r\n]*+:")
_MARGIN = re.compile(rb"\n[ \t]*\Z")
_WIDEST_MARGIN = 200
_CLOSES = {"]": "[", "}": "{"}
# `Scan.keys` leaves out keys that are nested deeper than the first number, and stops when more brackets than the second
# number are open.
_DEEPEST_KEY = 4
_DEEPEST = 64
# If an item is broken, the scanner often reads to the end of the text before it can look for the next item. It stops
# after it has read this many bytes (plus twice the length of the text) in broken items, because otherwise the time
# would grow with the square of the length. Reading this many bytes takes about two seconds.
_SCANNED_IN_VAIN = 16 * 2**20


class Fragment(NamedTuple):
    """A part of the file. `line` is the line on which it starts.

    `is_item` is True for an item, and False for the keys of an object that contains the list of items.
    """

    line: int
    text: bytes
    is_item: bool


_Piece = Fragment | Refused | CutShort | Warned
_BROKEN = "broken JSON: a quotation mark or a bracket is missing"


class _Ended(Exception):
    """Raised when the text ends inside a value."""


class _Broken(Exception):
    """Raised when a closing bracket does not match an opening bracket, or when a value is missing."""


class Scan:
    """Reads `data` once, from start to end, and finds its items or its keys.

    `line` is the number of the first line of `data`. `lists` and `landmarks` are described in `json_items.items`.
    """

    def __init__(
        self,
        data: bytes,
        line: int = 1,
        lists: Sequence[tuple[str, ...]] = (),
        landmarks: Collection[str] = (),
    ) -> None:
        self._data = data
        self._lists = lists
        self._landmarks = {f'"{name}"'.encode() for name in landmarks}
        self._line = line
        self._counted = 0
        # The bytes with which the first item starts. The scan searches for these bytes to find the next item after a
        # broken one. None when the first item neither starts on a line of its own nor starts with a key in `landmarks`.
        self._mark: bytes | None = None
        self._marked = False
        self._in_list = False
        self._any = False
        self._stopped = False
        # The offset at which the last scan of a broken value ended, and how many bytes of broken items may be scanned.
        self._reached = 0
        self._left = _SCANNED_IN_VAIN + 2 * len(data)

    def items(self) -> Iterator[_Piece]:
        """The complete items in file order, a Refused for each broken item, and a report when the scan ends early.

        Raises ListingError when the text does not start with an object or a list.
        """
        at = self._space(0)
        while at < len(self._data) and not self._stopped:
            opening = self._at(at)
            if opening == "[":
                at = yield from self._elements(at)
            elif opening == "{":
                at = yield from self._outermost(at)
            elif not self._any:
                raise ListingError(f"not JSON: line {self._line_of(at)} should start an object or a list")
            elif opening == "," or opening in _CLOSES:
                at += 1
            else:
                yield Warned(f"from line {self._line_of(at)} on, the file is not JSON and was left out")
                return
            at = self._space(at)

    def keys(self) -> frozenset[str]:
        """The paths of all keys up to the end of the text or the first broken string. See `json_items.keys`."""
        paths: set[str] = set()
        above: list[tuple[str, ...]] = []
        path: tuple[str, ...] = ()
        for match in _TOKEN.finditer(self._data):
            token = match[0]
            if token in (b"{", b"["):
                if token == b"[" and path:
                    paths.add(".".join(path) + "[]")
                above.append(path)
            elif token in (b"}", b"]"):
                path = above.pop() if above else ()
            elif token == b'"' or len(above) > _DEEPEST:
                break
            elif above and _COLON.match(self._data, match.end()):
                path = above[-1]
                if len(path) < _DEEPEST_KEY:
                    path = (*path, token[1:-1].decode("utf-8", "replace"))
                    paths.add(".".join(path))
        return frozenset(paths)

    def _outermost(self, at: int) -> Generator[_Piece, None, int]:
        """Yield the items of the object at `at`, and return the offset of the object's end.

        If the object contains a list named in `lists`, yields the items of the list. Otherwise, the object is the item.
        """
        line = self._line_of(at)
        self._in_list = False
        try:
            end = yield from self._members(at, ())
        except _Ended:
            self._stopped = True
            if self._in_list:
                yield CutShort("the file ends behind its list, before the object around it does")
            else:
                yield CutShort(f"the file ends in the middle of the object that starts on line {line}")
            return len(self._data)
        except _Broken:
            self._stopped = True
            if self._in_list:
                yield Warned("the JSON behind the list is broken and was left out")
            else:
                yield Refused(0, line, _BROKEN)
                yield CutShort(f"the JSON breaks in the object that starts on line {line}; the rest was not read")
            return len(self._data)
        if not self._in_list and not self._stopped:
            self._any = True
            yield Fragment(line, self._data[at:end], True)
        return end

    def _members(self, at: int, above: tuple[str, ...]) -> Generator[_Piece, None, int]:
        """Yield the items in the object at `at`, whose key path is `above`. Returns the offset of the object's end."""
        line = self._line_of(at)
        around: list[bytes] = []
        at = self._space(at + 1)
        while (character := self._at(at)) != "}":
            if not character:
                raise _Ended
            if character == ",":
                at = self._space(at + 1)
                continue
            key, value = self._key(at)
            path = (*above, key)
            if self._at(value) == "[" and path in self._lists:
                if around:
                    yield Fragment(line, b"{" + b",".join(around) + b"}", False)
                around = []
                self._in_list = True
                at = yield from self._elements(value)
                if self._stopped:
                    return at
            elif self._at(value) == "{" and any(each[: len(path)] == path for each in self._lists):
                at = yield from self._members(value, path)
                if self._stopped:
                    return at
            else:
                end = self._value_end(value)
                around.append(self._data[at:end])
                at = end
            at = self._space(at)
        if around and self._in_list:
            yield Fragment(line, b"{" + b",".join(around) + b"}", False)
        return at + 1

    def _elements(self, at: int) -> Generator[_Piece, None, int]:
        """Yield the items of the list at `at`. Returns the offset of the list's end."""
        self._any = True
        at = self._space(at + 1)
        while character := self._at(at):
            if character == "]":
                return at + 1
            if character in ",}":
                at = self._space(at + 1)
                continue
            line = self._line_of(at)
            self._note_mark(at)
            try:
                end = self._item_end(at)
            except (_Ended, _Broken) as error:
                again = self._data.find(self._mark, at + 1) if self._mark else -1
                if again < 0:
                    self._stopped = True
                    if isinstance(error, _Broken):
                        yield Refused(0, line, _BROKEN)
                        yield CutShort(f"the JSON breaks in the entry on line {line}; the rest was not read")
                    else:
                        yield CutShort(f"the file ends in the middle of the entry on line {line}")
                    return len(self._data)
                yield Refused(0, line, _BROKEN)
                self._left -= max(0, self._reached - at)
                if self._left < 0:
                    self._stopped = True
                    yield CutShort(f"too many entries are broken; the rest after line {line} was not read")
                    return len(self._data)
                at = self._space(again)
                continue
            yield Fragment(line, self._data[at:end], True)
            at = self._space(end)
        self._stopped = True
        yield CutShort("the file ends before its list does")
        return at

    def _item_end(self, at: int) -> int:
        """The offset of the item's end. Raises _Broken for invalid JSON in which another item seems to start."""
        end = self._value_end(at)
        if self._mark and self._data.find(self._mark, at + 1, end) >= 0:
            try:
                msgspec.json.decode(self._data[at:end], type=msgspec.Raw)
            except (ValueError, RecursionError):
                raise _Broken from None
        return end

    def _note_mark(self, at: int) -> None:
        """Store the bytes with which the first item starts in `_mark`: its indentation, its bracket and its first key.

        If the item does not start on a line of its own, the bytes are stored only if the key is one of `landmarks`.
        """
        if self._marked:
            return
        self._marked = True
        opening = _OPENING.match(self._data, at)
        margin = _MARGIN.search(self._data[max(0, at - _WIDEST_MARGIN) : at])
        if opening and margin:
            self._mark = margin[0] + opening[0]
        elif opening and opening[1] in self._landmarks:
            self._mark = opening[0]

    def _key(self, at: int) -> tuple[str, int]:
        """The key at `at`, and the offset at which its value starts."""
        string = _STRING.match(self._data, at)
        colon = string and _COLON.match(self._data, string.end())
        if string is None or colon is None:
            raise _Ended if self._data.find(b"\n", at) < 0 else _Broken
        return string[0][1:-1].decode("utf-8", "replace"), self._space(colon.end())

    def _value_end(self, at: int) -> int:
        """The offset of the end of the value at `at`."""
        data = self._data
        if self._at(at) not in ("{", "["):
            whole = _STRING.match(data, at) or _SCALAR.match(data, at)
            self._reached = at
            if whole is None or whole.end() == len(data):
                raise _Ended if data.find(b"\n", at) < 0 else _Broken
            return whole.end()
        open_brackets: list[str] = []
        while (match := _TOKEN.search(data, at)) is not None:
            at = self._reached = match.end()
            token = chr(data[match.start()])
            if token == '"':
                if match.end() == match.start() + 1 and (at := data.find(b"\n", at)) < 0:
                    break
            elif token not in _CLOSES:
                open_brackets.append(token)
            elif open_brackets.pop() != _CLOSES[token]:
                raise _Broken
            elif not open_brackets:
                return at
        self._reached = len(data)
        raise _Ended

    def _at(self, at: int) -> str:
        """The character at offset `at`; "" at the end of the text."""
        return chr(self._data[at]) if at < len(self._data) else ""

    def _space(self, at: int) -> int:
        match = _SPACE.match(self._data, at)
        return match.end() if match else at

    def _line_of(self, at: int) -> int:
        """The number of the line that contains the offset `at`. Calls must pass offsets in ascending order."""
        if at > self._counted:
            self._line += self._data.count(b"\n", self._counted, at)
            self._counted = at
        return self._line
