"""The questions that ask the terminal which pictures it can show, and the code that reads its answers."""

from __future__ import annotations

import re
from typing import NamedTuple

from tui.terminal import background
from tui.terminal.input_messages import TerminalAnswer

# The questions, in this order: the name and version of the terminal (XTVERSION); whether it supports the kitty graphics
# protocol; the size of a cell in pixels; its attributes (DA1). Every terminal answers the question about attributes.
# Since it is the last one, no further answers follow the answer to it.
_NAME, _KITTY, _CELL, _ATTRIBUTES = (
    "\x1b[>0q",
    "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\",
    "\x1b[16t",
    "\x1b[c",
)
# The question how many colours a sixel picture can have. It is sent only to terminals that show sixels, because kitty
# would answer it with an error.
_COLOURS = "\x1b[?1;1;0S"
# Terminals with these values of TERM_PROGRAM would print the question about kitty graphics on the screen.
_PRINTS_STRINGS = ("Apple_Terminal",)
# Terminals whose TERM begins like this are multiplexers such as tmux. They are asked only for their attributes, because
# they answer for themselves and not for the terminal in which they run, and some would show the question about kitty
# graphics as the title of a window.
_MULTIPLEXERS = ("tmux", "screen")
# Maps each terminal that can draw placeholders (tui/render/placeholders.py) to the first version that can; an empty
# tuple means that every version can.
_WITH_PLACEHOLDERS: dict[str, tuple[int, ...]] = {"kitty": (0, 28), "ghostty": ()}
# The attribute (DA1) of terminals that show sixels; the number of colours that is assumed for sixels if the terminal
# reports none; and the largest number of colours that is used.
_SIXEL = "4"
_FEWEST_COLOURS = 16
_MOST_COLOURS = 256
# If a terminal reports that a cell is wider or higher than this (pixels), the report is ignored as an error.
_LARGEST_CELL = 200
_ANSWERS = (
    (re.compile(r"\x1bP>\|([\x20-\x7e]{1,80})"), "name"),
    (re.compile(r"\x1b_Gi=31;(\w{1,20})[\x20-\x7e]*"), "kitty"),
    (re.compile(r"\x1b\[6;(\d{1,4};\d{1,4})t"), "cell"),
    (re.compile(r"\x1b\[\?1;0;(\d{1,8})S"), "colours"),
    (re.compile(r"\x1b\[\?([\d;]{1,80})c"), "attributes"),
)
_VERSION = re.compile(r"([a-z][\w-]*)\W+v?(\d+(?:\.\d+)*)?", re.IGNORECASE)


class Graphics(NamedTuple):
    """Which pictures a terminal can show.

    `kitty` is True if the terminal supports the kitty graphics protocol, and `placeholders` if it supports the
    placeholders of that protocol as well. `colours` is the number of colours of a sixel picture, or 0 if the terminal
    shows no sixels. `cell` is the width and height of a cell in pixels, or None if unknown.
    """

    kitty: bool = False
    placeholders: bool = False
    colours: int = 0
    cell: tuple[int, int] | None = None


def question(terminal: str, program: str) -> str:
    """The questions for a terminal with this name (TERM) and program (TERM_PROGRAM); "" if it must not be asked."""
    if not background.may_ask(terminal):
        return ""
    if terminal.startswith(_MULTIPLEXERS):
        return _ATTRIBUTES
    kitty = "" if program in _PRINTS_STRINGS else _KITTY
    return _NAME + kitty + _CELL + _ATTRIBUTES


def further_question(answers: dict[str, str]) -> str:
    """The question to ask a terminal after these answers; "" if no further question is needed."""
    return _COLOURS + _ATTRIBUTES if _has_sixels(answers) and "colours" not in answers else ""


def _has_sixels(answers: dict[str, str]) -> bool:
    return _SIXEL in answers.get("attributes", "").split(";")[1:]


def answer(sequence: str) -> TerminalAnswer | None:
    """The answer to one of the questions, parsed from an escape sequence; None if the sequence is not such an answer.

    If the sequence is a control string (DCS or APC), it must be passed without the characters that end it.
    """
    for pattern, kind in _ANSWERS:
        if match := pattern.fullmatch(sequence):
            return TerminalAnswer(kind, match[1])
    return None


def graphics(answers: dict[str, str]) -> Graphics:
    """Which pictures the terminal can show. `answers` maps the kind of each of its answers to the value."""
    colours = int(answers.get("colours", "") or _FEWEST_COLOURS)
    high, _, wide = answers.get("cell", "").partition(";")
    cell = (int(wide), int(high)) if wide else None
    is_kitty = answers.get("kitty") == "OK"
    return Graphics(
        is_kitty,
        is_kitty and knows_placeholders(answers.get("name", "")),
        max(2, min(colours, _MOST_COLOURS)) if _has_sixels(answers) else 0,
        cell if cell and all(0 < side <= _LARGEST_CELL for side in cell) else None,
    )


def knows_placeholders(name: str) -> bool:
    """Whether a terminal with this name and version ("kitty(0.41.1)", for example) supports placeholders."""
    match = _VERSION.match(name)
    first = _WITH_PLACEHOLDERS.get(match[1].lower()) if match else None
    if match is None or first is None:
        return False
    return not first or tuple(map(int, (match[2] or "0").split("."))) >= first
