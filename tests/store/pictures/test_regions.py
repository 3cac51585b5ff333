"""Which region of a page belongs to a caption or an equation."""

from __future__ import annotations

from store.pictures import regions
from store.pictures.regions import Region
from store.texts.pdf_lines import Line

PAGE = Region(0, 0, 612, 792)
_SENTENCE = "This is a line of the running text that fills its column."


def line(left: float, bottom: float, right: float, text: str = _SENTENCE, *, math: float = 0.0) -> Line:
    """A line of text in letters that are 10 points high."""
    return Line(1, left, bottom, right, bottom + 10, 10, 0, 0, math, 0, "Times", text)


def near(found: Region | None, *expected: float) -> bool:
    """Whether each edge of a region is within 5 points of the expected edge."""
    return found is not None and all(abs(a - b) <= 5 for a, b in zip(found, expected, strict=True))


# A page with two columns, at x = 50 to 300 and x = 320 to 570 points.
LEFT = [line(50, bottom, 300) for bottom in range(80, 400, 12)]
RIGHT = [line(320, bottom, 570) for bottom in range(80, 740, 12)]
CAPTION = line(60, 420, 290, "Figure 1: What a column shows.")
TOP = [line(50, bottom, 300) for bottom in range(640, 740, 12)]


def figure(
    graphics: list[Region], lines: list[Line], caption: Line = CAPTION, *, is_table: bool = False
) -> Region | None:
    return regions.figure(caption.box, [*lines, caption], graphics, PAGE, is_table=is_table)


def test_a_figure_is_between_its_caption_and_the_text_above_it_in_its_column() -> None:
    # The other column contains graphics too, at the same height. They do not belong to this caption.
    graphics = [Region(80, 450, 200, 600), Region(150, 500, 280, 620), Region(330, 450, 560, 620)]
    assert near(figure(graphics, [*LEFT, *RIGHT, *TOP]), 80, 450, 280, 620)


def test_labels_in_and_around_the_graphics_belong_to_a_figure() -> None:
    labels = [line(70, 440, 120, "time (s)"), line(100, 520, 140, "A")]
    assert near(figure([Region(80, 455, 280, 620)], [*LEFT, *RIGHT, *TOP, *labels]), 70, 440, 280, 620)


def test_a_figure_of_both_columns_has_a_wide_caption() -> None:
    caption = line(60, 640, 560, "Figure 2: A caption that is as wide as the text of the whole page.")
    assert near(figure([Region(60, 660, 550, 740)], [*LEFT, *RIGHT[:40]], caption), 60, 660, 550, 740)


def test_a_figure_may_be_below_its_caption() -> None:
    caption = line(60, 620, 290, "Figure 3: What stands below.")
    assert near(figure([Region(80, 450, 280, 600)], [*LEFT, *RIGHT, *TOP], caption), 80, 450, 280, 600)


def test_the_rule_of_a_running_head_is_no_figure() -> None:
    caption = line(60, 720, 290, "Figure 4: Nothing is here.")
    assert figure([Region(50, 750, 570, 750.5)], [*LEFT, *RIGHT, *TOP[:6]], caption) is None


def test_a_table_is_between_its_rules() -> None:
    caption = line(100, 620, 250, "Table 1: Rows.")
    rules = [Region(70, y, 280, y + 0.8) for y in (610, 590, 500)]
    footnotes = Region(50, 300, 150, 300.4)
    rows = [line(75, bottom, 275, "a row of the table, with words") for bottom in range(505, 585, 12)]
    found = figure([*rules, footnotes], [*LEFT[:15], *RIGHT, *TOP, *rows], caption, is_table=True)
    assert near(found, 70, 500, 280, 611)


def test_fragments_of_an_equation_are_one_region() -> None:
    above, below = line(50, 620, 300), line(50, 540, 300)
    fragments = [
        line(120, 580, 200, "H =", math=1.0),
        line(202, 588, 220, "ie", math=1.0),
        line(202, 572, 220, "m", math=1.0),
        line(280, 580, 300, "(3)", math=0.0),
    ]
    bar = Region(200, 585, 225, 585.5)
    end = line(50, 606, 120, "the interaction:")
    page = [*RIGHT, above, below, end, *fragments, *LEFT[:20]]
    for fragment in fragments:
        assert near(regions.equation(fragment.box, page, [bar], PAGE), 120, 572, 300, 598)
