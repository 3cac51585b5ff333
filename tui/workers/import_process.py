"""Imports beside the reader: a process of their own for what is to be read, and the folders that are followed."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from textual.message import Message
from textual.message_pump import MessagePump

from store.importing.folders import SETTLE_SECONDS, Seen, Watch, look
from store.importing.log import ImportReport, Step
from store.model.errors import LibraryError
from store.search.index_sync import Progress
from tui.workers.jobs import Failed

# The full scan of the folders, when no event asked for one (s).
_SCAN_SECONDS = 30.0
# So long after it was begun a watch surely stands (s).
_STANDS_SECONDS = 1.0
# A running import gets so long to end its batch when the reader is left (s).
_END_SECONDS = 1.5
# One that was killed is gone in a moment, unless the system keeps it (s).
_GONE_SECONDS = 2.0
# An import yields the processor to the reader: its nice value is higher by so much, and that of its session is this.
_NICER = 10
_NICE_SESSION = 19
# So many files go to one process: a command line has an end.
_MOST_PATHS = 200
# How an import ends that did all it was asked, or was asked to stop.
_ENDED = (0, 130, -signal.SIGTERM)


class ImportStep(Message):
    """How far the running import is."""

    def __init__(self, step: Step) -> None:
        super().__init__()
        self.step = step

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, ImportStep)


class Imported(Message):
    """A listing is through."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__()
        self.report = report


class Indexed(Message):
    """How far the search index is with what came in."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.progress = progress

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Indexed)


class ImportsEnded(Message):
    """Nothing waits to be imported any more."""


def unfinished(connection: sqlite3.Connection) -> list[Path]:
    """The files whose import was cut and that are still there: importing them again finishes them."""
    rows = connection.execute(
        "SELECT path FROM listing l WHERE state IN ('reading', 'interrupted')"
        # A file that was changed and read since is another listing.
        " AND id = (SELECT max(id) FROM listing WHERE path = l.path) ORDER BY id"
    )
    # What follows the mark is the name of a file in an archive.
    paths = dict.fromkeys(Path(path if Path(path).is_file() else path.split("!")[0]) for (path,) in rows)
    return [path for path in paths if path.is_absolute() and path.is_file()]


class Importer:
    """Runs `recto import` beside the reader, one process at a time, for whatever is put in."""

    def __init__(self, library: Path, receiver: MessagePump) -> None:
        self._library = library
        self._receiver = receiver
        self._waiting: list[Path] = []
        self._behind = False
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._ending = False

    @property
    def busy(self) -> bool:
        """Whether something is being imported."""
        return self._task is not None and not self._task.done()

    def put(self, paths: Sequence[Path]) -> None:
        """Import these as soon as what came before is through."""
        # Absolute, so that the next start finds what was interrupted.
        whole = [path.absolute() for path in paths]
        self._waiting += [path for path in dict.fromkeys(whole) if path not in self._waiting]
        self._begin()

    def index(self) -> None:
        """Bring the search index up to what is in the library, as every import does at its end."""
        self._behind = True
        self._begin()

    def _begin(self) -> None:
        if (self._waiting or self._behind) and not self.busy:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Ask a running import to end after its batch, and wait for it a little."""
        self._ending = True
        self._waiting.clear()
        self._signal(signal.SIGTERM)
        if self._task is not None:
            done, _ = await asyncio.wait([self._task], timeout=_END_SECONDS)
            if not done:
                # Whole batches are kept, however it ends.
                self._signal(signal.SIGKILL)
                # What it was heard through is closed when it has gone, and cannot be once the loop has.
                done, _ = await asyncio.wait([self._task], timeout=_GONE_SECONDS)
            if not done:
                self._task.cancel()

    async def _run(self) -> None:
        while self._waiting:
            paths, self._waiting = self._waiting[:_MOST_PATHS], self._waiting[_MOST_PATHS:]
            self._behind = False
            await self._do("import", "--", *map(str, paths))
        if self._behind:
            self._behind = False
            await self._do("index")
        self._receiver.post_message(ImportsEnded())

    async def _do(self, name: str, *arguments: str) -> None:
        # -P: a folder called "store" where the reader was started is not ours.
        command = [sys.executable, "-P", "-m", "tui", name, "--library", str(self._library), "--events", *arguments]
        try:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                # A report holds every refused entry of its file.
                limit=2**26,
                start_new_session=True,
            )
            _stand_back(self._process.pid)
            if self._ending:
                self._signal(signal.SIGTERM)
            assert self._process.stdout is not None and self._process.stderr is not None
            errors = asyncio.create_task(self._process.stderr.read())
            async for line in self._process.stdout:
                self._receiver.post_message(_event(line))
            code = await self._process.wait()
            said = (await errors).decode("utf-8", "replace").strip().splitlines()
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            self._signal(signal.SIGKILL)
            self._receiver.post_message(Failed(f"the import failed: {error}"))
            return
        # 1 without a word is a report that was not complete, and it has been posted.
        if not self._ending and code not in _ENDED and not (code == 1 and not said):
            why = said[-1].removeprefix("recto: ") if said else f"its process ended with code {code}"
            self._receiver.post_message(Failed(f"the import failed: {why}"))

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)


def _stand_back(process: int) -> None:
    """Let the reader's keys go before what a process does that leads a session, and those that it starts."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, os.getpriority(os.PRIO_PROCESS, 0) + _NICER)
    # Linux may weigh session against session, and nice values within one alone (man 7 sched, autogroups).
    with contextlib.suppress(OSError):
        Path(f"/proc/{process}/autogroup").write_text(str(_NICE_SESSION), "ascii")


class _Event(msgspec.Struct):
    step: Step | None = None
    indexed: Progress | None = None


def _event(line: bytes) -> Message:
    event = msgspec.json.decode(line, type=_Event)
    if event.step:
        return ImportStep(event.step)
    return Indexed(event.indexed) if event.indexed else Imported(msgspec.json.decode(line, type=ImportReport))


async def follow(
    watch: Watch, put: Callable[[Sequence[Path]], None], busy: Callable[[], bool], receiver: MessagePump
) -> None:
    """Hand over what appears in the followed folders, until cancelled. Events only make the next scan come sooner."""
    hint = asyncio.Event()
    hints: asyncio.Task[None] | None = None
    followed: list[Path] = []
    tries = _Tries()
    trouble = ""
    try:
        while True:
            ready: list[Path] = []
            try:
                folders = await asyncio.to_thread(watch.folders)
                if folders != followed or hints is None or hints.done():
                    if hints is not None:
                        hints.cancel()
                    followed = folders
                    hints = asyncio.create_task(_hints([folder for folder in folders if folder.is_dir()], hint))
                ready = await asyncio.to_thread(watch.scan)
                trouble = ""
            except (LibraryError, OSError, sqlite3.Error) as error:
                # Said once; the next scan tries again.
                if str(error) != trouble:
                    trouble = str(error)
                    receiver.post_message(Failed(f"the inbox cannot be looked at: {trouble}"))
            # What is being read is not remembered yet: the scan would find it again.
            if not busy():
                put([path for path in ready if tries.may(path)])
            hint.clear()
            pause = SETTLE_SECONDS if watch.waiting or busy() else _SCAN_SECONDS
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(hint.wait(), pause)
            # Events come in swarms; two scans must also be far enough apart to tell growth.
            await asyncio.sleep(SETTLE_SECONDS / 4)
    finally:
        # The loop does not end before its threads.
        watch.stop()
        if hints is not None:
            hints.cancel()


class _Tries:
    """What was handed over as it is now. When its import fell over, the pause before the next try doubles."""

    def __init__(self) -> None:
        self._tried: dict[Path, tuple[Seen | None, float, float]] = {}

    def may(self, path: Path) -> bool:
        """Whether to hand `path` over now; the answer yes counts as a try."""
        now, seen = time.monotonic(), look(path)
        before, again, pause = self._tried.get(path, (None, 0.0, _SCAN_SECONDS))
        if before != seen:
            again, pause = 0.0, _SCAN_SECONDS
        if now < again:
            return False
        self._tried[path] = (seen, now + pause, pause * 2)
        return True


async def _hints(folders: Sequence[Path], hint: asyncio.Event) -> None:
    """Set `hint` when the file system reports a change; where it cannot, the scans go on without."""
    # Imported here, off the loop: it takes 20 ms.
    awatch = (await asyncio.to_thread(importlib.import_module, "watchfiles")).awatch
    # What came before the watch stood, and after the scan, no event will tell.
    asyncio.get_running_loop().call_later(_STANDS_SECONDS, hint.set)
    with contextlib.suppress(OSError, RuntimeError):
        async for _ in awatch(*folders, recursive=True, ignore_permission_denied=True):
            hint.set()
