"""What a terminal sends beside keys: nothing ends the reader, and what is no key does nothing."""

from __future__ import annotations

import random
from pathlib import Path

from tests.scenarios.conftest import OpenTerminal
from tests.scenarios.terminal import Terminal
from tests.tui.terminal import input_sequences


def test_reports_of_the_kitty_protocol_act_as_the_keys_that_they_name(terminal: OpenTerminal) -> None:
    screen = terminal()
    screen.shows("24 papers", "Persimmon")
    # A key that was let go, alternate keys, a surrogate, and a number that is no code point.
    screen.press("\x1b[106;1:3u", "\x1b[98;1:3u", "\x1b[55296u", "\x1b[1114112;1u", "\x1b[1:2:3;4:5;6:7u")
    screen.press("\x1b[106;1:1u", "\x1b[106;1:3u", "\x1b[106:74;1:2u", "\x1b[97;1u")
    screen.shows("●  1 Cartography")
    screen.press("\x1b[47u", *(f"\x1b[{ord(letter)};1:1u" for letter in "jazz"))
    screen.shows("/ jazz", "Jazz Solos")
    screen.press("escape", "q")
    assert screen.ends() == 0


def send_anything(screen: Terminal, chance: random.Random, rounds: int) -> None:
    """Send what terminals may send, whatever it does; at the end the reader shows all papers."""
    for _ in range(rounds):
        screen.send_bytes(input_sequences.anything(chance))
    # The end of a string or a paste that was not closed, and the way back from whatever was opened.
    screen.press("\x1b\\", "\x1b[201~", *["escape"] * 8, "2", "g")
    screen.until(lambda: " All" in screen.lines[-2] and " papers" in screen.lines[0], "all papers")


def without_dangerous_keys(folder: Path) -> dict[str, str]:
    """An environment for random keys: none of them leaves, fetches, imports, or opens anything."""
    path = folder / "config.toml"
    path.write_text('[keys]\nquit = "f24"\nhelp = "ctrl+c"\nfetch = "f23"\nimport_file = "f22"\npalette = "f21"\n')
    return {"RECTO_CONFIG": str(path), "BROWSER": "true"}


def test_nothing_that_a_terminal_may_send_ends_the_reader(terminal: OpenTerminal, tmp_path: Path) -> None:
    screen = terminal(size=(80, 24), env=without_dangerous_keys(tmp_path))
    screen.shows("24 papers", "Persimmon")
    send_anything(screen, random.Random(56), 300)
    # The key f24.
    screen.press("\x1b[57387u")
    assert screen.ends() == 0
    assert b"recto stopped" not in screen.output
