"""Placeholders of the kitty graphics protocol: in the cell of such a character, a terminal shows a part of a picture.

A placeholder is the character U+10EEEE with two combining characters, which stand for the row and the column of the
part. Its foreground colour is the id of the picture. Because placeholders are ordinary characters, a picture moves with
the text around it, also inside tmux.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

PLACEHOLDER = "\U0010eeee"
# In the protocol, the combining characters in these ranges of code points stand for the numbers 0, 1, 2, … The protocol
# uses the characters of combining class 230 in Unicode 6.0 that no normalization composes with another character.
_RANGES = (
    "305 30D-30E 310 312 33D-33F 346 34A-34C 350-352 357 35B 363-36F 483-487 592-595 597-599 59C-5A1 5A8-5A9 5AB-5AC "
    "5AF 5C4 610-617 657-65B 65D-65E 6D6-6DC 6DF-6E2 6E4 6E7-6E8 6EB-6EC 730 732-733 735-736 73A 73D 73F-741 743 745 "
    "747 749-74A 7EB-7F1 7F3 816-819 81B-823 825-827 829-82D 951 953-954 F82-F83 F86-F87 135D-135F 17DD 193A 1A17 "
    "1A75-1A7C 1B6B 1B6D-1B73 1CD0-1CD2 1CDA-1CDB 1CE0 1DC0-1DC1 1DC3-1DC9 1DCB-1DCC 1DD1-1DE6 1DFE 20D0-20D1 "
    "20D4-20D7 20DB-20DC 20E1 20E7 20E9 20F0 2CEF-2CF1 2DE0-2DFF A66F A67C-A67D A6F0-A6F1 A8E0-A8F1 AAB0 AAB2-AAB3 "
    "AAB7-AAB8 AABE-AABF AAC1 FE20-FE26 10A0F 10A38 1D185-1D189 1D1AA-1D1AD 1D242-1D244"
)


def _characters() -> Iterator[str]:
    for each in _RANGES.split():
        first, _, last = each.partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))


NUMBERS = tuple(_characters())
# The largest number of rows and columns of a picture.
MOST_CELLS = len(NUMBERS)


def row(number: int, columns: int) -> str:
    """The placeholders of a row of a picture, from the left to the right."""
    start = PLACEHOLDER + NUMBERS[number]
    return "".join([start + column for column in itertools.islice(NUMBERS, columns)])


# In a palette of 256 colours, the colours 16 to 231 are all combinations of these values of red, green and blue.
_CUBE = (0, 95, 135, 175, 215, 255)
# The red, green and blue values of a used colour differ by at least this much (largest minus smallest). A colour nearer
# to grey may be converted to another colour before it is sent to the terminal.
_LEAST_DIFFERENCE = 80


def numbers(color_system: str | None) -> Iterator[tuple[int, tuple[int, int, int]]]:
    """Ids for pictures, in random order. Each is returned with the colour (red, green, blue) of its placeholders.

    With 24-bit colours, the id is the colour as a number. With 256 colours, it is the index of the colour in the
    palette. The order is random so that other programs in the same terminal are unlikely to use the same ids.
    """
    if color_system == "truecolor":
        while True:
            number = random.randrange(1 << 16, 1 << 24)
            yield number, (number >> 16, number >> 8 & 255, number & 255)
    cube = list(enumerate(itertools.product(_CUBE, repeat=3), 16))
    usable = [(number, colour) for number, colour in cube if max(colour) - min(colour) >= _LEAST_DIFFERENCE]
    random.shuffle(usable)
    yield from itertools.cycle(usable)
