"""The texts of a row: an apostrophe that guards a formula is dropped, and words for a missing value are empty."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from store.formats.tables import entries
from store.formats.tables.rows import Row
from tests.thorough import examples


@examples(100, 5000)
@given(st.lists(st.sampled_from(["'", "=", "-", " ", "\n", "x", "NaN", "null", "N/A", "[]", "+1"]), max_size=5))
def test_a_cell_gives_its_text_without_guard_unless_it_is_empty(parts: list[str]) -> None:
    cell = "".join(parts)
    text = entries._FORMULA_GUARD.sub("", cell.strip(), count=1).strip()
    expected = {} if not text or text.lower() in entries._EMPTY else {"title": text}
    assert entries._texts(Row(1, [cell]), {"title": [0]}) == expected


def test_the_first_column_that_is_not_empty_gives_the_text() -> None:
    row = Row(1, ["none", "", "A", "B"])
    assert entries._texts(row, {"title": [0, 1, 3, 2], "doi": [0, 1], "year": []}) == {"title": "B"}
