"""Files and folders named by the reader, or found in a followed folder, go to the importer one by one."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from store.importing import folders
from store.importing.importer import Options, import_file, refuse
from store.importing.log import ImportReport, Step
from store.library.library import Library
from store.text.clean import line

# A copy of standard input is made in pieces of this size (bytes).
_PIECE = 1 << 20


def take_in(
    library: Library,
    paths: Sequence[Path],
    options: Options,
    *,
    on_step: Callable[[Step], None] = lambda step: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[ImportReport]:
    """Import files, and every file below folders; a report for each listing as soon as it is through."""
    for path in paths:
        if _is_folder(path):
            found = [each for each, _ in folders.files(path, library.path)]
            if not found:
                yield refuse(library, line(str(path)), "a folder with no files in it")
        else:
            found = [path]
        for each in found:
            if should_stop():
                return
            yield from _take_in_file(library, each, options, on_step, should_stop)


def take_in_stream(
    library: Library,
    stream: BinaryIO,
    options: Options,
    copying: AbstractContextManager[None] | None = None,
    *,
    on_step: Callable[[Step], None] = lambda step: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[ImportReport]:
    """Import standard input. It is looked at twice, and so copied to a private file first, inside `copying`."""
    with tempfile.TemporaryDirectory(prefix="recto-") as folder:
        copy = Path(folder) / "standard-input"
        with copying or nullcontext(), copy.open("wb") as file:
            while piece := stream.read(_PIECE):
                file.write(piece)
        yield from import_file(
            library, copy, options, on_step=on_step, should_stop=should_stop, shown_as="standard input"
        )


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        # What is wrong with it is said when it is opened.
        return False


def _take_in_file(
    library: Library,
    path: Path,
    options: Options,
    on_step: Callable[[Step], None],
    should_stop: Callable[[], bool],
) -> Iterator[ImportReport]:
    # Taken before the file is read: what changes it later makes it new again.
    seen = folders.look(path)
    finished = True
    state = "read"
    for report in import_file(library, path, options, on_step=on_step, should_stop=should_stop):
        finished = finished and not report.interrupted
        state = "refused" if report.error else state
        yield report
    if seen is not None and finished and not should_stop():
        folders.remember(library, path, seen, state)
