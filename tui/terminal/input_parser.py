"""Turns what a terminal sends into Textual's events.

Textual's own parser raises an error on some key reports, and reads an unknown sequence as single keys: an answer of the
terminal could hide a paper. This parser first reads a sequence to its end. Then it passes a known sequence with
plausible numbers to Textual's parser, and ignores any other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator

from textual import constants, events
from textual.message import Message

from tui.terminal import background
from tui.terminal.background import BackgroundKnown
from tui.terminal.textual_internals import ANSI_SEQUENCES_KEYS, FUNCTIONAL_KEYS, XTermParser

_ESC = "\x1b"
_CSI = "\x1b["
_PASTE_START = "\x1b[200~"
_PASTE_END = "\x1b[201~"
# ESC and one of these begin a string (OSC, DCS, SOS, PM, APC), which BEL or ESC \ ends.
_STRING_STARTS = "]PX^_"
# The keys that terminals send as ESC and one character, in one piece: alt with backspace, shift with tab, and the keys
# that move by words.
_KEYS_WITH_ESCAPE = "\x7f\tfb"
# Longest wait for the rest of a sequence of three characters or more (s). No single key sends those, so the wait delays
# no key, and a slow connection may deliver them in pieces.
_SEQUENCE_SECONDS = 1.0
# A paste ends after this long without a character (s). Otherwise one without its end would swallow every later key.
_PASTE_SECONDS = 5.0
# Longer sequences are ignored (characters). The longest known one has about 30.
_LONGEST_SEQUENCE = 256
# Longest text of a paste (characters), the rest is dropped. No field of recto takes as much.
_LONGEST_PASTE = 1 << 20
# The largest terminal that a report may claim (columns, rows): Textual allocates memory for every cell.
MOST_COLUMNS, MOST_ROWS = 2000, 1000
# The largest coordinate of a mouse report, in cells or pixels.
_MOST_PLACE = 1 << 16
# Meaningful numbers in reports have fewer digits.
_MOST_DIGITS = 9
# The mode in which a terminal reports its size.
_REPORTS_SIZE = 2048
# The final characters of key reports, and the event type of a key that was let go.
_KEY_FINALS = "u~ABCDEFHPQRS"
_RELEASED = 3
# Modifiers of the kitty protocol, as bits of the reported number less one.
_SHIFT, _CAPS_LOCK, _LOCKS = 1, 64, 64 | 128
_MOST_MODIFIERS = 256


class InputParser:
    """Parses the characters that a terminal sends. Raises no error, and waits at most a few seconds for any end."""

    def __init__(
        self,
        debug: bool = False,
        clock: Callable[[], float] = time.monotonic,
        alt_keys: Collection[str] = (),
    ) -> None:
        """`alt_keys`: the keys with alt that do something, such as "alt+j".

        Escape and a letter in quick succession arrive like alt and that letter. They are taken for the latter only if
        it is one of these keys.
        """
        self._debug = debug
        self._clock = clock
        self._textual = XTermParser(debug)
        self._alt_keys = alt_keys
        # Whether the last characters ended with an escape alone.
        self._ended_with_escape = False
        # Whether the terminal has announced that it reports its size. Reports without that are ignored.
        self._reports_size = False
        # The escape sequence so far, from its ESC on; "" between sequences.
        self._sequence = ""
        # The paste so far; None when there is none.
        self._paste: _Paste | None = None
        # The time at which the unfinished sequence or paste is given up.
        self._ends = 0.0

    def feed(self, text: str) -> Iterator[Message]:
        """The events that these characters complete."""
        at = 0
        if text and self._ended_with_escape and self._sequence == _ESC and text[0] not in f"{_ESC}[O{_STRING_STARTS}":
            # A terminal sends a key in one piece, so these are two keys.
            self._sequence = ""
            yield events.Key("escape", _ESC)
        while at < len(text):
            if self._paste is not None:
                at = self._paste.add(text, at)
                if self._paste.is_complete:
                    yield from self._end_paste()
                continue
            character = text[at]
            at += 1
            if self._sequence:
                yield from self._go_on(character)
            elif character == _ESC:
                self._sequence = _ESC
            else:
                yield from self._parse(character)
        self._ended_with_escape = text.endswith(_ESC)
        if self._paste is not None:
            self._ends = self._clock() + _PASTE_SECONDS
        elif self._sequence:
            self._ends = self._clock() + (constants.ESCAPE_DELAY if len(self._sequence) < 3 else _SEQUENCE_SECONDS)

    def tick(self) -> Iterator[Message]:
        """The events of a sequence or paste whose time is up. Call this about every tenth of a second."""
        if not (self._sequence or self._paste is not None) or self._clock() < self._ends:
            return
        if self._paste is not None:
            yield from self._end_paste()
        sequence, self._sequence = self._sequence, ""
        if sequence == _ESC:
            yield events.Key("escape", _ESC)
        elif len(sequence) == 2:
            yield from self._with_alt(sequence[1])

    def _go_on(self, character: str) -> Iterator[Message]:
        """The events of the unfinished sequence, if this character completes it."""
        sequence = self._sequence
        if sequence[1:2] and sequence[1] in _STRING_STARTS:
            yield from self._go_on_with_string(character)
        elif character == _ESC:
            if sequence == _ESC:
                yield events.Key("escape", _ESC)
            self._sequence = _ESC
        elif len(sequence) > 1 and not " " <= character <= "~":
            # No sequence contains such a character, so this one was cut off.
            self._sequence = ""
            yield from self._parse(character)
        else:
            if len(sequence) < _LONGEST_SEQUENCE:
                self._sequence = sequence = sequence + character
            if _is_complete(sequence, character):
                self._sequence = ""
                yield from self._complete(sequence)

    def _go_on_with_string(self, character: str) -> Iterator[Message]:
        sequence = self._sequence
        if sequence[-1] == _ESC:
            self._sequence = ""
            if character == "\\":
                yield from _complete_string(sequence[:-1])
            else:
                # The string was cut off by the start of another sequence.
                self._sequence = _ESC
                yield from self._go_on(character)
        elif character == _ESC:
            self._sequence += _ESC
        elif character < " ":
            # BEL ends a string. Any other control character is a key that cut it off.
            self._sequence = ""
            if character == "\a":
                yield from _complete_string(sequence)
            else:
                yield from self._parse(character)
        elif len(sequence) < _LONGEST_SEQUENCE:
            self._sequence += character

    def _complete(self, sequence: str) -> Iterator[Message]:
        """The events of a complete escape sequence; none when it is unknown."""
        if sequence == _PASTE_START:
            self._paste = _Paste()
        elif len(sequence) == 2:
            yield from self._with_alt(sequence[1])
        elif sequence.startswith(_CSI):
            yield from self._complete_csi(sequence)
        elif sequence in ANSI_SEQUENCES_KEYS:
            yield from self._parse(sequence)

    def _complete_csi(self, sequence: str) -> Iterator[Message]:
        parameters, final = sequence[len(_CSI) : -1], sequence[-1]
        if final in "Mm" and parameters.startswith("<"):
            if _is_mouse_report(parameters[1:].split(";")):
                yield from self._parse(sequence)
        elif final == "t":
            if self._reports_size and _is_size_report(parameters.split(";")):
                yield from self._parse(sequence)
        elif final == "y":
            if _is_mode_report(parameters):
                self._reports_size |= parameters.startswith(f"?{_REPORTS_SIZE};")
                yield from self._parse(sequence)
        elif sequence in (f"{_CSI}I", f"{_CSI}O"):
            yield from self._parse(sequence)
        elif final in _KEY_FINALS and not parameters.strip("0123456789;:"):
            yield from self._key(parameters, final)
        elif sequence in ANSI_SEQUENCES_KEYS:
            yield from self._parse(sequence)

    def _key(self, parameters: str, final: str) -> Iterator[Message]:
        """The events of a key report in the kitty keyboard protocol, or in the older forms that the protocol includes.

        `code[:shifted[:base]] ; modifiers[:event type] ; text` and the final character; text is a list of code points.
        """
        codes, modifiers, text = ([_number(each) for each in field.split(":")] for field in _three(parameters))
        if len(parameters.split(";")) > 3 or (modifiers[0] or 1) > _MOST_MODIFIERS or _RELEASED in modifiers[1:2]:
            return
        if final == "R" and modifiers[0] is not None:
            # A cursor position report, which looks like f3 with modifiers.
            return
        code = codes[0] if codes[0] is not None else 1
        bits = max(0, (modifiers[0] or 1) - 1)
        letters = [each for each in text if _is_printable(each)]
        name = FUNCTIONAL_KEYS.get(f"{code}{final}")
        if name is None and final != "u":
            # Textual would read the number as a character.
            for key in _named(f"{_CSI}{parameters}{final}"):
                yield events.Key(key, None)
            return
        if name is None and not _is_printable(code):
            if not letters:
                return
            code = letters[0] or code
        if not letters and not bits & ~(_SHIFT | _LOCKS):
            letters = _letters(name, code, codes[1] if len(codes) > 1 else None, bits)
        held = bits & ~_LOCKS
        for letter in letters or [None]:
            ending = f";{letter}" if letter is not None else ""
            yield from self._parse(f"{_CSI}{code};{held + 1 if held else ''}{ending}{final}")

    def _with_alt(self, character: str) -> Iterator[Message]:
        """The events of ESC and a character: of a key with alt if it does something, otherwise of escape and a key."""
        if character in _KEYS_WITH_ESCAPE:
            yield from self._parse(f"{_ESC}{character}")
            return
        for event in self._parse(character):
            if isinstance(event, events.Key):
                key = f"shift+{event.key.lower()}" if len(event.key) == 1 and event.key.isupper() else event.key
                if f"alt+{key}" in self._alt_keys:
                    yield events.Key(f"alt+{key}", None)
                else:
                    yield events.Key("escape", _ESC)
                    yield event

    def _end_paste(self) -> Iterator[Message]:
        paste, self._paste = self._paste, None
        if paste is not None:
            yield events.Paste(paste.text)

    def _parse(self, sequence: str) -> list[Message]:
        """Textual's events for a character or a known sequence; none when its parser raises an error."""
        try:
            return list(self._textual.feed(sequence))
        except Exception:  # The reader must go on; only this sequence is lost.
            before, self._textual = self._textual, XTermParser(self._debug)
            self._textual.mouse_pixels = before.mouse_pixels
            self._textual.terminal_size = before.terminal_size
            self._textual.terminal_pixel_size = before.terminal_pixel_size
            return []


class _Paste:
    """The text of a bracketed paste, as far as it has arrived."""

    def __init__(self) -> None:
        self.is_complete = False
        self._pieces: list[str] = []
        self._length = 0
        # The last characters, which may be the beginning of the end sequence.
        self._tail = ""

    def add(self, text: str, at: int) -> int:
        """Take characters of `text` from `at` on; returns the index after the last one that belongs to the paste."""
        joined = self._tail + text[at:]
        end = joined.find(_PASTE_END)
        self.is_complete = end >= 0
        kept = end if self.is_complete else max(0, len(joined) - len(_PASTE_END) + 1)
        self._keep(joined[:kept])
        behind = at - len(self._tail) + end + len(_PASTE_END) if self.is_complete else len(text)
        self._tail = "" if self.is_complete else joined[kept:]
        return behind

    @property
    def text(self) -> str:
        """The pasted text without NUL, cut to `_LONGEST_PASTE`."""
        return "".join([*self._pieces, self._tail]).replace("\0", "")

    def _keep(self, piece: str) -> None:
        piece = piece[: _LONGEST_PASTE - self._length]
        self._length += len(piece)
        self._pieces.append(piece)


def _complete_string(sequence: str) -> Iterator[Message]:
    """The message of a complete string without its end; none unless it says what the background is."""
    if sequence.startswith(f"{_ESC}]") and (dark := background.is_dark(sequence[2:])) is not None:
        yield BackgroundKnown(dark)


def _is_complete(sequence: str, character: str) -> bool:
    """Whether a sequence ends with this character, its last one."""
    if sequence in ANSI_SEQUENCES_KEYS:
        return True
    if sequence[1] == "O":
        return len(sequence) == 3
    if sequence[1] != "[":
        return sequence[1] not in _STRING_STARTS
    if sequence.startswith(f"{_CSI}M"):
        # The oldest mouse report: a button, a column and a row, of one character each.
        return len(sequence) == 6
    # The Linux console has keys that begin with ESC [ [.
    return len(sequence) > 2 and "@" <= character <= "~" and sequence != f"{_CSI}["


def _three(parameters: str) -> list[str]:
    return [*parameters.split(";"), "", ""][:3]


def _number(text: str) -> int | None:
    """The number in a field; None for an empty field, and a number above every limit for anything else."""
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < _MOST_DIGITS else 10**_MOST_DIGITS


def _is_printable(code: int | None) -> bool:
    """Whether a code point is a printable character."""
    return code is not None and code <= 0x10FFFF and chr(code).isprintable()


def _letters(name: str | None, code: int, shifted: int | None, bits: int) -> list[int | None]:
    """The characters that a key types when the report does not name them; empty for a key that types none."""
    if name is not None:
        return [ord(name)] if len(name) == 1 else []
    if bits & _SHIFT and _is_printable(shifted):
        return [shifted]
    upper = chr(code).upper()
    is_upper = bool(bits & _SHIFT) != bool(bits & _CAPS_LOCK)
    return [ord(upper) if is_upper and len(upper) == 1 else code]


def _named(sequence: str) -> list[str]:
    """Textual's names for the keys of an older sequence."""
    keys = ANSI_SEQUENCES_KEYS.get(sequence)
    return [key.value for key in keys if key.value != "<ignore>"] if isinstance(keys, tuple) else []


def _is_mouse_report(fields: list[str]) -> bool:
    numbers = [_number(field) for field in fields]
    return len(numbers) == 3 and all(each is not None and each < _MOST_PLACE for each in numbers)


def _is_size_report(fields: list[str]) -> bool:
    """Whether a size report is plausible: `48 ; rows ; columns ; height ; width` (the last two in pixels)."""
    numbers = [_number(field.partition(":")[0]) for field in fields]
    if len(numbers) != 5 or numbers[0] != 48 or not all(numbers):
        return False
    rows, columns, height, width = (each or 0 for each in numbers[1:])
    return (
        rows <= MOST_ROWS
        and columns <= MOST_COLUMNS
        and rows <= height < _MOST_PLACE
        and columns <= width < _MOST_PLACE
    )


def _is_mode_report(parameters: str) -> bool:
    """Whether this is a mode report: `? mode ; setting $`."""
    mode, _, setting = parameters.removeprefix("?").removesuffix("$").partition(";")
    return parameters.startswith("?") and parameters.endswith("$") and mode.isdecimal() and len(setting) == 1
