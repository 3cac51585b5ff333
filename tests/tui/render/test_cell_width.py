"""Cell widths (columns on the terminal): the fast code for simple text returns the same as Rich."""

from __future__ import annotations

import sys

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, set_cell_size

from store.text.clean import clean
from tui.render import cell_width, display_text


@given(st.text(max_size=40), st.integers(0, 30))
def test_text_is_measured_and_cut_as_rich_does_it(text: str, width: int) -> None:
    assert cell_width.width(text) == cell_len(text)
    assert cell_width.cut(text, width) == set_cell_size(text, width)
    if cell_width.is_simple(text):
        assert cell_len(text) == len(text)
        assert display_text.drawable(text) == text


def test_every_simple_character_is_one_cell_wide_and_safe() -> None:
    simple = [character for character in map(chr, range(sys.maxunicode + 1)) if cell_width.is_simple(character)]
    assert len(simple) > 500
    for character in simple:
        assert cell_len(character) == 1
        assert clean(character) == character
        # The character does not combine with the ones before and after it.
        assert clean(f"e{character}n") == f"e{character}n"
