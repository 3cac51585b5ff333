"""Turns the characters that a terminal sends into Textual's events.

Textual's own parser raises an error on some key reports. It reads an unknown escape sequence as single keys: an "x" in
a reply of the terminal would hide a paper. The parser of this module first reads a sequence to its end. A known
sequence with plausible numbers is passed to Textual's parser; any other sequence is ignored.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from textual import constants, events
from textual.message import Message

from tui.terminal import background
from tui.terminal.background import BackgroundKnown
from tui.terminal.input_messages import TerminalAnswer
from tui.terminal.textual_names import ANSI_SEQUENCES_KEYS, FUNCTIONAL_KEYS, XTermParser

if TYPE_CHECKING:
    from tui.terminal.paste import Paste

_ESC = "\x1b"
# Matches the parameters of a report about a terminal mode: `? mode ; setting $`.
_MODE_REPORT = re.compile(r"\?\d+;.\$", re.DOTALL)
_CSI = "\x1b["
_PASTE_START = "\x1b[200~"
# ESC and one of these characters begin a control string (OSC, DCS, PM, APC or SOS). BEL or ESC \ ends the string.
_STRING_STARTS = "]PX^_"
# Terminals send some keys as ESC followed by one of these characters: alt with backspace, shift with tab, and the keys
# that move by words.
_KEYS_WITH_ESCAPE = "\x7f\tfb"
# The longest wait for the rest of a sequence of which three or more characters have arrived (s). A wait is needed
# because a slow connection may deliver a sequence in parts. It delays no key, because no key sends only the beginning
# of such a sequence.
_SEQUENCE_SECONDS = 1.0
# A paste is ended when no character has arrived for this long (s). Without this limit, all later keys would become part
# of the paste if its end sequence got lost.
_PASTE_SECONDS = 5.0
# Sequences of more than this many characters are ignored. The longest sequence that Textual knows has about 30.
_LONGEST_SEQUENCE = 256
# The largest size of a terminal that is accepted (columns, rows). A limit is needed because Textual allocates memory
# for every cell.
MOST_COLUMNS, MOST_ROWS = 2000, 1000
# The largest coordinate of a mouse report, in cells or pixels.
_MOST_PLACE = 1 << 16
# A number of this many digits or more in a report is treated as too large.
_MOST_DIGITS = 9
# The number of the terminal mode in which a terminal reports every change of its size.
_REPORTS_SIZE = 2048
# The last characters of key reports, and the event type in the report of a key that was released.
_KEY_FINALS = "u~ABCDEFHPQRS"
_RELEASED = 3
# The last characters of the terminal's answers about pictures (tui/terminal/graphics.py).
_ANSWER_FINALS = "ctS"
# The bits of the modifier keys in the kitty keyboard protocol. A key report contains one plus the sum of the bits of
# the modifier keys that are pressed.
_SHIFT, _CAPS_LOCK, _LOCKS = 1, 64, 64 | 128
_MOST_MODIFIERS = 256


class InputParser:
    """Parses the characters that a terminal sends.

    The parser raises no error, and it waits at most a few seconds for the end of a sequence or a paste.
    """

    def __init__(
        self,
        debug: bool = False,
        clock: Callable[[], float] = time.monotonic,
        alt_keys: Collection[str] = (),
    ) -> None:
        """`alt_keys` are the keys with alt to which an action is bound, for example "alt+j".

        A terminal sends the same characters for a letter with alt as for the key escape followed by the letter. They
        are read as a key with alt only if that key is in `alt_keys`.
        """
        self._debug = debug
        self._clock = clock
        self._textual = XTermParser(debug)
        self._alt_keys = alt_keys
        # Whether the characters of the last call of `feed` ended with ESC.
        self._ended_with_escape = False
        # Whether the terminal has announced that it reports changes of its size. Before that, size reports are ignored.
        self._reports_size = False
        # The part of the unfinished escape sequence that has arrived, from its ESC on; "" when no sequence is
        # unfinished.
        self._sequence = ""
        # The part of the current paste that has arrived; None when no paste has begun.
        self._paste: Paste | None = None
        # The time on `clock` after which `tick` ends an unfinished sequence or paste.
        self._ends = 0.0

    def feed(self, text: str) -> Iterator[Message]:
        """The events that are complete with `text`, the next characters from the terminal."""
        at = 0
        if text and self._ended_with_escape and self._sequence == _ESC and text[0] not in f"{_ESC}[O{_STRING_STARTS}":
            # A terminal sends the two characters of a key with alt together. The previous call has ended with ESC, so
            # that ESC is the key escape.
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
        """The events of an unfinished sequence or paste if its end has not arrived in time.

        The caller must call this about every tenth of a second.
        """
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
        """Add a character to the unfinished sequence. If that completes the sequence, return its events."""
        sequence = self._sequence
        if sequence[1:2] and sequence[1] in _STRING_STARTS:
            yield from self._go_on_with_string(character)
        elif character == _ESC:
            if sequence == _ESC:
                yield events.Key("escape", _ESC)
            self._sequence = _ESC
        elif len(sequence) > 1 and not " " <= character <= "~":
            # No sequence contains this character, so the end of the unfinished sequence got lost. Drop the sequence.
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
                # The end of the control string got lost: the ESC in it was the start of another sequence.
                self._sequence = _ESC
                yield from self._go_on(character)
        elif character == _ESC:
            self._sequence += _ESC
        elif character < " ":
            # BEL ends a control string. Any other control character is a key, so the end of the control string got
            # lost.
            self._sequence = ""
            if character == "\a":
                yield from _complete_string(sequence)
            else:
                yield from self._parse(character)
        elif len(sequence) < _LONGEST_SEQUENCE:
            self._sequence += character

    def _complete(self, sequence: str) -> Iterator[Message]:
        """The events of a complete escape sequence; none when the sequence is unknown or begins a paste."""
        if sequence == _PASTE_START:
            # Imported here, because most starts see no paste.
            from tui.terminal.paste import Paste

            self._paste = Paste()
        elif len(sequence) == 2:
            yield from self._with_alt(sequence[1])
        elif sequence.startswith(_CSI):
            yield from self._complete_csi(sequence)
        elif sequence in ANSI_SEQUENCES_KEYS:
            yield from self._parse(sequence)

    def _complete_csi(self, sequence: str) -> Iterator[Message]:
        parameters, final = sequence[len(_CSI) : -1], sequence[-1]
        if final in _ANSWER_FINALS and (answer := _answer(sequence)) is not None:
            yield answer
        elif final in "Mm" and parameters.startswith("<"):
            if _is_mouse_report(parameters[1:].split(";")):
                yield from self._parse(sequence)
        elif final == "t":
            if self._reports_size and _is_size_report(parameters.split(";")):
                yield from self._parse(sequence)
        elif final == "y":
            if _MODE_REPORT.fullmatch(parameters):
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

        A report consists of `parameters` and the last character `final`. The parameters have the form
        `code[:shifted[:base]] ; modifiers[:event type] ; text`, in which `text` is the typed text as code points,
        separated by colons.
        """
        codes, modifiers, text = ([_number(each) for each in field.split(":")] for field in _three(parameters))
        if len(parameters.split(";")) > 3 or (modifiers[0] or 1) > _MOST_MODIFIERS or _RELEASED in modifiers[1:2]:
            return
        if final == "R" and modifiers[0] is not None:
            # Ignore this sequence: it may be a report of the cursor position, which looks the same as the key f3 with
            # modifiers.
            return
        code = codes[0] if codes[0] is not None else 1
        bits = max(0, (modifiers[0] or 1) - 1)
        letters = [each for each in text if _is_printable(each)]
        name = FUNCTIONAL_KEYS.get(f"{code}{final}")
        if name is None and final != "u":
            # Do not pass this report to Textual's parser, which would read its number as the code of a character.
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
        """The events of ESC and a character: a key with alt if an action is bound to it, otherwise escape and a key."""
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
        """The events of Textual's parser for a character or a known sequence; none when that parser raises an error."""
        try:
            return list(self._textual.feed(sequence))
        except Exception:  # Ignore this sequence and start with a new parser, because the application must go on.
            before, self._textual = self._textual, XTermParser(self._debug)
            self._textual.mouse_pixels = before.mouse_pixels
            self._textual.terminal_size = before.terminal_size
            self._textual.terminal_pixel_size = before.terminal_pixel_size
            return []


def _complete_string(sequence: str) -> Iterator[Message]:
    """The message for a complete control string, which is given without its end.

    Yields nothing if the string is not an answer of the terminal about its background colour or about pictures.
    """
    if sequence.startswith(f"{_ESC}]") and (dark := background.is_dark(sequence[2:])) is not None:
        yield BackgroundKnown(dark)
    elif (answer := _answer(sequence)) is not None:
        yield answer


def _answer(sequence: str) -> TerminalAnswer | None:
    """The terminal's answer about pictures that a sequence contains, or None if it is not such an answer."""
    # Imported here, because a terminal is asked about pictures only when the first text is opened.
    from tui.terminal import graphics

    return graphics.answer(sequence)


def _is_complete(sequence: str, character: str) -> bool:
    """Whether `sequence`, whose last character is `character`, is complete."""
    if sequence in ANSI_SEQUENCES_KEYS:
        return True
    if sequence[1] == "O":
        return len(sequence) == 3
    if sequence[1] != "[":
        return sequence[1] not in _STRING_STARTS
    if sequence.startswith(f"{_CSI}M"):
        # A mouse report in the oldest format. Three characters follow ESC [ M: the button, the column and the row.
        return len(sequence) == 6
    # The second "[" does not end a sequence, because the Linux console has keys that begin with ESC [ [.
    return len(sequence) > 2 and "@" <= character <= "~" and sequence != f"{_CSI}["


def _three(parameters: str) -> list[str]:
    return [*parameters.split(";"), "", ""][:3]


def _number(text: str) -> int | None:
    """The number in a field of a report; None when the field is empty.

    When the field is not a number or has too many digits, the result is larger than every limit in this module.
    """
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < _MOST_DIGITS else 10**_MOST_DIGITS


def _is_printable(code: int | None) -> bool:
    """Whether a code point is a printable character."""
    return code is not None and code <= 0x10FFFF and chr(code).isprintable()


def _letters(name: str | None, code: int, shifted: int | None, bits: int) -> list[int | None]:
    """The code points that a key types, for a report without the field `text`; empty for a key that types nothing.

    `name` is Textual's name of a functional key (such as "f1"), or None. `shifted` is the code point that the key types
    with shift, if it was reported.
    """
    if name is not None:
        return [ord(name)] if len(name) == 1 else []
    if bits & _SHIFT and _is_printable(shifted):
        return [shifted]
    upper = chr(code).upper()
    is_upper = bool(bits & _SHIFT) != bool(bits & _CAPS_LOCK)
    return [ord(upper) if is_upper and len(upper) == 1 else code]


def _named(sequence: str) -> list[str]:
    """Textual's names for the keys of a sequence that is older than the kitty protocol; empty if there are none."""
    keys = ANSI_SEQUENCES_KEYS.get(sequence)
    return [key.value for key in keys if key.value != "<ignore>"] if isinstance(keys, tuple) else []


def _is_mouse_report(fields: list[str]) -> bool:
    numbers = [_number(field) for field in fields]
    return len(numbers) == 3 and all(each is not None and each < _MOST_PLACE for each in numbers)


def _is_size_report(fields: list[str]) -> bool:
    """Whether a size report has plausible numbers.

    The fields of a size report are 48, rows, columns, height and width; height and width are in pixels.
    """
    numbers = [_number(field.partition(":")[0]) for field in fields]
    if len(numbers) != 5 or numbers[0] != 48 or not all(numbers):
        return False
    rows, columns, height, width = (each or 0 for each in numbers[1:])
    fits = rows <= MOST_ROWS and columns <= MOST_COLUMNS
    return fits and rows <= height < _MOST_PLACE and columns <= width < _MOST_PLACE
