"""The registry of actions: each action has a method, its own keys, a line in the help and one in the README."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from store.papers.view_table import FIXED, KINDS, Kind
from store.papers.views import View
from store.search.filter_fields import FILTER_HELP
from tests.tui.conftest import Recto
from tui.actions import dispatch
from tui.actions.actions_and_keys import ACTIONS, BY_ID, SCOPES, ScreenName, shown
from tui.actions.key_sequences import KeyTrie
from tui.actions.view_keys import VIEWS
from tui.screens.direct_keys import KeyActions
from tui.screens.help_page import help_page

README = Path(__file__).parents[3] / "README.md"
GROUPS = {scope: dispatch.group(scope) for scope in SCOPES}
# Default keys that must not change by accident: whoever changes one must change it here too.
PROMISED = {
    "j": "down", "k": "up", "down": "down", "up": "up", "g": "top", "G": "bottom", "ctrl+d": "half_down",
    "ctrl+u": "half_up", "tab": "next_pane", "1": "view_new", "2": "view_all", "3": "view_queue", "slash": "filter",
    "enter": "read", "escape": "back", "b": "bookmark", "a": "queue", "J": "later", "K": "sooner", "r": "reading",
    "d": "done", "x": "hide", "m": "seen", "t": "tags", "n": "note", "v": "select", "u": "undo", "ctrl+r": "redo",
    "o": "open_page", "p": "open_pdf", "y": "cite", "Y": "cite_bibtex", "e": "export", "s": "sort",
    "i": "import_file", "L": "log",
    "question_mark": "help", "ctrl+p": "palette", "q": "quit",
}  # fmt: skip


def test_every_action_has_a_method_and_every_method_is_an_action() -> None:
    methods = Counter(
        (name, scope)
        for scope, group in GROUPS.items()
        for name, _ in inspect.getmembers(group, inspect.isfunction)
        if not name.startswith("_")
    )
    assert set(methods) == {(dispatch.SHOW if action.shows else action.id, action.scope) for action in ACTIONS}
    assert set(methods.values()) == {1}


def test_every_action_has_an_id_of_its_own() -> None:
    assert len(BY_ID) == len(ACTIONS)
    assert all(action.id.isidentifier() and action.id == action.id.lower() for action in ACTIONS)


def test_no_two_actions_share_a_key() -> None:
    tries = {screen: KeyTrie() for screen in get_args(ScreenName)}
    clashes = [tries[action.screen].add(key, action.id) for action in ACTIONS for key in action.keys]
    assert set(clashes) == {None}
    keys = Counter((action.screen, key) for action in ACTIONS for key in action.keys)
    assert [key for key, count in keys.items() if count > 1] == []
    # The key that undoes the whole sitting (a pass through papers) in triage has no other action on the summary of the
    # sitting.
    assert ("sitting", BY_ID["triage_undo_sitting"].keys[0]) not in keys
    assert all(action.keys for action in ACTIONS)


@pytest.mark.parametrize(("key", "action"), PROMISED.items())
def test_every_promised_key_has_the_promised_action(key: str, action: str) -> None:
    assert key in BY_ID[action].keys


def test_every_action_has_a_label_and_a_help_in_the_same_style() -> None:
    for action in ACTIONS:
        assert action.label and action.help
        assert action.label[0].isupper()
        assert action.help[0].islower() or action.help[0].isdigit()
        assert not action.help.endswith(".")
        assert len(action.help) <= 60
        assert action.scope in SCOPES


def test_no_two_actions_have_the_same_label_and_help() -> None:
    # The palette lists the labels of actions with their help texts: two equal pairs could not be told apart.
    doubles = [label for label, count in Counter(action.label for action in ACTIONS).items() if count > 1]
    assert [label for label in doubles if len({a.help for a in ACTIONS if a.label == label}) == 1] == []


def test_the_screen_knows_the_keys_of_every_action() -> None:
    actions = KeyActions({})
    for action in ACTIONS:
        if action.screen == "library":
            for keys in action.keys:
                *first, last = [actions.type(key) for key in keys.split(" ")]
                assert [typed.action_id for typed in first] == [None] * len(first)
                assert last.action_id == action.id


def test_the_actions_that_show_views_show_those_that_need_no_day_or_tag() -> None:
    shown_views = {action.id: action.shows for action in ACTIONS if action.shows}
    assert shown_views == {
        action.id: View.parse(action.id.removeprefix("view_").replace("_", "-")).kind
        for action in ACTIONS
        if action.shows
    }
    assert set(shown_views.values()) <= set(FIXED)


def test_every_kind_of_view_has_texts_and_an_action_that_fills_it() -> None:
    assert set(KINDS) == set(get_args(Kind))
    for row in KINDS.values():
        assert row.empty.endswith(".")
        assert bool(row.heading) == bool(row.listed)
    for actions in VIEWS.values():
        assert bool(actions.filled_by) == bool(actions.filling)
        assert not actions.filled_by or actions.filled_by in BY_ID


def test_keys_are_written_as_people_write_them() -> None:
    for key, written in (
        ("question_mark", "?"), ("slash", "/"), ("ctrl+d", "ctrl+d"), ("escape", "esc"), ("down", "↓"), ("G", "G"),
        ("ctrl+right_square_bracket", "ctrl+]"), ("pagedown", "pgdn"), ("plus", "+"), ("ctrl+plus", "ctrl++"),
        ("f2", "f2"), ("space", "space"),
    ):  # fmt: skip
        assert shown(key) == written


def test_the_help_has_every_action_with_its_configured_keys_and_the_filter_language() -> None:
    text = " ".join(help_page({"bookmark": "z,dollar_sign"}, 60).plain.split())
    for action in ACTIONS:
        keys = "z $" if action.id == "bookmark" else action.shown_keys
        assert f"{keys} {action.help}" in text
    for example, means in FILTER_HELP:
        assert " ".join(example.split()) in text and means in text


def test_the_command_keys_lists_every_action(recto: Recto) -> None:
    assert recto("keys").lines == [f"{action.shown_keys:<16} {action.help}" for action in ACTIONS]


def test_the_table_of_keys_in_the_readme_is_up_to_date() -> None:
    text = README.read_text("utf-8")
    marked = re.search(r"<!-- keys\b.*?-->\n(.*?)\n<!-- end of keys -->", text, re.S)
    if marked is None:
        pytest.skip("the README has no table of keys between <!-- keys --> marks")
    rows = [re.split(r"(?<!\\) \| ", row.strip("| ")) for row in marked[1].strip().splitlines()]
    table = {row[1].replace("\\|", "|"): re.findall(r"`(.+?)`", row[0]) for row in rows if row[0].startswith("`")}
    assert table == {action.help: [shown(key) for key in action.keys] for action in ACTIONS}
    headings = [row[0].strip("* ") for row in rows if row[0].startswith("**")]
    assert headings == list(SCOPES.values())
