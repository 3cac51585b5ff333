"""The reader's own configuration: a TOML file with remapped keys and a theme."""

from __future__ import annotations

from pathlib import Path

import msgspec
from textual.keys import Keys

from store.model.errors import LibraryError
from tui.actions.registry import BY_ID, SIGNS, shown

# What people write for a key whose name Textual spells out.
_SPELLED = {sign: name for name, sign in SIGNS.items()} | {
    " ": "space",
    "esc": "escape",
    "return": "enter",
    "pgdn": "pagedown",
    "pgup": "pageup",
    "del": "delete",
}
_NAMED = {key.value for key in Keys} | set(_SPELLED.values())


class Config(msgspec.Struct, frozen=True):
    """`keys` maps an action's id to its keys as Textual writes them ("j,down")."""

    keys: dict[str, str] = {}
    theme: str | None = None


class _File(msgspec.Struct, forbid_unknown_fields=True):
    keys: dict[str, str | list[str]] = {}
    theme: str | None = None


def load(path: Path) -> Config:
    """The configuration at `path`; the defaults when there is none. Raises LibraryError that says what is wrong."""
    try:
        found = _read(path.read_text("utf-8"))
    except FileNotFoundError:
        return Config()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise LibraryError(f"the configuration {path} cannot be used: {reason}") from error
    keys: dict[str, str] = {}
    for action, wanted in found.keys.items():
        if action not in BY_ID:
            raise LibraryError(f"{path}: there is no action {action!r} (see: recto keys --json)")
        named = [_key(path, action, each) for each in ([wanted] if isinstance(wanted, str) else wanted)]
        if not named:
            raise LibraryError(f"{path}: {action} has no key; name one, or leave the line out")
        keys[action] = ",".join(dict.fromkeys(named))
    _refuse_doubles(path, keys)
    return Config(keys, found.theme)


def _read(text: str) -> _File:
    """What a configuration says. Raises ValueError for what is none."""
    if not text:
        return _File()
    # Imported here: most readers have none.
    import tomllib

    return msgspec.convert(tomllib.loads(text), _File)


def _key(path: Path, action: str, text: str) -> str:
    """One key in Textual's spelling. Textual would silently unbind the action on a name it does not know."""
    *held, last = text.split("+") if len(text) > 1 and not text.endswith("+") else [text]
    name = _SPELLED.get(last, last)
    known = name in _NAMED or (len(name) == 1 and name.isalnum())
    if not known or any(each not in ("ctrl", "shift", "alt", "super") for each in held):
        raise LibraryError(f"{path}: {text!r} is not a key, for {action}; write j, J, ctrl+d, enter, f2 …")
    if len(name) == 1 and held == ["shift"]:
        # The terminal sends the large letter.
        return name.upper()
    return "+".join([*held, name.lower() if "ctrl" in held else name])


def _refuse_doubles(path: Path, keys: dict[str, str]) -> None:
    taken: dict[str, str] = {}
    for action in BY_ID.values():
        for key in keys.get(action.id, ",".join(action.keys)).split(","):
            if key in taken and (action.id in keys or taken[key] in keys):
                raise LibraryError(f"{path}: the key {shown(key)!r} is given to both {taken[key]} and {action.id}")
            taken.setdefault(key, action.id)
