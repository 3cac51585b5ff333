"""Pictures on a real terminal: recto queries it once, takes no answer for a key, and sends no raw byte of a file."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from store.library.library import Library
from store.texts import text_store
from tests.scenarios.conftest import OpenTerminal
from tests.store.pictures.documents import with_figure
from tests.store.texts.pages import read_in_this_process

# The answers of kitty and xterm to the queries, and answers to queries that recto does not send.
_KITTY = b"\x1bP>|kitty(0.41.1)\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[6;17;8t\x1b[?62;c"
_XTERM = b"\x1bP>|XTerm(379)\x1b\\\x1b[6;17;8t\x1b[?63;1;2;4;6;9;15;22c"
_XTERM_COLOURS = b"\x1b[?1;0;256S" + b"\x1b[?63;1;2;4;6;9;15;22c"
_QUESTION = b"\x1b_Gi=31,"
# A text in the PDF that contains an escape sequence: if it reached the terminal, it would change the title of the
# window.
_HOSTILE = b"\x1b]0;owned\x07"


@pytest.fixture(autouse=True)
def with_text(library: Path) -> None:
    pytest.importorskip("pypdfium2")
    with read_in_this_process(), Library.open(library) as opened:
        text_store.attach(opened, 1, io.BytesIO(with_figure() + _HOSTILE * 100), "paper.pdf")


def test_the_terminal_is_asked_once_when_a_text_is_opened_and_holds_the_picture(terminal: OpenTerminal) -> None:
    screen = terminal(size=(80, 40), env={"TMUX": "", "NO_COLOR": ""})
    screen.shows("Persimmon Orchards")
    assert _QUESTION not in screen.output
    screen.press("2", "g", "enter", "enter")
    screen.until(lambda: _QUESTION in screen.output, "the terminal is asked")
    for byte in _KITTY:
        screen.send_bytes(bytes([byte]))
    screen.until(lambda: b"\x1b_Ga=T,U=1," in screen.output, "the picture is sent")
    screen.until(lambda: "\U0010eeee".encode() in screen.output, "its placeholders are drawn")
    screen.press("q")
    screen.until(lambda: b"\x1b_Ga=d,d=I," in screen.output, "the terminal forgets the picture")
    # The answers had no effect as keys: one of them contains the letter "x", which would hide a paper.
    screen.press("enter", "enter")
    screen.until(lambda: screen.output.count(b"\x1b_Ga=T,U=1,") >= 2, "the picture is sent again")
    assert screen.output.count(_QUESTION) == 1
    assert b"owned" not in screen.output
    screen.press("q", "q", "q")
    assert screen.ends() == 0


def test_a_picture_in_sixels_is_drawn_over_the_screen_and_erased_again(terminal: OpenTerminal) -> None:
    screen = terminal(size=(80, 40), env={"TMUX": "", "NO_COLOR": ""})
    screen.shows("Persimmon Orchards")
    screen.press("2", "g", "enter", "enter")
    screen.until(lambda: _QUESTION in screen.output, "the terminal is asked")
    screen.send_bytes(_XTERM)
    screen.until(lambda: b"\x1b[?1;1;0S" in screen.output, "a terminal with sixels is asked for its colours")
    screen.send_bytes(_XTERM_COLOURS)
    screen.shows("Figure 1: A red square", "▀" * 10)
    screen.press("p")
    screen.until(lambda: re.search(rb"\x1bP0;1;0q[^\x1b]+\x1b\\\x1b8", screen.output), "the sixels are sent")
    before = len(screen.output)
    screen.press("x")
    screen.until(lambda: b"This line of the running text" in screen.output[before:], "the text is drawn again")
    assert b"owned" not in screen.output
