"""The terminal, read so that leaving it takes no time, and that one which is gone ends the reader."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable
from typing import Any, TextIO, cast

from textual.drivers.linux_driver import LinuxDriver

from tui.startup.splash import Door
from tui.terminal.input_parser import MOST_COLUMNS, MOST_ROWS, InputParser

# How long a lone escape may still become another key (s). As Textual waits.
_TICK_SECONDS = 0.1
_MOST_BYTES = 4096
# In the place of a file that is open no more.
_CLOSED = -1
_ALTERNATE_SCREEN = "\x1b[?1049h"


class TerminalDriver(LinuxDriver):
    """Textual's own, but that its thread for keys is woken to end; there it looks up only every tenth of a second.

    Where a first page is on the terminal already, `door` has it.
    """

    def __init__(self, *args: Any, door: Door | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self._door = door
        self._file = cast(Any, _Screen(_terminal(self._file, sys.__stdout__)))
        self._woken, self._wake = os.pipe()

    def start_application_mode(self) -> None:
        """Take the terminal, from the door if that has it."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        door, self._door = self._door, None
        if door is not None:
            # Textual has seen the terminal as the door has made it.
            self.attrs_before = door.attributes
            door.hand_over()

    def write(self, data: str) -> None:
        """Write to the terminal, but what would clear a page that is on it."""
        if self._door is None or data != _ALTERNATE_SCREEN:
            super().write(data)

    def when_written(self, then: Callable[[], object]) -> None:
        """Call `then`, in the thread that writes, when all that was drawn until now is on the terminal."""
        self.write(_Mark(then))

    def run_input_thread(self) -> None:
        """Post what is typed and clicked, until `disable_input`."""
        parser = InputParser(self._debug)
        # What is no text must not end the reader.
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
                    typed = self._typed()
                    if not typed:
                        self._app.call_later(self._app.exit, None, 128 + signal.SIGHUP)
                        return
                    for event in parser.feed(decoder.decode(typed)):
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:
            # Textual would end the reader as if nothing had happened.
            self._app.call_later(self._app._handle_exception, error)

    def _get_terminal_size(self) -> tuple[int, int]:
        """The terminal's size (columns, rows), at most one that can be drawn."""
        width, height = super()._get_terminal_size()
        return min(width, MOST_COLUMNS), min(height, MOST_ROWS)

    def disable_input(self) -> None:
        """End the thread for keys."""
        if self._key_thread is not None and self._key_thread.is_alive():
            os.write(self._wake, b"\0")
        super().disable_input()

    def close(self) -> None:
        """Let go of what was opened."""
        super().close()
        os.close(self._woken)
        os.close(self._wake)
        self._woken = self._wake = _CLOSED

    def resume_application_mode(self) -> None:
        """Take the terminal again after it was given back for a while, and what was closed then."""
        if self._woken == _CLOSED:
            self._woken, self._wake = os.pipe()
        super().resume_application_mode()

    def _sigcont_application(self, *_: object) -> None:
        if self._writer_thread is None:
            # It was stopped before it had the terminal.
            return
        if self._woken != _CLOSED:
            # By SIGSTOP, which does not ask: the terminal is as the shell left it, and the thread for keys runs.
            # A window that is closed says SIGCONT too.
            if not self._is_ours():
                return
            self.suspend_application_mode()
            self._must_signal_resume = True
        super()._sigcont_application()

    def _is_ours(self) -> bool:
        """Whether the terminal is there, and this program is the one in its foreground."""
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:
            return False

    def _typed(self) -> bytes:
        """What was typed; nothing when the terminal is gone."""
        try:
            return os.read(self.fileno, _MOST_BYTES)
        except OSError:
            return b""

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        if self._mouse_pixels:
            # Left behind by Textual: the next program would get its clicks in pixels.
            self.write("\x1b[?1016l")


def _terminal(errors: TextIO | None, output: TextIO | None) -> TextIO:
    """Where to draw: on standard error, as Textual does, but not into the file that it was sent to."""
    return cast(TextIO, output if errors is None or not errors.isatty() else errors)


class _Mark(str):
    """Nothing to be drawn: a place in what is, with what is to be done when all before it is on the terminal."""

    then: Callable[[], object]

    def __new__(cls, then: Callable[[], object]) -> _Mark:
        mark = super().__new__(cls)
        mark.then = then
        return mark


class _Screen:
    """Where the driver draws. When the terminal is gone nothing is drawn any more; Textual would wait for ever."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._marks: list[_Mark] = []

    def write(self, text: str) -> None:
        if isinstance(text, _Mark):
            self._marks.append(text)
            return
        with contextlib.suppress(OSError):
            try:
                self._file.write(text)
            except UnicodeEncodeError:
                # Python was told to write in an encoding that does not have every character.
                encoding = self._file.encoding
                self._file.write(text.encode(encoding, "replace").decode(encoding))

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._file.flush()
        marks, self._marks = self._marks, []
        for mark in marks:
            mark.then()

    def fileno(self) -> int:
        return self._file.fileno()
