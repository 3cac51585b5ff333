"""Three generated PDFs are read completely: every sentence once and in order, every heading, every reference."""

from __future__ import annotations

import pytest

from tests.store.texts.made_papers import MadePaper, made_papers


@pytest.mark.parametrize("paper", made_papers(), ids=lambda paper: paper.name)
def test_a_made_paper_is_read_whole(paper: MadePaper) -> None:
    pytest.importorskip("pypdfium2")
    from store.texts import pdf_numbers, pdf_reader

    blocks = pdf_reader.read(paper.pdf, lambda page, pages: None).blocks
    text = "\n".join(block.text for block in blocks)
    places = [text.find(sentence) for sentence in paper.sentences]
    assert [sentence for sentence, at in zip(paper.sentences, places, strict=True) if at < 0] == []
    assert places == sorted(places)
    headings = [
        pdf_numbers.without_number(block.text).rstrip(".").lower()
        for block in blocks
        if block.kind == "heading" and block.level > 1
    ]
    assert [each for each in headings if each not in ("contents", "references")] == [
        heading.lower() for heading in paper.headings
    ]
    assert sum(block.kind == "reference" for block in blocks) == paper.references
