"""Paths that users type and paste: finds the file, completes the path, and suggests a similar path for a wrong one."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from store.text.clean import clean

# At most this many entries of a folder are examined.
_MOST_ENTRIES = 20_000
# At most this many names are suggested as completions of a path.
_MOST_NAMES = 200
# A name is suggested in place of a mistyped one if their similarity is at least this (rapidfuzz, 0 to 100).
_ALIKE = 60
_FILE_URL = "file://"


class PathError(Exception):
    """A text is not the path of a usable file or folder.

    The message contains the reason and, if possible, a similar name.
    """


class Completion(NamedTuple):
    """The completion of a path.

    `text` is the path, completed as far as the completion is unique. `names` are the names in its folder that begin
    with the last part of the path; names of folders end in "/".
    """

    text: str
    names: tuple[str, ...]


def existing(text: str) -> Path:
    """The path of the existing file or folder that `text` describes.

    Raises PathError if there is no such file or folder. The message of the error suggests the most similar existing
    name.
    """
    path = _path(text)
    # If the user drops a file on a terminal, it pastes the path with a backslash before blanks and brackets. So try the
    # path without backslashes too.
    unescaped = _path(re.sub(r"\\(.)", r"\1", text)) if "\\" in text else path
    for each in (path, unescaped):
        mode = _mode(each)
        if mode is None:
            continue
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            return each
        raise PathError(f"{each.name} is neither a file nor a folder")
    raise PathError(_not_found(path))


def new_file(text: str) -> Path:
    """The path of the file to write. The file need not exist, but its folder must; if not, this raises PathError."""
    path = _path(text)
    mode = _mode(path)
    if mode is not None and stat.S_ISDIR(mode):
        raise PathError(f"{path.name} is a folder")
    if mode is not None and not stat.S_ISREG(mode):
        raise PathError(f"{path.name} is not a file")
    parent = _mode(path.parent)
    if parent is None or not stat.S_ISDIR(parent):
        raise PathError(_not_found(path.parent))
    return path


def complete(text: str) -> Completion:
    """The completion of the path `text`, in which "~" means the home folder.

    Raises PathError when the folder of the path cannot be read.
    """
    text = _unquoted(text)
    if text in ("~", ".", "..") or re.fullmatch(r"~[^/]+", text):
        return Completion(f"{text}/", ())
    head, slash, beginning = text.rpartition("/")
    folder = _path(head + slash) if slash else Path()
    names = sorted(name for name in _names(folder) if name.startswith(beginning))
    if not beginning.startswith("."):
        names = [name for name in names if not name.startswith(".")]
    if not names:
        # Ignore the case of letters, because users often type a small letter for a capital.
        names = sorted(name for name in _names(folder) if name.lower().startswith(beginning.lower()))
    # Compare letter by letter and not name by name: the common beginning may end inside a name.
    common = os.path.commonprefix(names) if names else beginning  # noqa: RUF071
    return Completion(f"{head}{slash}{common}", tuple(names[:_MOST_NAMES]))


def _path(text: str) -> Path:
    text = _unquoted(text)
    if not text:
        raise PathError("type the path of a file or folder")
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        # The path begins with "~name", and there is no user with that name.
        raise PathError(f"there is no home folder {text.partition('/')[0]}") from error


def _mode(path: Path) -> int | None:
    """The mode of the file or folder `path`; None if there is none. Raises PathError if the path cannot be examined.

    `Path.exists` and `Path.is_file` do not serve here: from Python 3.14 on they hide why a path cannot be examined.
    """
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        # No file has a name with a null character, for which this is a ValueError.
        return None
    except OSError as error:
        raise PathError(f"{path.name}: {_reason(error)}") from error


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    if text.startswith(_FILE_URL):
        from urllib.parse import unquote

        text = unquote(text.removeprefix(_FILE_URL))
    return text


def _names(folder: Path) -> Iterator[str]:
    """The names in a folder, except names with characters that cannot be typed. Names of folders end in "/".

    Raises PathError when the folder cannot be read.
    """
    try:
        with os.scandir(folder) as entries:
            for entry in islice(entries, _MOST_ENTRIES):
                if clean(entry.name) == entry.name and entry.name.isprintable():
                    yield f"{entry.name}/" if entry.is_dir() else entry.name
    except (OSError, ValueError) as error:
        raise PathError(f"{folder}: {_reason(error)}") from error


def _not_found(path: Path) -> str:
    """The message that a file does not exist. It contains the missing part of the path and the most similar name."""
    missing = path
    try:
        while not missing.parent.exists() and missing.parent != missing:
            missing = missing.parent
        nearest = _nearest(missing)
    except (OSError, PathError):
        nearest = None
    where = f" in {missing.parent}" if missing.parent != Path() else " here"
    hint = f"; the nearest name is {nearest}" if nearest else ""
    kind = "folder" if missing != path else "file or folder"
    return f"there is no {kind} “{missing.name}”{where}{hint}"


def _nearest(path: Path) -> str | None:
    # Imported here, because most typed paths exist.
    from rapidfuzz import fuzz, process

    found = process.extractOne(path.name, list(_names(path.parent)), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return found[0] if found else None


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
