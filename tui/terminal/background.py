"""The background colour of the terminal: the question (OSC 11), and what the answer says."""

from __future__ import annotations

import re

from textual.message import Message

# With BEL at the end, because some terminals end their answer as the question ended, and old ones know no other end.
QUESTION = "\x1b]11;?\x07"
# Terminals that print the question, or never answer it.
_SILENT = ("", "dumb", "linux", "cons", "vt", "ansi", "eterm")
# "11;rgb:1e1e/1e1e/2e2e": one to four hexadecimal digits for each colour, and sometimes the opacity as a fourth one.
_ANSWER = re.compile(r"11;rgba?:([0-9a-f]{1,4})/([0-9a-f]{1,4})/([0-9a-f]{1,4})(?:/[0-9a-f]{1,4})?", re.IGNORECASE)
# The weights of red, green and blue in the perceived brightness (ITU-R BT.601).
_WEIGHTS = (0.299, 0.587, 0.114)


class BackgroundKnown(Message):
    """The terminal has answered. `is_late`: so long after the question that the screen should stay as it is."""

    def __init__(self, is_dark: bool) -> None:
        super().__init__()
        self.is_dark = is_dark
        self.is_late = False


def may_ask(terminal: str) -> bool:
    """Whether a terminal with this name (TERM) may be asked."""
    return bool(terminal) and not terminal.startswith(tuple(filter(None, _SILENT)))


def is_dark(answer: str) -> bool | None:
    """Whether the background is dark, from the text of an OSC sequence; None when that is no answer."""
    match = _ANSWER.fullmatch(answer)
    if match is None:
        return None
    shares = [int(digits, 16) / (16 ** len(digits) - 1) for digits in match.groups()]
    brightness: float = sum(weight * share for weight, share in zip(_WEIGHTS, shares, strict=True))
    return brightness < 0.5
