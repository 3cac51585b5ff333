"""The driver: Textual's name for the object that reads keys from the terminal and writes what is drawn.

At the start, before Textual is imported, recto prints a copy of the screen of its last run, which is called the first
page. This driver differs from Textual's own in these points:

- It ends within 0.03 s. Textual's driver takes up to 0.5 s, because its thread that reads keys checks only every tenth
  of a second whether it should end.
- When the terminal has been closed, the application ends. No input can make the driver fail (see
  `tui.terminal.input_parser`).
- When the terminal already shows the first page, the driver starts without clearing the page.
- After the process was stopped by SIGSTOP and continued by SIGCONT, the whole screen is drawn again.
- It asks the terminal once for its background colour, and, when a full text is first opened, which pictures the
  terminal can show. The answers arrive among the typed keys but are never read as keys.
- Where the terminal or its encoding lacks symbols, it writes ASCII characters of the same width instead.
- When the size of the terminal changes twice in quick succession, the application gets the later size.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import fcntl
import os
import selectors
import signal
import struct
import sys
import termios
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TextIO, cast

from textual.events import Key
from textual.message import Message

from tui.terminal import background
from tui.terminal.background import BackgroundKnown
from tui.terminal.input_messages import TerminalAnswer, TypedKeys
from tui.terminal.input_parser import MOST_COLUMNS, MOST_ROWS, InputParser
from tui.terminal.textual_internals import OpenDriver

if TYPE_CHECKING:
    from tui.terminal.graphics import Graphics

# How long to wait for input before `InputParser.tick` is called (s). If no character has followed an escape character
# within this time, the parser reads it as the key escape. Textual uses the same time.
_TICK_SECONDS = 0.1
_MOST_BYTES = 4096
# The theme on the screen may change if the terminal answers the question about its background within this time (s).
_ANSWER_SECONDS = 2.0
# The beginnings of the names (TERM) of terminals whose fonts lack symbols: system consoles and old hardware.
_PLAIN_TERMINALS = ("linux", "cons", "vt", "ansi", "sun", "wyse")
# The value of `_woken` and `_wake`, the file descriptors of the two ends of a pipe, when the pipe is closed.
_CLOSED = -1
_ALTERNATE_SCREEN = "\x1b[?1049h"


class TakenTerminal(Protocol):
    """A terminal on which the first page (a copy of the last screen) was printed before the driver existed.

    The terminal must be in raw mode and show its alternate screen, as the driver expects.
    """

    # The attributes that the terminal had before it was prepared, as `termios.tcgetattr` returns them.
    attributes: list[Any]

    def hand_over(self) -> None:
        """Hand the terminal over to the driver. From now on the driver must restore the terminal's state at the end."""


class TerminalDriver(OpenDriver):
    """Reads keys from standard input. Draws on standard error, or on standard output if only that is a terminal.

    `splash` is the terminal on which the first page was printed, or None when none was printed. With
    `asks_for_background`, the driver asks the terminal for its background colour, and the application gets a
    `BackgroundKnown` message if the terminal answers. `ascii` determines whether to draw with ASCII characters only; if
    it is None, this depends on the name of the terminal (TERM).
    """

    def __init__(
        self,
        *args: Any,
        splash: TakenTerminal | None = None,
        asks_for_background: bool = False,
        ascii: bool | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._splash = splash
        self._must_ask = asks_for_background and background.may_ask(os.environ.get("TERM", ""))
        # If the terminal's answer about its background arrives before this time, the theme changes at once. A later
        # answer is passed on with `is_late` set. 0 when no answer is expected.
        self._answer_ends = 0.0
        # `graphics`: which pictures the terminal can show, or None until it has answered. `_answers`: the answers so
        # far, or None when no answer is expected.
        self.graphics: Graphics | None = None
        self._graphics_known = asyncio.Event()
        self._answers: dict[str, str] | None = None
        self._has_asked_further = False
        self._shown = _Output(
            _terminal(self.output, sys.__stdout__),
            ascii=needs_ascii(os.environ.get("TERM", "")) if ascii is None else ascii,
        )
        self.output = self._shown
        # The message with the keys that were passed on last, to which further keys may be added; None if another event
        # was passed on after it. The application may have handled the keys already.
        self._keys: TypedKeys | None = None
        # The two ends of a pipe: when a byte is written to the pipe, the thread that reads keys ends.
        self._woken, self._wake = os.pipe()

    def start_application_mode(self) -> None:
        """Prepare the terminal for drawing, unless the code that printed the first page has already prepared it."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._handle_sizes_in_order()
        splash, self._splash = self._splash, None
        if splash is not None:
            # Textual has saved the attributes of the terminal as they were after the first page was printed. Replace
            # them by the original attributes, so that the terminal is restored to its original state at the end.
            self.attrs_before = splash.attributes
            splash.hand_over()
        if self._must_ask:
            self._must_ask = False
            self._answer_ends = time.monotonic() + _ANSWER_SECONDS
            self.write(background.QUESTION)

    def _handle_sizes_in_order(self) -> None:
        """Read the size of the terminal on the event loop, not in the signal handler.

        Textual's signal handler reads the size and posts it. If a second SIGWINCH interrupted the handler between these
        two steps, the newer size would be posted first and the older one last, and the application would use the older
        one.
        """
        send_size = signal.getsignal(signal.SIGWINCH)
        if callable(send_size):
            loop = asyncio.get_running_loop()
            signal.signal(signal.SIGWINCH, lambda *received: loop.call_soon_threadsafe(send_size, *received))

    def as_written(self, line: str) -> str:
        """`line` with replacements for the symbols that this terminal cannot show."""
        return self._shown.replaced(line)

    def write(self, data: str) -> None:
        """Write `data`. While the first page is shown, leave out the sequence that clears the screen."""
        if self._splash is None or data != _ALTERNATE_SCREEN:
            super().write(data)

    def when_written(self, then: Callable[[], object]) -> None:
        """Call `then` when the terminal has received everything that was drawn before this call.

        `then` is called in the thread that writes to the terminal.
        """
        self.write(_Mark(then))

    def run_input_thread(self) -> None:
        """Read from the terminal and post keys, clicks and pastes as events, until `disable_input` is called."""
        configured: Mapping[str, str] = getattr(self.app, "keys", {})
        keys = {key for names in configured.values() for key in names.replace(",", " ").split(" ")}
        parser = InputParser(self.debug, alt_keys=frozenset(key for key in keys if key.startswith("alt+")))
        # Replace bytes that are not UTF-8, because a decoding error would end the application.
        decoder = getincrementaldecoder("utf-8")("replace")
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while True:
                ready = {key.fd for key, _ in selector.select(_TICK_SECONDS)}
                if self._woken in ready:
                    os.read(self._woken, _MOST_BYTES)
                    return
                if self.fileno in ready:
                    data = self._read()
                    if not data:
                        self.app.call_later(self.app.exit, None, 128 + signal.SIGHUP)
                        return
                    for event in parser.feed(decoder.decode(data)):
                        self._pass_on(event)
                for event in parser.tick():
                    self._pass_on(event)

    def ask_about_pictures(self) -> None:
        """Ask the terminal which pictures it can show, unless it was asked before. Then call `graphics_known`.

        A terminal that must not be asked is treated as one that can show no pictures.
        """
        if self.graphics is not None or self._answers is not None:
            return
        # Imported here and in the methods below, because the terminal is asked only when the first text is opened.
        from tui.terminal import graphics

        question = graphics.question(os.environ.get("TERM", ""), os.environ.get("TERM_PROGRAM", ""))
        if question:
            self._answers = {}
            self.write(question)
        else:
            self.graphics = graphics.Graphics()

    async def graphics_known(self, seconds: float) -> Graphics:
        """Return which pictures the terminal can show: none if it does not answer within `seconds`."""
        if self.graphics is None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._graphics_known.wait(), seconds)
        if self.graphics is not None:
            return self.graphics
        from tui.terminal.graphics import Graphics

        return Graphics()

    @property
    def is_ascii(self) -> bool:
        """Whether the terminal, or its encoding, shows ASCII characters only."""
        return self._shown.is_ascii

    def cell_size(self) -> tuple[int, int] | None:
        """The width and height of a cell (pixels), as the system or the terminal reports it; None when neither does."""
        try:
            rows, columns, width, height = struct.unpack("HHHH", fcntl.ioctl(self.fileno, termios.TIOCGWINSZ, bytes(8)))
        except OSError:
            rows = columns = width = height = 0
        if rows and columns and width >= columns and height >= rows:
            return width // columns, height // rows
        return self.graphics.cell if self.graphics is not None else None

    def _take_answer(self, answer: TerminalAnswer) -> None:
        """Record an answer about pictures, if one is expected.

        The answer about the terminal's attributes is always the last one. After that answer, the method asks a further
        question or, if none is needed, sets `graphics` and `graphics_known`.
        """
        if self._answers is None:
            return
        self._answers[answer.kind] = answer.value
        if answer.kind != "attributes":
            return
        from tui.terminal import graphics

        further = graphics.further_question(self._answers)
        if further and not self._has_asked_further:
            self._has_asked_further = True
            self.write(further)
        else:
            self.graphics, self._answers = graphics.graphics(self._answers), None
            self.call_on_loop(self._graphics_known.set)

    def _pass_on(self, event: Message) -> None:
        """Send an event to the application. An answer about the background is dropped if the question was not asked.

        A key is added to the last message with keys, if the application has not handled that message yet.
        """
        if isinstance(event, Key):
            if self._keys is None or not self._keys.add(event):
                self._keys = TypedKeys(event)
                self.process_message(self._keys)
            return
        # Later keys must not be added to a message that was sent before this event.
        self._keys = None
        if isinstance(event, TerminalAnswer):
            self._take_answer(event)
            return
        if isinstance(event, BackgroundKnown):
            if not self._answer_ends:
                return
            event.is_late = time.monotonic() > self._answer_ends
            self._answer_ends = 0.0
        self.process_message(event)

    def limited_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """The size of the screen to draw (columns, rows): the size of the terminal, but not more than can be drawn."""
        columns, rows = size
        return min(columns, MOST_COLUMNS), min(rows, MOST_ROWS)

    def disable_input(self) -> None:
        """End the thread that reads keys."""
        if self.is_reading:
            os.write(self._wake, b"\0")
        super().disable_input()

    def close(self) -> None:
        """Close what Textual's driver has opened, and the pipe that ends the thread that reads keys."""
        super().close()
        os.close(self._woken)
        os.close(self._wake)
        self._woken = self._wake = _CLOSED

    def resume_application_mode(self) -> None:
        """Prepare the terminal again after the shell or another program has used it."""
        if self._woken == _CLOSED:
            self._woken, self._wake = os.pipe()
        super().resume_application_mode()

    def may_continue(self) -> bool:
        """Prepare the driver for `resume_application_mode` after SIGCONT, and return whether to call that method.

        Returns False when the driver has not started, or when the process is not in the foreground of a terminal.
        """
        if not self.has_started:
            return False
        if self._woken != _CLOSED:
            # The process was stopped by SIGSTOP, which cannot be caught. So the driver could not restore the terminal:
            # the shell has changed its attributes, and the thread that reads keys still runs. The system also sends
            # SIGCONT when a window is closed. In that case, there may be no terminal any more.
            if not self._is_in_foreground():
                return False
            self.suspend_application_mode()
            self.signal_resume()
        return True

    def _is_in_foreground(self) -> bool:
        """Whether the terminal exists and this process is in its foreground."""
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:
            return False

    def _read(self) -> bytes:
        """The bytes that the terminal has sent; b"" when the terminal has been closed."""
        try:
            return os.read(self.fileno, _MOST_BYTES)
        except OSError:
            return b""


def _terminal(errors: TextIO | None, output: TextIO | None) -> TextIO:
    """The file to draw on: standard error, as in Textual, or standard output if standard error is not a terminal."""
    return cast(TextIO, output if errors is None or not errors.isatty() else errors)


def needs_ascii(terminal: str) -> bool:
    """Whether a terminal with this name (TERM) is known to lack the symbols that recto draws."""
    return terminal.startswith(_PLAIN_TERMINALS)


def is_unicode(encoding: str | None) -> bool:
    """Whether an encoding can represent every character."""
    return encoding is None or codecs.lookup(encoding).name.startswith("utf")


class _Mark(str):
    """An empty text in the queue of output, with a function to call when the output has reached it.

    `then` is called when the terminal has received the text before it.
    """

    then: Callable[[], object]

    def __new__(cls, then: Callable[[], object]) -> _Mark:
        mark = super().__new__(cls)
        mark.then = then
        return mark


class _Output:
    """The file that the driver draws on.

    Errors of a terminal that has been closed are ignored, because Textual would wait forever after such an error. Only
    `replaced` and `fileno` may be called in any thread; all other methods only in the thread that writes to the
    terminal.
    """

    def __init__(self, file: TextIO, *, ascii: bool = False) -> None:
        self._file = file
        self._marks: list[_Mark] = []
        self._ascii = ascii
        # The encoding of the file; None when it can represent every character. If it cannot, characters are replaced
        # before they are written: Python would write an escape such as "\\u2026".
        self._encoding = None if is_unicode(file.encoding) else file.encoding

    @property
    def is_ascii(self) -> bool:
        """Whether symbols are replaced by ASCII characters."""
        return self._ascii or self._encoding is not None

    def replaced(self, text: str) -> str:
        """`text` with ASCII characters in place of the characters that the terminal cannot show."""
        if text.isascii() or not (self._ascii or self._encoding):
            return text
        # Imported here, because most terminals show every character, so that no replacement is needed.
        from tui.terminal import symbols

        if self._ascii:
            text = symbols.to_ascii(text)
        return text if self._encoding is None else symbols.encodable(text, self._encoding)

    def write(self, text: str) -> None:
        if isinstance(text, _Mark):
            self._marks.append(text)
            return
        with contextlib.suppress(OSError):
            self._file.write(self.replaced(text))

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._file.flush()
        marks, self._marks = self._marks, []
        for mark in marks:
            mark.then()

    def fileno(self) -> int:
        return self._file.fileno()
