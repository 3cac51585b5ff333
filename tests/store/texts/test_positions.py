"""A place and a highlight are found again in another version of a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.library.library import Library
from store.papers import highlights, queries
from store.texts import html_reader, positions, sentences
from store.texts.blocks import Block, one_span
from store.texts.positions import Place, Position
from tests.store.texts import pages

BLOCKS = [Block("paragraph", one_span(text)) for text in ("One two.", *pages.SENTENCES[:8], "The efficient end.")]


@pytest.mark.parametrize(
    ("position", "place"),
    [
        (Position(3, "Observation 3 says", 0.3), Place(3)),
        (Position(9, "Observation 3 says", 0.3), Place(3)),
        (Position(3, "that cranes dance more often than gulls", 0.3), Place(3, 19)),
        # The quotation is only in the letters the same: a ligature, a hyphen, other spaces.
        (Position(0, "The eﬃcient-end", 0.9), Place(9)),
        (Position(2, "words that no block has", 0.95), Place(8)),
        (Position(4, "", 0.0), Place(4)),
    ],
)
def test_the_quotation_decides_and_then_the_share(position: Position, place: Place) -> None:
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


def test_highlights_follow_a_paper_that_was_joined(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.db") as library:
        first = highlights.add(library, 2, "It  flew.\x1b", "They heard it. ", "why?")
        assert (first.quotation, first.before, first.note) == ("It flew.␛", "They heard it.", "why?")
        with library.writing() as connection:
            connection.execute("INSERT INTO joined (gone, kept, at) VALUES (2, 1, '')")
        assert highlights.of(library.reader(), 1) == (first,)
        highlights.annotate(library, first.id, "because")
        assert highlights.of(library.reader(), 1)[0].note == "because"
        highlights.remove(library, [first.id])
        assert highlights.of(library.reader(), 1) == ()
    assert "highlights" in queries.PaperDetails.__struct_fields__
