"""The configuration: a TOML file with the keys of actions, the theme and the other settings of `settings_table`.

store/library/config_and_library_paths.py decides where the file is. A mistake in the file does not keep recto from
starting: the line with the mistake is ignored, and a message about it is added to `Config.problems`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar, cast

import msgspec

from store.library.side_files import read_small
from tui.settings.problem import Problem, TakenKeys
from tui.settings.settings_table import BY_NAME, PRESET, Setting, nearest

_T = TypeVar("_T")
# The largest allowed size of a configuration file (bytes). Even a file with a key for every action is only a few
# kilobytes long.
_LARGEST = 2**18
# The most dots of a line that are outside of quotes and of comments. Each dot may open another table, and the time of
# `tomllib` grows with the square of their number. The names of settings have at most one dot.
_MOST_DOTS = 5
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


class Config(msgspec.Struct, frozen=True):
    """The values of a configuration.

    `keys` maps the id of an action to its keys in Textual's syntax, for example "j,down". `values` maps the names of
    settings to their values; use `config[SETTING]` to read one. `problems` are messages about lines that were ignored.
    `taken` are the keys that actions lost because a line of the file gives these keys to another action, in the order
    of the lines.
    """

    keys: Mapping[str, str] = {}
    values: Mapping[str, object] = {}
    problems: tuple[str, ...] = ()
    taken: tuple[TakenKeys, ...] = ()

    def __getitem__(self, setting: Setting[_T]) -> _T:
        return cast(_T, self.values.get(setting.name, setting.default))


def load(path: Path) -> Config:
    """The configuration in the file `path`, or the defaults when there is no file."""
    try:
        text = read(path)
    except ValueError as error:
        return Config(problems=(str(error),))
    if not text:
        return Config()
    config, problems = parse(text)
    return msgspec.structs.replace(config, problems=tuple(described(path, problem) for problem in problems))


def read(path: Path) -> str:
    """The text of the configuration file; "" when there is none. Raises ValueError when the file cannot be read."""
    # The path /dev/null means that the user wants no configuration. Other devices are refused below, because reading a
    # device may never end.
    if str(path) == os.devnull:
        return ""
    try:
        # Follow symbolic links, because some programs manage configuration files and put links in their places.
        text = read_small(path, _LARGEST, follow_links=True).decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except UnicodeDecodeError as error:
        raise ValueError(f"the configuration {path} cannot be used: it is not text in UTF-8") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ValueError(f"the configuration {path} cannot be used: {reason}") from error
    for number, line in enumerate(text.splitlines(), 1):
        if line.count(".") > _MOST_DOTS and _QUOTED.sub("", line).partition("#")[0].count(".") > _MOST_DOTS:
            raise ValueError(f"the configuration {path} cannot be used: line {number} has too many dots")
    return text


def parse(text: str) -> tuple[Config, list[Problem]]:
    """The configuration in the TOML text `text`, and its mistakes in the order of their lines."""
    # Imported here, because most users have no configuration file to parse.
    import tomllib

    from tui.settings import keymap, toml_lines

    try:
        parsed = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return Config(), [toml_lines.syntax_problem(text, error)]
    problems: list[Problem] = []
    (keys, preset, taken), key_problems = keymap.read(parsed.pop(keymap.TABLE, {}))
    problems += key_problems
    values: dict[str, object] = {PRESET.name: preset} if preset else {}
    for path, value in _leaves(parsed):
        setting = BY_NAME.get(".".join(path))
        if setting is None:
            problems.append(_unknown(path))
            continue
        try:
            values[setting.name] = setting.kind.read(value)
        except ValueError as error:
            problems.append(Problem(str(error) or f"{setting.name} must be {setting.kind.description}", path))
    if problems or taken:
        lines = toml_lines.lines_of(text)
        problems = [
            msgspec.structs.replace(problem, line=toml_lines.line_of(lines, problem.path)) for problem in problems
        ]
        problems.sort(key=lambda problem: problem.line or 0)
        taken = tuple(msgspec.structs.replace(each, line=toml_lines.line_of(lines, each.path)) for each in taken)
    return Config(keys, values, taken=taken), problems


def described(path: Path, problem: Problem | TakenKeys) -> str:
    """A message about a mistake, or about keys that actions lost. It begins with the file and the line number."""
    return f"{path}:{problem.line}: {problem.text}" if problem.line else f"{path}: {problem.text}"


def _leaves(table: Mapping[str, object], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """Each value of a parsed configuration with the path of its key.

    A table that contains no known setting is treated as one value.
    """
    for name, value in table.items():
        below = (*path, name)
        is_table = isinstance(value, dict) and any(each.startswith(f"{'.'.join(below)}.") for each in BY_NAME)
        if is_table:
            yield from _leaves(cast("Mapping[str, object]", value), below)
        else:
            yield below, value


def _unknown(path: tuple[str, ...]) -> Problem:
    name = ".".join(path)
    return Problem(f"there is no setting {name!r}; the nearest is {nearest(name, BY_NAME)!r}", path)
