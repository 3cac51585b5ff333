"""The worker process: it reads a long listing for the importer (`python -m store.importing.worker_process`).

The process reads its job from standard input and writes frames to standard output. A frame is a message with the next
entries of the listing. The process ends when its standard input is closed.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import itertools
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator

from store.formats.registry import HEAD_SIZE, Format
from store.importing import plausibility, worker_protocol
from store.importing import stream as source
from store.importing.files import open_again
from store.importing.prepare import Prepared, ReadyEntry, Untitled, prepare
from store.importing.worker_protocol import Frame, Job
from store.model import limits
from store.model.entry import CutShort, ListingDay, Refused, Warned
from store.model.errors import ListingError

# A frame ends after this many entries, this many bytes of the listing, or this time (s), whichever comes first.
_FRAME_ENTRIES = 128
_FRAME_BYTES = 2**20
_FRAME_SECONDS = 0.05
# At most this many frames wait in memory to be written. They contain more entries than the importer stores in one
# batch, so that the importer need not wait for the worker after a batch.
_QUEUED_FRAMES = 16
# The first threshold passed to gc.set_threshold(). The code that reads listings creates few reference cycles, so a high
# threshold, with which the collector seldom runs, saves time.
_COLLECT_AFTER = 20_000


@contextlib.contextmanager
def opened(job: Job) -> Iterator[tuple[Iterator[Prepared], Callable[[], int]]]:
    """The prepared items of the job's listing, and a function that returns how many bytes of the listing were read.

    Both this function and the iteration over the items may raise ListingError.
    """
    with contextlib.closing(open_again(job.descriptor, job.name)) as members:  # type: ignore[type-var]
        member = next(itertools.islice(members, job.member, None), None)
        if member is None:
            raise ListingError("it was changed while it was read; import it again")
        reader: Format = importlib.import_module(job.format)
        member.unlimited()
        stream = source.CountingStream(member.stream, member.name)
        with member.stream:
            raw = source.items(reader, member, io.BufferedReader(stream, HEAD_SIZE))
            items = plausibility.checked(raw, job.today)
            yield (prepare(item, job.listing, job.today) for item in items), lambda: stream.count


def main() -> None:
    """Read a job from standard input, read the listing that it describes, and write the items to standard output."""
    job = worker_protocol.read_job(sys.stdin.buffer.read)
    threading.Thread(target=_exit_with_importer, daemon=True).start()
    limits.ENTRY_SECONDS = job.entry_seconds
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 10, 10)
    frames: queue.Queue[bytes] = queue.Queue(_QUEUED_FRAMES)
    # The frames are written in another thread, so that this thread can go on reading while the pipe is full.
    writer = threading.Thread(target=_write, args=[frames], daemon=True)
    writer.start()
    try:
        # Send an empty frame first, which shows the importer that the worker has started.
        frames.put(worker_protocol.packed(Frame(0)))
        with opened(job) as (items, done):
            for frame in _framed(items, done):
                frames.put(worker_protocol.packed(frame))
    except ListingError as error:
        frames.put(worker_protocol.packed(Frame(0, failed=str(error))))
    except Exception as mistake:
        failed = f"its entries could not be read ({type(mistake).__name__}: {mistake}); please report it"
        frames.put(worker_protocol.packed(Frame(0, failed=failed)))
    frames.put(b"")
    writer.join()


def _framed(items: Iterator[Prepared], done: Callable[[], int]) -> Iterator[Frame]:
    """Group `items` into frames. The last frame has `ended` set. `done` returns how many bytes were read."""
    ready: list[ReadyEntry] = []
    framed_bytes, framed_at = 0, time.monotonic()
    for item in items:
        count = done()
        if isinstance(item, ReadyEntry):
            ready.append(item)
            is_young = time.monotonic() - framed_at < _FRAME_SECONDS
            if len(ready) < _FRAME_ENTRIES and count - framed_bytes < _FRAME_BYTES and is_young:
                continue
            yield Frame(count, ready)
        else:
            yield _frame_with(count, ready, item)
        ready = []
        framed_bytes, framed_at = count, time.monotonic()
    yield Frame(done(), ready, ended=True)


def _frame_with(done: int, ready: list[ReadyEntry], other: Prepared) -> Frame:
    """A frame with the entries `ready`, followed by the item `other`."""
    return Frame(
        done,
        ready,
        untitled=other if isinstance(other, Untitled) else None,
        refused=other if isinstance(other, Refused) else None,
        warned=other if isinstance(other, Warned) else None,
        cut=other if isinstance(other, CutShort) else None,
        day=other if isinstance(other, ListingDay) else None,
    )


def _write(frames: queue.Queue[bytes]) -> None:
    """Write the packed frames in the queue to standard output, until the queue returns b""."""
    try:
        while rest := memoryview(frames.get()):
            while rest:
                rest = rest[os.write(sys.stdout.fileno(), rest) :]
    except BrokenPipeError:
        # The importer has ended, so nobody reads the frames.
        os._exit(1)


def _exit_with_importer() -> None:
    """End this process when standard input is closed, which also happens when the importer is killed."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
