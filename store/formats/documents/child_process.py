"""A child process that reads one document, with limits on its memory, its time and the length of its output.

PDFs and whole web pages are read in a separate process, because a hostile file could crash or stop the libraries that
read such files.
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import IO

# While the caller waits for the output, `should_stop` is called after every interval of this length (s).
_CHECK_SECONDS = 0.1
_PIECE = 2**18


class ChildFailedError(Exception):
    """Raised when the child process printed no complete output. The message contains the reason."""


class ChildTooSlowError(ChildFailedError):
    """Raised when the child process was still running after the allowed time."""


def limit(memory: int, seconds: int) -> None:
    """Limit this process to `memory` bytes and `seconds` of processor time, and let it write no core file."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def print_bytes(data: bytes) -> None:
    """Write all of `data` to the standard output of this process, without a buffer."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(sys.stdout.fileno(), rest) :]


def command_of(module: str, *arguments: str) -> tuple[str, ...]:
    """The command that runs a module of recto in a new process."""
    # The option -P prevents Python from importing a folder named "store" that is in the current folder.
    return (sys.executable, "-P", "-m", module, *arguments)


def lines_of(
    command: Sequence[str],
    document: IO[bytes],
    *,
    seconds: float,
    longest: int,
    on_line: Callable[[bytes], None],
    should_stop: Callable[[], bool] = lambda: False,
) -> None:
    """Run a command with `document` as its standard input, and pass each line that it prints to `on_line`.

    Raises ChildFailedError when the process cannot be started, runs longer than `seconds` (wall clock), prints more
    than `longest` bytes, or does not end with the exit code 0.
    """
    try:
        process = subprocess.Popen(
            command, stdin=document, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, process_group=0
        )
    except OSError:
        raise ChildFailedError("the process that reads it could not be started; try again") from None
    with process:
        try:
            assert process.stdout is not None
            _pass_lines(process.stdout, time.monotonic() + seconds, longest, on_line, should_stop)
            code = process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = -1
        finally:
            process.kill()
    if code != 0:
        raise ChildFailedError("it is damaged, or reading it takes too much time or memory")


def _pass_lines(
    pipe: IO[bytes], deadline: float, longest: int, on_line: Callable[[bytes], None], should_stop: Callable[[], bool]
) -> None:
    rest = bytearray()
    count = 0
    while True:
        if should_stop():
            raise ChildFailedError("stopped")
        if not select.select([pipe], [], [], _CHECK_SECONDS)[0]:
            if time.monotonic() > deadline:
                raise ChildTooSlowError("it took too long to read")
            continue
        piece = os.read(pipe.fileno(), _PIECE)
        if not piece:
            if rest:
                on_line(bytes(rest))
            return
        count += len(piece)
        if count > longest:
            raise ChildFailedError("it is longer than recto reads")
        rest += piece
        if b"\n" in piece:
            *lines, last = bytes(rest).split(b"\n")
            rest = bytearray(last)
            for line in lines:
                on_line(line)
