"""After any sequence of changes, the index has the same contents as an index that is built from scratch."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
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
from store.marks import marking
from store.model.errors import LibraryError
from store.search import index_sync
from tests.store.search.index_checks import TODAY, assert_complete, contents
from tests.thorough import examples


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


# Listings of the same eight papers. Each entry contains the DOI of its paper, the arXiv id, or both.
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
    st.tuples(st.just("undo"), st.integers(1, 8)),
    st.tuples(st.just("mark"), st.integers(1, 8)),
    st.tuples(st.just("index"), st.booleans()),
)


@examples(5, 60)
@given(st.lists(_steps, min_size=2, max_size=14))
def test_after_any_steps_the_index_holds_what_a_new_one_holds(steps: list[tuple[object, ...]]) -> None:
    with TemporaryDirectory() as made, Library.open(Path(made) / "library.db") as library:
        folder = Path(made)
        for number, step in enumerate(steps):
            match step:
                case ("import", papers, day):
                    listing = _listing(folder, number, papers, f"words{number}")  # type: ignore[arg-type]
                    options = Options(today=TODAY, listed_on=day)  # type: ignore[arg-type]
                    assert all(report.error is None for report in take_in(library, [listing], options))
                case ("undo", log):
                    # An import that is already undone cannot be undone again, so ignore that error.
                    with contextlib.suppress(LibraryError):
                        withdraw(library, log, today=TODAY)  # type: ignore[arg-type]
                case ("mark", paper):
                    if library.reader().execute("SELECT 1 FROM paper WHERE id = ?", (paper,)).fetchone():
                        marking.bookmark(library, [paper])  # type: ignore[list-item]
                case ("index", whole):
                    with pytest.MonkeyPatch.context() as patch:
                        patch.setattr(index_sync, "PART", 3)
                        done: list[index_sync.Progress] = []
                        index_sync.catch_up(library, on_step=done.append, should_stop=lambda: not whole and bool(done))  # noqa: B023
        assert_complete(library, folder)


def test_the_index_follows_a_merge_and_its_undo(library: Library, tmp_path: Path) -> None:
    listings = [_listing(tmp_path, 1, [(0, "doi")], "pollen"), _listing(tmp_path, 2, [(0, "both")], "nectar")]
    for listing in listings:
        assert [report.error for report in take_in(library, [listing], Options(today=TODAY))] == [None]
        assert index_sync.catch_up(library)
    before = contents(library)
    withdraw(library, 2, today=TODAY)
    assert_complete(library, tmp_path)
    assert contents(library) != before
