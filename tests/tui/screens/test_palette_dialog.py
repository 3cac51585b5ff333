"""The command palette: the order of its commands, and the text of their lines."""

from __future__ import annotations

import pytest

from tui.render.cell_width import width as width_of
from tui.screens.palette_dialog import Command, Ranked, command_line, ranked

COMMANDS = [
    Command("Queue", "put it in the reading queue, or take it out", "a", lambda: None),
    Command("Later in queue", "move down in the queue", "J", lambda: None),
    Command("Reading", "mark it as being read, or not any more", "r", lambda: None),
    Command("View Queue", "the reading queue", "3", lambda: None),
    Command("Half a page down", "go half a page down", "ctrl+d pgdn", lambda: None),
    Command("View #zebra", "3 papers", "", lambda: None),
]


def names(query: str) -> list[str]:
    return [each.command.name for each in ranked(query, COMMANDS)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [command.name for command in COMMANDS]),
        ("queue", ["Queue", "View Queue", "Later in queue"]),
        ("reading", ["Reading", "Queue", "View Queue"]),
        ("qeue view", ["View Queue"]),
        ("zbera", ["View #zebra"]),
        ("J", ["Later in queue"]),
        ("ctrl+d", ["Half a page down"]),
        ("3", ["View Queue", "View #zebra"]),
        ("nothing like it", []),
    ],
)
def test_names_come_before_descriptions_and_a_key_before_both(query: str, found: list[str]) -> None:
    assert names(query)[: len(found)] == found
    assert bool(names(query)) == bool(found)


@pytest.mark.parametrize("width", [0, 1, 5, 20, 40, 60, 80, 200])
def test_a_line_has_its_width_with_the_keys_at_the_right(width: int) -> None:
    for command in COMMANDS:
        text = "".join(piece.text for piece in command_line(Ranked(command), width))
        assert width_of(text) == width
        if width >= 20:
            assert text.endswith(f" {command.keys} ")
            assert text[1:].startswith(command.name[:5])


def test_the_letters_that_match_are_lit() -> None:
    (shown, *_) = ranked("view qu", COMMANDS)
    assert [piece.text for piece in command_line(shown, 60) if piece.style == "match"] == ["View", "Qu"]
