"""Edits a text in the user's own editor, which draws in the terminal."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from store.library.side_files import read_small
from store.model.errors import LibraryError
from tui.workers import foreground

# The editors that are tried when neither VISUAL nor EDITOR is set.
_EDITORS = ("sensible-editor", "nano", "vim", "vi", "emacs")
# The largest file that is accepted as the edited text (bytes).
_LARGEST = 2**20


class Edited(NamedTuple):
    """The text after the editor has ended, and the reason why editing failed; "" if it did not fail.

    `text` is None if it could not be read.
    """

    text: str | None
    problem: str


def command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The command of the user's editor: the environment variable VISUAL or EDITOR, or else an installed editor.

    Raises LibraryError when no editor is found.
    """
    for name in ("VISUAL", "EDITOR"):
        with suppress(ValueError):
            if words := shlex.split(environment.get(name, "")):
                return words
    for program in _EDITORS:
        if path := shutil.which(program):
            return [path]
    raise LibraryError("there is no editor; set EDITOR to the command of yours")


def edit(command: Sequence[str], text: str) -> Edited:
    """Run the editor `command` with a file that contains `text`, and return the content of the file afterwards.

    The command runs without a shell. This function raises no error. It must be called in the main thread, and nothing
    else may read from the terminal while it runs.
    """
    try:
        # `mkdtemp` makes a folder that only this user can read. The ending .md tells editors that the file is Markdown.
        path = Path(tempfile.mkdtemp(prefix="recto-"), "note.md")
        path.write_text(f"{text}\n" if text else "", "utf-8")
    except OSError as error:
        return Edited(None, f"the note could not be edited: {error.strerror}")
    problem = foreground.run(command=[*command, str(path)])
    try:
        # The editor may have replaced the file by a symbolic link, so follow symbolic links.
        edited = read_small(path, _LARGEST, follow_links=True).decode("utf-8", "replace").rstrip("\n")
    except OSError as error:
        # Do not remove the file, because the user may have written a long text.
        return Edited(None, problem or f"the note in {path} could not be read: {error.strerror}")
    shutil.rmtree(path.parent, ignore_errors=True)
    return Edited(edited, problem)
