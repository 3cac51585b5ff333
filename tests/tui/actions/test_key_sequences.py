"""Key sequences: each sequence runs its action, and no sequence is the beginning of another one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.thorough import examples
from tui.actions.actions_and_keys import ACTIONS
from tui.actions.key_sequences import Clash, KeyTrie
from tui.screens.direct_keys import KeyActions, Typed

_SEQUENCES = st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(" ".join), max_size=12)


@examples(100, 3_000)
@given(_SEQUENCES)
def test_sequences_without_conflicts_are_found(sequences: list[str]) -> None:
    trie, kept = KeyTrie(), dict[str, str]()
    for number, sequence in enumerate(sequences):
        action = f"action_{number}"
        clash = trie.add(sequence, action)
        expected = [
            Clash(other, of_other)
            for other, of_other in kept.items()
            if f"{other} ".startswith(f"{sequence} ") or f"{sequence} ".startswith(f"{other} ")
        ]
        assert clash in (expected or [None])
        if clash is None:
            kept[sequence] = action
    for sequence, action in kept.items():
        keys = sequence.split(" ")
        assert trie.find(keys) == action
        for length in range(len(keys)):
            following = trie.find(keys[:length])
            assert isinstance(following, dict)
            assert following[keys[length]] == (action if length == len(keys) - 1 else None)
        assert trie.find([*keys, "a"]) is None


def test_the_same_sequence_for_the_same_action_is_no_conflict() -> None:
    trie = KeyTrie()
    assert trie.add("g g", "top") is None
    assert trie.add("g g", "top") is None


def typed(actions: KeyActions, *keys: str) -> list[Typed]:
    return [actions.type(key) for key in keys]


_KEYS = {"top": "g g,home", "note": "g N", "done": "ctrl+x d d"}


def test_an_unfinished_sequence_shows_its_keys_and_those_that_may_follow() -> None:
    actions = KeyActions(_KEYS)
    assert typed(actions, "g", "N") == [Typed(text="g …  g Top · N Note", is_part=True), Typed("note")]
    assert typed(actions, "ctrl+x", "d", "d") == [
        Typed(text="ctrl+x …  d …", is_part=True),
        Typed(text="ctrl+x d …  d Done", is_part=True),
        Typed("done"),
    ]
    assert not actions.is_in_sequence


def test_a_key_that_continues_no_sequence_is_reported_and_does_nothing_else() -> None:
    actions = KeyActions(_KEYS)
    assert typed(actions, "g", "b", "b")[1:] == [
        Typed(text="no action has the keys g b", is_part=True, is_error=True),
        Typed("bookmark"),
    ]


def test_escape_cancels_a_sequence_unless_it_belongs_to_it() -> None:
    actions = KeyActions(_KEYS)
    assert typed(actions, "g", "escape", "escape")[1:] == [Typed(is_part=True), Typed("back")]
    actions = KeyActions({"note": "g escape", "top": "home"})
    assert typed(actions, "g", "escape")[1] == Typed("note")


def test_the_keys_of_a_sequence_work_by_their_place_on_other_layouts() -> None:
    # On a Russian keyboard, п is on the key g, and и is on the key b.
    assert typed(KeyActions({"top": "g b"}), "п", "и")[1] == Typed("top")


def test_a_key_without_a_meaning_is_left_to_others() -> None:
    (nothing,) = typed(KeyActions({}), "f11")
    assert nothing == Typed(text="no action for f11 · ? shows the keys") and not nothing.is_known


def test_only_the_actions_of_a_place_have_keys() -> None:
    actions = KeyActions({}, [action.id for action in ACTIONS if action.screen == "sitting"])
    assert typed(actions, "a") == [Typed("triage_keep")]
    assert actions.of("b") == "triage_bookmark"
    assert actions.of("slash") is None
