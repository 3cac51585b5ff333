"""Paths as people type and paste them: which file one names, how it can go on, and what it may have meant."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from store.text.clean import clean

# The most entries of a folder that are looked at.
_MOST_ENTRIES = 20_000
# The most names that are offered.
_MOST_NAMES = 200
# The smallest likeness of a name to the mistyped one (rapidfuzz, 0 to 100).
_ALIKE = 60
_FILE_URL = "file://"


class PathError(Exception):
    """A text does not name a file or folder. The message says why, and what may have been meant."""


class Completion(NamedTuple):
    """A text as far as it can go on in only one way, and the names with which it can: folders end in "/"."""

    text: str
    names: tuple[str, ...]


def existing(text: str) -> Path:
    """The file or folder that `text` names. Raises PathError, whose message names the nearest one that exists."""
    path = _path(text)
    # As terminals paste a file that is dropped on them: with a backslash before blanks and brackets.
    unescaped = _path(re.sub(r"\\(.)", r"\1", text)) if "\\" in text else path
    for each in (path, unescaped):
        try:
            if each.is_file() or each.is_dir():
                return each
            if each.exists():
                raise PathError(f"{each.name} is neither a file nor a folder")
        except (OSError, ValueError) as error:
            raise PathError(f"{each.name}: {_reason(error)}") from error
    raise PathError(_not_found(path))


def new_file(text: str) -> Path:
    """The file that `text` names, which need not exist, in a folder that does. Raises PathError otherwise."""
    path = _path(text)
    try:
        if path.is_dir():
            raise PathError(f"{path.name} is a folder")
        if path.exists() and not path.is_file():
            raise PathError(f"{path.name} is not a file")
        if not path.parent.is_dir():
            raise PathError(_not_found(path.parent))
    except (OSError, ValueError) as error:
        raise PathError(f"{path.name}: {_reason(error)}") from error
    return path


def complete(text: str) -> Completion:
    """How `text` can go on: a path, with "~" for the home folder. Raises PathError when its folder cannot be read."""
    text = _unquoted(text)
    if text in ("~", ".", "..") or re.fullmatch(r"~[^/]+", text):
        return Completion(f"{text}/", ())
    head, slash, beginning = text.rpartition("/")
    folder = _path(head + slash) if slash else Path()
    names = sorted(name for name in _names(folder) if name.startswith(beginning))
    if not beginning.startswith("."):
        names = [name for name in names if not name.startswith(".")]
    if not names:
        # The case of letters is often forgotten.
        names = sorted(name for name in _names(folder) if name.lower().startswith(beginning.lower()))
    # Letter by letter, also inside a name.
    common = os.path.commonprefix(names) if names else beginning  # noqa: RUF071
    return Completion(f"{head}{slash}{common}", tuple(names[:_MOST_NAMES]))


def _path(text: str) -> Path:
    text = _unquoted(text)
    if not text:
        raise PathError("type the path of a file or folder")
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        # The path begins with "~name", and there is no user of that name.
        raise PathError(f"there is no home folder {text.partition('/')[0]}") from error


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    if text.startswith(_FILE_URL):
        from urllib.parse import unquote

        text = unquote(text.removeprefix(_FILE_URL))
    return text


def _names(folder: Path) -> Iterator[str]:
    """The names in a folder that can be typed, each folder with "/" behind it. Raises PathError."""
    try:
        with os.scandir(folder) as entries:
            for entry in islice(entries, _MOST_ENTRIES):
                if clean(entry.name) == entry.name and entry.name.isprintable():
                    yield f"{entry.name}/" if entry.is_dir() else entry.name
    except (OSError, ValueError) as error:
        raise PathError(f"{folder}: {_reason(error)}") from error


def _not_found(path: Path) -> str:
    """Why there is no such file: which part of the path does not exist, and the name that is most like it."""
    missing = path
    try:
        while not missing.parent.exists() and missing.parent != missing:
            missing = missing.parent
        nearest = _nearest(missing)
    except (OSError, PathError):
        nearest = None
    where = f" in {missing.parent}" if missing.parent != Path() else " here"
    hint = f"; the nearest name is {nearest}" if nearest else ""
    return f"there is no {missing.name}{where}{hint}"


def _nearest(path: Path) -> str | None:
    # Imported here: most paths exist.
    from rapidfuzz import fuzz, process

    found = process.extractOne(path.name, list(_names(path.parent)), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return found[0] if found else None


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
