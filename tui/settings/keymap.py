"""Makes the keymap: which keys each action has, from a preset and from the user's own keys.

The user's own keys come before those of the preset. If a key cannot be used, the action keeps the keys of the preset.

This module has no keys. The default keys are in tui/actions/registry.py, those of the views in
tui/actions/view_actions.py, and those of the presets in presets.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, cast, get_args

from tui.actions.key_sequences import KeyTrie
from tui.actions.registry import ACTIONS, BY_ID, ScreenName, shown, shown_together
from tui.settings import key_names
from tui.settings.presets import PRESETS
from tui.settings.problem import Problem
from tui.settings.settings_table import PRESET, nearest

# The table of the configuration that gives keys to actions: its names are the ids of the actions.
TABLE, _PRESET = PRESET.name.split(".")


class Keymap(NamedTuple):
    """The keys of the actions that do not have their default keys, and the name of the preset, or None."""

    keys: Mapping[str, str]
    preset: str | None = None


def read(table: object) -> tuple[Keymap, list[Problem]]:
    """The keymap that the table "keys" of a configuration describes, and the mistakes in that table."""
    if not isinstance(table, dict):
        text = 'keys must be a table; write [keys], and in it for example: bookmark = "s"'
        return Keymap({}), [Problem(text, (TABLE,))]
    own: dict[str, str] = {}
    preset: str | None = None
    problems: list[Problem] = []
    for name, value in cast(Mapping[str, object], table).items():
        try:
            if name == _PRESET:
                preset = PRESET.kind.read(value)
            elif name in BY_ID:
                own[name] = read_keys(value)
            else:
                text = f"there is no action {name!r}; the nearest is {nearest(name, BY_ID)!r}"
                problems.append(Problem(text, (TABLE, name)))
        except ValueError as error:
            text = str(error) or f"it must be {PRESET.kind.description}"
            problems.append(Problem(f"{name}: {text}", (TABLE, name)))
    return Keymap(_without_clashes(own, PRESETS[preset] if preset else {}, problems), preset), problems


def read_keys(value: object) -> str:
    """The keys of one action, separated by commas. Raises ValueError when `value` is not a key or a list of keys."""
    keys = cast(list[object], value) if isinstance(value, list) else [value]
    if not keys:
        raise ValueError("name a key, or leave the line out")
    names = []
    for key in keys:
        if not isinstance(key, str):
            raise ValueError('write a key as text, such as "j", or several as a list')
        names.append(key_names.read(key))
    return ",".join(dict.fromkeys(names))


def _without_clashes(own: dict[str, str], preset: Mapping[str, str], problems: list[Problem]) -> dict[str, str]:
    """The keys of the `preset`, replaced by the user's `own` keys.

    Own keys that clash with other keys are left out and added to `problems`.
    """
    while True:
        keymap = {**preset, **own}
        wrong = _first_clash(keymap, own)
        if wrong is None:
            return keymap
        action_id, reason = wrong
        del own[action_id]
        kept = shown_together((preset.get(action_id) or ",".join(BY_ID[action_id].keys)).split(","))
        problems.append(Problem(f"{reason}; {action_id} keeps {kept}", (TABLE, action_id)))


def _first_clash(keymap: Mapping[str, str], own: Mapping[str, str]) -> tuple[str, str] | None:
    """The first action in `own` whose key clashes with another action, and a message about the clash; or None.

    Keys clash only on the same screen. There are three: the library, a sitting (one pass through a list paper by
    paper), and a full text.
    """
    tries = {name: KeyTrie() for name in get_args(ScreenName)}
    # The own keys come last and in the order of their lines, so that the later one of two own keys is reported.
    actions = sorted(ACTIONS, key=lambda action: [*own].index(action.id) if action.id in own else -1)
    for action in actions:
        for sequence in keymap.get(action.id, ",".join(action.keys)).split(","):
            clash = tries[action.screen].add(sequence, action.id)
            if clash is None or action.id not in own:
                continue
            key, other = shown(sequence), shown(clash.sequence)
            if clash.sequence == sequence:
                return action.id, f"the key {key!r} is given to both {clash.action_id} and {action.id}"
            short, long = (key, other) if len(sequence) < len(clash.sequence) else (other, key)
            named = clash.action_id
            return action.id, f"{short!r} is the beginning of {long!r}, so {named} and {action.id} cannot have both"
    return None
