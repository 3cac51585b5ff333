"""A reading position and a highlight, stored with one version of a text, are found in another version."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.marks import own_fields, stored_registers
from store.papers import highlights
from store.texts import html_reader, positions, sentences
from store.texts.blocks import Block, one_span
from store.texts.positions import Place, Position
from tests.store.texts import pages
from tests.store.texts.libraries import MadeRow, library_with

BLOCKS = [Block("paragraph", one_span(text)) for text in ("One two.", *pages.SENTENCES[:8], "The efficient end.")]


@pytest.mark.parametrize(
    ("position", "place"),
    [
        (Position(3, "Observation 3 says", 0.3), Place(3)),
        (Position(9, "Observation 3 says", 0.3), Place(3)),
        (Position(3, "that cranes dance more often than gulls", 0.3), Place(3, 19)),
        # The quotation and the text differ: one has a ligature, a hyphen and other spaces. Only their letters are
        # equal.
        (Position(0, "The eﬃcient-end", 0.9), Place(9)),
        (Position(2, "words that no block has", 0.95), Place(8)),
        (Position(4, "", 0.0), Place(4)),
    ],
)
def test_a_position_is_found_by_its_quotation_and_otherwise_by_its_share(position: Position, place: Place) -> None:
    assert positions.find(BLOCKS, position) == place
    assert positions.find([], position) == Place(0)


def test_most_paragraphs_of_the_html_are_found_in_the_pdf() -> None:
    pytest.importorskip("pypdfium2")
    from store.texts import pdf_reader

    page = "".join(f"<p>{sentence}</p>" for sentence in pages.SENTENCES[:32])
    html = html_reader.read(f"<html><body>{page}</body></html>".encode()).blocks
    pdf = pdf_reader.read(pages.two_columns(), lambda page, of: None).blocks
    found = 0
    for index, block in enumerate(html):
        place = positions.find(pdf, Position(index, block.text[:60], index / len(html)))
        found += pdf[place.block].text[place.character :].startswith(block.text[:30])
    assert found == len(html)


def test_a_passage_that_occurs_twice_is_told_apart_by_the_text_before_it() -> None:
    blocks = [
        Block("paragraph", one_span("We saw it. It flew.")),
        Block("paragraph", one_span("They heard it. It flew.")),
    ]
    assert positions.find_passage(blocks, "It flew.", "They heard it. ") == (1, 15, 23)
    assert positions.find_passage(blocks, "It flew.", "") == (0, 11, 19)
    assert positions.find_passage(blocks, "They heard-it. It  flew", "") == (1, 0, 22)
    assert positions.find_passage(blocks, "It swam all the way", "") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        (
            "See Fig. 3 and Eq. (4), e.g. here. It is J. Smith.",
            ["See Fig. 3 and Eq. (4), e.g. here.", "It is J. Smith."],
        ),
        ("He said “no.” Then he left", ["He said “no.”", "Then he left"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in sentences.ranges(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "For books¹² the list has the authors, the title of the book, and the publisher of the book.",
        "The list for books has the authors, the titles of books and also the publishers of books.",
    ],
)
def test_a_place_is_found_where_some_words_differ(text: str) -> None:
    quotation = "For books [3, 4] the list has the authors, the title of the book, and the publisher of the book."
    blocks = [
        Block("paragraph", one_span(each)) for each in ("Something else was said here before.", text, "And after.")
    ]
    assert positions.find(blocks, Position(2, quotation, 0.9)).block == 1


def test_highlights_and_the_position_are_registers_of_their_paper(tmp_path: Path) -> None:
    with library_with(tmp_path / "library.db", MadeRow(1, "One"), MadeRow(2, "Two")) as library:
        first = highlights.add(library, 1, "It  flew.\x1b", "They heard it. ", "why?")
        assert (first.quotation, first.before, first.note) == ("It flew.␛", "They heard it.", "why?")
        second = highlights.add(library, 1, "It swam.")
        assert highlights.of_all(library.reader(), [1, 2]) == {1: (first, second)}
        highlights.annotate(library, 1, first, "because")
        assert [each.note for each in highlights.of(library.reader(), 1)] == ["because", ""]
        highlights.remove(library, 1, [first])
        assert highlights.of(library.reader(), 1) == (second,)
        position = Position(3, "It flew", 0.5)
        with library.writing() as connection:
            positions.write(connection, 1, position)
        assert positions.read(library.reader(), 1) == position
        assert positions.read(library.reader(), 2) is None
        fields = {register.field.partition(":")[0] for register in stored_registers.all_of(library.reader())}
        assert fields == {"highlight", "position"}


def test_values_of_another_form_are_left_out(tmp_path: Path) -> None:
    with library_with(tmp_path / "library.db", MadeRow(1, "One")) as library:
        with library.writing() as connection:
            own_fields.put(connection, 1, "position", {"newer": "form"})
            own_fields.put(connection, 1, "highlight:a", ["newer", "form"])
        assert positions.read(library.reader(), 1) is None
        assert highlights.of(library.reader(), 1) == ()
