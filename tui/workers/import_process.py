"""Imports in a separate process, so that the application reacts to keys while a file is parsed.

The process is `recto import`. It prints its progress and its reports as lines of JSON, which this module turns into
messages. An import reads a listing, which is a file with a list of papers, into the library.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
from textual.message import Message
from textual.message_pump import MessagePump

from store.formats.documents.child_process import command_of
from store.importing.log import ImportReport, Step
from store.search.arrivals import Returned
from store.search.index_sync import Progress
from tui.workers.messages import WorkFailed

# When the application ends, a running import may take at most this long to finish its current batch of papers (s).
_END_SECONDS = 1.5
# How long to wait until a killed import has ended (s). A limit is needed because a process that waits for the disk may
# end late.
_GONE_SECONDS = 2.0
# An import that has run for this long after its first progress (s) gets a lower scheduling priority than the
# application. Short imports run at normal priority: at a low priority, a process may not even start while other
# programs use all cores.
_SHORT_SECONDS = 2.0
# The nice value of a long import is raised by _NICER, and the nice value of its session is set to _NICE_SESSION. With
# these values, an import that shares a core with another program gets about a tenth of its time. An ordinary process
# cannot raise its priority again.
_NICER = 5
_NICE_SESSION = 10
# The largest number of files for one process. A limit is needed because the length of a command line is limited.
_MOST_PATHS = 200
# The exit codes that do not mean a failure: the import is complete, or it was stopped on request.
_ENDED = (0, 130, -signal.SIGTERM)


class ImportStep(Message):
    """The progress of the running import."""

    def __init__(self, step: Step) -> None:
        super().__init__()
        self.step = step

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, ImportStep)


class Imported(Message):
    """The import of a listing (a file with a list of papers) has ended."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__()
        self.report = report


class Indexed(Message):
    """The progress of adding the imported papers to the search index."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.progress = progress

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Indexed)


class PaperReturned(Message):
    """A paper is no longer postponed: the user had postponed it until a similar paper is imported."""

    def __init__(self, returned: Returned) -> None:
        super().__init__()
        self.returned = returned


class ImportsEnded(Message):
    """The last requested import has ended."""


def unfinished(connection: sqlite3.Connection) -> list[Path]:
    """The files whose import was interrupted and that still exist. Importing them again completes the import."""
    rows = connection.execute(
        "SELECT path FROM listing l WHERE state IN ('reading', 'interrupted')"
        # Only the last listing with a given path counts. Several listings with one path mean that the file was changed
        # and imported again.
        " AND id = (SELECT max(id) FROM listing WHERE path = l.path) ORDER BY id"
    )
    # The path of a file in an archive has the form ARCHIVE!NAME. In this case, import the whole archive again.
    paths = dict.fromkeys(Path(path if Path(path).is_file() else path.split("!")[0]) for (path,) in rows)
    return [path for path in paths if path.is_absolute() and path.is_file()]


class Importer:
    """Imports files by running the command `recto import`, never more than one process at a time."""

    def __init__(self, library: Path, receiver: MessagePump, *, yields: bool = True) -> None:
        """`receiver` gets ImportStep, Indexed, Imported, ImportsEnded and WorkFailed messages.

        With `yields`, long imports run at a lower priority than the application. Pass False for an empty library,
        because the user is waiting for the import, and call `give_way` as soon as the list has papers.
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
        """Import the files and folders `paths` after those that are already waiting."""
        # Make the paths absolute: they are stored in the library, and the next start, maybe in another current
        # directory, must find the files of interrupted imports.
        absolute = [path.absolute() for path in paths]
        self._waiting += [path for path in dict.fromkeys(absolute) if path not in self._waiting]
        self._begin()

    def index(self) -> None:
        """Add the papers that the search index lacks, in a process. (Every import does this at its end.)"""
        self._must_index = True
        self._begin()

    def give_way(self) -> None:
        """Lower the priority of the running import and of all later imports below that of the application."""
        if not self._yields:
            self._yields = True
            if self._process is not None and self._process.returncode is None:
                _lower_priority(self._process.pid)

    def _begin(self) -> None:
        if (self._waiting or self._must_index) and not self.busy:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Drop the waiting imports.

        Ask a running import to end after its current batch, and kill it if that takes too long.
        """
        self._is_ending = True
        self._waiting.clear()
        self._signal(signal.SIGTERM)
        if self._task is not None:
            done, _ = await asyncio.wait([self._task], timeout=_END_SECONDS)
            if not done:
                # Killing the process loses only its current batch: every complete batch is stored already.
                self._signal(signal.SIGKILL)
                # Wait until the process has ended. That closes its pipes, which must happen before the event loop ends.
                done, _ = await asyncio.wait([self._task], timeout=_GONE_SECONDS)
            if not done:
                self._task.cancel()

    async def _run(self) -> None:
        while self._waiting:
            paths, self._waiting = self._waiting[:_MOST_PATHS], self._waiting[_MOST_PATHS:]
            self._must_index = False
            was_killed = await self._run_command("import", "--", *map(str, paths))
            if was_killed and len(paths) > 1:
                # One of the files may have caused the end of the process, and would do so again in every later attempt.
                # So import each file in its own process: then at least the other files are imported.
                for path in paths:
                    await self._run_command("import", "--", str(path))
        if self._must_index:
            self._must_index = False
            await self._run_command("index")
        self._receiver.post_message(ImportsEnded())

    async def _run_command(self, name: str, *arguments: str) -> bool:
        """Run the recto command `name` and post a message for each line that it prints.

        Returns whether the process was killed by a signal that did not come from this object.
        """
        if self._is_ending:
            return False
        command = command_of("tui", name, "--library", str(self._library), "--events", *arguments)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                # The longest line that can be read (bytes). The report of a file is one line and lists every refused
                # entry, so it may be long.
                limit=2**26,
                start_new_session=True,
            )
            if self._is_ending:
                self._signal(signal.SIGTERM)
            assert self._process.stdout is not None and self._process.stderr is not None
            errors = asyncio.create_task(self._process.stderr.read())
            first_progress: float | None = None
            async for line in self._process.stdout:
                self._receiver.post_message(_event(line))
                now = time.monotonic()
                first_progress = first_progress or now
                if self._yields and now - first_progress > _SHORT_SECONDS:
                    _lower_priority(self._process.pid)
                    first_progress = math.inf
            code = await self._process.wait()
            error_lines = (await errors).decode("utf-8", "replace").strip().splitlines()
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            self._signal(signal.SIGKILL)
            self._receiver.post_message(WorkFailed(f"the import failed: {error}"))
            return False
        # Exit code 1 without an error message means that some entries (papers of a listing) were refused. The report
        # about these entries is posted already.
        if not self._is_ending and code not in _ENDED and not (code == 1 and not error_lines):
            reason = error_lines[-1].removeprefix("recto: ") if error_lines else f"its process ended with code {code}"
            self._receiver.post_message(WorkFailed(f"the import failed: {reason}"))
        return code < 0 and not self._is_ending

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)


def _lower_priority(process: int) -> None:
    """Lower the priority of the process with this id and of the processes that it starts.

    The process must be the leader of its session.
    """
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, os.getpriority(os.PRIO_PROCESS, 0) + _NICER)
    # Linux may first divide the processor time between sessions, and then between the processes of each session. If it
    # does, the nice value of a process has no effect outside its session, so the session needs a nice value too (see
    # "autogroup" in the manual page sched(7)).
    with contextlib.suppress(OSError):
        Path(f"/proc/{process}/autogroup").write_text(str(_NICE_SESSION), "ascii")


class _Event(msgspec.Struct):
    step: Step | None = None
    indexed: Progress | None = None
    returned: Returned | None = None


def _event(line: bytes) -> Message:
    """The message for `line`, one line of JSON that the import process has printed."""
    event = msgspec.json.decode(line, type=_Event)
    if event.step:
        return ImportStep(event.step)
    if event.returned:
        return PaperReturned(event.returned)
    return Indexed(event.indexed) if event.indexed else Imported(msgspec.json.decode(line, type=ImportReport))
