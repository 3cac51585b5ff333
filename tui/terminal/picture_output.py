"""Writes pixels as the escape sequences by which terminals show pictures: the kitty graphics protocol and sixel.

The input consists of the values of pixels, so no control character from a picture file can get into the output. Between
their first and last characters, the sequences contain only digits, letters and punctuation.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator

from store.pictures.picture import CHANNELS, Pixels

_ESC = "\x1b"
# The kitty graphics protocol allows at most this many characters of data in one sequence.
_CHUNK = 4096
# The compression level of zlib. Compression at this level takes a third of the time of the highest level.
_COMPRESSION = 4
# The number of rows of pixels that one row of sixels draws.
_STRIP = 6
# Matches 4 to 256 equal sixels in a row, which are written as their number and one sixel.
_REPEATED = re.compile(rb"(.)\1{3,255}", re.DOTALL)
# The number of levels of each of red, green and blue in a colour picture (6 × 6 × 6 = 216 colours), and the largest
# number of levels of grey in a grey picture.
_LEVELS = 6
_MOST_GREYS = 64
# The thresholds of ordered dithering in a square of four by four pixels, from 0 to 15 (B. E. Bayer, 1973).
_BAYER = ((0, 8, 2, 10), (12, 4, 14, 6), (3, 11, 1, 9), (15, 7, 13, 5))


def through_tmux(sequence: str) -> str:
    """The sequence in the form in which tmux passes it on to the terminal in which tmux runs."""
    return f"{_ESC}Ptmux;{sequence.replace(_ESC, _ESC * 2)}{_ESC}\\"


def kitty_picture(pixels: Pixels, number: int, cells: tuple[int, int] | None) -> Iterator[str]:
    """The sequences that show a picture by the kitty graphics protocol.

    `number` identifies the picture in the terminal. If its size `cells` (columns, rows) is given, the terminal draws
    the picture in the cells of its placeholders (characters that are written later). If not, the terminal draws it with
    its top left corner at the cursor, and the cursor does not move.
    """
    data = base64.standard_b64encode(zlib.compress(pixels.data, _COMPRESSION)).decode("ascii")
    place = "C=1" if cells is None else f"U=1,c={cells[0]},r={cells[1]}"
    keys = f"a=T,{place},i={number},q=2,f=24,o=z,s={pixels.width},v={pixels.height},"
    for at in range(0, len(data), _CHUNK):
        more = int(at + _CHUNK < len(data))
        yield f"{_ESC}_G{keys}m={more};{data[at : at + _CHUNK]}{_ESC}\\"
        keys = "q=2,"


def kitty_removal(number: int) -> str:
    """The sequence that makes the terminal forget the picture with this number."""
    return f"{_ESC}_Ga=d,d=I,i={number},q=2{_ESC}\\"


def sixels(pixels: Pixels, colours: int) -> str:
    """The sequence that draws a picture in sixels of at most `colours` colours, with its top left at the cursor."""
    palette, indices = _reduced(pixels, colours)
    width, height = pixels.width, pixels.height
    parts = [f'{_ESC}P0;1;0q"1;1;{width};{height}']
    used = set(indices)
    parts += [
        f"#{number};2;{red};{green};{blue}" for number, (red, green, blue) in enumerate(palette) if number in used
    ]
    for top in range(0, height, _STRIP):
        rows = [indices[row * width : (row + 1) * width] for row in range(top, min(top + _STRIP, height))]
        parts.append("$".join([_strip(rows, colour) for colour in sorted(set().union(*rows))]) + "-")
    parts.append(f"{_ESC}\\")
    return "".join(parts)


def _strip(rows: list[bytes], colour: int) -> str:
    """One row of sixels for one colour. The six bits of a sixel are 1 for pixels of this colour in a column of six."""
    total = 0
    for bit, row in enumerate(rows):
        ones = bytes([*bytes(colour), 1 << bit, *bytes(255 - colour)])
        total |= int.from_bytes(row.translate(ones), "big")
    # A sixel is written as the character with the code 63 plus the value of its six bits.
    sixel = total.to_bytes(len(rows[0]), "big").translate(_SIXELS)
    return f"#{colour}" + _REPEATED.sub(_repetition, sixel).decode("ascii")


_SIXELS = bytes((code + 63) & 255 for code in range(256))


def _repetition(match: re.Match[bytes]) -> bytes:
    return b"!%d%c" % (len(match[0]), match[1])


def _reduced(pixels: Pixels, colours: int) -> tuple[list[tuple[int, int, int]], bytes]:
    """Reduce the colours of a picture. Returns the palette (red, green, blue in percent) and each pixel's index in it.

    The palette is grey if the picture is grey, as most pages and equations are, or if `colours` is less than 216. In
    all other cases, the picture is dithered with a palette of 216 colours: six levels each of red, green and blue.
    """
    if colours < _LEVELS**3 or pixels.is_grey:
        count = max(2, min(_MOST_GREYS, colours))
        levels = bytes((value * (count - 1) + 127) // 255 for value in range(256))
        palette = [(level, level, level) for level in (100 * step // (count - 1) for step in range(count))]
        return palette, _grey(pixels).translate(levels)
    steps = [100 * step // (_LEVELS - 1) for step in range(_LEVELS)]
    return [(red, green, blue) for red in steps for green in steps for blue in steps], _dithered(pixels)


def _grey(pixels: Pixels) -> bytes:
    """The brightness of each pixel: (red + 2 · green + blue) / 4."""
    if pixels.is_grey:
        return pixels.data[0::CHANNELS]
    quarter, half = bytes(value // 4 for value in range(256)), bytes(value // 2 for value in range(256))
    red, green, blue = (pixels.data[channel::CHANNELS] for channel in range(CHANNELS))
    return _sum(red.translate(quarter), green.translate(half), blue.translate(quarter))


def _dithered(pixels: Pixels) -> bytes:
    width = pixels.width
    tables = [[_dither_table(threshold, channel) for channel in range(CHANNELS)] for row in _BAYER for threshold in row]
    lines: list[bytes] = []
    for y in range(pixels.height):
        row = pixels.data[y * width * CHANNELS : (y + 1) * width * CHANNELS]
        line = bytearray(width)
        for x in range(min(4, width)):
            table = tables[(y % 4) * 4 + x]
            line[x::4] = _sum(
                *(row[x * CHANNELS + channel :: 4 * CHANNELS].translate(table[channel]) for channel in range(CHANNELS))
            )
        lines.append(bytes(line))
    return b"".join(lines)


def _dither_table(threshold: int, channel: int) -> bytes:
    """A table of 256 bytes: what each value of a channel (0 red, 1 green, 2 blue) adds to a pixel's palette index."""
    factor = _LEVELS ** (CHANNELS - 1 - channel)
    step = 255 / (_LEVELS - 1)
    return bytes(int(min(_LEVELS - 1, value / step + (threshold + 0.5) / 16)) * factor for value in range(256))


def _sum(*parts: bytes) -> bytes:
    """Add byte strings of equal length, byte by byte. No sum of the bytes at an index may exceed 255."""
    return sum(int.from_bytes(part, "big") for part in parts).to_bytes(len(parts[0]), "big")
