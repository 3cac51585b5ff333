"""The types that describe pictures: which picture to show, its size, and its pixels."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from store.texts.blocks import Box

# What to show of a PDF. "page": a whole page. "view": a part of the page, with its box in the coordinates of the
# displayed page. "box": a part of the page, with its box in the coordinates of the text. "figure", "table", "equation":
# that to which the text in the box belongs, with the box in the coordinates of the text.
Part = Literal["page", "view", "box", "figure", "table", "equation"]
# The largest width, height and area of a picture that is drawn (pixels). A 4K screen has 3,840 by 2,160 pixels.
LONGEST_SIDE = 4_000
MOST_PIXELS = 16_000_000
CHANNELS = 3


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """The picture to show.

    In a PDF, it is a page or a part of a page; `box` is in points from the lower left corner. In a web page, it is the
    picture to which `link` leads, written as in the page. The link "data:3" stands for the picture that the fourth
    `img` element of the page contains itself.
    """

    page: int = 0
    part: Part = "page"
    box: Box | None = None
    link: str = ""


class Size(NamedTuple):
    """The width and height of a picture, in points or in pixels."""

    width: float
    height: float


class Pixels(NamedTuple):
    """A picture: its width and height, and three bytes for each pixel, red, green and blue, row by row from the top."""

    width: int
    height: int
    data: bytes

    @property
    def is_grey(self) -> bool:
        """Whether no pixel has a colour."""
        red = self.data[0::CHANNELS]
        return red == self.data[1::CHANNELS] and red == self.data[2::CHANNELS]


def fitted(size: Size, width: int, height: int, *, largest_scale: float) -> tuple[int, int]:
    """The largest size in pixels with the proportions of `size` that fits into `width` by `height` pixels.

    The result is never larger than `size` times `largest_scale`.
    """
    across, down = max(size.width, 0.01), max(size.height, 0.01)
    scale = min(width / across, height / down, largest_scale)
    wide, high = max(1, int(across * scale)), max(1, int(down * scale))
    return min(wide, width, LONGEST_SIDE), min(high, height, LONGEST_SIDE)


def padded(pixels: Pixels, width: int, height: int) -> Pixels:
    """A white picture of `width` by `height` pixels with `pixels`, which must not be larger, in its middle."""
    if (pixels.width, pixels.height) == (width, height):
        return pixels
    length = pixels.width * CHANNELS
    left, top = (width - pixels.width) // 2, (height - pixels.height) // 2
    before, after = b"\xff" * (left * CHANNELS), b"\xff" * ((width - pixels.width - left) * CHANNELS)
    rows = [before + pixels.data[at : at + length] + after for at in range(0, len(pixels.data), length)]
    white = b"\xff" * (width * CHANNELS)
    return Pixels(width, height, b"".join([white * top, *rows, white * (height - pixels.height - top)]))
