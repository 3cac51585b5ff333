"""The presets of keys contain only actions and keys that exist, and no two actions have the same key."""

from __future__ import annotations

from typing import get_args

import pytest

from tui.actions.actions_and_keys import ACTIONS, BY_ID, ScreenName, keys_of
from tui.actions.key_sequences import KeyTrie
from tui.settings import config, key_names
from tui.settings.presets import PRESETS
from tui.settings.settings_table import PRESET


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_names_actions_and_keys_that_exist(name: str) -> None:
    for action_id, keys in PRESETS[name].items():
        assert action_id in BY_ID
        assert [key_names.read(key) for key in keys.split(",")] == keys.split(",")
        assert keys != ",".join(BY_ID[action_id].keys)


@pytest.mark.parametrize("name", PRESETS)
def test_no_two_actions_of_a_preset_share_a_key(name: str) -> None:
    tries = {screen: KeyTrie() for screen in get_args(ScreenName)}
    clashes = {
        (action.id, clash)
        for action in ACTIONS
        for sequence in keys_of(action, PRESETS[name])
        if (clash := tries[action.screen].add(sequence, action.id))
    }
    assert clashes == set()


def test_own_keys_come_before_those_of_the_preset() -> None:
    found, problems = config.parse('[keys]\npreset = "vim"\nhide = "z z"\n')
    assert problems == []
    assert found[PRESET] == "vim"
    assert found.keys == {**PRESETS["vim"], "hide": "z z"}


def test_an_own_key_is_taken_away_from_the_preset() -> None:
    found, problems = config.parse('[keys]\npreset = "vim"\nbookmark = "d"\nhide = "x"\n')
    assert problems == []
    assert found.keys == {**PRESETS["vim"], "bookmark": "d", "hide": "x", "done": ""}
    assert [(each.line, each.text) for each in found.taken] == [
        (3, "d is bookmark now; done has no key, give it one with: recto config set keys.done KEY")
    ]


def test_a_misspelt_preset_is_reported_and_the_own_keys_count() -> None:
    found, (problem,) = config.parse('[keys]\npreset = "emcas"\nhide = "z"\n')
    assert found.keys == {"hide": "z"}
    assert found[PRESET] is None
    assert (problem.line, problem.text) == (
        2,
        "preset: 'emcas' is not one of vim, emacs, arrows; the nearest is 'emacs'",
    )
