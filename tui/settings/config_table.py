"""The rows that `recto config show` prints: each setting with its value, its default and where the value comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from tui.actions.actions_and_keys import ACTIONS, keys_of, shown_together
from tui.settings import config, keymap, toml_lines
from tui.settings.presets import PRESETS
from tui.settings.settings_table import PRESET, SETTINGS


class Row(NamedTuple):
    """One setting and its value, or one action and its keys.

    `source` is where the value comes from: "file", "preset" or "default". `line` is its line in the file, or None.
    """

    name: str
    value: object
    default: object
    source: str
    line: int | None
    help: str
    value_text: str
    default_text: str

    @property
    def source_text(self) -> str:
        """Where the value comes from, as text for the user: "line 3", "preset" or "default"."""
        return f"line {self.line}" if self.line else self.source


def rows(text: str) -> list[Row]:
    """A row for each setting and for the keys of each action. `text` is the text of the configuration file."""
    found, _ = config.parse(text)
    lines = toml_lines.lines_of(text) if found.keys or found.values else {}
    return [*_settings(found, lines), *_keys(found, lines)]


def _settings(found: config.Config, lines: dict[toml_lines.Path, int]) -> Iterator[Row]:
    for setting in SETTINGS:
        is_set = setting.name in found.values
        line = toml_lines.line_of(lines, tuple(setting.name.split("."))) if is_set else None
        default = setting.default_text or _text(setting.default)
        yield Row(
            setting.name,
            found[setting],
            setting.default,
            "file" if is_set else "default",
            line,
            setting.help,
            _text(found[setting]) if is_set else default,
            default,
        )


def _keys(found: config.Config, lines: dict[toml_lines.Path, int]) -> Iterator[Row]:
    preset = PRESETS.get(found[PRESET] or "", {})
    # Maps each action that lost a key to the line of the configuration that gave this key to another action.
    taken = {loser: each.line for each in found.taken for loser in each.losers}
    for action in ACTIONS:
        keys = keys_of(action, found.keys)
        is_own = action.id in found.keys and found.keys[action.id] != preset.get(action.id)
        own_line = toml_lines.line_of(lines, (keymap.TABLE, action.id)) if is_own else None
        line = taken.get(action.id, own_line)
        source = "file" if is_own else "preset" if action.id in preset else "default"
        name = f"{keymap.TABLE}.{action.id}"
        default = list(action.keys)
        value_text = shown_together(keys) or "none"
        yield Row(name, keys, default, source, line, action.help, value_text, shown_together(default))


def _text(value: object) -> str:
    """A value in the form in which a person would write it in the configuration."""
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value)) or "not set"
    return json.dumps(value) if isinstance(value, bool) else "not set" if value is None else str(value)
