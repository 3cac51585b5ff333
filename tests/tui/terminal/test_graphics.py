"""The queries about pictures, the answers to them, and how pictures are shown."""

from __future__ import annotations

import pytest

from tui.terminal import graphics, tmux
from tui.terminal.graphics import Graphics
from tui.terminal.input_messages import TerminalAnswer
from tui.terminal.input_parser import InputParser
from tui.terminal.picture_way import showing

KITTY = "\x1bP>|kitty(0.41.1)\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[6;17;8t\x1b[?62;c"
FOOT = "\x1bP>|foot(1.13.1)\x1b\\\x1b[6;20;10t\x1b[?62;4;22c"
XTERM = "\x1bP>|XTerm(379)\x1b\\\x1b[6;13;6t\x1b[?63;1;2;4;6;9;15;22c\x1b[?1;0;256S\x1b[?63;1;2;4;6;9;15;22c"


def answers(text: str) -> dict[str, str]:
    """The answers that are found in a terminal's input."""
    events = list(InputParser().feed(text))
    assert all(isinstance(event, TerminalAnswer) for event in events)
    return {event.kind: event.value for event in events if isinstance(event, TerminalAnswer)}


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        (KITTY, Graphics(True, True, 0, (8, 17))),
        (KITTY.replace("0.41.1", "0.26.5"), Graphics(True, False, 0, (8, 17))),
        (KITTY.replace("kitty(0.41.1)", "ghostty 1.2.3"), Graphics(True, True, 0, (8, 17))),
        (KITTY.replace("kitty(0.41.1)", "WezTerm 20240203"), Graphics(True, False, 0, (8, 17))),
        (KITTY.replace("OK", "ENODATA:no"), Graphics(False, False, 0, (8, 17))),
        (FOOT, Graphics(False, False, 16, (10, 20))),
        (XTERM, Graphics(False, False, 256, (6, 13))),
        ("\x1b[?1;2c", Graphics()),
        ("\x1b[6;9999;9999t\x1b[?64;4c", Graphics(False, False, 16, None)),
        ("\x1b[6;0;0t\x1b[?64c", Graphics()),
    ],
)
def test_the_answers_say_what_the_terminal_shows(sent: str, known: Graphics) -> None:
    assert graphics.graphics(answers(sent)) == known


@pytest.mark.parametrize("sent", [KITTY, FOOT, XTERM])
def test_answers_in_any_pieces_among_keys_are_no_keys(sent: str) -> None:
    typed = f"a{sent}b"
    for cut in range(len(typed) + 1):
        parser = InputParser()
        events = [*parser.feed(typed[:cut]), *parser.feed(typed[cut:])]
        keys = [event.key for event in events if not isinstance(event, TerminalAnswer) and hasattr(event, "key")]
        assert keys == ["a", "b"] and len(events) == 2 + sent.count("\x1b\\") + sent.count("\x1b[")


def test_only_terminals_with_sixels_are_asked_for_their_colours() -> None:
    assert "1;1;0S" in graphics.further_question({"attributes": "62;4;22"})
    assert not graphics.further_question({"attributes": "62;4;22", "colours": "256"})
    assert not graphics.further_question({"attributes": "4;6"})


def test_terminals_that_would_print_a_question_are_not_asked() -> None:
    assert graphics.question("xterm-256color", "").endswith("\x1b[c") and "_G" in graphics.question("xterm-kitty", "")
    assert "_G" not in graphics.question("xterm-256color", "Apple_Terminal")
    # A multiplexer such as tmux could take the query about the kitty protocol for a window title.
    assert graphics.question("tmux-256color", "tmux") == graphics.question("screen", "") == "\x1b[c"
    assert graphics.question("linux", "") == graphics.question("dumb", "") == graphics.question("", "") == ""


@pytest.mark.parametrize(
    ("setting", "known", "colours", "is_ascii", "way"),
    [
        ("auto", Graphics(True, True), "truecolor", False, "placeholders"),
        ("auto", Graphics(True, True), "256", False, "placeholders"),
        ("auto", Graphics(True, False), "truecolor", False, "kitty"),
        ("auto", Graphics(colours=256), "truecolor", False, "sixel"),
        ("auto", Graphics(), "truecolor", False, "blocks"),
        ("auto", Graphics(), "256", False, "blocks"),
        ("auto", Graphics(), "standard", False, "shades"),
        ("auto", Graphics(), None, False, "shades"),
        ("auto", Graphics(), "truecolor", True, "shades"),
        # The number of a picture is encoded in the colour of its placeholders.
        ("auto", Graphics(True, True), None, False, "shades"),
        ("off", Graphics(True, True), "truecolor", False, "nothing"),
        ("kitty", Graphics(), "truecolor", False, "placeholders"),
        ("sixel", Graphics(True, True), "truecolor", False, "sixel"),
        ("blocks", Graphics(True, True), "truecolor", False, "blocks"),
    ],
)
def test_pictures_are_shown_as_well_as_the_terminal_can(
    setting: str, known: Graphics, colours: str | None, is_ascii: bool, way: str
) -> None:
    chosen = showing(setting, known, color_system=colours, is_ascii=is_ascii, cell=None)
    assert chosen.way == way
    # A sentence explains why there is no picture, or why it has no colours.
    assert bool(chosen.reason) == (way in ("shades", "nothing"))


def test_in_tmux_the_terminal_around_it_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"display-message": "kitty(0.41.1)\nxterm-kitty\n8\n17\n", "show-options": "on\n"}
    monkeypatch.setattr(tmux, "_tmux", lambda *arguments: said[arguments[0]])
    assert tmux.outer_graphics() == Graphics(True, True, 0, (8, 17))
    said["show-options"] = "off\n"
    assert not tmux.outer_graphics().placeholders
    said.update({"show-options": "all\n", "display-message": "\nxterm-kitty\n\n\n"})
    assert tmux.outer_graphics() == Graphics(True, True, 0, None)
    said["display-message"] = "XTerm(379)\nxterm-256color\n0\n0\n"
    assert not tmux.outer_graphics().placeholders
    said.update({"display-message": "", "show-options": ""})
    assert tmux.outer_graphics() == Graphics()
