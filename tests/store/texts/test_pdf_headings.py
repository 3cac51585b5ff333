"""The headings of PDFs are found by the PDF's outline, their numbers and their fonts. Other lines are no headings."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from store.texts import pdf_headings, pdf_leads, pdf_numbers, pdf_outline
from store.texts.pdf_lines import Line
from store.texts.pdf_outline import Entry
from store.texts.pdf_pages import Page
from tests.store.formats.documents.pdfs import Bookmark, Text, pdf_of_pages
from tests.store.texts.lines import pdf_line

_BODY = 10.0
_TEXT = "running text that goes on and on until the column is full of words"


def page(*texts: tuple[str, dict[str, float]] | str) -> Page:
    """A page with these lines. A line in the form (text, values) is a heading and has more space above it."""
    lines: list[Line] = []
    y = 760.0
    for text in texts:
        name, values = (text, {}) if isinstance(text, str) else text
        y -= 12.0 if isinstance(text, str) else 26.0
        lines.append(pdf_line(name, y, **values))
    return Page(lines, 612.0, 792.0)


def found(pages: Sequence[Page], entries: Sequence[Entry] = ()) -> list[tuple[str, int]]:
    """The text and level of each line that is found to be a heading."""
    known = pdf_leads.find(pdf_outline.headings(pages, entries))
    levels = pdf_headings.levels(known.pages, _BODY, known, is_bold_body=False)
    return [(each.text, levels[id(each)]) for page in known.pages for each in page.lines if id(each) in levels]


BOLD = {"bold": 1.0}


def headings(*names: tuple[str, dict[str, float]]) -> Page:
    """A page with these headings and two lines of text below each."""
    return page(*(part for name in names for part in (name, _TEXT, _TEXT)))


def test_numbers_show_the_level_of_headings_in_letters_of_the_text() -> None:
    assert found([headings(("1 Cranes", BOLD), ("1.1 Wings", BOLD), ("1.1.1 Feathers", {"italic": 1.0}))]) == [
        ("1 Cranes", 2),
        ("1.1 Wings", 3),
        ("1.1.1 Feathers", 4),
    ]


def test_a_number_out_of_sequence_is_no_heading() -> None:
    names = [text for text, _ in found([headings(("1 Cranes", BOLD), ("78 Herons", BOLD), ("2 Storks", BOLD))])]
    assert names == ["1 Cranes", "2 Storks"]


def test_roman_numbers_have_parts_whose_numbers_begin_again() -> None:
    names = (("I. CRANES", BOLD), ("A. Wings", BOLD), ("1. Feathers", {"italic": 1.0}), ("2. Down", {"italic": 1.0}))
    again = (("II. HERONS", BOLD), ("A. Legs", BOLD), ("1. Knees", {"italic": 1.0}))
    assert [text for text, _ in found([headings(*names, *again)])] == [text for text, _ in (*names, *again)]


@pytest.mark.parametrize(
    "text",
    [
        "Theorem 2",
        "Lemma 3 (Wings)",
        "Proof of the theorem",
        "Figure 4",
        "Table 5. Birds",
        "Keywords: cranes and herons",
    ],
)
def test_statements_and_captions_are_no_headings(text: str) -> None:
    assert [name for name, _ in found([headings(("1 Cranes", BOLD), (text, BOLD), ("2 Storks", BOLD))])] == [
        "1 Cranes",
        "2 Storks",
    ]


def test_a_bold_head_of_a_table_is_no_heading() -> None:
    below = pdf_line("crane 12", 600.0)
    cells = Page([*headings(("1 Cranes", BOLD)).lines, pdf_line("Bird Count", 630.0, bold=1.0), below], 612.0, 792.0)
    assert [text for text, _ in found([cells])] == ["1 Cranes"]


def test_a_printed_table_of_contents_is_no_heading() -> None:
    contents = page(("Contents", {"size": 14.0}), ("1 Cranes 2", BOLD), ("2 Storks 7", BOLD))
    rest = headings(("1 Cranes", BOLD), ("2 Storks", BOLD))
    assert [text for text, _ in found([contents, rest])] == ["Contents", "1 Cranes", "2 Storks"]


def test_a_heading_over_two_lines_is_found_whole_and_a_bold_paragraph_is_none() -> None:
    two = page(("1 Cranes that fly over the sea and over", {"size": 14.0}), _TEXT, _TEXT)
    second = pdf_line("the land", two.lines[0].bottom - 15.0, size=14.0)
    lines = [two.lines[0], second, *two.lines[1:]]
    assert [text for text, _ in found([Page(lines, 612.0, 792.0)])] == [lines[0].text, "the land"]
    bold = [pdf_line(f"Bold {number}", 500.0 - 12 * number, bold=1.0) for number in range(5)]
    assert found([Page(bold, 612.0, 792.0)]) == []


def test_the_title_of_an_appendix_follows_its_number() -> None:
    lines = page(("Appendix A", BOLD), ("How cranes were counted", {"italic": 1.0}), _TEXT, _TEXT).lines
    near = lines[1]._replace(bottom=lines[0].bottom - 14.0, top=lines[0].bottom - 4.0)
    assert [text for text, _ in found([Page([lines[0], near, *lines[2:]], 612.0, 792.0)])] == [
        "Appendix A",
        "How cranes were counted",
    ]


class TestLeads:
    """Headings that begin a line and are followed by text on the same line ("leads")."""

    def test_numbered_run_in_headings_are_separated_from_the_text(self) -> None:
        lines = page(
            ("2.1. Wings. We measure them", {"lead": 12, "bold": 0.4}), _TEXT,
            ("2.2. The wing command. It flaps", {"lead": 9, "bold": 0.2}), _TEXT,
        )  # fmt: skip
        known = pdf_leads.find(pdf_outline.headings([lines], ()))
        assert [each.text for each in known.pages[0].lines] == [
            "2.1. Wings.", "We measure them", _TEXT, "2.2. The wing command.", "It flaps", _TEXT,
        ]  # fmt: skip
        assert sorted(known.levels.values()) == [3, 3]

    def test_one_alone_or_a_numbered_theorem_stays_in_its_paragraph(self) -> None:
        lines = page(("2.1. Wings. We measure", {"lead": 12}), _TEXT, ("2.2. Theorem. All fly", {"lead": 14}), _TEXT)
        assert found([lines]) == []

    @pytest.mark.parametrize("text", ["Abstract. We count cranes", "ABSTRACT—We count cranes"])
    def test_an_abstract_gets_a_heading(self, text: str) -> None:
        assert found([page((text, {"lead": 9, "bold": 0.3}), _TEXT)]) == [(text[:9].rstrip("—"), 2)]


class TestOutline:
    """Headings that are found because the PDF's outline contains them."""

    def test_headings_are_found_by_the_title_and_height_in_the_outline(self) -> None:
        text = page(("Of cranes", {}), _TEXT, ("Of cranes", {}), _TEXT)
        second = text.lines[2]
        known = pdf_outline.headings([text], [Entry("ofcranes", 0, 1, second.top + 4)])
        assert known.levels == {id(second): 2}

    def test_a_title_over_two_lines_and_one_that_begins_a_line(self) -> None:
        text = page("3 Cranes that fly over the", "wide sea", _TEXT, ("4 Herons. They wade", {"lead": 10}))
        entries = [Entry("cranesthatflyoverthewidesea", 0, 1, None), Entry("herons", 1, 1, None)]
        assert found([text], entries) == [("3 Cranes that fly over the", 2), ("wide sea", 2), ("4 Herons.", 3)]

    def test_a_title_that_differs_in_a_formula(self) -> None:
        text = page(("5 Cranes at z > 2 and their wings", {}), _TEXT)
        assert found([text], [Entry("cranesatzandtheirwings", 0, 1, None)]) == [
            ("5 Cranes at z > 2 and their wings", 2)
        ]

    def test_other_bold_lines_are_no_headings_if_the_outline_is_complete(self) -> None:
        text = headings(("One", {}), ("Two", {}), ("Three", {}), ("Bold words", BOLD), ("References", BOLD))
        entries = [Entry(name, 0, 1, None) for name in ("one", "two", "three")]
        assert [name for name, _ in found([text], entries)] == ["One", "Two", "Three", "References"]

    def test_the_outline_is_read_from_a_file(self) -> None:
        pytest.importorskip("pypdfium2")
        from store.texts import pdf_reader

        lines = [Text("Of cranes and of herons", 10, 700), *(Text(_TEXT, 10, 680 - 12 * n) for n in range(20))]
        data = pdf_of_pages([lines], outline=[Bookmark("Of cranes and of herons", 1, 712), Bookmark("Nowhere", 1, 9)])
        blocks = pdf_reader.read(data, lambda page, pages: None).blocks
        assert [(block.text, block.level) for block in blocks if block.kind == "heading"] == [(lines[0].text, 2)]


@pytest.mark.parametrize(
    ("text", "rest", "depth"),
    [
        ("2 Cranes", "Cranes", 1), ("2.1. Cranes", "Cranes", 2), ("IV. Cranes", "Cranes", 1),
        ("IV.2. Cranes", "Cranes", 2), ("A.3 Cranes", "Cranes", 2), ("Appendix B: Cranes", "Cranes", 1),
        ("a. Cranes", "Cranes", 0), ("a crane", "a crane", 0), ("Cranes", "Cranes", 0),
    ],
)  # fmt: skip
def test_numbers_of_sections(text: str, rest: str, depth: int) -> None:
    assert (pdf_numbers.without_number(text), pdf_numbers.depth(pdf_numbers.match(text))) == (rest, depth)


def test_the_longest_sequence_of_numbers_is_kept() -> None:
    numbers = [(1,), (7,), (1, 1), (1, 2), (12,), (2,), (4,), (3,), (3, 1), (101, 1)]
    kept = pdf_numbers.in_sequence(numbers)
    assert [number for number, is_kept in zip(numbers, kept, strict=True) if is_kept] == [
        (1,), (1, 1), (1, 2), (2,), (3,), (3, 1), (101, 1),
    ]  # fmt: skip


def test_a_list_of_names_in_large_letters_is_no_row_of_headings() -> None:
    large = {"size": 12.0}
    names = [(f"A. Alpha, Institute {letter}", large) for letter in "ABCDEF"]
    assert [text for text, _ in found([page(("Birds", large), _TEXT, _TEXT, *names, _TEXT)])] == ["Birds"]
