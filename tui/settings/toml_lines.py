"""Finds the line of each key in a TOML text, because `tomllib` does not return the lines of the values."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from tui.settings.problem import Problem

# The path of a key, for example ("keys", "bookmark").
Path = tuple[str, ...]

# Matches a string, a comment, or any other single character. Strings in triple quotes must be tried first, because a
# triple quote begins with a single one.
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' r"'''.*?'{3,5}|" r'"(?:\\.|[^"\\\n])*"|' r"'[^'\n]*'|" r"#[^\n]*|.", re.DOTALL
)


def lines_of(text: str) -> dict[Path, int]:
    """Maps each key and each table of a valid TOML text to its line number. The first line is 1."""
    found: dict[Path, int] = {}
    table: Path = ()
    for line, statement in _statements(text):
        if statement.startswith("["):
            table = _path(statement)
            found.setdefault(table, line)
        else:
            found.setdefault((*table, *_path(f"{_before_equals(statement)} = 0")), line)
    return found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """The headers of tables and the pairs of key and value, each as its line number and its text without comments."""
    line, start, depth = 1, 1, 0
    parts: list[str] = []
    for token in (match[0] for match in _TOKEN.finditer(text)):
        if token.startswith("#"):
            continue
        if token == "\n" and depth == 0:
            if statement := "".join(parts).strip():
                yield start, statement
            parts.clear()
        elif parts or not token.isspace():
            if not parts:
                start = line
            depth += (token in "[{") - (token in "]}")
            parts.append(token)
        line += token.count("\n")
    if statement := "".join(parts).strip():
        yield start, statement


def _before_equals(statement: str) -> str:
    """The key in a line such as `key = value`: the text before the first equals sign outside quotes."""
    key = ""
    for match in _TOKEN.finditer(statement):
        if match[0] == "=":
            break
        key += match[0]
    return key


def _path(statement: str) -> Path:
    """The path of the key or the table in `statement`, which must contain only one."""
    parsed: object = tomllib.loads(statement)
    path: list[str] = []
    while isinstance(parsed, dict | list) and parsed:
        if isinstance(parsed, list):
            parsed = parsed[0]
        else:
            path += list(parsed)
            parsed = parsed[path[-1]]
    return tuple(path)


def line_of(lines: dict[Path, int], path: Path) -> int | None:
    """The line of the key `path`, or None. `lines` is the result of `lines_of`.

    For a key in an inline table, it is the line of that table.
    """
    below = (line for key, line in lines.items() if key[: len(path)] == path)
    above = (lines[path[:length]] for length in range(len(path) - 1, 0, -1) if path[:length] in lines)
    return lines.get(path) or next(below, None) or next(above, None)


def syntax_problem(text: str, error: Exception) -> Problem:
    """A problem that describes why `text` is not valid TOML. `error` is the exception of `tomllib`."""
    # Parse the text again with tomlkit: its exception has the line of the mistake, which `error` lacks. Imported here,
    # because few configurations have such a mistake.
    import tomlkit
    from tomlkit.exceptions import ParseError

    reason = str(error).partition(" (at ")[0] or "it is not valid TOML"
    try:
        tomlkit.parse(text)
    except ParseError as found:
        return Problem(f"not valid TOML: {reason}", line=found.line)
    except (ValueError, RecursionError):
        pass
    return Problem(f"not valid TOML: {reason}")
