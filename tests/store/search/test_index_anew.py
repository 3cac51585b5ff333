"""Whatever happens to a library, the index that followed it holds what one made anew would hold."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.importing.importer import Options
from store.importing.sources import take_in
from store.importing.undo import withdraw
from store.library.library import Library
from store.marks import marks
from store.model.errors import LibraryError
from store.search import index, index_sync, terms
from tests.thorough import examples

TODAY = date(2026, 7, 15)
_TEXTS = ("title", "authors", "organization", "venue", "abstract", "category", "family", "flag")
_ORDERS = ("newest", "listed", "upvotes", "comments", "title", "id")

Contents = dict[tuple[str, str], list[int]]


def contents(library: Library) -> Contents:
    """All that the index of a library tells: the papers under each order, word, label and listing day."""
    searcher = index_sync.Snapshots(library).newest(library.reader())
    if searcher is None:
        # There is none before there is a paper.
        assert index_sync.paper_count(library.reader()) == 0
        return {("order", order): [] for order in _ORDERS} | {("day", "any"): []}
    most = max(1, searcher.num_docs)

    def papers(query: object, order: str = "id") -> list[int]:
        return index.run(searcher, query, order, limit=most, ascending=True).sort_keys  # type: ignore[arg-type]

    found = {("order", order): papers(terms.everything(), order) for order in _ORDERS}
    for field in _TEXTS:
        for word, _ in searcher.terms_with_prefix(field, ""):
            # What was deleted leaves its words in the list of words.
            if those := papers(terms.word(field, word)):  # type: ignore[arg-type]
                found[field, word] = those
    for (day,) in library.reader().execute("SELECT DISTINCT listed_on FROM entry WHERE listed_on IS NOT NULL"):
        found["day", day] = papers(terms.listed(date.fromisoformat(day), date.fromisoformat(day)))
    found["day", "any"] = papers(terms.listed(None, None))
    return found


def anew(library: Library, folder: Path) -> Contents:
    """The same of a copy of the library, whose index is made now."""
    path = folder / "anew.db"
    with closing(sqlite3.connect(path)) as copy:
        library.reader().backup(copy)
    try:
        with Library.open(path) as copied:
            assert index_sync.catch_up(copied)
            return contents(copied)
    finally:
        for each in folder.glob("anew.db*"):
            if each.is_file():
                each.unlink()


def assert_right(library: Library, folder: Path) -> None:
    """The index is not behind, has each paper once, and holds what one made anew holds."""
    assert index_sync.catch_up(library)
    # A library without papers needs no index, whatever was noted about papers that are gone.
    assert index_sync.Snapshots(library).missing_count() == 0
    found = contents(library)
    there = [number for (number,) in library.reader().execute("SELECT id FROM paper ORDER BY id")]
    assert found["order", "id"] == there
    assert found == anew(library, folder)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


# Two sources of the same eight papers: what one names by its DOI, the other names by its arXiv id or by both.
_NAMED = ("doi", "arxiv", "both")


def _listing(folder: Path, number: int, papers: list[tuple[int, str]], words: str) -> Path:
    path = folder / f"{number}.bib"
    lines = []
    for paper, named in papers:
        fields = {"title": f"The {'abcdefgh'[paper] * 9} of bees", "author": f"Author {'uvwxyzst'[paper] * 5}"}
        fields |= {"abstract": f"{words} " * 12, "year": "2024", "journal": f"Journal {number}"}
        if named != "arxiv":
            fields["doi"] = f"10.1000/{paper}"
        if named != "doi":
            fields |= {"eprint": f"2401.0000{paper}", "archiveprefix": "arXiv", "primaryclass": "cs.CL"}
        lines.append(f"@article{{k{paper}, {', '.join(f'{key}={{{value}}}' for key, value in fields.items())}}}")
    path.write_text("\n".join(lines), "utf-8")
    return path


_days = st.none() | st.dates(date(2026, 7, 1), date(2026, 7, 4))
_imports = st.tuples(
    st.just("import"), st.lists(st.tuples(st.integers(0, 7), st.sampled_from(_NAMED)), min_size=1, max_size=6), _days
)
_steps = st.one_of(
    _imports,
    _imports,
    st.tuples(st.just("take back"), st.integers(1, 8)),
    st.tuples(st.just("mark"), st.integers(1, 8)),
    st.tuples(st.just("index"), st.booleans()),
)


@examples(5, 60)
@given(st.lists(_steps, min_size=2, max_size=14))
def test_an_index_that_followed_every_step_is_as_one_made_anew(steps: list[tuple[object, ...]]) -> None:
    with TemporaryDirectory() as made, Library.open(Path(made) / "library.db") as library:
        folder = Path(made)
        for number, step in enumerate(steps):
            match step:
                case ("import", papers, day):
                    listing = _listing(folder, number, papers, f"words{number}")  # type: ignore[arg-type]
                    options = Options(today=TODAY, listed_on=day)  # type: ignore[arg-type]
                    assert all(report.error is None for report in take_in(library, [listing], options))
                case ("take back", log):
                    # It may have been taken back already.
                    with contextlib.suppress(LibraryError):
                        withdraw(library, log, today=TODAY)  # type: ignore[arg-type]
                case ("mark", paper):
                    if library.reader().execute("SELECT 1 FROM paper WHERE id = ?", (paper,)).fetchone():
                        marks.bookmark(library, [paper])  # type: ignore[list-item]
                case ("index", whole):
                    with pytest.MonkeyPatch.context() as patch:
                        patch.setattr(index_sync, "PART", 3)
                        done: list[index_sync.Progress] = []
                        index_sync.catch_up(library, on_step=done.append, should_stop=lambda: not whole and bool(done))  # noqa: B023
        assert_right(library, folder)


def test_words_that_a_merge_changed_are_found_and_those_it_dropped_are_not(library: Library, tmp_path: Path) -> None:
    listings = [_listing(tmp_path, 1, [(0, "doi")], "pollen"), _listing(tmp_path, 2, [(0, "both")], "nectar")]
    for listing in listings:
        assert [report.error for report in take_in(library, [listing], Options(today=TODAY))] == [None]
        assert index_sync.catch_up(library)
    before = contents(library)
    withdraw(library, 2, today=TODAY)
    assert_right(library, tmp_path)
    assert contents(library) != before
