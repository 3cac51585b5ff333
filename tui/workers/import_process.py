"""Imports in a process of their own, so that no key waits for a parser."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from textual.message import Message
from textual.message_pump import MessagePump

from store.importing.log import ImportReport, Step
from store.search.index_sync import Progress
from tui.workers.messages import WorkFailed

# How long a running import may take to end its batch when the reader is left (s).
_END_SECONDS = 1.5
# How long a killed import may take to disappear (s); the system may keep it longer.
_GONE_SECONDS = 2.0
# An import yields the processor to the reader: its nice value is higher by this, and that of its session is this.
_NICER = 10
_NICE_SESSION = 19
# The largest number of files for one process: the length of a command line is limited.
_MOST_PATHS = 200
# The exit codes of an import that did everything it was asked to do, or that was asked to stop.
_ENDED = (0, 130, -signal.SIGTERM)


class ImportStep(Message):
    """The progress of the running import."""

    def __init__(self, step: Step) -> None:
        super().__init__()
        self.step = step

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, ImportStep)


class Imported(Message):
    """The import of a listing has ended."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__()
        self.report = report


class Indexed(Message):
    """The progress of the search index with the imported papers."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.progress = progress

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Indexed)


class ImportsEnded(Message):
    """No import is running or waiting any more."""


def unfinished(connection: sqlite3.Connection) -> list[Path]:
    """The existing files whose import was interrupted. Importing them again finishes the work."""
    rows = connection.execute(
        "SELECT path FROM listing l WHERE state IN ('reading', 'interrupted')"
        # A later listing of the same path means that the file was changed and read again.
        " AND id = (SELECT max(id) FROM listing WHERE path = l.path) ORDER BY id"
    )
    # The name of a file in an archive follows an exclamation mark.
    paths = dict.fromkeys(Path(path if Path(path).is_file() else path.split("!")[0]) for (path,) in rows)
    return [path for path in paths if path.is_absolute() and path.is_file()]


class Importer:
    """Runs `recto import` for the files it is given, one process at a time."""

    def __init__(self, library: Path, receiver: MessagePump, *, yields: bool = True) -> None:
        """`receiver` gets ImportStep, Indexed, Imported, ImportsEnded and WorkFailed messages.

        `yields`: the reader has precedence over the imports. Without it, `give_way` must be called when there is
        something to read: on a busy machine, an import of low priority may need a minute to start.
        """
        self._library = library
        self._receiver = receiver
        self._waiting: list[Path] = []
        self._must_index = False
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_ending = False
        self._yields = yields

    @property
    def busy(self) -> bool:
        """Whether an import is running or waiting."""
        return self._task is not None and not self._task.done()

    def put(self, paths: Sequence[Path]) -> None:
        """Import the files and folders `paths` after those put in before."""
        # Absolute, so that the next start of the reader finds the files of interrupted imports.
        absolute = [path.absolute() for path in paths]
        self._waiting += [path for path in dict.fromkeys(absolute) if path not in self._waiting]
        self._begin()

    def index(self) -> None:
        """Add the papers of the library that the search index lacks, as every import does at its end."""
        self._must_index = True
        self._begin()

    def give_way(self) -> None:
        """Give the reader precedence over the running import and all later ones."""
        if not self._yields:
            self._yields = True
            if self._process is not None and self._process.returncode is None:
                _lower_priority(self._process.pid)

    def _begin(self) -> None:
        if (self._waiting or self._must_index) and not self.busy:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Ask a running import to end after its batch, wait briefly, then kill it."""
        self._is_ending = True
        self._waiting.clear()
        self._signal(signal.SIGTERM)
        if self._task is not None:
            done, _ = await asyncio.wait([self._task], timeout=_END_SECONDS)
            if not done:
                # Whole batches are kept, however the process ends.
                self._signal(signal.SIGKILL)
                # Wait for the process: its pipes close when it ends, and they must close before the event loop ends.
                done, _ = await asyncio.wait([self._task], timeout=_GONE_SECONDS)
            if not done:
                self._task.cancel()

    async def _run(self) -> None:
        while self._waiting:
            paths, self._waiting = self._waiting[:_MOST_PATHS], self._waiting[_MOST_PATHS:]
            self._must_index = False
            was_killed = await self._run_command("import", "--", *map(str, paths))
            if was_killed and len(paths) > 1:
                # One of the files may be to blame, and would keep the others out in every later attempt too.
                for path in paths:
                    await self._run_command("import", "--", str(path))
        if self._must_index:
            self._must_index = False
            await self._run_command("index")
        self._receiver.post_message(ImportsEnded())

    async def _run_command(self, name: str, *arguments: str) -> bool:
        """Run a command and post its messages. Whether a signal ended it that this reader did not send."""
        if self._is_ending:
            return False
        # -P: a folder named "store" in the current directory must not be imported instead of recto's package.
        command = [sys.executable, "-P", "-m", "tui", name, "--library", str(self._library), "--events", *arguments]
        try:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                # The report of a file holds every refused entry, on one line.
                limit=2**26,
                start_new_session=True,
            )
            if self._yields:
                _lower_priority(self._process.pid)
            if self._is_ending:
                self._signal(signal.SIGTERM)
            assert self._process.stdout is not None and self._process.stderr is not None
            errors = asyncio.create_task(self._process.stderr.read())
            async for line in self._process.stdout:
                self._receiver.post_message(_event(line))
            code = await self._process.wait()
            error_lines = (await errors).decode("utf-8", "replace").strip().splitlines()
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            self._signal(signal.SIGKILL)
            self._receiver.post_message(WorkFailed(f"the import failed: {error}"))
            return False
        # Code 1 without an error line means a report that was not complete; it has been posted already.
        if not self._is_ending and code not in _ENDED and not (code == 1 and not error_lines):
            reason = error_lines[-1].removeprefix("recto: ") if error_lines else f"its process ended with code {code}"
            self._receiver.post_message(WorkFailed(f"the import failed: {reason}"))
        return code < 0 and not self._is_ending

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)


def _lower_priority(process: int) -> None:
    """Give the reader precedence over a process that leads a session, and over the processes that it starts."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, os.getpriority(os.PRIO_PROCESS, 0) + _NICER)
    # Linux may weigh whole sessions against each other; nice values then count only inside a session (man 7 sched,
    # "autogroup").
    with contextlib.suppress(OSError):
        Path(f"/proc/{process}/autogroup").write_text(str(_NICE_SESSION), "ascii")


class _Event(msgspec.Struct):
    step: Step | None = None
    indexed: Progress | None = None


def _event(line: bytes) -> Message:
    """The message for one line of JSON that the process prints."""
    event = msgspec.json.decode(line, type=_Event)
    if event.step:
        return ImportStep(event.step)
    return Indexed(event.indexed) if event.indexed else Imported(msgspec.json.decode(line, type=ImportReport))
