"""Importing the files and folders that the user names, and standard input.

store/importing/importer.py imports each of the files.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from store.importing import attached_texts, folders
from store.importing.importer import Options, import_file, refuse
from store.importing.log import ImportReport, Step
from store.library.library import Library
from store.papers import retractions
from store.text.clean import line

# Standard input is copied in blocks of this size (bytes).
_PIECE = 1 << 20


def take_in(
    library: Library,
    paths: Sequence[Path],
    options: Options,
    *,
    on_step: Callable[[Step], None] = lambda step: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[ImportReport]:
    """Import the files in `paths`, and all files below the folders in `paths`.

    Yields the report of each listing as soon as the listing is imported. At the end, the new papers are compared with
    the stored list of retractions.
    """
    yield from _take_in(library, paths, options, on_step, should_stop)
    if retractions.are_known(library.reader()):
        retractions.match(library)


def _take_in(
    library: Library,
    paths: Sequence[Path],
    options: Options,
    on_step: Callable[[Step], None],
    should_stop: Callable[[], bool],
) -> Iterator[ImportReport]:
    for path in paths:
        if _is_folder(path):
            below = list(folders.files(path, library))
            files = [file for file, state in below if state is not None]
            for link in (link for link, state in below if state is None):
                yield folders.refuse_link(library, link)
            if not below:
                yield refuse(library, line(str(path)), "a folder with no files in it")
        else:
            files = [path]
        for file in files:
            if should_stop():
                return
            yield from _take_in_file(library, file, options, on_step, should_stop)


def take_in_stream(
    library: Library,
    stream: BinaryIO,
    options: Options,
    copying: AbstractContextManager[None] | None = None,
    *,
    on_step: Callable[[Step], None] = lambda step: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[ImportReport]:
    """Import standard input, which is `stream`. Yields the report of each listing as soon as the listing is imported.

    The importer reads a file twice, so the input is first copied to a private file. `copying` is a context manager that
    is entered before the input is copied and left afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="recto-") as folder:
        copy = Path(folder) / "standard-input"
        with copying or nullcontext(), copy.open("xb") as file:
            while piece := stream.read(_PIECE):
                file.write(piece)
        yield from import_file(
            library, copy, options, on_step=on_step, should_stop=should_stop, shown_as="standard input"
        )


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        # If the path cannot be examined, treat it as a file. The importer will fail to open it, and will report the
        # error.
        return False


def _take_in_file(
    library: Library,
    path: Path,
    options: Options,
    on_step: Callable[[Step], None],
    should_stop: Callable[[], bool],
) -> Iterator[ImportReport]:
    # Get the state of the file before reading it. If the file changes during the import, its new state then differs
    # from the remembered one, so the next scan imports the file again.
    file_state = folders.state_of_file(path)
    finished = True
    state = "read"
    for report in import_file(library, path, options, on_step=on_step, should_stop=should_stop):
        finished = finished and not report.interrupted
        state = "refused" if report.error else state
        attached_texts.attach(library, path, report, options)
        yield report
    if file_state is not None and finished and not should_stop():
        folders.remember(library, path, file_state, state if os.access(path, os.R_OK) else "unreadable")
