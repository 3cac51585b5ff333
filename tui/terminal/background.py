"""Asks the terminal for its background colour (escape sequence OSC 11), and reads the answer."""

from __future__ import annotations

import re

from textual.message import Message

# The question ends with BEL and not with ESC \, because old terminals know only BEL.
QUESTION = "\x1b]11;?\x07"
# The beginnings of the names (TERM) of terminals that print the question on the screen, or never answer it.
_SILENT = ("", "dumb", "linux", "cons", "vt", "ansi", "eterm")
# An answer is, for example, "11;rgb:1e1e/1e1e/2e2e": red, green, blue and sometimes opacity, each of one to four
# hexadecimal digits.
_ANSWER = re.compile(r"11;rgba?:([0-9a-f]{1,4})/([0-9a-f]{1,4})/([0-9a-f]{1,4})(?:/[0-9a-f]{1,4})?", re.IGNORECASE)
# The weights of red, green and blue in the perceived brightness (ITU-R BT.601).
_WEIGHTS = (0.299, 0.587, 0.114)


class BackgroundKnown(Message):
    """The message that the terminal has answered the question about its background colour: `is_dark` is the result.

    The driver sets `is_late` when the answer arrived so late that the theme on the screen should not change any more.
    """

    def __init__(self, is_dark: bool) -> None:
        super().__init__()
        self.is_dark = is_dark
        self.is_late = False


def may_ask(terminal: str) -> bool:
    """Whether `QUESTION` may be sent to a terminal whose environment variable TERM has this value."""
    return bool(terminal) and not terminal.startswith(tuple(filter(None, _SILENT)))


def is_dark(answer: str) -> bool | None:
    """Whether the background is dark, according to `answer`, the text of an OSC sequence.

    Returns None when the sequence is not an answer to `QUESTION`.
    """
    match = _ANSWER.fullmatch(answer)
    if match is None:
        return None
    shares = [int(digits, 16) / (16 ** len(digits) - 1) for digits in match.groups()]
    brightness: float = sum(weight * share for weight, share in zip(_WEIGHTS, shares, strict=True))
    return brightness < 0.5
