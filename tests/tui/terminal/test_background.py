"""The query for the terminal's background colour, and the answers to it."""

from __future__ import annotations

import pytest

from tui.terminal.background import BackgroundKnown, is_dark, may_ask
from tui.terminal.input_parser import InputParser


@pytest.mark.parametrize(
    ("answer", "dark"),
    [
        ("11;rgb:0000/0000/0000", True),
        ("11;rgb:1e1e/1e1e/2e2e", True),
        ("11;rgb:ffff/ffff/ffff", False),
        ("11;rgb:fd/f6/e3", False),
        ("11;rgb:0/2/3", True),
        ("11;rgba:ffff/ffff/ffff/8000", False),
        ("11;RGB:FFFF/FFFF/FFFF", False),
        # Pure green counts as a bright colour, and pure blue as a dark one.
        ("11;rgb:0000/ffff/0000", False),
        ("11;rgb:0000/0000/ffff", True),
        ("10;rgb:ffff/ffff/ffff", None),
        ("11;?", None),
        ("11;rgb:fffff/f/f", None),
        ("11;rgb:ffff/ffff", None),
        ("11;rgb:gggg/ffff/ffff", None),
        ("", None),
    ],
)
def test_an_answer_says_whether_the_background_is_dark(answer: str, dark: bool | None) -> None:
    assert is_dark(answer) == dark


@pytest.mark.parametrize("end", ["\x07", "\x1b\\"])
def test_an_answer_in_any_pieces_among_keys_is_no_key(end: str) -> None:
    typed = f"a\x1b]11;rgb:ffff/ffff/ffff{end}b"
    for cut in range(len(typed) + 1):
        parser = InputParser()
        events = [*parser.feed(typed[:cut]), *parser.feed(typed[cut:])]
        assert [getattr(event, "key", None) or getattr(event, "is_dark", None) for event in events] == ["a", False, "b"]
        assert isinstance(events[1], BackgroundKnown)


@pytest.mark.parametrize(
    ("terminal", "may"),
    [("xterm-256color", True), ("tmux", True), ("linux", False), ("dumb", False), ("", False), ("vt220", False)],
)
def test_terminals_that_would_print_the_question_are_not_asked(terminal: str, may: bool) -> None:
    assert may_ask(terminal) == may
