"""Input from the terminal that is no key has no effect, and none of it ends recto."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from tests.scenarios.conftest import OpenReader, OpenTerminal
from tests.scenarios.terminal import PATIENCE, Terminal
from tests.tui.terminal import input_sequences


def test_keys_reported_in_the_kitty_protocol_act_like_other_keys(terminal: OpenTerminal) -> None:
    screen = terminal()
    screen.shows("24 papers", "Persimmon")
    # A key release, a key with alternate codes, a surrogate, and a number that is no code point.
    screen.press("\x1b[106;1:3u", "\x1b[98;1:3u", "\x1b[55296u", "\x1b[1114112;1u", "\x1b[1:2:3;4:5;6:7u")
    screen.press("\x1b[106;1:1u", "\x1b[106;1:3u", "\x1b[106:74;1:2u", "\x1b[97;1u")
    screen.shows("Cartography", "q1 26 Sep 2025")
    screen.press("\x1b[47u", *(f"\x1b[{ord(letter)};1:1u" for letter in "jazz"))
    screen.shows("/ jazz", "Jazz Solos")
    screen.press("escape", "q")
    assert screen.ends() == 0


def send_anything(screen: Terminal, chance: random.Random, rounds: int) -> None:
    """Send random input that a terminal may send, then close what it opened and show the view of all papers."""
    for _ in range(rounds):
        screen.send_bytes(input_sequences.anything(chance))
    # End a control string or a paste that the random input may have left open.
    screen.press("\x1b\\", "\x1b[201~")
    for view, key in ((" New", "1"), (" All", "2")):
        ends = time.monotonic() + PATIENCE
        while not (view in screen.lines[-2] and " paper" in screen.lines[0]):
            assert time.monotonic() < ends, screen.text
            # Close whatever is open. Repeat this, because a key that is handled late may open another dialog, and the
            # message of such a key may hide the name of the view.
            screen.press(*["escape"] * 8, key)
            screen.read_for(0.2)


def without_dangerous_keys(folder: Path) -> dict[str, str]:
    """An environment for random keys, in which no key quits, suspends, fetches, imports, or opens a program."""
    path = folder / "config.toml"
    path.write_text(
        '[keys]\nquit = "f24"\nhelp = "ctrl+c"\nfetch = "f23"\nimport_file = "f22"\npalette = "f21"\nsuspend = "f20"\n'
    )
    return {"RECTO_CONFIG": str(path), "BROWSER": "true", "VISUAL": "true", "EDITOR": "true"}


def test_nothing_that_a_terminal_may_send_ends_the_reader(terminal: OpenTerminal, tmp_path: Path) -> None:
    screen = terminal(size=(80, 24), env=without_dangerous_keys(tmp_path))
    screen.shows("24 papers", "Persimmon")
    send_anything(screen, random.Random(56), 300)
    # This is the key f24, with which the configuration of this test ends recto.
    screen.press("\x1b[57387u")
    assert screen.ends() == 0
    assert b"recto stopped" not in screen.output


@pytest.mark.parametrize("field", ["/", "n", "ctrl+p"])
def test_control_characters_in_a_paste_do_not_reach_the_terminal(terminal: OpenTerminal, field: str) -> None:
    screen = terminal(size=(80, 24))
    screen.shows("24 papers", "Persimmon")
    screen.press(field)
    screen.shows({"/": "esc Clear", "ctrl+p": "enter runs it"}.get(field, "ctrl+s saves"))
    before = len(screen.output)
    screen.send_bytes(b"\x1b[200~aa\x1b]0;title\x07bb\xc2\x9b31mcc\x08\x1b[201~")
    screen.until(lambda: any("aa" in line and "bb" in line and "cc" in line for line in screen.lines), "the text")
    drawn = screen.output[before:]
    assert not [each for each in (b"\x1b]0;", b"\x07", b"\xc2\x9b", b"\x08") if each in drawn]


def test_the_reader_goes_on_when_a_megabyte_is_pasted_into_the_filter(terminal: OpenTerminal) -> None:
    screen = terminal(size=(80, 24))
    screen.shows("24 papers", "Persimmon")
    screen.press("/")
    screen.shows("esc Clear")
    screen.send_bytes(b"\x1b[200~" + "é\u202e$ text ".encode() * 130_000 + b"\x1b[201~")
    screen.press("escape", *"/jazz")
    screen.shows("/ jazz", "1 paper")
    screen.press("escape", "q")
    assert screen.ends() == 0


@pytest.mark.parametrize(("key", "text"), [("ctrl+p", "enter runs it"), ("?", "scroll")])
async def test_a_field_that_searches_takes_only_the_beginning_of_a_long_paste(
    reader: OpenReader, key: str, text: str
) -> None:
    async with reader() as screen:
        await screen.press(key)
        await screen.sees(text)
        screen._send(events.Paste("z" * 1_000_000))
        field = screen.app.screen.query_one("#dialog-input", Input)
        await screen.until(lambda: field.value, "the text")
        # The field accepts only 200 characters, because the text is searched for and drawn after every key. With a
        # million characters, Textual's own palette took 9 s.
        assert field.value == "z" * 200
