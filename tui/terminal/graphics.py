"""Asking the terminal which pictures it can show, and reading its answers."""

from __future__ import annotations

import re
from typing import NamedTuple

from textual.message import Message

from tui.terminal import background

# The questions, in this order: the name and version of the terminal (XTVERSION); whether it shows pictures by the kitty
# graphics protocol; the size of a cell in pixels; its attributes (DA1). Every terminal answers the last question, so
# that its answer says that no other answer will come.
_NAME, _KITTY, _CELL, _ATTRIBUTES = (
    "\x1b[>0q",
    "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\",
    "\x1b[16t",
    "\x1b[c",
)
# The question for the number of colours of sixels, only for terminals that show sixels. kitty would report an error.
_COLOURS = "\x1b[?1;1;0S"
# Terminals that print the second question on the screen, by the variable TERM_PROGRAM.
_PRINTS_STRINGS = ("Apple_Terminal",)
# Multiplexers answer for themselves, and some take the second question for a title.
_MULTIPLEXERS = ("tmux", "screen")
# The first versions of terminals that know placeholders (tui/render/placeholders.py). None means every version.
_WITH_PLACEHOLDERS: dict[str, tuple[int, ...]] = {"kitty": (0, 28), "ghostty": ()}
# The attribute of terminals that show sixels, and how many colours these have if the terminal does not say.
_SIXEL = "4"
_FEWEST_COLOURS = 16
_MOST_COLOURS = 256
# A cell with more pixels than this across is no real answer.
_LARGEST_CELL = 200
_ANSWERS = (
    (re.compile(r"\x1bP>\|([\x20-\x7e]{1,80})"), "name"),
    (re.compile(r"\x1b_Gi=31;(\w{1,20})[\x20-\x7e]*"), "kitty"),
    (re.compile(r"\x1b\[6;(\d{1,4};\d{1,4})t"), "cell"),
    (re.compile(r"\x1b\[\?1;0;(\d{1,8})S"), "colours"),
    (re.compile(r"\x1b\[\?([\d;]{1,80})c"), "attributes"),
)
_VERSION = re.compile(r"([a-z][\w-]*)\W+v?(\d+(?:\.\d+)*)?", re.IGNORECASE)


class TerminalAnswer(Message):
    """An answer to one of the questions. `kind` is "name", "kitty", "cell", "colours" or "attributes"."""

    def __init__(self, kind: str, value: str) -> None:
        super().__init__()
        self.kind = kind
        self.value = value


class Graphics(NamedTuple):
    """Which pictures a terminal can show.

    `kitty` is the kitty graphics protocol, and `placeholders` its placeholders. `colours` is the number of colours of
    sixels, 0 without sixels. `cell` is the width and height of a cell in pixels, or None.
    """

    kitty: bool = False
    placeholders: bool = False
    colours: int = 0
    cell: tuple[int, int] | None = None


def question(terminal: str, program: str) -> str:
    """The questions for a terminal with this name (TERM) and program (TERM_PROGRAM); "" if none may be asked."""
    if not background.may_ask(terminal):
        return ""
    if terminal.startswith(_MULTIPLEXERS):
        return _ATTRIBUTES
    kitty = "" if program in _PRINTS_STRINGS else _KITTY
    return _NAME + kitty + _CELL + _ATTRIBUTES


def further_question(answers: dict[str, str]) -> str:
    """What to ask a terminal that has given these answers; "" if nothing more has to be asked."""
    return _COLOURS + _ATTRIBUTES if _has_sixels(answers) and "colours" not in answers else ""


def _has_sixels(answers: dict[str, str]) -> bool:
    return _SIXEL in answers.get("attributes", "").split(";")[1:]


def answer(sequence: str) -> TerminalAnswer | None:
    """The answer that an escape sequence is; control strings are given without their ends. None for other sequences."""
    for pattern, kind in _ANSWERS:
        if match := pattern.fullmatch(sequence):
            return TerminalAnswer(kind, match[1])
    return None


def graphics(answers: dict[str, str]) -> Graphics:
    """What the terminal can show, from the values of its answers by their kinds."""
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
    """Whether a terminal with this name and version, such as "kitty(0.41.1)" or "ghostty 1.2.0", knows placeholders."""
    match = _VERSION.match(name)
    first = _WITH_PLACEHOLDERS.get(match[1].lower()) if match else None
    if match is None or first is None:
        return False
    return not first or tuple(map(int, (match[2] or "0").split("."))) >= first
