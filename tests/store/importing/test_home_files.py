"""Four real files, imported in any order: the papers are the same, with the values that are on the papers' pages."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from store.library.library import Library
from store.model.paper import Organization
from tests.store.importing.listings import contents, import_listing, whole
from tests.thorough import some


@pytest.fixture(scope="session")
def home_files(listings: Path) -> list[Path]:
    paths = sorted((listings / "hf-text").glob("*.txt"))
    assert len(paths) == 4
    return paths


def test_the_four_files_are_368_entries_about_286_papers(library: Library, home_files: list[Path]) -> None:
    reports = [import_listing(library, path) for path in home_files]
    assert [each.entries for each in reports] == [87, 53, 46, 182]
    assert sum(each.added for each in reports) == 286
    assert sum(each.merged for each in reports) == 368 - 286
    assert [each.listed_on for each in reports] == [date(2025, 10, 30), date(2026, 1, 7), date(2026, 7, 2), None]
    assert all(each.complete and not each.refused for each in reports)
    assert library.reader().execute("SELECT count(*), count(DISTINCT paper_id) FROM entry").fetchone() == (368, 286)


def test_the_four_files_again_add_nothing(library: Library, home_files: list[Path]) -> None:
    for path in home_files:
        import_listing(library, path)
    before = contents(library)
    for path in home_files:
        again = import_listing(library, path)
        assert (again.added, again.merged, again.unchanged) == (0, 0, again.entries)
        assert again.complete
    assert contents(library) == before


@pytest.mark.thorough
def test_the_four_files_give_the_same_library_in_every_order(tmp_path: Path, home_files: list[Path]) -> None:
    expected: dict[str, Any] | None = None
    for number, order in enumerate(some(6, list(itertools.permutations(home_files)))):
        with Library.open(tmp_path / f"{number}.db") as library:
            for path in order:
                import_listing(library, path)
            content = contents(library)
        expected = expected or content
        assert content.keys() == expected.keys()
        for title, value in content.items():
            assert value == expected[title], [path.name for path in order]


def test_three_papers_have_the_values_that_are_on_the_pages(library: Library, home_files: list[Path]) -> None:
    for path in home_files:
        import_listing(library, path)
    first = whole(library, "Beyond Hallucinations: The Illusion of Understanding in Large Language Models")
    assert first.paper.published == date(2025, 10, 16)
    second = whole(library, "Uncovering the Computational Ingredients of Human-Like Representations in LLMs")
    assert second.paper.published == date(2025, 10, 1)
    assert second.paper.author_count == 4
    third = whole(library, "Meta-Awareness Enhances Reasoning Models: Self-Alignment Reinforcement Learning")
    assert third.paper.organization == Organization("KAIST AI", "kaist-ai")
    assert third.paper.comment_count == 4
    assert third.paper.published == date(2025, 9, 26)


def test_a_bare_paper_that_another_file_dates_ends_up_dated(library: Library, home_files: list[Path]) -> None:
    *dated, bare = home_files
    assert import_listing(library, bare).listed_on is None
    before = library.reader().execute("SELECT count(published) FROM paper").fetchone()
    assert before == (0,)
    for path in dated:
        import_listing(library, path)
    title = "Meta-Awareness Enhances Reasoning Models: Self-Alignment Reinforcement Learning"
    assert whole(library, title).paper.published == date(2025, 9, 26)
    assert {Path(each.path) for each in whole(library, title).listings} == {bare, dated[0]}
