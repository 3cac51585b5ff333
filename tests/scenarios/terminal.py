"""A terminal for the real program: runs `recto` on a pty, draws its output with pyte, and stores every byte of it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import selectors
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pyte

from tests.waiting import PATIENCE

# pyte does not know sequences with "<", "=" or ">" after the bracket, and would print the rest of them as text.
_FOREIGN = re.compile(rb"\x1b\[[<=>][0-9;]*[a-zA-Z]")

KEYS = {
    "enter": b"\r",
    # The escape key in the kitty keyboard protocol. A bare escape byte could be read as the start of the next key.
    "escape": b"\x1b[27u",
    "tab": b"\t",
    "backspace": b"\x7f",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    **{f"ctrl+{letter}": bytes([ord(letter) - 96]) for letter in "abcdefghijklmnopqrstuvwxyz"},
}


class Terminal:
    """Runs `recto` with these arguments on a pty. As a context manager, it kills the program at the end."""

    def __init__(
        self,
        *words: str | Path,
        size: tuple[int, int] = (100, 30),
        env: dict[str, str] | None = None,
        errors: int | None = None,
        starter: Sequence[str] = (),
    ) -> None:
        """`errors` is the file to which standard error is redirected. If it is None, standard error is the terminal.

        `starter` is the command line of a program that runs the command after it and waits for it to end.
        """
        self.output = b""
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._master, self._slave = pty.openpty()
        self._set_size(size)
        self.modes_before = termios.tcgetattr(self._slave)
        # If these variables are not set, the program uses the size of the pty.
        environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            [*starter, sys.executable, "-P", "-m", "tui", *map(str, words)],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave if errors is None else errors,
            env={**environment, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})},
            start_new_session=True,
            # The pty becomes the controlling terminal, so that closing it sends the program SIGHUP.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._master, selectors.EVENT_READ)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self.close()
        self._selector.close()
        os.close(self._slave)

    @property
    def lines(self) -> list[str]:
        """The lines of the screen, without trailing blanks."""
        return [line.rstrip() for line in displayed(self._screen)]

    @property
    def text(self) -> str:
        """The text of the whole screen."""
        return "\n".join(self.lines)

    def find(self, text: str) -> int:
        """The index of the first line that contains `text`; -1 if no line does."""
        return next((number for number, line in enumerate(self.lines) if text in line), -1)

    def style(self, column: int, line: int) -> pyte.screens.Char:
        """One cell of the screen: its character, colours and style."""
        return self._screen.buffer[line][column]

    def press(self, *keys: str) -> None:
        """Press keys, given by name ("enter", "ctrl+c") or as a letter ("j")."""
        for key in keys:
            os.write(self._master, KEYS.get(key) or key.encode())

    def send_bytes(self, sent: bytes) -> None:
        """Send bytes as they are, such as bytes that no key of a keyboard sends."""
        while sent:
            sent = sent[os.write(self._master, sent[:1024]) :]
            self.read(0)

    def until(self, condition: Callable[[], object], description: str, seconds: float = PATIENCE) -> None:
        """Read the output until `condition()` is true. `description` is for the error.

        A condition may look for a text that is missing on a half-drawn screen. If it raises ValueError or IndexError,
        it counts as not true yet.
        """

        def holds() -> object:
            try:
                return condition()
            except (ValueError, IndexError):
                return False

        ends = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > ends:
                raise AssertionError(f"not within {seconds:g} s: {description}. The screen:\n{self.text}")
            self.read(0.02)

    def shows(self, *texts: str) -> None:
        """Read the output until the screen shows all of these texts."""
        self.until(lambda: all(text in self.text for text in texts), f"the screen shows {texts}")

    def read(self, seconds: float) -> bool:
        """Read the available output; if there is none, wait for it for at most `seconds`.

        Returns whether there was any.
        """
        if not self._selector.select(seconds):
            return False
        try:
            output = os.read(self._master, 65536)
        except OSError:
            return False
        self.output += output
        self._stream.feed(_FOREIGN.sub(b"", output))
        return True

    def read_for(self, seconds: float) -> None:
        """Read all output that arrives during this time (s)."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            self.read(left)

    def resize(self, size: tuple[int, int]) -> None:
        """Change the size of the terminal."""
        self._screen.resize(size[1], size[0])
        self._set_size(size)

    def send(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self.process.send_signal(number)

    def kill(self) -> None:
        """Kill the program with SIGKILL. The program cannot save anything then, as after a power failure."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """Close the pty, as closing the window of a terminal does."""
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(self._master)
            os.close(self._master)

    def ends(self, seconds: float = PATIENCE) -> int:
        """Wait for the program to end. Returns its exit code, or 128 plus the number of the signal that ended it."""
        self.until(lambda: self.process.poll() is not None, "the program ends", seconds)
        while self.read(0):
            pass
        code = self.process.wait()
        return code if code >= 0 else 128 - code

    @property
    def modes(self) -> list[object]:
        """The pty's current settings (termios), as `stty` shows them."""
        return termios.tcgetattr(self._slave)

    def _set_size(self, size: tuple[int, int]) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))


def run(*words: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command of recto without a terminal."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "tui", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**os.environ, **(env or {})},
        check=False,
    )


__all__: Sequence[str] = ("KEYS", "PATIENCE", "Terminal", "run")


def displayed(screen: pyte.Screen) -> list[str]:
    """The lines of a pyte screen. pyte's own `display` fails when one half of a wide letter was overwritten."""
    cells = [[screen.buffer[y][x].data for x in range(screen.columns)] for y in range(screen.lines)]
    # The cell after a wide letter has no character, because the letter covers two cells.
    return ["".join(row) for row in cells]
