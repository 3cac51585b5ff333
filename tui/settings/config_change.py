"""Changes a value in the text of a configuration file. The comments and the layout of the file stay unchanged."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import cast

import tomlkit
from tomlkit.container import Container
from tomlkit.items import Table

from tui.actions.actions_and_keys import BY_ID
from tui.settings import config, keymap, toml_lines
from tui.settings.settings_table import BY_NAME, SETTINGS, nearest

# The first lines of a new configuration file, which `recto config edit` creates.
_HEADER = "# The configuration of recto. A line that begins with # counts only without the #.\n"


def names() -> list[str]:
    """The names of everything that a configuration can set, for example "theme" or "keys.bookmark"."""
    return [*BY_NAME, *(f"{keymap.TABLE}.{action_id}" for action_id in BY_ID)]


def path_of(name: str) -> tuple[str, ...]:
    """The path of the key `name`: ("keys", "bookmark") for "keys.bookmark".

    Raises ValueError when no setting has this name.
    """
    if name not in names():
        raise ValueError(f"there is no setting {name!r}; the nearest is {nearest(name, names())!r}")
    return tuple(name.split("."))


def with_value(text: str, name: str, words: Sequence[str]) -> str:
    """The configuration `text`, in which the setting `name` has the value that the user typed as `words`.

    Several words set a list of values. Raises ValueError when there is no such setting, when the value is wrong, or
    when `text` is not valid TOML.
    """
    path = path_of(name)
    before = _problems(text)
    reasons: list[str] = []
    for value in _readings(words):
        changed = _changed(text, path, value)
        found = _problems(changed)
        new = [problem for problem in found if found.count(problem) > before.count(problem)]
        if not new and _value_at(changed, path) == value:
            return changed
        reasons += new
    raise ValueError(reasons[0] if reasons else f"{name} cannot be changed in this file; change it with an editor")


def without(text: str, name: str) -> str:
    """The configuration `text` without the setting `name`, so that the setting has its default value again.

    Raises ValueError when there is no such setting, or when `text` is not valid TOML.
    """
    path = path_of(name)
    document = _parsed(text)
    table: Container | Table = document
    for part in path[:-1]:
        below = table.get(part)
        if not isinstance(below, dict):
            return text
        table = cast(Table, below)
    table.pop(path[-1], None)
    return tomlkit.dumps(document)


def template() -> str:
    """A configuration that explains every setting. All of its lines are comments, so it changes no setting."""
    tables = dict.fromkeys(setting.name.partition(".")[0] for setting in SETTINGS if "." in setting.name)
    lines = [_HEADER]
    for table in ("", *tables):
        lines += [f"# [{table}]"] if table else []
        for setting in SETTINGS:
            parent, _, key = setting.name.rpartition(".")
            if parent == table:
                known = "…" if setting.default is None else tomlkit.item(setting.default).as_string()
                otherwise = f"; without this line: {setting.default_text}" if setting.default_text else ""
                lines.append(f"# {key} = {known}    # {setting.help}{otherwise}")
        lines += (
            ['# bookmark = "s"    # any action: recto keys --json prints their ids'] if table == keymap.TABLE else []
        )
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _readings(words: Sequence[str]) -> list[object]:
    """The possible values of the words that were typed after `recto config set NAME`.

    The most likely value is the first.
    """
    if len(words) > 1:
        return [list(words)]
    readings: list[object] = [words[0]]
    with suppress(ValueError):
        readings.insert(0, tomllib.loads(f"value = {words[0]}")["value"])
    return [reading for reading in readings if isinstance(reading, str | bool | int | float | list)]


def _changed(text: str, path: Sequence[str], value: object) -> str:
    document = _parsed(text)
    table: Container | Table = document
    for part in path[:-1]:
        below = table.get(part)
        if below is None:
            below = table[part] = tomlkit.table()
        if not isinstance(below, dict):
            raise ValueError(f"{part} must be a table")
        table = cast(Table, table[part])
    table[path[-1]] = value
    changed = tomlkit.dumps(document)
    return changed if changed.endswith("\n") else f"{changed}\n"


def _parsed(text: str) -> tomlkit.TOMLDocument:
    """The document that `text` contains. Raises ValueError when `text` is not valid TOML."""
    try:
        tomllib.loads(text)
        return tomlkit.parse(text)
    except (ValueError, RecursionError) as error:
        problem = toml_lines.syntax_problem(text, error)
        where = f"line {problem.line}: " if problem.line else ""
        raise ValueError(f"{where}{problem.text}; mend it with: recto config edit") from error


def _problems(text: str) -> list[str]:
    return [problem.text for problem in config.parse(text)[1]]


def _value_at(text: str, path: Sequence[str]) -> object:
    value: object = tomllib.loads(text)
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
