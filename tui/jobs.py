"""What runs off the event loop, and the messages it posts back.

Searching and writing have a thread each: an answer that is no longer wanted is given up, and writes happen in the
order of the keys. Imports run in a process of their own. Nothing here touches a widget; it only posts messages.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

import msgspec
from textual.message import Message
from textual.message_pump import MessagePump
from watchfiles import awatch

from store import query, views
from store.library import Library
from store.paper import LibraryError, ListingError
from store.report import ImportReport, Step
from store.search import Answer, Search, Stopped
from store.views import Shelves, Sort, View
from store.watcher import SETTLE_SECONDS, Watch

_T = TypeVar("_T")

# The full scan of the folders, when no event asked for one (s).
_SCAN_SECONDS = 30.0


class Wish(msgspec.Struct, frozen=True):
    """What the list should show. `generation` grows with every wish: an answer to an older one is dropped."""

    generation: int
    view: View
    query: query.Query
    sort: Sort


class Found(Message):
    """The answer to a wish."""

    def __init__(self, wish: Wish, answer: Answer) -> None:
        super().__init__()
        self.wish = wish
        self.answer = answer

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Found)


class Counted(Message):
    """The views and how many papers each has."""

    def __init__(self, shelves: Shelves) -> None:
        super().__init__()
        self.shelves = shelves

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Counted)


class Failed(Message):
    """Something could not be done; the text says what and why."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Done(Message, Generic[_T]):
    """A write is on the disk (or a read came back), and what is to be done with its result."""

    def __init__(self, result: _T, then: Callable[[_T], None]) -> None:
        super().__init__()
        self.result = result
        self.then = then


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


class ImportsEnded(Message):
    """Nothing waits to be imported any more."""


class Searcher:
    """Answers the newest wish, and counts the views when nothing is wished for."""

    def __init__(self, library: Library, receiver: MessagePump) -> None:
        self._library = library
        self._receiver = receiver
        self._wish: Wish | None = None
        self._count = False
        self._over = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="searcher", daemon=True)
        self._thread.start()

    def wish(self, wish: Wish) -> None:
        """Answer this, and nothing older."""
        with self._changed:
            self._wish = wish
            self._changed.notify()

    def count(self) -> None:
        """Count the views, soon."""
        with self._changed:
            self._count = True
            self._changed.notify()

    def stop(self) -> None:
        """End the thread."""
        with self._changed:
            self._over = True
            self._changed.notify()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        search = Search(self._library)
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._over or self._wish or self._count)
                if self._over:
                    return
                wish, self._wish = self._wish, None
                if wish is None:
                    self._count = False
            try:
                if wish is not None:
                    self._receiver.post_message(Found(wish, self._answer(search, wish)))
                else:
                    self._receiver.post_message(Counted(views.shelves(self._library.reader())))
            except Stopped:
                continue
            except Exception as error:  # a thread that dies would leave a list that never answers
                self._receiver.post_message(Failed(f"the search failed: {error}"))

    def _answer(self, search: Search, wish: Wish) -> Answer:
        return search.answer(wish.view, wish.query, wish.sort, lambda: self._over or self._wish is not None)


class Writer:
    """Carries writes out one after another, in the order they were asked for."""

    def __init__(self, receiver: MessagePump) -> None:
        self._receiver = receiver
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer")
        self._thread.start()

    def write(self, job: Callable[[], _T], then: Callable[[_T], None]) -> None:
        """Do `job` off the loop; `then` gets its result on the loop, once it is on the disk."""

        def carry_out() -> None:
            try:
                result = job()
            except (LibraryError, ListingError) as error:
                self._receiver.post_message(Failed(str(error)))
            except Exception as error:  # as above: the next mark must still be saved
                self._receiver.post_message(Failed(f"not saved: {error}"))
            else:
                self._receiver.post_message(Done(result, then))

        self._jobs.put(carry_out)

    def stop(self) -> None:
        """Finish what was asked for and end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


class Importer:
    """Runs `recto import` beside the reader, one process at a time, for whatever is put in."""

    def __init__(self, library: Path, receiver: MessagePump) -> None:
        self._library = library
        self._receiver = receiver
        self._waiting: list[Path] = []
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether something is being imported."""
        return self._task is not None and not self._task.done()

    def put(self, paths: Sequence[Path]) -> None:
        """Import these as soon as what came before is through."""
        self._waiting += [path for path in paths if path not in self._waiting]
        if self._waiting and not self.busy:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Ask a running import to end after its batch, and wait for it a little."""
        self._waiting.clear()
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
        if self._task is not None:
            done, _ = await asyncio.wait([self._task], timeout=3)
            if not done:
                self._task.cancel()

    async def _run(self) -> None:
        while self._waiting:
            paths, self._waiting = self._waiting, []
            await self._import(paths)
        self._receiver.post_message(ImportsEnded())

    async def _import(self, paths: Sequence[Path]) -> None:
        # -P: a folder called "store" where the reader was started is not ours.
        command = [sys.executable, "-P", "-m", "tui", "import", "--library", str(self._library), "--events", "--"]
        try:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                *map(str, paths),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                # A report holds every refused entry of its file.
                limit=2**26,
                start_new_session=True,
            )
            assert self._process.stdout is not None and self._process.stderr is not None
            errors = asyncio.create_task(self._process.stderr.read(4000))
            async for line in self._process.stdout:
                self._receiver.post_message(_event(line))
            code = await self._process.wait()
            said = (await errors).decode("utf-8", "replace").strip().splitlines()
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            self._receiver.post_message(Failed(f"the import failed: {error}"))
            return
        # 1 is a report that was not complete, and it has been posted.
        if code not in (0, 1) and code != -15 and code != 130:
            self._receiver.post_message(Failed(said[-1] if said else f"the import ended with code {code}"))


class _Event(msgspec.Struct):
    step: Step | None = None


def _event(line: bytes) -> Message:
    step = msgspec.json.decode(line, type=_Event).step
    return ImportStep(step) if step else Imported(msgspec.json.decode(line, type=ImportReport))


async def follow(watch: Watch, put: Callable[[Sequence[Path]], None], busy: Callable[[], bool]) -> None:
    """Hand over what appears in the followed folders, until cancelled. Events only make the next scan come sooner."""
    hint = asyncio.Event()
    hints: asyncio.Task[None] | None = None
    followed: list[Path] = []
    try:
        while True:
            folders = await asyncio.to_thread(watch.folders)
            if folders != followed or hints is None or hints.done():
                if hints is not None:
                    hints.cancel()
                followed = folders
                hints = asyncio.create_task(_hints([folder for folder in folders if folder.is_dir()], hint))
            ready = await asyncio.to_thread(watch.scan)
            # What is being read is not remembered yet: the scan would find it again.
            if ready and not busy():
                put(ready)
            hint.clear()
            pause = SETTLE_SECONDS if watch.waiting or busy() or ready else _SCAN_SECONDS
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(hint.wait(), pause)
            # Events come in swarms; two scans must also be far enough apart to tell growth.
            await asyncio.sleep(SETTLE_SECONDS / 4)
    finally:
        if hints is not None:
            hints.cancel()


async def _hints(folders: Sequence[Path], hint: asyncio.Event) -> None:
    """Set `hint` when the file system reports a change; where it cannot, the scans go on without."""
    with contextlib.suppress(OSError, RuntimeError):
        async for _ in awatch(*folders, recursive=True, ignore_permission_denied=True):
            hint.set()
