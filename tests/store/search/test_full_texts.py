"""Full texts are searched by terms with "text:". For other words, full texts count only after titles and abstracts."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from store.model.paper import Paper
from store.search import index_sync
from store.search.answer import Inexact
from store.texts import text_store
from tests.store.search.sample_library import SampleLibrary
from tests.store.texts.pages import read_in_this_process

CRANES = "# Cranes\n\nThe harbour was quiet. Gulls, terns and a lone cormorant watched the ferry.\n"


@pytest.fixture(autouse=True)
def without_child_processes() -> Iterator[None]:
    with read_in_this_process():
        yield


@pytest.fixture
def with_text(sample: SampleLibrary) -> SampleLibrary:
    sample.put(Paper(title="Harbour Cranes", abstract="Cranes wait."))
    sample.put(Paper(title="Cormorant Diets", abstract="Cormorants eat fish."))
    sample.put(Paper(title="Storks", abstract="Storks stand."))
    text_store.attach(sample.library, 1, io.BytesIO(CRANES.encode()), "a.md")
    return sample


def ids(sample: SampleLibrary, query: str) -> list[int]:
    index_sync.catch_up(sample.library)
    return list(sample.answer(query).ids)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("text:cormorant", [1]),
        ("text:corm", [1]),
        ('text:"lone cormorant"', [1]),
        ('text:"cormorant lone"', []),
        ("fulltext:ferry", [1]),
        ("has:text", [1]),
        ("-has:text", [3, 2]),
        ("text:cormorant harbour", [1]),
        ("text:stork", []),
    ],
)
def test_the_words_of_a_full_text_are_found(with_text: SampleLibrary, query: str, found: list[int]) -> None:
    index_sync.catch_up(with_text.library)
    assert with_text.exact_matches(query) == found


def test_words_without_a_field_find_full_texts_last(with_text: SampleLibrary) -> None:
    index_sync.catch_up(with_text.library)
    answer = with_text.answer("cormorant")
    assert (list(answer.ids), answer.exact) == ([2, 1], 1)
    assert Inexact("texts", 1) in answer.inexact
    # One word of the filter is in the title, and the other one is in the full text.
    assert ids(with_text, "cranes ferry") == [1]


def test_a_removed_text_is_not_found_any_more(with_text: SampleLibrary) -> None:
    assert ids(with_text, "text:ferry") == [1]
    text_store.remove(with_text.library, text_store.of_paper(with_text.library.reader(), 1))
    assert ids(with_text, "text:ferry") == []


def test_a_text_whose_file_is_missing_is_left_out(with_text: SampleLibrary) -> None:
    for path in text_store.folder(with_text.library).iterdir():
        path.unlink()
    assert ids(with_text, "text:ferry") == []
    assert ids(with_text, "harbour") == [1]
