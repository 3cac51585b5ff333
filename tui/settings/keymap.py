"""Makes the keymap: which keys each action has, from a preset and from the user's own keys.

The user's own keys come before those of the preset. If a key cannot be used, the action keeps the keys of the preset.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast, get_args

from tui.actions.key_sequences import KeyTrie
from tui.actions.registry import ACTIONS, BY_ID, ScreenName, shown
from tui.settings import key_names
from tui.settings.problem import Problem
from tui.settings.settings_table import nearest

# The table of the configuration that gives keys to actions: its names are the ids of the actions.
TABLE = "keys"


def read(table: object) -> tuple[dict[str, str], list[Problem]]:
    """The keymap of the table of keys in a configuration, and its mistakes."""
    if not isinstance(table, dict):
        return {}, [Problem('keys must be a table; write [keys], and in it for example: bookmark = "s"', (TABLE,))]
    own: dict[str, str] = {}
    problems: list[Problem] = []
    for action_id, keys in cast(Mapping[str, object], table).items():
        if action_id not in BY_ID:
            similar = nearest(action_id, BY_ID)
            problems.append(
                Problem(f"there is no action {action_id!r}; the nearest is {similar!r}", (TABLE, action_id))
            )
            continue
        try:
            own[action_id] = read_keys(keys)
        except ValueError as error:
            problems.append(Problem(f"{action_id}: {error}", (TABLE, action_id)))
    return _without_clashes(own, {}, problems), problems


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
    """The keymap of the `preset` and the `own` keys. Own keys that clash with others are left out and reported."""
    while True:
        keymap = {**preset, **own}
        wrong = _first_clash(keymap, own)
        if wrong is None:
            return keymap
        action_id, reason = wrong
        del own[action_id]
        kept = shown_sequences((preset.get(action_id) or ",".join(BY_ID[action_id].keys)).split(","))
        problems.append(Problem(f"{reason}; {action_id} keeps {kept}", (TABLE, action_id)))


def _first_clash(keymap: Mapping[str, str], own: Mapping[str, str]) -> tuple[str, str] | None:
    """The first of the `own` actions that has a key of another action, and what is wrong with it; None without any.

    The keys of each screen are separate: of the library, of a sitting (one pass through a list paper by paper) and of a
    full text.
    """
    tries = {name: KeyTrie() for name in get_args(ScreenName)}
    # The own keys come last and in the order of their lines, so that the later one of two own keys is reported.
    actions = sorted(ACTIONS, key=lambda action: [*own].index(action.id) if action.id in own else -1)
    for action in actions:
        for sequence in keymap.get(action.id, ",".join(action.keys)).split(","):
            clash = tries[action.screen].add(sequence, action.id)
            if clash is None:
                continue
            key, other = shown_sequences([sequence]), shown_sequences([clash.sequence])
            if clash.sequence == sequence:
                return action.id, f"the key {key!r} is given to both {clash.action_id} and {action.id}"
            short, long = (key, other) if len(sequence) < len(clash.sequence) else (other, key)
            named = clash.action_id
            return action.id, f"{short!r} is the beginning of {long!r}, so {named} and {action.id} cannot have both"
    return None


def shown_sequences(sequences: Iterable[str]) -> str:
    """Sequences of keys as they are shown to the user."""
    return ", ".join(" ".join(shown(key) for key in sequence.split(" ")) for sequence in sequences)
