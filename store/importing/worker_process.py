"""The process that reads a long listing for another one: `python -m store.importing.worker_process`.

It gets its job on standard input, which then stays open for as long as its frames are wanted.
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
from store.importing import stream as source
from store.importing import worker_protocol
from store.importing.files import open_again
from store.importing.prepare import Prepared, Ready, Untitled, prepared
from store.importing.worker_protocol import Frame, Job
from store.model import limits
from store.model.entry import CutShort, ListingDay, Refused, Warned
from store.model.errors import ListingError

# A frame holds so many entries, those of so many bytes (one more), or of so much time (s).
_TOGETHER = 128
_BYTES = 2**20
_SECONDS = 0.05
# So many frames wait to be taken: more than the other process stores at a time.
_WAITING = 16
# Little of what a reader makes lives on; it is looked for seldom.
_COLLECT_AFTER = 20_000


@contextlib.contextmanager
def opened(job: Job) -> Iterator[tuple[Iterator[Prepared], Callable[[], int]]]:
    """The items of the job's listing, and how many bytes of it are behind them. Raises ListingError, as they do."""
    with contextlib.closing(open_again(job.descriptor, job.name)) as members:  # type: ignore[type-var]
        member = next(itertools.islice(members, job.member, None), None)
        if member is None:
            raise ListingError("it was changed while it was read; import it again")
        reader: Format = importlib.import_module(job.format)
        member.unlimited()
        stream = source.Counted(member.stream)
        with member.stream:
            items = source.items(reader, member, io.BufferedReader(stream, HEAD_SIZE))
            yield (prepared(item, job.listing, job.today) for item in items), lambda: stream.count


def main() -> None:
    """Read the listing that standard input names, and say on standard output what is in it."""
    job = worker_protocol.read_job(sys.stdin.buffer.read)
    threading.Thread(target=_end_with_the_other, daemon=True).start()
    limits.ENTRY_SECONDS = job.entry_seconds
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 10, 10)
    waiting: queue.Queue[bytes] = queue.Queue(_WAITING)
    # While what was read waits to be taken, more can be read.
    saying = threading.Thread(target=_say, args=[waiting], daemon=True)
    saying.start()
    try:
        # That it has begun.
        waiting.put(worker_protocol.packed(Frame(0)))
        with opened(job) as (items, done):
            for frame in _framed(items, done):
                waiting.put(worker_protocol.packed(frame))
    except ListingError as error:
        waiting.put(worker_protocol.packed(Frame(0, failed=str(error))))
    except Exception as mistake:
        failed = f"its entries could not be read ({type(mistake).__name__}: {mistake}); please report it"
        waiting.put(worker_protocol.packed(Frame(0, failed=failed)))
    waiting.put(b"")
    saying.join()


def _framed(items: Iterator[Prepared], done: Callable[[], int]) -> Iterator[Frame]:
    waiting: list[Ready] = []
    said, at = 0, time.monotonic()
    for item in items:
        if isinstance(item, Ready):
            waiting.append(item)
            count = done()
            if len(waiting) < _TOGETHER and count - said < _BYTES and time.monotonic() - at < _SECONDS:
                continue
            yield Frame(count, waiting)
        else:
            count = done()
            yield _with(count, waiting, item)
        waiting = []
        said, at = count, time.monotonic()
    yield Frame(done(), waiting, ended=True)


def _with(done: int, ready: list[Ready], other: Prepared) -> Frame:
    return Frame(
        done,
        ready,
        untitled=other if isinstance(other, Untitled) else None,
        refused=other if isinstance(other, Refused) else None,
        warned=other if isinstance(other, Warned) else None,
        cut=other if isinstance(other, CutShort) else None,
        day=other if isinstance(other, ListingDay) else None,
    )


def _say(waiting: queue.Queue[bytes]) -> None:
    try:
        while left := memoryview(waiting.get()):
            while left:
                left = left[os.write(sys.stdout.fileno(), left) :]
    except BrokenPipeError:
        # Nobody is there any more.
        os._exit(1)


def _end_with_the_other() -> None:
    """Standard input ends when the other process has, however that was."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
