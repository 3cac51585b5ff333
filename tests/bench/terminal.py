"""A program on a terminal of its own: keys in, bytes out with the moment they came, and the picture that they draw."""

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
# How long a program may take to leave before it is killed (s).
_LEAVE_SECONDS = 5.0
# A program that has written nothing for this time has drawn everything (s).
_LEAVE_QUIET_SECONDS = 1.5


class Chunk(NamedTuple):
    """Bytes, and the moment they were read (time.perf_counter)."""

    at: float
    data: bytes


class Terminal:
    """Runs a command on a pseudo-terminal that it controls. Close it with `with`."""

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
                # What opens /dev/tty, as fzf does, must find this one.
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
            # When the program was about to be executed; Popen comes back some time after that.
            (self.started,) = struct.unpack("d", os.read(told, 8))
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, keys: str) -> float:
        """Type `keys`; the moment just before."""
        at = time.perf_counter()
        os.write(self._master, keys.encode())
        return at

    def read(self, *, quiet: float, limit: float) -> list[Chunk]:
        """What it writes until it has been quiet for so long, or until the limit (s)."""
        chunks: list[Chunk] = []
        ends = time.perf_counter() + limit
        while (left := ends - time.perf_counter()) > 0:
            if not (data := self._take(min(quiet, left))):
                break
            chunks.append(Chunk(time.perf_counter(), data))
        return chunks

    def read_until(self, found: Callable[[bytes], bool], *, limit: float) -> list[Chunk]:
        """What it writes until `found` is true of all of it together. Raises TimeoutError after `limit` seconds."""
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
        """Draw what was read. Done by the caller, who knows when the time it takes does not matter."""
        with contextlib.suppress(Exception):  # a sequence that pyte does not know is no reason to stop measuring
            self._stream.feed(chunk.data)

    def picture(self, rows: range, columns: range) -> tuple[object, ...]:
        """A part of the screen as drawn so far, letters and colours; equal pictures look the same."""
        return tuple(tuple(self._screen.buffer[row][column] for column in columns) for row in rows)

    def text(self, row: int) -> str:
        """A row of the screen as drawn so far."""
        line: str = self._screen.display[row]
        return line

    def memory(self) -> float:
        """What the program and those that it started hold in memory now (resident, MB)."""
        return sum(map(resident.now, [self.process.pid, *self.started_processes()]))

    def started_processes(self) -> list[int]:
        """The processes that the program started and those that these did, as far as they run."""
        return resident.descendants(self.process.pid)

    def leave(self, *keys: str) -> None:
        """Press keys, each once the program is quiet, and wait until the program has ended by itself."""
        for key in keys:
            self.read(quiet=_LEAVE_QUIET_SECONDS, limit=_LEAVE_SECONDS)
            self.send(key)
        ends = time.perf_counter() + _LEAVE_SECONDS
        while self.process.poll() is None and time.perf_counter() < ends:
            self._take(0.02)

    def close(self) -> None:
        """End the program and let the terminal go."""
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
        """What can be read within so many seconds; nothing when nothing came, or when the program has gone."""
        if not select.select([self._master], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self._master, _PIECE)
        except OSError:
            return b""
