"""The driver for a terminal: it reads keys and writes what is drawn.

It differs from Textual's in these points:

- Leaving takes 0.03 s. Textual's takes up to 0.5 s, because its thread that reads keys looks only every tenth of a
  second whether it should end.
- A terminal that is gone ends the reader, and no input can (see `tui.terminal.input_parser`).
- It takes over a terminal that shows the first page without clearing it.
- The reader draws again after SIGSTOP and SIGCONT.
- It asks the terminal once for its background colour. The answer comes among the keys and is never taken for one.
- Where the terminal or its encoding lacks symbols, it writes ASCII characters of the same width.
- Of two changes of size in quick succession, the later one counts.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import selectors
import signal
import sys
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TextIO, cast

from textual.message import Message

from tui.terminal import background
from tui.terminal.background import BackgroundKnown
from tui.terminal.input_parser import MOST_COLUMNS, MOST_ROWS, InputParser
from tui.terminal.textual_internals import OpenDriver

# How long an escape alone may still become another key (s). Textual waits as long.
_TICK_SECONDS = 0.1
_MOST_BYTES = 4096
# A later answer about the background does not change the screen any more (s).
_ANSWER_SECONDS = 2.0
# Terminals whose fonts lack the symbols: consoles of the system, and those of old hardware.
_PLAIN_TERMINALS = ("linux", "cons", "vt", "ansi", "sun", "wyse")
# In place of the descriptor of a closed file.
_CLOSED = -1
_ALTERNATE_SCREEN = "\x1b[?1049h"


class TakenTerminal(Protocol):
    """A terminal in the attributes and on the alternate screen that the driver needs, with a page on it."""

    # The attributes that the terminal had before, as termios returns them.
    attributes: list[Any]

    def hand_over(self) -> None:
        """Leave the terminal to the driver, which restores it from now on."""


class TerminalDriver(OpenDriver):
    """Reads and draws on the terminal of standard input and standard error.

    `splash` has the terminal when it shows the first page. `asks_for_background`: the application gets a
    `BackgroundKnown` when the terminal answers. `ascii`: draw with ASCII characters only; None decides by the terminal.
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
        # Until when an answer about the background is heeded at once.
        self._answer_ends = 0.0
        self._shown = _Output(
            _terminal(self.output, sys.__stdout__),
            ascii=needs_ascii(os.environ.get("TERM", "")) if ascii is None else ascii,
        )
        self.output = self._shown
        # The thread for keys ends when a byte is written to this pipe.
        self._woken, self._wake = os.pipe()

    def start_application_mode(self) -> None:
        """Take the terminal, from the splash if it shows one."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._handle_sizes_in_order()
        splash, self._splash = self._splash, None
        if splash is not None:
            # Textual saved the attributes that the splash had set.
            self.attrs_before = splash.attributes
            splash.hand_over()
        if self._must_ask:
            self._must_ask = False
            self._answer_ends = time.monotonic() + _ANSWER_SECONDS
            self.write(background.QUESTION)

    def _handle_sizes_in_order(self) -> None:
        """Read the size of the terminal on the event loop, not in the signal handler.

        A second SIGWINCH interrupts Textual's handler of the first between reading the size and posting it. The older
        size was then posted last, and the reader kept it.
        """
        send_size = signal.getsignal(signal.SIGWINCH)
        if callable(send_size):
            loop = asyncio.get_running_loop()
            signal.signal(signal.SIGWINCH, lambda *received: loop.call_soon_threadsafe(send_size, *received))

    def as_written(self, line: str) -> str:
        """A line as it is written to this terminal, with its symbols replaced where they must be."""
        return self._shown.replaced(line)

    def write(self, data: str) -> None:
        """Write to the terminal, except the sequence that would clear the first page."""
        if self._splash is None or data != _ALTERNATE_SCREEN:
            super().write(data)

    def when_written(self, then: Callable[[], object]) -> None:
        """Call `then`, in the thread that writes, when the terminal has received everything drawn until now."""
        self.write(_Mark(then))

    def run_input_thread(self) -> None:
        """Post keys, clicks and pastes as events, until `disable_input`."""
        configured: Mapping[str, str] = getattr(self.app, "keys", {})
        keys = {key for names in configured.values() for key in names.split(",")}
        parser = InputParser(self.debug, alt_keys=frozenset(key for key in keys if key.startswith("alt+")))
        # Bytes that are not UTF-8 must not end the reader.
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

    def _pass_on(self, event: Message) -> None:
        """Send an event to the application, except an answer to a question that was not asked."""
        if isinstance(event, BackgroundKnown):
            if not self._answer_ends:
                return
            event.is_late = time.monotonic() > self._answer_ends
            self._answer_ends = 0.0
        self.process_message(event)

    def limited_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """The terminal's size (columns, rows), limited to one that can be drawn."""
        columns, rows = size
        return min(columns, MOST_COLUMNS), min(rows, MOST_ROWS)

    def disable_input(self) -> None:
        """End the thread for keys."""
        if self.is_reading:
            os.write(self._wake, b"\0")
        super().disable_input()

    def close(self) -> None:
        """Close what was opened."""
        super().close()
        os.close(self._woken)
        os.close(self._wake)
        self._woken = self._wake = _CLOSED

    def resume_application_mode(self) -> None:
        """Take the terminal again after it was given back for a while."""
        if self._woken == _CLOSED:
            self._woken, self._wake = os.pipe()
        super().resume_application_mode()

    def may_continue(self) -> bool:
        """Prepare the terminal to be taken again after SIGCONT; False when there is none to take."""
        if not self.has_started:
            return False
        if self._woken != _CLOSED:
            # Stopped by SIGSTOP, which cannot be caught: the shell has changed the terminal, and the thread for keys
            # still runs. The system also sends SIGCONT when a window is closed.
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
        """What the terminal has sent; nothing when it is gone."""
        try:
            return os.read(self.fileno, _MOST_BYTES)
        except OSError:
            return b""


def _terminal(errors: TextIO | None, output: TextIO | None) -> TextIO:
    """The file to draw on: standard error, as in Textual, or standard output when standard error is no terminal."""
    return cast(TextIO, output if errors is None or not errors.isatty() else errors)


def needs_ascii(terminal: str) -> bool:
    """Whether a terminal with this name (TERM) is known to lack the symbols."""
    return terminal.startswith(_PLAIN_TERMINALS)


def is_unicode(encoding: str | None) -> bool:
    """Whether an encoding can represent every character."""
    return encoding is None or codecs.lookup(encoding).name.startswith("utf")


class _Mark(str):
    """An empty text that marks a place in what is written, with what to call once the terminal has received that."""

    then: Callable[[], object]

    def __new__(cls, then: Callable[[], object]) -> _Mark:
        mark = super().__new__(cls)
        mark.then = then
        return mark


class _Output:
    """The file that the driver draws on. Writing to a terminal that is gone does nothing; Textual would wait for ever.

    Only the thread that writes calls this.
    """

    def __init__(self, file: TextIO, *, ascii: bool = False) -> None:
        self._file = file
        self._marks: list[_Mark] = []
        self._ascii = ascii
        # None for an encoding that has every character. Standard error would write others as "\\u2026".
        self._encoding = None if is_unicode(file.encoding) else file.encoding

    def replaced(self, text: str) -> str:
        """`text` with ASCII characters in place of what the terminal cannot show."""
        if text.isascii() or not (self._ascii or self._encoding):
            return text
        # Imported here, because most terminals show every character.
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
