"""Text can be found by typing it as it is shown: formulas, Greek letters or their names, joined or separate words."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.model.paper import Author, Paper
from store.search.formulas import shown_formulas
from store.search.writings import other_writings
from tests.bench.seen_and_typed import CASES, PAPERS
from tests.store.search.sample_library import SampleLibrary


def test_text_copied_from_the_screen_finds_its_paper(tmp_path: Path) -> None:
    sample = SampleLibrary(tmp_path / "library.db")
    ids = {}
    for number, paper in enumerate(PAPERS):
        authors = tuple(Author(str(author["name"])) for author in paper.get("authors", []))  # type: ignore[attr-defined]
        abstract = paper.get("abstract")
        title = str(paper["title"])
        ids[title] = sample.put(
            Paper(title=title, abstract=str(abstract) if abstract else None, authors=authors, doi=f"10.1000/{number}")
        )
    missed = [text for text, title in CASES if ids[title] not in list(sample.answer(text).ids)[:10]]
    assert missed == []
    sample.library.close()


@pytest.mark.parametrize(
    ("words", "writings"),
    [
        (("β", "vae"), {("βvae",), ("beta", "vae"), ("betavae",)}),
        (("beta", "vae"), {("betavae",), ("β", "vae"), ("βvae",)}),
        (("βvae",), {("β", "vae"), ("beta", "vae"), ("betavae",)}),
        (("betavae",), {("beta", "vae"), ("β", "vae"), ("βvae",)}),
        (("fine", "tuning"), {("finetuning",)}),
        (("sigma",), {("σ",)}),
        (("σ",), {("sigma",)}),
        (("pm2", "5"), {("pm25",), ("pm", "2", "5")}),
        (("pm25",), {("pm", "25"), ("pm2", "5"), ("pm", "2", "5")}),
        (("covid19",), {("covid", "19")}),
        (("h2o",), set()),
        (("graph",), set()),
        (("alphabet",), {("alpha", "bet"), ("α", "bet"), ("αbet",)}),
        (("state", "of", "the", "art"), set()),
    ],
)
def test_words_have_the_expected_other_writings(words: tuple[str, ...], writings: set[tuple[str, ...]]) -> None:
    assert set(other_writings(words)) == writings


def test_long_formulas_are_not_indexed_as_they_are_shown() -> None:
    assert shown_formulas(r"A $\beta$-VAE of H$_2$O, $x^2$ and $a + b = c$") == ["β-VAE", "H₂O,", "x²"]
    assert shown_formulas(rf"$x_{'x' * 50}$ $") == []
    assert shown_formulas("C(NH$_2$)$_2$CO") == ["C(NH₂)₂CO"]
    assert len(shown_formulas("$a_1$ " * 100)) == 30
    # Text with many "$" that do not enclose formulas must take linear time.
    assert len(shown_formulas("$" * 100_000)) <= 30


def test_words_typed_apart_find_the_joined_word_in_abstracts_too(tmp_path: Path) -> None:
    sample = SampleLibrary(tmp_path / "library.db")
    together = sample.put(Paper(title="A", abstract="Finetuning a GPT4 model", doi="10.1000/1"))
    assert list(sample.answer("fine-tuning").ids) == [together]
    assert list(sample.answer("gpt-4 model").ids) == [together]
    assert list(sample.answer("abstract:fine-tuning").ids) == [together]
    spans = sample.answer("fine-tuning").highlights.spans("Finetuning a")
    assert spans == [(0, 10)]
    sample.library.close()


def test_a_number_behind_a_word_may_be_written_in_any_way(tmp_path: Path) -> None:
    sample = SampleLibrary(tmp_path / "library.db")
    texts = ("PM2.5 in cities", "PM25 in towns", "PM$_{2.5}$ in villages", "PM 2.5 in deserts")
    ids = {sample.put(Paper(title=text, doi=f"10.1000/{number}")) for number, text in enumerate(texts)}
    for typed in ("pm2.5", "pm25", "PM-2.5", "pm₂.₅"):
        assert set(sample.answer(typed).ids) == ids, typed
    sample.library.close()
