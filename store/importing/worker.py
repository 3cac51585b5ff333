"""A long listing is read, cleaned and made ready in a process of its own, while this one stores what came before."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from types import ModuleType

from store.formats.registry import Format
from store.importing import worker_process, worker_protocol
from store.importing.feed import AHEAD_SECONDS, MOST_AHEAD, Feed, Here
from store.importing.prepare import Prepared
from store.importing.stream import Interrupted
from store.importing.worker_protocol import Frame, Job
from store.model import limits
from store.model.entry import CutShort
from store.model.errors import ListingError

# Of a shorter listing (bytes) the start of a process takes longer than it saves.
LONG = 16 * 2**20
# -P: a folder called "store" where recto was started is not ours.
_COMMAND = (sys.executable, "-P", "-m", worker_process.__name__)
# How often it is looked whether to stop while nothing comes (s).
_LOOK_SECONDS = 0.1
# Give up on the worker when it has been silent for this many times ENTRY_SECONDS (wall clock).
_SILENT = 5
# Standard input, output and error have the numbers up to this one.
_STANDARD = 2
# So much may wait in the pipe (bytes): some hundred papers.
_WAITING = 2**20


def worth_it(reader: Format, size: int) -> bool:
    """Whether a listing of `size` bytes is to be read so: a long one of a format that streams, on two cores."""
    streams = isinstance(reader, ModuleType) and reader.STREAMS
    return streams and size >= LONG and _cores() > 1


@contextlib.contextmanager
def reading(job: Job, should_stop: Callable[[], bool]) -> Iterator[Feed]:
    """The items of the job's listing, read in another process for as long as the context lasts."""
    with ExitStack() as until_the_end:
        yield _Apart(job, should_stop, until_the_end)


class _Lost(Exception):
    """Nothing more is to be had from the other process; says why, as part of a report."""


class _NotBegun(_Lost):
    """The other process ended before it read anything: no such process can be had here."""


class _Apart:
    """What another process reads. Where none can be started, the items are read in this one."""

    def __init__(self, job: Job, should_stop: Callable[[], bool], until_the_end: ExitStack) -> None:
        self._job = job
        self._should_stop = should_stop
        self._until_the_end = until_the_end
        self._frames = worker_protocol.Frames()
        self._begun = self._given = self._over = False
        self._count = 0
        self._here: Here | None = None
        try:
            self._process = until_the_end.enter_context(_started(job))
        except (OSError, ValueError):
            self._read_here()

    def done(self) -> int:
        return self._here.done() if self._here else self._count

    def more(self) -> Sequence[Prepared]:
        if self._here:
            return self._here.more()
        items: list[Prepared] = []
        ends = time.monotonic() + AHEAD_SECONDS
        try:
            while not self._over and len(items) < MOST_AHEAD and (frame := self._next(ends if items else None)):
                self._over, self._count = frame.ended, frame.done
                self._given = self._given or bool(frame.ready)
                items += frame.ready
                if other := frame.other:
                    items.append(other)
        except _NotBegun:
            return self._read_here().more()
        except _Lost as loss:
            self._over = True
            if not self._given:
                raise ListingError(str(loss)) from None
            items.append(CutShort(str(loss)))
        return items

    def _next(self, ends: float | None) -> Frame | None:
        """The next frame; None when it does not come until then. Raises _Lost when none will come."""
        assert self._process.stdout is not None
        silent_from = time.monotonic()
        poll = select.poll()
        poll.register(self._process.stdout, select.POLLIN)
        while True:
            if poll.poll(_LOOK_SECONDS * 1000):
                with self._frames.room as room:
                    count = os.readv(self._process.stdout.fileno(), [room])
                if not count:
                    code = self._process.wait()
                    if not self._begun and code >= 0:
                        raise _NotBegun
                    raise _Lost(f"the process that read it ended early ({_cause(code)}); import it again")
                try:
                    frame = self._frames.filled(count)
                except ValueError:
                    raise _Lost("the process that read it said what makes no sense; please report it") from None
                if frame and frame.failed:
                    raise _Lost(frame.failed)
                if frame:
                    self._begun = True
                    return frame
                silent_from = time.monotonic()
            elif ends is not None and time.monotonic() >= ends:
                return None
            elif self._should_stop():
                raise Interrupted
            elif time.monotonic() - silent_from > _SILENT * limits.ENTRY_SECONDS:
                raise _Lost(
                    f"took more than {_SILENT * limits.ENTRY_SECONDS:.0f} s to come to the next entry; it was left"
                    " there"
                )

    def _read_here(self) -> Here:
        self._here = Here(*self._until_the_end.enter_context(worker_process.opened(self._job)))
        return self._here


@contextlib.contextmanager
def _started(job: Job) -> Iterator[subprocess.Popen[bytes]]:
    """The other process, with its job. Killed at the end. Raises OSError or ValueError when there can be none."""
    if job.descriptor <= _STANDARD:
        # This process began with one of its standard streams closed; those of the other take its place.
        raise ValueError(f"the file is open as {job.descriptor}")
    process = subprocess.Popen(
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        pass_fds=[job.descriptor],
        # Ctrl+C is for this process, which ends the other one when its batch is stored. It stays in the session: Linux
        # weighs sessions, and a reader that started this one has put it behind its keys.
        process_group=0,
    )
    with process:
        try:
            assert process.stdin is not None and process.stdout is not None
            _widen(process.stdout.fileno())
            # One that ended at once is told by its end.
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(worker_protocol.packed(job))
            yield process
        finally:
            process.kill()


def _widen(pipe: int) -> None:
    """Let a pipe hold more than its 64 KiB, where the system lets a pipe be widened."""
    with contextlib.suppress(ImportError, OSError):
        from fcntl import F_SETPIPE_SZ, fcntl

        fcntl(pipe, F_SETPIPE_SZ, _WAITING)


def _cause(code: int) -> str:
    """Why a process ended, by its code."""
    if code >= 0:
        return f"code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
