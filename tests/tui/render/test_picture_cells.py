"""Pictures as character cells: half blocks, shades and placeholders fill exactly the frame of the picture."""

from __future__ import annotations

import unicodedata

import pytest
from rich.cells import cell_len
from rich.color import Color, ColorSystem

from store.pictures.picture import Pixels
from tui.render import picture_cells, placeholders
from tui.render.picture_cells import Frame


def test_a_half_block_has_the_colours_of_two_pixels() -> None:
    rows = picture_cells.half_blocks(Pixels(2, 3, bytes([255, 0, 0] * 2 + [0, 0, 255] * 2 + [0, 255, 0] * 2)))
    assert len(rows) == 2
    ((upper,), (lower,)) = rows
    assert upper.text == lower.text == "▀▀"
    assert upper.style and upper.style.color == Color.from_rgb(255, 0, 0)
    assert upper.style.bgcolor == Color.from_rgb(0, 0, 255)
    # The number of rows of pixels is odd, so the lower half of the last line has no pixels and is white.
    assert lower.style and lower.style.bgcolor == Color.from_rgb(255, 255, 255)


def test_shades_are_ink_on_paper() -> None:
    pixels = Pixels(3, 1, bytes([255] * 3 + [128] * 3 + [0] * 3))
    assert picture_cells.shades(pixels, is_ascii=False)[0][0].text == " ▒█"
    text = picture_cells.shades(pixels, is_ascii=True)[0][0].text
    assert text[0] == " " and text[2] == "@" and text.isascii()


def test_placeholders_have_the_width_of_their_cells() -> None:
    assert len(placeholders.NUMBERS) == len(set(placeholders.NUMBERS)) == 297
    assert placeholders.NUMBERS[:3] == ("\u0305", "\u030d", "\u030e") and placeholders.NUMBERS[-1] == "\U0001d244"
    assert all(unicodedata.combining(each) == 230 for each in placeholders.NUMBERS)
    row = placeholders.row(2, 297)
    assert cell_len(row) == 297 and row[:6] == "\U0010eeee\u030e\u0305\U0010eeee\u030e\u030d"


@pytest.mark.parametrize("color_system", ["truecolor", "256"])
def test_the_colour_of_placeholders_reaches_the_terminal_as_the_number_of_the_picture(color_system: str) -> None:
    numbers = placeholders.numbers(color_system)
    for _ in range(300):
        number, colour = next(numbers)
        ((segment,),) = picture_cells.placeholder_rows(Frame(1, 1), colour)
        assert segment.style and segment.style.color
        if color_system == "truecolor":
            assert segment.style.color.triplet and int(segment.style.color.triplet.hex[1:], 16) == number
        else:
            assert segment.style.color.downgrade(ColorSystem.EIGHT_BIT).number == number
