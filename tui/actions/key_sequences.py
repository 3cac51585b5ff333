"""A trie of key sequences: which action the keys typed so far have, and which keys may follow.

A sequence is written as Textual's names of its keys with blanks between them, for example "g g". Most sequences have
one key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

# A node maps the next key to the id of an action, if the sequence ends with this key, or else to the next node.
_Node = dict[str, "str | _Node"]


class Clash(NamedTuple):
    """Why a sequence cannot be added: `sequence`, which has the action `action_id`, is equal, longer or shorter.

    If one sequence were the beginning of the other, recto could not know whether another key will follow.
    """

    sequence: str
    action_id: str


class KeyTrie:
    """The sequences of the actions that work in one place of the reader."""

    def __init__(self) -> None:
        self._root: _Node = {}

    def add(self, sequence: str, action_id: str) -> Clash | None:
        """Add a sequence. If it clashes with an earlier one of another action, return the clash and add nothing."""
        *before, last = sequence.split(" ")
        node = self._root
        for index, key in enumerate(before):
            following = node.setdefault(key, {})
            if isinstance(following, str):
                return Clash(" ".join(before[: index + 1]), following)
            node = following
        following = node.setdefault(last, action_id)
        if following == action_id:
            return None
        if isinstance(following, str):
            return Clash(sequence, following)
        longer, other = next(_endings(following))
        return Clash(f"{sequence} {longer}", other)

    def find(self, keys: Sequence[str]) -> str | dict[str, str | None] | None:
        """The id of the action of `keys`, or None when no sequence begins with them.

        If `keys` are the beginning of longer sequences, return the keys that may follow, each with the id of its action
        or, if more keys must follow, with None.
        """
        node: str | _Node | None = self._root
        for key in keys:
            node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, dict):
            return {key: following if isinstance(following, str) else None for key, following in node.items()}
        return node


def _endings(node: _Node) -> Iterator[tuple[str, str]]:
    """Each way to end a sequence from a node, with its action."""
    for key, following in node.items():
        if isinstance(following, str):
            yield key, following
        else:
            for ending, action_id in _endings(following):
                yield f"{key} {ending}", action_id
