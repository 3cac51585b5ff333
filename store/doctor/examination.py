"""Runs all checks of a library, its disk and its folders."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from store.doctor import disks, files
from store.doctor.finding import Finding
from store.importing import folders
from store.library.config_and_library_paths import Places
from store.library.library import Library
from store.model.errors import LibraryError


def examine(places: Places, *, on_step: Callable[[str], None] = lambda subject: None) -> Iterator[Finding]:
    """Yield findings about the library, its disk and its folders.

    `on_step` is called with the subject of each check before the check begins, so that progress can be shown. No check
    changes anything. A check that cannot be done is reported as a finding with a problem.
    """
    library = Path(os.path.realpath(places.library))
    is_sound = True
    for finding in files.examine(library, on_step=on_step):
        is_sound = is_sound and not (finding.problem and finding.subject == "library")
        yield finding
    on_step("disk")
    yield from disks.examine(library)
    yield files.sqlite_version()
    yield _folder("inbox", places.inbox)
    if is_sound and library.exists():
        yield from _watched_folders(library)


def _folder(subject: str, path: Path) -> Finding:
    """A finding about whether the folder `path` can be read. It is no problem if the folder does not exist."""
    if not os.path.lexists(path):
        return Finding(subject, f"{path} does not exist yet.")
    if not path.is_dir():
        return Finding(subject, f"{path} is not a folder; move it away.", problem=True)
    if not os.access(path, os.R_OK | os.X_OK):
        return Finding(subject, f"{path} cannot be read.", problem=True, command=f"chmod u+rx {path}")
    return Finding(subject, f"{path} can be read.")


def _watched_folders(library: Path) -> Iterator[Finding]:
    try:
        with Library.open(library) as opened:
            watched = folders.folders(opened.reader())
    except LibraryError as error:
        yield Finding("watched folders", f"{error}.", problem=True)
        return
    for path in watched:
        if path.is_dir():
            yield _folder("watched folders", path)
        else:
            text = f"{path} is gone, or its disk is not mounted."
            yield Finding("watched folders", text, problem=True, command=f"recto watch remove {path}")
