"""One registry of actions: each has a method, a key of its own, a word in the help and a line in the README."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from pathlib import Path

import pytest

from store.papers.views import FIXED, View
from tests.tui.conftest import Recto
from tui.actions import dispatch
from tui.actions.registry import ACTIONS, BY_ID, FILTER_HELP, SCOPES, shown
from tui.screens import help_text
from tui.screens.library_screen import LibraryScreen

README = Path(__file__).parents[3] / "README.md"
GROUPS = {scope: dispatch.group(scope) for scope in SCOPES}
# The keys that DESIGN.md promises, without those of commands that do not exist yet.
PROMISED = {
    "j": "down", "k": "up", "down": "down", "up": "up", "g": "top", "G": "bottom", "ctrl+d": "half_down",
    "ctrl+u": "half_up", "tab": "next_pane", "1": "view_new", "2": "view_all", "3": "view_queue", "slash": "filter",
    "enter": "read", "escape": "back", "b": "bookmark", "a": "queue", "J": "later", "K": "sooner", "r": "reading",
    "d": "done", "x": "hide", "m": "seen", "t": "tags", "n": "note", "v": "select", "u": "undo", "ctrl+r": "redo",
    "o": "open_page", "p": "open_pdf", "y": "cite", "s": "sort", "i": "import_file", "L": "log",
    "question_mark": "help", "ctrl+p": "palette", "q": "quit",
}  # fmt: skip


def test_each_action_has_one_method_and_each_method_is_an_action() -> None:
    methods = Counter(
        (name, scope)
        for scope, group in GROUPS.items()
        for name, _ in inspect.getmembers(group, inspect.isfunction)
        if not name.startswith("_")
    )
    assert set(methods) == {(action.id, action.scope) for action in ACTIONS}
    assert set(methods.values()) == {1}


def test_every_action_has_an_id_of_its_own() -> None:
    assert len(BY_ID) == len(ACTIONS)
    assert all(action.id.isidentifier() and action.id == action.id.lower() for action in ACTIONS)


def test_no_two_actions_share_a_key() -> None:
    keys = Counter(key for action in ACTIONS for key in action.keys)
    assert [key for key, count in keys.items() if count > 1] == []
    assert all(action.keys for action in ACTIONS)


@pytest.mark.parametrize(("key", "action"), PROMISED.items())
def test_every_promised_key_does_what_was_promised(key: str, action: str) -> None:
    assert key in BY_ID[action].keys


def test_every_action_says_what_it_does() -> None:
    for action in ACTIONS:
        assert action.label and action.help
        assert action.label[0].isupper()
        assert action.help[0].islower() or action.help[0].isdigit()
        assert not action.help.endswith(".")
        assert len(action.help) <= 60
        assert action.scope in SCOPES


def test_no_two_labels_or_hints_are_the_same() -> None:
    # The palette lists them: two of one name could not be told apart.
    doubles = [label for label, count in Counter(action.label for action in ACTIONS).items() if count > 1]
    assert [label for label in doubles if len({a.help for a in ACTIONS if a.label == label}) == 1] == []
    hints = [action.hint for action in ACTIONS if action.hint is not None]
    assert len(hints) == len(set(hints))


def test_the_screen_binds_every_action_under_its_id() -> None:
    bound = {binding.id: binding for binding in LibraryScreen.BINDINGS if not isinstance(binding, tuple) and binding.id}
    assert set(bound) == set(BY_ID)
    for action in ACTIONS:
        assert bound[action.id].key == ",".join(action.keys)
        assert bound[action.id].action == f"do('{action.id}')"


def test_every_view_with_a_key_is_a_view() -> None:
    for action in ACTIONS:
        if action.id.startswith("view_"):
            assert View.parse(action.id.removeprefix("view_")).kind in FIXED


def test_keys_are_shown_as_people_write_them() -> None:
    for key, written in (
        ("question_mark", "?"), ("slash", "/"), ("ctrl+d", "ctrl+d"), ("escape", "esc"), ("down", "↓"), ("G", "G"),
        ("ctrl+right_square_bracket", "ctrl+]"), ("pagedown", "pgdn"), ("plus", "+"), ("ctrl+plus", "ctrl++"),
        ("f2", "f2"), ("space", "space"),
    ):  # fmt: skip
        assert shown(key) == written


def test_the_help_names_every_key_as_it_is_mapped_and_the_filter() -> None:
    text = help_text.help_text({"bookmark": "z,dollar_sign"}).plain
    for action in ACTIONS:
        keys = "z $" if action.id == "bookmark" else action.shown_keys
        assert f"  {keys:<16}{action.help}\n" in text
    for example, means in FILTER_HELP:
        assert example in text and means in text


def test_recto_keys_lists_them_all(recto: Recto) -> None:
    assert recto("keys").lines == [f"{action.shown_keys:<16} {action.help}" for action in ACTIONS]


def test_the_readme_lists_the_keys_as_they_are() -> None:
    text = README.read_text("utf-8")
    marked = re.search(r"<!-- keys\b.*?-->\n(.*?)\n<!-- end of keys -->", text, re.S)
    if marked is None:
        pytest.skip("the README has no table of keys between <!-- keys --> marks")
    rows = [re.split(r"(?<!\\) \| ", row.strip("| ")) for row in marked[1].strip().splitlines()]
    table = {row[1].replace("\\|", "|"): re.findall(r"`(.+?)`", row[0]) for row in rows if row[0].startswith("`")}
    assert table == {action.help: [shown(key) for key in action.keys] for action in ACTIONS}
    headings = [row[0].strip("* ") for row in rows if row[0].startswith("**")]
    assert headings == list(SCOPES.values())
