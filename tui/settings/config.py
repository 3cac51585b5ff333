"""The configuration: a TOML file that sets the keys of actions and the theme.

store/library/places.py decides where the file is.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from textual.keys import Keys

from store.library.side_files import read_small
from store.model.errors import LibraryError
from tui.actions.registry import BY_ID, SIGNS, shown
from tui.settings import themes

# Other spellings of keys that a configuration may use, each mapped to Textual's name of that key.
_TEXTUAL_NAMES = {sign: name for name, sign in SIGNS.items()} | {
    " ": "space",
    "esc": "escape",
    "return": "enter",
    "pgdn": "pagedown",
    "pgup": "pageup",
    "del": "delete",
}
# The largest size of a configuration file (bytes). A file with a key for every action has only a few kilobytes.
_LARGEST = 2**20
_KEY_NAMES = {key.value for key in Keys} | set(_TEXTUAL_NAMES.values())


class Config(msgspec.Struct, frozen=True):
    """The values of a configuration.

    `keys` maps the id of an action to its keys in Textual's syntax, for example "j,down". `ascii` says whether to draw
    with ASCII characters only; with None, that depends on the terminal. `problems` are error messages about values that
    cannot be used and were ignored.
    """

    keys: dict[str, str] = {}
    theme: str | None = None
    ascii: bool | None = None
    problems: tuple[str, ...] = ()


class _File(msgspec.Struct, forbid_unknown_fields=True):
    keys: dict[str, str | list[str]] = {}
    theme: str | None = None
    ascii: bool | None = None


def load(path: Path) -> Config:
    """The configuration in the file `path`, or the defaults when there is no file.

    Raises LibraryError when the file cannot be read or is not a valid configuration.
    """
    # Users give the path /dev/null for "no configuration". Other devices are refused: reading one may never end.
    if str(path) == os.devnull:
        return Config()
    try:
        # Symbolic links are followed, because programs that manage dotfiles replace configuration files by links.
        file = _read(read_small(path, _LARGEST, follow_links=True).decode())
    except FileNotFoundError:
        return Config()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise LibraryError(f"the configuration {path} cannot be used: {reason}") from error
    keys: dict[str, str] = {}
    for action, key_or_keys in file.keys.items():
        if action not in BY_ID:
            raise LibraryError(f"{path}: there is no action {action!r} (see: recto keys --json)")
        texts = [key_or_keys] if isinstance(key_or_keys, str) else key_or_keys
        names = [_key(path, action, text) for text in texts]
        if not names:
            raise LibraryError(f"{path}: {action} has no key; name one, or leave the line out")
        keys[action] = ",".join(dict.fromkeys(names))
    _refuse_clashes(path, keys)
    if file.theme is None or themes.is_known(file.theme):
        return Config(keys, file.theme, file.ascii)
    problem = f"{path}: there is no theme {file.theme!r}; the nearest is {themes.nearest(file.theme)!r}"
    return Config(keys, None, file.ascii, (problem,))


def _read(text: str) -> _File:
    """The parsed contents of a configuration file. Raises ValueError when `text` is not a valid configuration."""
    if not text:
        return _File()
    # Imported here because most users have no configuration.
    import tomllib

    return msgspec.convert(tomllib.loads(text), _File)


def _key(path: Path, action: str, text: str) -> str:
    """Textual's name of the key that the configuration at `path` spells `text`. Raises LibraryError for an unknown key.

    The check is needed because Textual accepts any name: the action would then have no key, and no error would say so.
    """
    *modifiers, last = text.split("+") if len(text) > 1 and not text.endswith("+") else [text]
    name = _TEXTUAL_NAMES.get(last, last)
    is_key = name in _KEY_NAMES or (len(name) == 1 and name.isalnum())
    if not is_key or any(modifier not in ("ctrl", "shift", "alt", "super") for modifier in modifiers):
        raise LibraryError(f"{path}: {text!r} is not a key, for {action}; write j, J, ctrl+d, enter, f2 …")
    if len(name) == 1 and modifiers == ["shift"]:
        # For shift and a letter, a terminal sends the capital letter.
        return name.upper()
    return "+".join([*modifiers, name.lower() if "ctrl" in modifiers else name])


def _refuse_clashes(path: Path, keys: dict[str, str]) -> None:
    """Raise LibraryError when two actions would have the same key because of the configured `keys`.

    The keys of a sitting, which is one pass through a list paper by paper, are separate from those of the list.
    """
    taken: dict[tuple[bool, str], str] = {}
    for action in BY_ID.values():
        for key in keys.get(action.id, ",".join(action.keys)).split(","):
            other = taken.setdefault((action.in_sitting, key), action.id)
            if other != action.id and (action.id in keys or other in keys):
                raise LibraryError(f"{path}: the key {shown(key)!r} is given to both {other} and {action.id}")
