"""Pictures as rows of character cells: half blocks in two colours, shades, or placeholders.

The functions have no side effects.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from store.pictures.picture import CHANNELS, Pixels
from tui.render import placeholders

# The rows of a picture, as Textual draws them. All rows have the same number of cells.
Rows = Sequence[tuple[Segment, ...]]
_HALF_BLOCK = "▀"
# Characters for shades of grey, from white to black: each fills more of its cell than the previous one.
_SHADES, _ASCII_SHADES = " ░▒▓█", " .:-=+*#%@"
# Maps each value of a colour component to the nearest multiple of 8 (at most 255). With fewer different colours, more
# neighbouring cells have equal colours, so less output is sent to the terminal.
_ROUNDED = bytes(min(255, (value + 4) // 8 * 8) for value in range(256))


class Frame(NamedTuple):
    """The size of a picture in cells."""

    columns: int
    rows: int


class DrawnPicture(NamedTuple):
    """A picture in the form in which it is shown.

    `rows` are its cells, or empty if only escape sequences draw the picture. `sequences` are the escape sequences of
    the graphics protocol (kitty or sixel), if one is used. `number` is the id of the picture in the kitty graphics
    protocol, or 0 without that protocol.
    """

    frame: Frame
    rows: Rows = ()
    sequences: Sequence[str] = ()
    number: int = 0


def half_blocks(pixels: Pixels) -> Rows:
    """A picture in which each cell shows two pixels, one above the other.

    The picture has as many columns as pixels in a row, and half as many rows.
    """
    data = pixels.data.translate(_ROUNDED)
    length = pixels.width * CHANNELS
    below_last = b"\xff" * length
    rows: list[tuple[Segment, ...]] = []
    for top in range(0, pixels.height, 2):
        upper = data[top * length : (top + 1) * length]
        lower = data[(top + 1) * length : (top + 2) * length] or below_last
        cells = [(upper[at : at + CHANNELS], lower[at : at + CHANNELS]) for at in range(0, length, CHANNELS)]
        rows.append(tuple(Segment(_HALF_BLOCK * len(list(same)), _style(*colours)) for colours, same in groupby(cells)))
    return rows


@lru_cache(maxsize=20_000)
def _style(upper: bytes, lower: bytes) -> Style:
    return Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower))


def placeholder_rows(frame: Frame, colour: tuple[int, int, int]) -> Rows:
    """The placeholders of a picture.

    Their colour `colour` (red, green, blue) is the id of the picture for the terminal.
    """
    style = Style(color=Color.from_rgb(*colour))
    return [(Segment(placeholders.row(row, frame.columns), style),) for row in range(frame.rows)]


def shades(pixels: Pixels, *, is_ascii: bool) -> Rows:
    """A picture without colours, in which each cell shows one pixel."""
    characters = _ASCII_SHADES if is_ascii else _SHADES
    last = len(characters) - 1
    table = [characters[last - (value * last + 127) // 255] for value in range(256)]
    rows: list[tuple[Segment, ...]] = []
    for y in range(pixels.height):
        row = pixels.data[y * pixels.width * CHANNELS : (y + 1) * pixels.width * CHANNELS]
        # The weights of red (2), green (5) and blue (1) approximate how bright these colours look to the eye. Their sum
        # is 8.
        grey = [(2 * row[at] + 5 * row[at + 1] + row[at + 2]) // 8 for at in range(0, len(row), CHANNELS)]
        rows.append((Segment("".join([table[value] for value in grey])),))
    return rows


def on(row: Sequence[Segment], background: Style) -> Sequence[Segment]:
    """A row of a picture, in which cells without a background of their own get the style `background`."""
    return [
        Segment(text, background if style is None else background + style)
        if style is None or style.bgcolor is None
        else Segment(text, style)
        for text, style, _ in row
    ]
