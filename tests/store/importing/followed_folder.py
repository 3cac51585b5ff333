"""A followed folder (its files are imported automatically) whose clock is set by the test."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from store.importing.folders import SETTLE_SECONDS, Watch
from store.importing.importer import Options
from store.importing.log import ImportReport
from store.importing.sources import take_in
from store.library.library import Library

OPTIONS = Options(today=date(2026, 7, 15))


class Folder:
    """A followed folder (its files are imported automatically), with a clock that only the test advances."""

    def __init__(self, library: Library, inbox: Path) -> None:
        self.library = library
        self.inbox = inbox
        self.watch = Watch(library, inbox)
        self.now = 1000.0
        inbox.mkdir(exist_ok=True)

    def scan(self, later: float = 0.0) -> list[str]:
        """The names of the files that count as complete (ready) in a scan `later` seconds after the last one."""
        self.now += later
        return [os.path.relpath(path, self.inbox) for path in self.watch.scan(self.now)]

    def settled(self) -> list[str]:
        """The names of the files that are ready after the settling time, if no file changes in that time."""
        first = self.scan()
        return first + [name for name in self.scan(SETTLE_SECONDS) if name not in first]

    def import_ready(self) -> list[ImportReport]:
        """Wait for the settling time and import the files that are ready, as the program does."""
        paths = [self.inbox / name for name in self.settled()]
        return list(take_in(self.library, paths, OPTIONS))

    def put(self, name: str, content: str = "x") -> Path:
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
        return path
