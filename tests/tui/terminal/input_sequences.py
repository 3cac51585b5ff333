"""Input that a terminal may send, even broken input, for the tests of the input parser and of recto."""

from __future__ import annotations

import random

ESC = "\x1b"
FINALS = "u~ABCDEFHPQRSMmtyIOcnZabd@`h"
NUMBERS = ("", "0", "1", "2", "3", "5", "13", "27", "48", "97", "106", "127", "200", "201", "255", "256", "999")
# Surrogates, the first number that is no code point, private keys of the kitty protocol, and absurdly large numbers.
ABSURD = ("55296", "57343", "57358", "57441", "63743", "1114111", "1114112", "4294967296", "9" * 20, "9" * 400)


def kitty_report(chance: random.Random) -> str:
    """A report of the kitty keyboard protocol: alternate keys, modifiers, event type, and text.

    Some numbers are absurd.
    """
    key = ":".join(_number(chance) for _ in range(chance.randrange(1, 4)))
    modifiers = ":".join(_number(chance) for _ in range(chance.randrange(1, 3)))
    text = ":".join(_number(chance) for _ in range(chance.randrange(1, 5)))
    fields = [key, modifiers, text, _number(chance)][: chance.randrange(1, 5)]
    return f"{ESC}[{';'.join(fields)}{chance.choice('u~ABCDEFHPQRS')}"


def mouse_report(chance: random.Random) -> str:
    """A mouse report in one of the historical forms, with any numbers."""
    numbers = ";".join(chance.choice(("", "-")) + _number(chance) for _ in range(chance.randrange(1, 5)))
    form = chance.choice(("<", "", "M"))
    return f"{ESC}[{form}{'' if form == 'M' else numbers}{chance.choice('Mm') if form != 'M' else 'a!~'}"


def size_report(chance: random.Random) -> str:
    """A report of the terminal's size with any numbers."""
    return f"{ESC}[48;{';'.join(_number(chance) for _ in range(4))}t"


def csi(chance: random.Random) -> str:
    """Any control sequence."""
    body = "".join(chance.choice("0123456789:;<=>?!$ \"'") for _ in range(chance.randrange(12)))
    return f"{ESC}[{body}{chance.choice(FINALS)}"


def string(chance: random.Random) -> str:
    """An OSC, DCS, APC, PM or SOS string, sometimes without its end."""
    start = chance.choice("]P_^X")
    body = "".join(chance.choice("0123456789;rgb:/jkqxd") for _ in range(chance.randrange(40)))
    return f"{ESC}{start}{body}{chance.choice(('', chr(7), ESC + chr(92)))}"


def paste(chance: random.Random) -> str:
    """A bracketed paste of any text, sometimes without its end."""
    body = "".join(chr(chance.choice((0, 9, 10, 13, 27, 65, 0x9B, 0x202E, 0x1F600))) for _ in range(9))
    return f"{ESC}[200~{body}{chance.choice(('', ESC + '[201~', ESC + '[20'))}"


def raw(chance: random.Random) -> bytes:
    """Random bytes, mostly not UTF-8."""
    return bytes(chance.randrange(256) for _ in range(chance.randrange(1, 30)))


def anything(chance: random.Random) -> bytes:
    """Any of all these kinds of input, sometimes truncated."""
    make = chance.choice((kitty_report, kitty_report, mouse_report, size_report, csi, string, paste, raw))
    made = make(chance)
    sent = made if isinstance(made, bytes) else made.encode()
    return sent[: chance.randrange(1, len(sent) + 1)] if chance.random() < 0.2 else sent


def _number(chance: random.Random) -> str:
    return chance.choice(ABSURD if chance.random() < 0.2 else NUMBERS)
