"""Converts keys as they are written in a configuration ("J", "ctrl+d", "pgdn", "g g") to Textual's names of keys."""

from __future__ import annotations

from textual.keys import Keys

from tui.actions.actions_and_keys import SIGNS
from tui.settings.settings_table import nearest

# The largest number of keys in a sequence. It limits the depth of the trie (prefix tree) of sequences.
MOST_KEYS = 12
_MODIFIERS = ("ctrl", "shift", "alt", "super")
# Other spellings of keys that a configuration may use, each mapped to Textual's name of that key.
_SPELLINGS = {sign: name for name, sign in SIGNS.items()} | {
    " ": "space",
    "esc": "escape",
    "return": "enter",
    "pgdn": "pagedown",
    "pgup": "pageup",
    "del": "delete",
}
# Textual's names of keys, except those of combinations with a modifier, such as "ctrl+a".
_NAMES = {key.value for key in Keys if key.value.replace("_", "").isalnum()} | set(_SPELLINGS.values())
# A misspelt name is compared with these names, so that the error message can suggest one.
_KNOWN = sorted(name for name in _NAMES | set(_SPELLINGS) if len(name) > 1 and name.isascii())


def read(text: str) -> str:
    """Textual's names of the keys of the sequence `text`, separated by blanks.

    Raises ValueError for an unknown key, and for a sequence of more than MOST_KEYS keys.
    """
    if not text.strip(" "):
        return _key(text)
    keys = [key for key in text.split(" ") if key]
    if len(keys) > MOST_KEYS:
        raise ValueError(f"it has {len(keys):,} keys; a sequence has at most {MOST_KEYS}")
    return " ".join(_key(key) for key in keys)


def _key(text: str) -> str:
    """Textual's name of one key. Raises ValueError for an unknown key.

    Textual itself accepts any name: with an unknown name, the action would have no key, and the user would see no
    error.
    """
    *modifiers, last = text.split("+") if len(text) > 1 and not text.endswith("+") else [text]
    # Textual has a name for each punctuation character, such as "at" for "@". In "ctrl+@", which terminals also send
    # for ctrl+space, Textual uses the character itself, so this one key is not converted.
    name = last if modifiers == ["ctrl"] and last == "@" else _SPELLINGS.get(last, last)
    is_key = name in _NAMES or (len(name) == 1 and (name.isalnum() or name == "@"))
    if not is_key or any(modifier not in _MODIFIERS for modifier in modifiers):
        raise ValueError(f"{text!r} is not a key; {_advice(modifiers, last)}")
    if len(name) == 1 and modifiers == ["shift"]:
        # A terminal sends the capital letter for shift and a letter, so "shift+a" means "A".
        return name.upper()
    return "+".join([*modifiers, name.lower() if "ctrl" in modifiers else name])


def _advice(modifiers: list[str], last: str) -> str:
    wrong = next((modifier for modifier in modifiers if modifier not in _MODIFIERS), None)
    if wrong is not None:
        return f"the nearest to {wrong!r} is {nearest(wrong, _MODIFIERS)!r}"
    if len(last) < 2 or not last.isascii() or last.endswith("+"):
        return "write j, J, ctrl+d, enter, f2 …"
    if last.isalpha() and len(last) == 2:
        return f"for two keys one after the other write {' '.join(last)!r}"
    return f"the nearest is {nearest(last, _KNOWN)!r}"
