"""Makes the keymap (which keys each action has) from a preset and from the user's own keys in the configuration.

The user's own keys take precedence over the default keys and those of the preset: if the user gives a key to one
action, any other action for which the user gives no keys loses this key. A line of the configuration whose keys cannot
be used has no effect.

This module contains no keys itself. The default keys are in tui/actions/actions_and_keys.py, those of the views in
tui/actions/view_keys.py, and those of the presets in presets.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, cast, get_args

from tui.actions.actions_and_keys import ACTIONS, BY_ID, Action, ScreenName, keys_of, shown, shown_keys, shown_together
from tui.actions.key_sequences import Clash, KeyTrie
from tui.settings import key_names
from tui.settings.presets import PRESETS
from tui.settings.problem import Problem, TakenKeys
from tui.settings.settings_table import PRESET, nearest

# Actions that must always have a key. The user can change their keys, but cannot give all of them to other actions.
_NEEDED = ("help", "quit", "triage_leave", "text_leave")
# The name of the table of the configuration that maps ids of actions to keys, and the name of the preset in this table.
TABLE, _PRESET = PRESET.name.split(".")


class Keymap(NamedTuple):
    """The keys of each action whose keys are not the default ones, and the name of the preset, or None.

    Actions for which the user configured keys precede the others. `taken` are the keys that the others lost to them.
    """

    keys: Mapping[str, str]
    preset: str | None = None
    taken: tuple[TakenKeys, ...] = ()


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
    others = PRESETS[preset] if preset else {}
    refused: dict[str, str] = {}
    while wrong := _first_wrong(own, others):
        action_id, refused[action_id] = wrong
        del own[action_id]
    keys, taken = _resolved(own, others)
    for action_id, reason in refused.items():
        kept = shown_keys(BY_ID[action_id], keys)
        text = f"{reason}; {action_id} {f'keeps {kept}' if kept else 'has no key'}"
        problems.append(Problem(text, (TABLE, action_id)))
    return Keymap(keys, preset, taken), problems


def read_keys(value: object) -> str:
    """The keys of one action as a text, separated by commas.

    Raises ValueError when `value` is not a key or a list of keys.
    """
    keys = cast(list[object], value) if isinstance(value, list) else [value]
    if not keys:
        raise ValueError("name a key, or leave the line out")
    names = []
    for key in keys:
        if not isinstance(key, str):
            raise ValueError('write a key as text, such as "j", or several as a list')
        names.append(key_names.read(key))
    return ",".join(dict.fromkeys(names))


class _OwnKeys:
    """The keys that the user gave to actions, for each screen: library, triage and full text."""

    def __init__(self) -> None:
        self._tries = {name: KeyTrie() for name in get_args(ScreenName)}

    def add(self, action: Action, sequence: str) -> Clash | None:
        """Add a sequence of keys for an action.

        If it clashes with a sequence that was added before, return the clash.
        """
        clashes = [self._tries[screen].add(sequence, action.id) for screen in action.screens]
        return next(filter(None, clashes), None)

    def clash(self, action: Action, sequence: str) -> Clash | None:
        """The user's own sequence because of which an action loses its default `sequence`; None if the action keeps it.

        If the user gave the key to an action of another screen, an action of the library screen keeps it. Only the
        action "help" loses it, because the keys of "help" must be the same on all screens.
        """
        screens = action.screens if action.id == "help" else (action.screen,)
        return next(filter(None, (self._tries[screen].clash(sequence) for screen in screens)), None)


def _first_wrong(own: Mapping[str, str], preset: Mapping[str, str]) -> tuple[str, str] | None:
    """The first action in `own` whose keys cannot be used, and why; None if there is none.

    Keys cannot be used if one of them clashes with a key of an earlier action in `own`, or if an action of _NEEDED
    would lose its last key.
    """
    needed = {BY_ID[id]: keys_of(BY_ID[id], preset) for id in _NEEDED if id not in own}
    keys = _OwnKeys()
    for action_id, sequences in own.items():
        for sequence in sequences.split(","):
            clash = keys.add(BY_ID[action_id], sequence)
            if clash is not None:
                return action_id, _reason(action_id, sequence, clash)
        for action, theirs in needed.items():
            if all(keys.clash(action, each) for each in theirs):
                last = [each for each in theirs if _has(keys.clash(action, each), action_id)][-1]
                return action_id, f"{shown(last)!r} is the last key of {action.id}, so {action_id} cannot have it"
    return None


def _has(clash: Clash | None, action_id: str) -> bool:
    return clash is not None and clash.action_id == action_id


def _reason(action_id: str, sequence: str, clash: Clash) -> str:
    """The reason why two actions cannot have the keys that the user configured for them, as text."""
    key, other = shown(sequence), shown(clash.sequence)
    if clash.sequence == sequence:
        return f"the key {key!r} is given to both {clash.action_id} and {action_id}"
    short, long = (key, other) if len(sequence) < len(clash.sequence) else (other, key)
    return f"{short!r} is the beginning of {long!r}, so {clash.action_id} and {action_id} cannot have both"


def _resolved(own: Mapping[str, str], preset: Mapping[str, str]) -> tuple[dict[str, str], tuple[TakenKeys, ...]]:
    """The keymap made from `preset` and `own`, and the keys that other actions lost. `own` must contain no clashes."""
    keys = _OwnKeys()
    for action_id, sequences in own.items():
        for sequence in sequences.split(","):
            keys.add(BY_ID[action_id], sequence)
    keymap = dict(own)
    # `taken` maps each action in `own` to those of its keys that other actions lost. `losers` maps it to these other
    # actions, each with the keys that it still has.
    taken: dict[str, set[str]] = {}
    losers: dict[str, dict[str, str]] = {}
    for action in ACTIONS:
        if action.id in own:
            continue
        before = keys_of(action, preset)
        clashes = {sequence: clash for sequence in before if (clash := keys.clash(action, sequence))}
        kept = [sequence for sequence in before if sequence not in clashes]
        if clashes or action.id in preset:
            keymap[action.id] = ",".join(kept)
        for clash in clashes.values():
            taken.setdefault(clash.action_id, set()).add(clash.sequence)
            losers.setdefault(clash.action_id, {})[action.id] = shown_together(kept)
    return keymap, tuple(
        TakenKeys(
            tuple(shown(each) for each in sequences.split(",") if each in taken[action_id]),
            action_id,
            losers[action_id],
        )
        for action_id, sequences in own.items()
        if action_id in taken
    )
