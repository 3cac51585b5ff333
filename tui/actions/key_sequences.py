"""A trie (prefix tree) of key sequences, which maps typed keys to their action or to the keys that may follow.

A sequence is one or more keys that are pressed one after the other. It is written as Textual's names of the keys,
separated by blanks, for example "g g" or "down".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

# A node of the trie is a dict of the keys that may be pressed next. The dict maps a key to the id of an action if a
# sequence ends with that key, or else to the next node.
_Node = dict[str, "str | _Node"]


class Clash(NamedTuple):
    """A stored sequence of keys that clashes with a new one, and the id of the action to which the stored one belongs.

    Two sequences clash if they are equal, or if one is the beginning of the other.

    For example, "g" and "g g" clash: after the first "g", recto could not know whether another key will follow.
    """

    sequence: str
    action_id: str


class KeyTrie:
    """The key sequences of the actions that work on one screen."""

    def __init__(self) -> None:
        self._root: _Node = {}

    def add(self, sequence: str, action_id: str) -> Clash | None:
        """Add a sequence. If it clashes with a sequence that was added earlier, add nothing and return the clash.

        If exactly this sequence was already added for the same action, nothing changes, and the result is None.
        """
        clash = self.clash(sequence)
        if clash is not None:
            return None if clash == (sequence, action_id) else clash
        *before, last = sequence.split(" ")
        node = self._root
        for key in before:
            node = cast(_Node, node.setdefault(key, {}))
        node[last] = action_id
        return None

    def clash(self, sequence: str) -> Clash | None:
        """The sequence in the trie that equals `sequence`, begins with it, or is its beginning; None without one."""
        keys = sequence.split(" ")
        node = self._root
        for index, key in enumerate(keys):
            following = node.get(key)
            if following is None:
                return None
            if isinstance(following, str):
                return Clash(" ".join(keys[: index + 1]), following)
            node = following
        longer, other = next(_endings(node))
        return Clash(f"{sequence} {longer}", other)

    def find(self, keys: Sequence[str]) -> str | dict[str, str | None] | None:
        """The id of the action that `keys` carry out, or None when no sequence begins with these keys.

        If `keys` are the beginning of longer sequences, return a dict of the keys that may follow. Its values are the
        ids of the actions that these keys complete, or None where more keys must follow.
        """
        node: str | _Node | None = self._root
        for key in keys:
            node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, dict):
            return {key: following if isinstance(following, str) else None for key, following in node.items()}
        return node


def _endings(node: _Node) -> Iterator[tuple[str, str]]:
    """The remaining keys of each sequence that passes through `node`, and the id of its action.

    For example, if `node` was reached by the first "g" of "g g", the remaining keys are "g".
    """
    for key, following in node.items():
        if isinstance(following, str):
            yield key, following
        else:
            for ending, action_id in _endings(following):
                yield f"{key} {ending}", action_id
