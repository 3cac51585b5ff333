"""Tables of PDFs are recognized by the gaps between words. Their rows and columns stay as they are."""

from __future__ import annotations

from store.texts import pdf_tables
from store.texts.pdf_lines import Cell, Line
from store.texts.pdf_pages import Page


def line(y: float, *cells: tuple[float, str], size: float = 10.0) -> Line:
    """A line of a table. Each cell is given with its left edge (in points); letters are 5 points wide."""
    text = " ".join(each for _, each in cells)
    parts: list[Cell] = []
    start = 0
    for left, each in cells:
        parts.append(Cell(start, left, left + 5 * len(each)))
        start += len(each) + 1
    gaps = tuple(parts) if len(parts) > 1 else ()
    return Line(1, cells[0][0], y, parts[-1].right, y + size, size, 0, 0, 0, 0, "Roman", text, cells=gaps)


CAPTION = line(700, (72, "Table 1: Birds"))
ROWS = [
    line(680, (72, "Bird"), (150, "Count"), (230, "Place")),
    line(668, (72, "crane"), (160, "12"), (230, "on the river")),
    line(656, (72, "heron"), (230, "by the lake")),
]
TEXT = line(630, (72, "The text goes on below the table and has no gaps."))


def tables(*lines: Line) -> list[str]:
    found = pdf_tables.rows(Page(lines, 612.0, 792.0))
    return [
        pdf_tables.text([each for each in lines if found.get(id(each)) == number]) for number in set(found.values())
    ]


def test_rows_below_a_caption_are_a_table_and_empty_cells_stay_in_their_columns() -> None:
    assert tables(CAPTION, *ROWS, TEXT) == ["Bird\tCount\tPlace\ncrane\t12\ton the river\nheron\t\tby the lake"]


def test_a_table_without_a_caption_needs_more_rows() -> None:
    assert tables(*ROWS, TEXT) == []
    more = [line(y, (72, "a"), (150, "1"), (230, "x")) for y in (644, 632, 620)]
    assert len(tables(*ROWS, *more)) == 1


def test_a_superscript_does_not_split_a_row() -> None:
    divided = [line(668, (72, "stork")), line(673, (100, "a"), size=6.0), line(668, (160, "7"), (230, "on a roof"))]
    first, _, last = ROWS
    assert tables(CAPTION, first, *divided, last)[0].split("\n")[1] == "stork a\t7\ton a roof"


def test_dots_in_a_table_of_contents_are_left_out() -> None:
    contents = [line(y, (72, f"{y} Birds . . . . . ."), (400, "7"), (430, "x")) for y in (680, 668, 656, 644)]
    assert tables(*contents)[0].split("\n")[0] == "680 Birds\t7\tx"


def test_a_caption_is_no_row() -> None:
    caption = line(700, (72, "Table 1"), (150, "Birds of the river"))
    assert tables(caption, *ROWS)[0].startswith("Bird\t")


def test_the_letters_of_a_formula_in_a_cell_are_one_row() -> None:
    divided = [
        line(668, (72, "Ψ")),
        line(672, (78, "2"), size=6.0),
        line(666, (78, "1"), size=6.0),
        line(668, (160, "7"), (230, "on a roof")),
    ]
    first, _, last = ROWS
    assert tables(CAPTION, first, *divided, last)[0].split("\n")[1] == "Ψ 1 2\t7\ton a roof"
