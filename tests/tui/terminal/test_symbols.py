"""ASCII characters replace symbols, for terminals and encodings that lack them."""

from __future__ import annotations

import pytest
from hypothesis import given
from rich.cells import cell_len

from tests.thorough import examples
from tests.tui.hostile import texts
from tui.actions.actions_and_keys import ACTIONS
from tui.render.list_columns import SIGNS_HELP
from tui.terminal.driver import needs_ascii
from tui.terminal.symbols import encodable, to_ascii


def test_every_sign_that_recto_draws_has_a_replacement_of_its_own_width() -> None:
    drawn = "".join(sign for sign, _ in SIGNS_HELP) + "".join(action.shown_keys for action in ACTIONS)
    drawn += "│─╭╮╰╯█▇▁▂▃▄▅▆▏▎▍▌▋▊▉…·–—“”‘’•"
    assert to_ascii(drawn).isascii()
    for character in drawn:
        assert cell_len(to_ascii(character)) == cell_len(character)


def test_signs_that_stand_in_one_column_stay_different() -> None:
    statuses = [to_ascii(sign) for sign in "●◐✓∅"]
    assert len(set(statuses)) == 4
    assert to_ascii("★") not in statuses


def test_letters_stay_where_only_symbols_are_missing() -> None:
    assert to_ascii("● Müller, 北京 … Ωmega") == "o Müller, 北京 ~ Ωmega"


@pytest.mark.parametrize(
    ("text", "encoding", "written"),
    [
        ("● Müller", "iso-8859-1", "o Müller"),
        ("Dvořák", "iso-8859-1", "Dvorák"),
        ("Müller", "ascii", "Muller"),
        ("北京 x", "iso-8859-1", "???? x"),
        ("e\u0301", "ascii", "e"),
        ("│ …", "ascii", "| ~"),
        ("плохо", "koi8-r", "плохо"),
    ],
)
def test_what_an_encoding_lacks_is_replaced(text: str, encoding: str, written: str) -> None:
    assert encodable(text, encoding) == written


@examples(50, 2_000)
@given(texts)
def test_no_replacement_changes_the_width(text: str) -> None:
    visible = "".join(character for character in text if character.isprintable())
    for encoding in ("ascii", "iso-8859-1", "koi8-r"):
        written = encodable(visible, encoding)
        assert sum(map(cell_len, written)) == sum(map(cell_len, visible))
        written.encode(encoding)


def test_consoles_are_known_to_lack_the_symbols() -> None:
    assert [needs_ascii(name) for name in ("linux", "vt220", "xterm-256color", "")] == [True, True, False, False]
