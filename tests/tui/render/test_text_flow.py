"""The lines of a full text with pictures between them."""

from __future__ import annotations

from store.texts.blocks import Block, one_span
from store.texts.positions import Place
from tui.render.picture_cells import Frame
from tui.render.text_flow import LinePlace, TextFlow

BLOCKS = [
    Block("paragraph", one_span("Before.")),
    Block("caption", one_span("Figure 1: Birds.")),
    Block("equation", one_span("x = y")),
    Block("paragraph", one_span("A label.")),
    Block("paragraph", one_span("After.")),
]


def texts(flow: TextFlow) -> list[str]:
    """For each line: its text, or the row of the picture."""
    lines = flow.take(LinePlace(0, 0), 100)
    return [line.text.strip() if line.picture_row is None else f"row {line.picture_row}" for line in lines]


def test_a_picture_is_below_its_caption_and_in_place_of_an_equation() -> None:
    flow = TextFlow(BLOCKS, 40, {1: Frame(10, 2), 2: Frame(8, 1)})
    assert texts(flow) == [
        "Before.", "", "Figure 1: Birds.", "row 0", "row 1", "", "row 0", "", "A label.", "", "After.",
    ]  # fmt: skip


def test_a_block_inside_another_picture_is_hidden_but_never_the_last_one() -> None:
    flow = TextFlow(BLOCKS, 40, {1: Frame(10, 1), 3: Frame(0, 0), 4: Frame(0, 0)})
    assert texts(flow) == ["Before.", "", "Figure 1: Birds.", "row 0", "", "x = y", "", "After."]
    # A position in the hidden block leads to the text after the block, and moves by blocks skip it.
    assert flow.take(flow.line_at(Place(3)), 2)[1].text == "After."
    assert flow.moved(LinePlace(2, 1), 1) == LinePlace(4, 0)
    assert flow.moved(LinePlace(4, 0), -1) == LinePlace(2, 1)


def test_other_pictures_lay_out_only_their_own_blocks_again() -> None:
    flow = TextFlow(BLOCKS, 40, {1: Frame(10, 2)})
    before = [flow.lines_of(block) for block in range(len(BLOCKS))]
    after = flow.with_frames({1: Frame(10, 1)})
    assert [after.lines_of(block) is lines for block, lines in enumerate(before)] == [True, False, True, True, True]
    assert texts(after) == texts(TextFlow(BLOCKS, 40, {1: Frame(10, 1)}))
