"""Letters of other keyboard layouts are treated as the US keys at the same positions of the keyboard."""

from __future__ import annotations

import pytest

from tui.terminal.layouts import us_key

# The positions of some letters of each layout, as printed on keyboards.
PLACES = [
    ("й", "q"), ("ц", "w"), ("о", "j"), ("л", "k"), ("п", "g"), ("П", "G"), ("ф", "a"), ("ч", "x"), ("ы", "s"),
    ("м", "v"), ("Д", "L"), ("Б", "less_than_sign"), ("Ю", "greater_than_sign"), ("і", "s"), ("І", "S"),
    ("є", "apostrophe"),
    ("ξ", "j"), ("Ξ", "J"), ("κ", "k"), ("γ", "g"), ("ω", "v"), ("ς", "w"), ("σ", "s"), ("Σ", "S"), ("θ", "u"),
    ("ctrl+в", "ctrl+d"), ("alt+ξ", "alt+j"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "place"), PLACES)
def test_a_letter_stands_for_the_us_key_at_its_place(key: str, place: str) -> None:
    assert us_key(key) == place


@pytest.mark.parametrize("key", ["j", "G", "é", "ß", "ł", "escape", "ctrl+d", "f1", "ש", "字", "+", ""])
def test_every_other_key_stands_for_itself(key: str) -> None:
    assert us_key(key) is None
