"""Messages about a line of the configuration: its mistake, or the actions that lost a key because of the line."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """A mistake in the configuration.

    `text` describes the mistake in one line. `path` is the key with the mistake, for example ("keys", "bookmark"), or
    empty if the mistake is not about a key. `line` is the number of its line, or None if that is unknown.
    """

    text: str
    path: tuple[str, ...] = ()
    line: int | None = None


class TakenKeys(msgspec.Struct, frozen=True):
    """Keys that a line of the configuration gives to one action, so that other actions lost them.

    The other actions had these keys by default or because of the preset.

    `keys` are the configured keys as the user sees them, and `action_id` is the action that has them now. `losers` maps
    the id of each action that lost a key to the keys that it still has, as the user sees them, or "". `line` is the
    number of the line, or None.
    """

    keys: tuple[str, ...]
    action_id: str
    losers: Mapping[str, str]
    line: int | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """The path of the line in the configuration, for example ("keys", "bookmark"), as in `Problem`."""
        return "keys", self.action_id

    @property
    def text(self) -> str:
        """A sentence for the user: which action has the keys now, and which keys the actions in `losers` still have."""
        parts = [f"{', '.join(self.keys)} {'is' if len(self.keys) == 1 else 'are'} {self.action_id} now"]
        parts += [f"{action_id} keeps {keys}" for action_id, keys in self.losers.items() if keys]
        keyless = [action_id for action_id, keys in self.losers.items() if not keys]
        if keyless:
            verb, each = ("has", "it") if len(keyless) == 1 else ("have", "each")
            command = f"recto config set keys.{keyless[0]} KEY"
            parts.append(f"{', '.join(keyless)} {verb} no key, give {each} one with: {command}")
        return "; ".join(parts)
