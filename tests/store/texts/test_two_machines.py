"""The reading position and the highlights of a text are synchronized with a machine that has it in another format."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from store.library.library import Library
from store.papers import highlights
from store.sync import rounds
from store.texts import positions, text_store
from store.texts.positions import Position
from tests.store.texts import pages
from tests.store.texts.libraries import MadeRow, library_with


def library_with_paper(path: Path, number: int) -> Library:
    """A library with one paper, whose id is `number`."""
    return library_with(path, MadeRow(number, "Cranes That Count", "2601.20001"))


def test_a_place_and_a_highlight_are_found_in_another_format_on_another_machine(tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    markdown = "# Cranes That Count\n\n" + "\n\n".join(
        " ".join(pages.SENTENCES[start : start + 4]) for start in range(0, 16, 4)
    )
    folder = tmp_path / "folder"
    folder.mkdir()
    with (
        pages.read_in_this_process(),
        library_with_paper(tmp_path / "one" / "library.db", 1) as one,
        library_with_paper(tmp_path / "two" / "library.db", 5) as two,
    ):
        text_store.attach(one, 1, io.BytesIO(markdown.encode()), "cranes.md")
        text_store.attach(two, 5, io.BytesIO(pages.two_columns()), "cranes.pdf")
        with one.writing() as connection:
            positions.write(connection, 1, Position(3, pages.SENTENCES[8], 0.5))
        highlights.add(one, 1, pages.SENTENCES[13], pages.SENTENCES[12], "count these")
        for library in (one, two, one):
            rounds.run(library, folder)
        position = positions.read(two.reader(), 5)
        (highlight,) = highlights.of(two.reader(), 5)
        blocks = text_store.load(two, text_store.of_paper(two.reader(), 5)[0]).blocks
    assert position is not None and highlight.note == "count these"
    place = positions.find(blocks, position)
    assert blocks[place.block].text.startswith(pages.SENTENCES[8], place.character)
    found = positions.find_passage(blocks, highlight.quotation, highlight.before)
    assert found is not None and blocks[found[0]].text[found[1] : found[2]] == pages.SENTENCES[13]
