"""A paper in files of thirteen formats becomes one paper with the best values of all, in any order of import."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.model.paper import Link, Paper
from tests.store.importing.one_paper import EXPECTED, FILES, FIRST_LISTED, LAST_LISTED, read_in
from tests.thorough import examples, some


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the thirteen files."""
    path = tmp_path_factory.mktemp("one-paper")
    for name, text in FILES.values():
        (path / name).write_text(text)
    return path


def test_one_paper_in_thirteen_formats_is_one_paper_with_the_best_of_each(folder: Path) -> None:
    ((paper, first, last),) = read_in(folder, list(FILES))
    for field in Paper.__struct_fields__:
        assert getattr(paper, field) == getattr(EXPECTED, field), field
    assert (first, last) == (FIRST_LISTED, LAST_LISTED)


@examples(8, 60)
@given(st.permutations(list(FILES)))
@example(list(reversed(FILES)))
def test_the_order_in_which_the_thirteen_come_does_not_matter(folder: Path, order: list[str]) -> None:
    assert read_in(folder, order) == [(EXPECTED, FIRST_LISTED, LAST_LISTED)]


@pytest.mark.thorough
def test_a_page_a_mailing_atom_the_snapshot_and_bibtex_are_one_paper_in_each_of_their_orders(folder: Path) -> None:
    five = ("hf-text", "arxiv-email", "arxiv-atom", "arxiv-snapshot", "bibtex")
    expected = msgspec.structs.replace(
        EXPECTED,
        organization=None,
        venue="J. Bees 12 (2025) 45",
        upvotes=None,
        comment_count=3,
        links=(
            Link("page", "https://arxiv.org/abs/2406.01234"),
            Link("pdf", "https://arxiv.org/pdf/2406.01234"),
        ),
        ai_summary=None,
        ai_keywords=(),
    )
    for order in some(16, list(itertools.permutations(five))):
        assert read_in(folder, order) == [(expected, FIRST_LISTED, date(2024, 6, 5))], order


@examples(10, 80)
@given(st.lists(st.sampled_from(list(FILES)), min_size=2, max_size=5, unique=True), st.randoms(use_true_random=False))
def test_some_of_the_files_give_the_same_library_in_any_order(
    folder: Path, few: list[str], random: st.DataObject
) -> None:
    shuffled = list(few)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert read_in(folder, few) == read_in(folder, shuffled)
