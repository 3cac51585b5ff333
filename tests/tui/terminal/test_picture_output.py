"""Pixels as escape sequences: a terminal reads exactly the picture from them, and they contain nothing else."""

from __future__ import annotations

import base64
import random
import re
import zlib

import pytest

from store.pictures.picture import Pixels, padded
from tui.terminal import picture_output


def noise(width: int, height: int, seed: int = 1) -> Pixels:
    return Pixels(width, height, random.Random(seed).randbytes(3 * width * height))


def decoded(sequence: str) -> dict[tuple[int, int], tuple[int, ...]]:
    """The colours (in per cent) of the pixels that a sequence of sixels draws, by column and row."""
    match = re.fullmatch(r'\x1bP0;1;0q"1;1;\d+;\d+([#\d;!$\-?-~]*)\x1b\\', sequence)
    assert match
    palette: dict[int, tuple[int, ...]] = {}
    pixels: dict[tuple[int, int], tuple[int, ...]] = {}
    x = top = colour = 0
    for token in re.findall(r"#\d+(?:;\d+)*|!\d+[?-~]|[?-~]|\$|-", match[1]):
        if token[0] == "#":
            colour, *values = map(int, token[1:].split(";"))
            if values:
                palette[colour] = tuple(values[1:])
        elif token == "$":
            x = 0
        elif token == "-":
            x, top = 0, top + 6
        else:
            count = int(token[1:-1]) if token[0] == "!" else 1
            for place in range(x, x + count):
                for bit in range(6):
                    if ord(token[-1]) - 63 & 1 << bit:
                        assert (place, top + bit) not in pixels, "each pixel is drawn once"
                        pixels[place, top + bit] = palette[colour]
            x += count
    return pixels


@pytest.mark.parametrize("size", [(1, 1), (7, 13), (40, 6), (3, 30)])
def test_sixels_have_the_colours_of_the_pixels(size: tuple[int, int]) -> None:
    width, height = size
    data = bytes(
        value for y in range(height) for x in range(width) for value in ((255, 0, 51) if (x + y) % 2 else (0, 153, 255))
    )
    drawn = decoded(picture_output.sixels(Pixels(width, height, data), 256))
    assert drawn == {
        (x, y): ((100, 0, 20) if (x + y) % 2 else (0, 60, 100)) for y in range(height) for x in range(width)
    }


@pytest.mark.parametrize("colours", [2, 16, 256])
def test_sixels_of_any_pixels_draw_each_pixel_in_few_colours(colours: int) -> None:
    drawn = decoded(picture_output.sixels(noise(50, 31), colours))
    assert set(drawn) == {(x, y) for x in range(50) for y in range(31)}
    assert len(set(drawn.values())) <= colours


def test_grey_pictures_keep_their_levels_of_grey() -> None:
    data = bytes(value for step in range(64) for value in [step * 255 // 63] * 3)
    assert len(set(decoded(picture_output.sixels(Pixels(64, 1, data), 256)).values())) == 64


@pytest.mark.parametrize("cells", [None, (10, 4)])
def test_kitty_gets_the_pixels_in_chunks(cells: tuple[int, int] | None) -> None:
    pixels = noise(90, 60)
    sequences = list(picture_output.kitty_picture(pixels, 4711, cells))
    parts = [re.fullmatch(r"\x1b_G([\w=,]+);([A-Za-z0-9+/=]*)\x1b\\", sequence) for sequence in sequences]
    assert all(parts) and all(len(part[2]) <= 4096 for part in parts if part)
    heads = [dict(each.split("=") for each in part[1].split(",")) for part in parts if part]
    assert heads[0]["i"] == "4711" and (heads[0]["s"], heads[0]["v"]) == ("90", "60")
    assert (heads[0].get("U"), heads[0].get("c"), heads[0].get("r")) == (("1", "10", "4") if cells else (None,) * 3)
    # The sequences ask the terminal for no answer, because an answer would arrive among the keys.
    assert all(head["q"] == "2" for head in heads)
    assert [head["m"] for head in heads] == ["1"] * (len(heads) - 1) + ["0"]
    assert zlib.decompress(base64.b64decode("".join(part[2] for part in parts if part))) == pixels.data


def test_tmux_passes_a_sequence_whose_escapes_are_doubled() -> None:
    assert picture_output.through_tmux("\x1b_Ga=d\x1b\\") == "\x1bPtmux;\x1b\x1b_Ga=d\x1b\x1b\\\x1b\\"


def test_a_padded_picture_is_in_the_middle_on_white() -> None:
    pixels = padded(Pixels(1, 1, b"\1\2\3"), 4, 3)
    assert (pixels.width, pixels.height, len(pixels.data)) == (4, 3, 36)
    assert pixels.data.index(b"\1\2\3") == 3 * (4 + 1) and pixels.data.count(b"\xff") == 33
