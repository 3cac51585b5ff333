"""Runs a program on a pty (pseudo-terminal): sends keys, records its output with the times, and draws its screen."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pyte

from tests.bench import resident

ROWS, COLUMNS = 36, 120
_PIECE = 1 << 16
# How long a program may take to end (s). After that time it is killed.
_LEAVE_SECONDS = 5.0
# A program that has written nothing for this time (s) has drawn everything.
_LEAVE_QUIET_SECONDS = 1.5


class Chunk(NamedTuple):
    """Output of the program, and the time at which it was read (time.perf_counter)."""

    at: float
    data: bytes


class Terminal:
    """Runs a command on a pseudo-terminal and controls it. Use it in a `with` statement, which closes it."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
        standard_input: Path | None = None,
    ) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        with contextlib.ExitStack() as files:
            files.callback(os.close, slave)
            told, tell = os.pipe()
            files.callback(os.close, told)
            files.callback(os.close, tell)

            def just_before_exec() -> None:
                # Make the pty the controlling terminal, because some programs, such as fzf, open /dev/tty.
                fcntl.ioctl(1, termios.TIOCSCTTY, 0)
                os.write(tell, struct.pack("d", time.perf_counter()))

            source = slave
            if standard_input is not None:
                source = files.enter_context(standard_input.open("rb")).fileno()
            self.process = subprocess.Popen(
                command,
                stdin=source,
                stdout=slave,
                stderr=slave,
                cwd=cwd,
                env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})},
                start_new_session=True,
                preexec_fn=just_before_exec,
            )
            # The time just before the exec. Popen returns some time after the exec, so its return would be too late.
            (self.started,) = struct.unpack("d", os.read(told, 8))
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, keys: str) -> float:
        """Type `keys`. Returns the time just before they were sent (time.perf_counter)."""
        at = time.perf_counter()
        os.write(self._master, keys.encode())
        return at

    def read(self, *, quiet: float, limit: float) -> list[Chunk]:
        """The output until the program has written nothing for `quiet` seconds, or for `limit` seconds in all."""
        chunks: list[Chunk] = []
        ends = time.perf_counter() + limit
        while (left := ends - time.perf_counter()) > 0:
            if not (data := self._take(min(quiet, left))):
                break
            chunks.append(Chunk(time.perf_counter(), data))
        return chunks

    def read_until(self, found: Callable[[bytes], bool], *, limit: float) -> list[Chunk]:
        """The output until `found` returns true for all output so far. Raises TimeoutError after `limit` seconds."""
        chunks: list[Chunk] = []
        seen = b""
        ends = time.perf_counter() + limit
        while (left := ends - time.perf_counter()) > 0:
            if data := self._take(left):
                chunks.append(Chunk(time.perf_counter(), data))
                seen += data
                if found(seen):
                    return chunks
            elif self.process.poll() is not None:
                break
        raise TimeoutError(f"{self.process.args!r} did not show what was waited for:\n{seen[-2000:]!r}")

    def draw(self, chunk: Chunk) -> None:
        """Draw output that was read. The methods that read do not draw, because that would disturb measurements."""
        with contextlib.suppress(Exception):  # a sequence that pyte does not know is no reason to stop measuring
            self._stream.feed(chunk.data)

    def picture(self, rows: range, columns: range) -> tuple[object, ...]:
        """The cells of a part of the screen, with their colours. If two parts look the same, their values are equal."""
        return tuple(tuple(self._screen.buffer[row][column] for column in columns) for row in rows)

    def text(self, row: int) -> str:
        """The text of a row of the screen, as drawn so far."""
        line: str = self._screen.display[row]
        return line

    def memory(self) -> float:
        """The resident memory of the program and its child processes now (MB)."""
        return sum(map(resident.now, [self.process.pid, *self.started_processes()]))

    def started_processes(self) -> list[int]:
        """The ids of the running child processes of the program, and of their children."""
        return resident.descendants(self.process.pid)

    def leave(self, *keys: str) -> None:
        """Press keys, each after the program has finished its output, and wait until the program has ended."""
        for key in keys:
            self.read(quiet=_LEAVE_QUIET_SECONDS, limit=_LEAVE_SECONDS)
            self.send(key)
        ends = time.perf_counter() + _LEAVE_SECONDS
        while self.process.poll() is None and time.perf_counter() < ends:
            self._take(0.02)

    def close(self) -> None:
        """End the program, if it still runs, and close the pty."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            ends = time.perf_counter() + _LEAVE_SECONDS
            while self.process.poll() is None and time.perf_counter() < ends:
                self._take(0.02)
            if self.process.poll() is None:
                self.process.kill()
        self.process.wait()
        os.close(self._master)

    def _take(self, seconds: float) -> bytes:
        """The output that can be read within `seconds`; b"" if there is none or the program has ended."""
        if not select.select([self._master], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self._master, _PIECE)
        except OSError:
            return b""
