"""A displayed equation of a PDF becomes one block of text, written row by row. Rows of sentences stay text."""

from __future__ import annotations

import pytest

from store.texts import pdf_equations, pdf_pages, pdf_rows, reflow
from store.texts.pdf_lines import FILLER, Emphasis, Line, _of_units, without_start
from store.texts.pdf_pages import Page
from tests.store.formats.documents.pdfs import Text, pdf
from tests.store.texts.lines import pdf_line
from tests.store.texts.pages import read_pdf


def math(text: str, y: float, left: float, *, size: float = 10.0) -> Line:
    """A line in a mathematical font."""
    return pdf_line(text, y, left=left, size=size)._replace(math=1.0)


# The line "lim" with "n→∞" under it, then "x = 0", and the number at the right, as PDFium returns them.
LIMIT = [
    pdf_line("lim", 650, left=150),
    math("n→∞", 642, 148, size=7),
    math("x = 0", 650, 172),
    pdf_line("(1)", 650, left=280),
]
BEFORE = [pdf_line("First, consider the equation of cranes, which is shown here:", 676 - 12 * n) for n in range(1)]
AFTER = [pdf_line("Notice how it is formatted somewhat differently in a display.", 616 - 12 * n) for n in range(4)]


def test_the_fragments_of_an_equation_are_one_block() -> None:
    blocks = reflow.blocks([Page([*BEFORE, *LIMIT, *AFTER], 612.0, 792.0)], {}, 10.0)
    assert [(block.kind, block.text) for block in blocks[:2]] == [
        ("paragraph", BEFORE[0].text),
        ("equation", "lim_(n→∞) x = 0\t(1)"),
    ]
    assert blocks[2].kind == "paragraph"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([math("c =", 650, 100), math("q", 657, 120), math("3m", 643, 119), math("+ 1", 650, 135)], "c = q/3m + 1"),
        ([math("c =", 650, 100), math("q + r", 657, 120), math("m", 643, 125)], "c = (q + r)/m"),
        ([math("x", 650, 100), math("2", 656, 106, size=7), math("= y", 650, 112)], "x² = y"),
        ([pdf_line("(4)", 650, left=72), math("x = y", 650, 130)], "x = y\t(4)"),
        ([math("x = f(t)", 650, 130)], "x = f(t)"),
        ([math("x = y", 650, 130), math("= z", 630, 140), pdf_line("(A.2)", 630, left=280)], "x = y\n= z\t(A.2)"),
        ([math("� x � �", 650, 130), math("= 1", 650, 180)], "� x � = 1"),
    ],
)
def test_an_equation_is_written_row_by_row(lines: list[Line], text: str) -> None:
    assert pdf_equations.text(lines) == text


def test_a_row_with_words_at_the_left_edge_is_a_sentence() -> None:
    start = pdf_line("and let", 640)._replace(math=0.5)
    raised = math("′", 644, start.right + 1, size=7)
    rest = math("x = y", 640, raised.right + 1)
    indented = math("x = y for all of them", 620, 160)
    numbered = math("(4) x is the sum of y", 600, 72)
    found = pdf_rows.in_sentences([*AFTER, start, raised, rest, indented, numbered], 10.0)
    assert {id(start), id(raised), id(rest)} <= found
    assert id(indented) not in found and id(numbered) not in found


def test_a_mark_alone_is_the_mark_of_the_footnote_beside_it() -> None:
    body = [pdf_line("Words of the paper that fill the width of a column of text.", 600 - 12 * n) for n in range(9)]
    mark, note = math("†", 63, 72, size=6), pdf_line("Not herons.", 60, left=80, size=8)
    second = pdf_line("‡ Nor storks.", 48, size=8)
    blocks = reflow.blocks([Page([*body, mark, note, second], 612.0, 792.0)], {}, 10.0)
    assert [block.text for block in blocks if block.kind == "note"] == ["† Not herons.", "‡ Nor storks."]


def test_letters_of_two_code_units_are_one_letter() -> None:
    units = [ord("x"), 0xD835, 0xDEFC, 0xD835, 0xDD04, 0xDC00, 0xD835]
    assert _of_units(units) == f"xα{FILLER}𝔄{FILLER}  "
    (block,) = reflow.blocks([Page([pdf_line(f"from α{FILLER} to ω{FILLER}", 700)], 612.0, 792.0)], {}, 10.0)
    assert block.text == "from α to ω"


def test_italic_and_bold_words_are_spans_also_across_lines_and_divided_words() -> None:
    first = pdf_line("We call these birds com\xad", 700)._replace(emphasis=(Emphasis(14, 24, "emphasis"),))
    second = pdf_line("mon cranes and not herons, as in [1].", 688)._replace(
        emphasis=(Emphasis(0, 10, "emphasis"), Emphasis(19, 26, "strong"))
    )
    (block,) = reflow.blocks([Page([first, second], 612.0, 792.0)], {}, 10.0)
    assert [(span.text, span.kind) for span in block.spans] == [
        ("We call these ", "text"),
        ("birds common cranes", "emphasis"),
        (" and not ", "text"),
        ("herons,", "strong"),
        (" as in [1].", "text"),
    ]


def test_a_text_that_is_mostly_italic_has_no_emphasis() -> None:
    line = pdf_line("All of this is italic.", 700)._replace(emphasis=(Emphasis(0, 22, "emphasis"),))
    (block,) = reflow.blocks([Page([line], 612.0, 792.0)], {}, 10.0)
    assert [span.kind for span in block.spans] == ["text"]


def test_emphasis_moves_with_the_text_when_the_start_of_a_line_is_removed() -> None:
    line = pdf_line("12  the bold word", 700)._replace(emphasis=(Emphasis(0, 2, "strong"), Emphasis(8, 12, "strong")))
    assert without_start(line, 2).emphasis == (Emphasis(4, 8, "strong"),)


def test_the_names_below_the_title_are_separated() -> None:
    title, heading = pdf_line("Cranes", 720, size=17), pdf_line("Abstract", 640, size=12)
    names = [
        pdf_line("Ada Alpha", 700, left=250),
        pdf_line("University of Birds", 688, left=225),
        pdf_line("a@example.org", 676, left=240),
    ]
    lines = [title, *names, heading, *AFTER]
    blocks = reflow.blocks([Page(lines, 612.0, 792.0)], {id(title): 1, id(heading): 2}, 10.0)
    assert blocks[1].text == "Ada Alpha · University of Birds · a@example.org"


def test_a_running_head_below_a_wide_margin_is_left_out_and_rows_of_numbers_are_kept() -> None:
    def page(number: int) -> Page:
        head = pdf_line(f"{number} CRANES AND HERONS", 640)._replace(page=number)
        text = [pdf_line(f"Row {n} {number}", 600 - 12 * n)._replace(page=number) for n in range(20)]
        return Page([head, *text], 612.0, 792.0)

    pages = pdf_pages.ordered([page(1), page(2), page(3)])
    assert [page.lines[0].text for page in pages] == ["Row 0 1", "Row 0 2", "Row 0 3"]
    assert [len(page.lines) for page in pages] == [20, 20, 20]


def test_the_large_signs_of_tex_are_not_taken_for_letters() -> None:
    """The font has no map to Unicode: "X" is the code of the sum, "Z" of the integral, and U+0012 of a bracket."""
    text = Text("Some words with enough letters to be a paragraph.", y=700)
    signs = Text("X Z r \x12 a \x13", y=680, bold=True)
    names = b" ".join(b"%d /unknown%d" % (code, code) for code in (0x12, 0x13, 0x58, 0x5A, 0x72))
    font = b"/BaseFont /ABCDEF+CMEX10 /Encoding << /Type /Encoding /Differences [%s] >>" % names
    data = pdf([text, signs]).replace(b"/BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding", font)
    assert "∑ ∫ √ ( a )" in " ".join(block.text for block in read_pdf(data).blocks)
