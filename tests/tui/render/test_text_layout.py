"""Blocks of text become lines that fit into the width, and no word is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.texts.blocks import Block, BlockKind, Span, one_span
from store.texts.html_reader import read
from tests.store.texts.pages import LATEXML
from tests.thorough import examples
from tui.render import text_layout
from tui.render.cell_width import width as width_of


def shown(*blocks: Block, width: int = 40) -> list[str]:
    return [line.text for line in text_layout.lines(blocks, width)]


def test_a_page_in_forty_cells() -> None:
    assert shown(*read(LATEXML.encode()).blocks[4:12]) == [
        "1 Why",
        "",
        "As [1] shows, most cranes¹ obey E = mc².",
        "    1 Not herons.",
        "",
        "    E = mc²                          (1)",
        "",
        "• a list",
        "",
        "Theorem 1. All fly.",
        "",
        "bird   count",
        "──────────────",
        "crane  E = mc²",
        "  Table 1: Birds.",
    ]


def test_lists_and_references_have_hanging_lines() -> None:
    words = "one two three four five six seven eight nine ten"
    assert shown(Block("list", one_span(f"12. {words}"), 2), width=30) == [
        "  12. one two three four five",
        "      six seven eight nine ten",
    ]
    assert shown(Block("reference", one_span(f"[3] {words}")), width=30)[1].startswith("    ")


def test_a_wide_table_is_wrapped_inside_its_columns() -> None:
    table = Block("table", one_span("name\tmeaning\ncrane\ta large bird that dances and calls in spring"))
    lines = shown(table, width=30)
    assert max(map(len, lines)) <= 30
    assert lines[2].startswith("crane") and lines[3].startswith(" " * 7)


def test_each_line_knows_its_part_of_the_text() -> None:
    block = Block("paragraph", (Span("one two "), Span("three", "emphasis"), Span(" four five six seven")))
    text = text_layout.display_text(block)
    for line in text_layout.block_lines([block], 0, 20):
        assert text[line.start : line.end] == line.text


def test_spans_have_styles() -> None:
    (line,) = text_layout.block_lines([Block("paragraph", (Span("see "), Span("[1]", "citation", "#b1")))], 0, 40)
    assert [(piece.text, piece.style) for piece in line.pieces] == [("see ", "plain"), ("[1]", "citation")]


@pytest.mark.thorough
@given(
    kind=st.sampled_from(["heading", "paragraph", "equation", "caption", "note", "reference", "list", "table", "code"]),
    text=st.text(st.characters(codec="utf-8"), max_size=200),
    width=st.integers(20, 100),
)
@examples(60, 3_000)
def test_no_line_is_too_wide_and_none_has_a_control_character(kind: BlockKind, text: str, width: int) -> None:
    for line in text_layout.block_lines([Block(kind, one_span(text), 1)], 0, width):
        assert width_of(line.text) <= width
        assert "\x1b" not in line.text and "\n" not in line.text
