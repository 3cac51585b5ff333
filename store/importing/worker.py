"""The importer's side of the worker process, which reads and prepares a long listing while this process stores it."""

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
from store.importing.feed import AHEAD_SECONDS, MOST_AHEAD, Feed, LocalFeed
from store.importing.prepare import Prepared
from store.importing.stream import Interrupted
from store.importing.worker_protocol import Frame, Job
from store.model import limits
from store.model.entry import CutShort
from store.model.errors import ListingError

# For a listing shorter than this (bytes), starting a worker process takes longer than the worker saves.
LONG = 16 * 2**20
# -P keeps Python from importing a folder named "store" in the current folder instead of recto's package.
_COMMAND = (sys.executable, "-P", "-m", worker_process.__name__)
# While the importer waits for a frame, it checks at intervals of this length (s) whether it should stop.
_CHECK_SECONDS = 0.1
# The importer gives up when the worker has sent nothing for this many times ENTRY_SECONDS (wall-clock time).
_SILENT = 5
# The file descriptor of standard error, which is the highest of the three standard streams.
_STANDARD_ERROR = 2
# The capacity of the pipe from the worker (bytes), enough for a few hundred papers.
_PIPE_BYTES = 2**20


def worth_it(reader: Format, size: int) -> bool:
    """Whether a worker process would make an import of `size` bytes faster.

    True if the listing is long, the process may use at least two processors, and the format `reader` reads a file part
    by part.
    """
    streams = isinstance(reader, ModuleType) and reader.STREAMS
    return streams and size >= LONG and _cores() > 1


@contextlib.contextmanager
def reading(job: Job, should_stop: Callable[[], bool]) -> Iterator[Feed]:
    """A context manager that returns a feed: an object with the prepared items of the job's listing.

    A worker process reads the listing. It is killed when the context is left.
    """
    with ExitStack() as exit_stack:
        yield _WorkerFeed(job, should_stop, exit_stack)


class _WorkerFailed(Exception):
    """The worker process failed and will send no more frames. The message is shown in the report of the import."""


class _WorkerNotStarted(_WorkerFailed):
    """The worker process ended before it sent a frame. Probably no worker process can run on this machine."""


class _WorkerFeed:
    """A feed (a source of prepared items) that gets its items from a worker process.

    If no such process can be started, the feed reads the listing in this process.
    """

    def __init__(self, job: Job, should_stop: Callable[[], bool], exit_stack: ExitStack) -> None:
        self._job = job
        self._should_stop = should_stop
        self._exit_stack = exit_stack
        self._frames = worker_protocol.FrameReader()
        self._has_started = self._has_entries = self._is_over = False
        self._count = 0
        self._local: LocalFeed | None = None
        try:
            self._process = exit_stack.enter_context(_started(job))
        except (OSError, ValueError):
            self._read_locally()

    def done(self) -> int:
        return self._local.done() if self._local else self._count

    def more(self) -> Sequence[Prepared]:
        if self._local:
            return self._local.more()
        items: list[Prepared] = []
        ends = time.monotonic() + AHEAD_SECONDS
        try:
            while not self._is_over and len(items) < MOST_AHEAD and (frame := self._next(ends if items else None)):
                self._is_over, self._count = frame.ended, frame.done
                self._has_entries = self._has_entries or bool(frame.ready)
                items += frame.ready
                if other := frame.other:
                    items.append(other)
        except _WorkerNotStarted:
            return self._read_locally().more()
        except _WorkerFailed as failure:
            self._is_over = True
            if not self._has_entries:
                raise ListingError(str(failure)) from None
            items.append(CutShort(str(failure)))
        return items

    def _next(self, ends: float | None) -> Frame | None:
        """The next frame from the worker, or None if none has arrived by the deadline `ends`.

        `ends` is a time of the monotonic clock; None means no deadline. Raises _WorkerFailed when the worker has failed
        and no frame can arrive any more, and Interrupted when the import is asked to stop.
        """
        assert self._process.stdout is not None
        silent_from = time.monotonic()
        poll = select.poll()
        poll.register(self._process.stdout, select.POLLIN)
        while True:
            if poll.poll(_CHECK_SECONDS * 1000):
                with self._frames.room as room:
                    count = os.readv(self._process.stdout.fileno(), [room])
                if not count:
                    code = self._process.wait()
                    if not self._has_started and code >= 0:
                        raise _WorkerNotStarted
                    raise _WorkerFailed(f"the process that read it ended early ({_cause(code)}); import it again")
                try:
                    frame = self._frames.filled(count)
                except ValueError:
                    raise _WorkerFailed("the process that read it sent an invalid message; please report it") from None
                if frame and frame.failed:
                    raise _WorkerFailed(frame.failed)
                if frame:
                    self._has_started = True
                    return frame
                silent_from = time.monotonic()
            elif ends is not None and time.monotonic() >= ends:
                return None
            elif self._should_stop():
                raise Interrupted
            elif time.monotonic() - silent_from > _SILENT * limits.ENTRY_SECONDS:
                raise _WorkerFailed(
                    f"took more than {_SILENT * limits.ENTRY_SECONDS:.0f} s to come to the next entry; it was left"
                    " there"
                )

    def _read_locally(self) -> LocalFeed:
        self._local = LocalFeed(*self._exit_stack.enter_context(worker_process.opened(self._job)))
        return self._local


@contextlib.contextmanager
def _started(job: Job) -> Iterator[subprocess.Popen[bytes]]:
    """A context manager with a worker process that has received its job. The process is killed at the end.

    Raises OSError or ValueError when the process cannot be started.
    """
    if job.descriptor <= _STANDARD_ERROR:
        # A standard stream of this process was closed, and the system reused its descriptor for the listing's file. The
        # worker cannot inherit the file under that descriptor, because the worker needs it for its own standard stream.
        raise ValueError(f"the file is open as {job.descriptor}")
    process = subprocess.Popen(
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        pass_fds=[job.descriptor],
        # Start the worker in a new process group, so that it does not get the signal of Ctrl+C. This process gets it,
        # stores the current batch, and then ends the worker. The worker stays in the same session: Linux schedules
        # processes by session, and the interactive program has lowered the priority of this session.
        process_group=0,
    )
    with process:
        try:
            assert process.stdin is not None and process.stdout is not None
            _widen(process.stdout.fileno())
            # Writing fails if the worker has already ended. Ignore this here: `_next` reports it when it reads the
            # worker's output.
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(worker_protocol.packed(job))
            yield process
        finally:
            process.kill()


def _widen(pipe: int) -> None:
    """Raise the capacity of a pipe from the usual 64 KiB to `_PIPE_BYTES`, if the system allows it."""
    with contextlib.suppress(ImportError, OSError):
        from fcntl import F_SETPIPE_SZ, fcntl

        fcntl(pipe, F_SETPIPE_SZ, _PIPE_BYTES)


def _cause(code: int) -> str:
    """Text with the exit code of a process, or with the signal that ended it (`code` is then negative)."""
    if code >= 0:
        return f"code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _cores() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
