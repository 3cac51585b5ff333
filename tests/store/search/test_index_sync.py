"""The search index follows the changes of the library.

The index may lack papers for a while, and the library stores which ones, but its other content is always correct.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import tantivy
from sqlite_utils import Database

from store.importing import undo
from store.importing.importer import Options, import_file
from store.library import schema
from store.library.library import Library
from store.model.errors import LibraryError
from store.papers import stored_papers
from store.papers.views import View
from store.search import index_schema, index_sync, tokenizer
from store.search.parser import parse
from store.search.search import Search
from tests.store.search.index_checks import TITLES, TODAY, Crash, put, retitle


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


@pytest.fixture
def library(path: Path) -> Iterator[Library]:
    with Library.open(path) as opened:
        put(opened, *TITLES)
        yield opened


def searcher(library: Library) -> tantivy.Searcher:
    newest = index_sync.Snapshots(library).newest(library.reader())
    assert newest is not None
    return newest


def titles(library: Library, text: str = "") -> list[str]:
    """Update the index, and check that it contains every paper once. Returns the titles that match a filter."""
    assert index_sync.catch_up(library)
    connection = library.reader()
    assert index_sync.unindexed_count(connection) == 0
    assert searcher(library).num_docs == connection.execute("SELECT count(*) FROM paper").fetchone()[0]
    answer = Search(library, max_whole=0).answer(View("all"), parse(text, TODAY), "added")
    return [
        connection.execute("SELECT title FROM paper WHERE id = ?", (paper_id,)).fetchone()[0] for paper_id in answer.ids
    ]


def test_new_papers_are_unindexed_until_the_index_has_caught_up(library: Library) -> None:
    assert index_sync.unindexed_count(library.reader()) == len(TITLES)
    assert titles(library) == TITLES[::-1]
    put(library, "One more")
    assert index_sync.unindexed_count(library.reader()) == 1
    assert titles(library, "more") == ["One more"]


def test_a_changed_paper_is_found_by_its_new_words_only(library: Library) -> None:
    assert index_sync.catch_up(library)
    retitle(library, 2, "Swift wasps")
    assert index_sync.unindexed_count(library.reader()) == 1
    assert titles(library, "wasps") == ["Swift wasps"]
    assert titles(library, "title:slow") == []


def test_a_removed_paper_is_not_found(library: Library) -> None:
    assert index_sync.catch_up(library)
    with library.writing() as connection:
        stored_papers.delete(connection, 1)
        connection.execute("DELETE FROM entry WHERE paper_id = 1")
    # The filter finds the same papers before the index is updated.
    assert list(Search(library).answer(View("all"), parse("glaciers", TODAY)).ids) == []
    assert titles(library) == TITLES[:0:-1]


def test_an_id_that_is_used_again_finds_the_new_paper(library: Library) -> None:
    assert index_sync.catch_up(library)
    with library.writing() as connection:
        stored_papers.delete(connection, 3)
        connection.execute(
            "INSERT INTO paper (id, title, title_key, families, has_abstract, has_code, has_pdf)"
            " VALUES (3, 'Another', 0, 'x', 0, 0, 0)"
        )
        connection.execute("INSERT INTO body (paper_id) VALUES (3)")
    assert titles(library, "another") == ["Another"]
    assert titles(library, "sing") == []


def test_changes_of_listing_days_reach_the_index(library: Library) -> None:
    assert index_sync.catch_up(library)
    with library.writing() as connection:
        connection.execute("UPDATE entry SET listed_on = '2026-07-02' WHERE paper_id = 4")
    assert titles(library, "listed:2026-07-02") == [TITLES[3]]
    with library.writing() as connection:
        connection.execute("UPDATE entry SET listed_on = '2026-07-03' WHERE paper_id = 4")
    assert titles(library, "listed:2026-07-02") == []


@pytest.mark.parametrize("part", [1, 2, 100])
def test_the_index_is_written_in_parts(library: Library, monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    monkeypatch.setattr(index_sync, "PART", part)
    steps: list[index_sync.Progress] = []
    assert index_sync.catch_up(library, on_step=steps.append)
    assert [step.done for step in steps] == [min(done, 5) for done in range(part, 5 + part, part)]
    assert {step.of for step in steps} == {5}
    assert titles(library) == TITLES[::-1]


def test_indexing_stops_between_two_parts_and_continues_there(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_sync, "PART", 2)
    steps: list[index_sync.Progress] = []
    assert not index_sync.catch_up(library, on_step=steps.append, should_stop=lambda: bool(steps))
    assert index_sync.unindexed_count(library.reader()) == 3
    assert searcher(library).num_docs == 2
    assert titles(library) == TITLES[::-1]


# -- a process that ends while it writes the index

MOMENTS = ["documents_between", "commit", "write_token", "noted"]


@pytest.mark.parametrize("changed", [False, True], ids=["new papers", "a changed paper too"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_the_next_run_completes_the_index_after_a_crash(
    library: Library, monkeypatch: pytest.MonkeyPatch, moment: str, changed: bool
) -> None:
    assert index_sync.catch_up(library)
    put(library, "Afterwards", "And more")
    if changed:
        retitle(library, 1, "Glaciers forget")
    with monkeypatch.context() as patch:
        crash_at(patch, moment)
        with pytest.raises(Crash):
            index_sync.catch_up(library)
    expected = ["And more", "Afterwards", *TITLES[:0:-1], "Glaciers forget" if changed else TITLES[0]]
    # A change between the crash and the next update of the index is not lost.
    retitle(library, 6, "Afterthought")
    expected[1] = "Afterthought"
    assert titles(library) == expected
    assert titles(library, "title:forget") == (["Glaciers forget"] if changed else [])
    assert titles(library, "title:afterwards") == []


def crash_at(patch: pytest.MonkeyPatch, moment: str) -> None:
    def crash(*_: object) -> None:
        raise Crash

    if moment == "documents_between":
        patch.setattr(index_sync.documents, moment, crash)
    elif moment == "write_token":
        patch.setattr(index_sync.index_files, moment, crash)
    elif moment == "commit":
        write_part = index_sync._write_part

        def write_and_crash_before_commit(*arguments: object) -> None:
            write_part(*arguments)  # type: ignore[arg-type]
            raise Crash

        patch.setattr(index_sync, "_write_part", write_and_crash_before_commit)
    else:
        write = index_sync.index_files.write_token

        def write_and_crash(place: Path, token: str) -> None:
            write(place, token)
            raise Crash

        patch.setattr(index_sync.index_files, "write_token", write_and_crash)


def test_a_paper_that_changes_while_it_is_indexed_is_indexed_again(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_part = index_sync._write_part
    changes = iter(["Changed behind", "Changed again"])

    def write_and_change(*arguments: object) -> None:
        write_part(*arguments)  # type: ignore[arg-type]
        if title := next(changes, ""):
            retitle(library, 2, title)

    monkeypatch.setattr(index_sync, "_write_part", write_and_change)
    assert titles(library, "changed") == ["Changed again"]


def test_an_index_with_a_paper_twice_is_built_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    assert index_sync.catch_up(library)
    (before,) = index_sync.index_folder(library).iterdir()
    retitle(library, 2, "Swift wasps")
    with monkeypatch.context() as patch:
        # Pretend that tantivy does not delete the old document of the paper.
        patch.setattr(index_sync.terms, "papers", lambda paper_ids: index_sync.terms.nothing())
        assert index_sync.catch_up(library)
    assert titles(library) == [*TITLES[:1:-1], "Swift wasps", TITLES[0]]
    assert list(index_sync.index_folder(library).iterdir()) != [before]


# -- the index is missing, or belongs to another state of the library


def test_a_library_of_a_version_without_an_index_gets_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, *_ = schema._MIGRATIONS

    def create_word_tables(db: Database) -> None:
        second(db)
        db.execute("CREATE VIEW head AS SELECT p.id, p.title FROM paper p")
        db.execute("CREATE VIRTUAL TABLE head_fts USING fts5(title, content='head', content_rowid='id')")
        db.execute("CREATE VIRTUAL TABLE abstract_fts USING fts5(abstract, content='body', content_rowid='paper_id')")
        db.execute("CREATE VIRTUAL TABLE head_words USING fts5vocab('head_fts', 'row')")

    with monkeypatch.context() as patch:
        patch.setattr(schema, "_MIGRATIONS", (first, create_word_tables))
        with Library.open(path) as library, library.writing() as connection:
            # The tables of that version of the library have fewer columns than the current code writes, so it cannot
            # store a paper.
            for number, title in enumerate(TITLES, 1):
                connection.execute(
                    "INSERT INTO paper (id, title, title_key, families, has_abstract, has_code, has_pdf)"
                    " VALUES (?, ?, ?, '', 0, 0, 0)",
                    (number, title, number),
                )
                connection.execute("INSERT INTO body (paper_id) VALUES (?)", (number,))
    with Library.open(path) as library:
        tables = {name for (name,) in library.reader().execute("SELECT name FROM sqlite_schema")}
        assert not {name for name in tables if name.startswith(("head", "abstract_fts"))}
        assert titles(library, "bees") == ["Bees that sing", "Slow bees"]


def test_a_deleted_index_is_built_again(library: Library) -> None:
    assert index_sync.catch_up(library)
    shutil.rmtree(index_sync.index_folder(library))
    put(library, "One more")
    assert titles(library) == ["One more", *TITLES[::-1]]


@pytest.mark.parametrize("name", ["meta.json", "token"])
@pytest.mark.parametrize("text", ["", "{}", "nonsense"])
def test_a_damaged_index_is_built_again(library: Library, name: str, text: str) -> None:
    assert index_sync.catch_up(library)
    (folder,) = index_sync.index_folder(library).iterdir()
    (folder / name).write_text(text)
    put(library, "One more")
    assert titles(library) == ["One more", *TITLES[::-1]]


def test_a_restored_backup_gets_an_index_of_its_own(path: Path, tmp_path: Path) -> None:
    with Library.open(path) as library:
        put(library, *TITLES[:2])
        assert index_sync.catch_up(library)
    backup = tmp_path / "backup.db"
    shutil.copy(path, backup)
    with Library.open(path) as library:
        retitle(library, 1, "Since changed")
        put(library, "Since come")
        assert index_sync.catch_up(library)
    shutil.copy(backup, path)
    with Library.open(path) as library:
        put(library, "Another that came")
        assert titles(library) == ["Another that came", *TITLES[1::-1]]


def test_only_one_process_writes_the_index(library: Library) -> None:
    with index_sync._writing(library, True) as writer:
        assert writer is not None
        assert index_sync.catch_up(library) is False
        with Library.open(library.path) as other:
            assert index_sync.catch_up(other) is False
    assert titles(library) == TITLES[::-1]


def test_an_index_that_cannot_be_written_gives_an_error(library: Library) -> None:
    index_sync.index_folder(library).write_text("a file stands where the folder should be")
    with pytest.raises(LibraryError, match=r"the search index .* cannot be written"):
        index_sync.catch_up(library)
    # A list without a filter needs no index.
    assert len(Search(library).answer(View("all"), parse("", TODAY)).ids) == len(TITLES)


def test_a_search_finds_a_paper_that_was_just_imported(path: Path, tmp_path: Path) -> None:
    listing = tmp_path / "new.bib"
    listing.write_text("@article{a, title={Penguins at noon}, author={A. Author}, year={2024}, doi={10.1000/1}}")
    with Library.open(path) as library:
        search = Search(library)
        assert len(search.answer(View("all"), parse("penguins", TODAY)).ids) == 0
        assert [report.added for report in import_file(library, listing, Options(today=TODAY))] == [1]
        assert len(search.answer(View("all"), parse("penguins", TODAY)).ids) == 1


def test_only_the_owner_can_read_the_folder(library: Library) -> None:
    assert index_sync.catch_up(library)
    assert index_sync.index_folder(library).stat().st_mode & 0o777 == 0o700


def test_an_undone_import_leaves_nothing_unindexed_in_an_empty_library(path: Path, tmp_path: Path) -> None:
    # Three entries belong to one paper: the undo separates them before it removes the paper.
    listing = tmp_path / "new.bib"
    entry = "title={Penguins at noon}, author={A. Author}, year={2024}, doi={10.1000/1}"
    listing.write_text("\n".join(f"@article{{{key}, {entry}}}" for key in "abc"))
    with Library.open(path) as library:
        assert [report.merged for report in import_file(library, listing, Options(today=TODAY))] == [2]
        undo.withdraw(library, 1, today=TODAY)
        assert index_sync.catch_up(library)
        assert index_sync.unindexed_count(library.reader()) == 0


def test_the_fields_of_schema_version_7_are_in_this_order() -> None:
    """A query refers to a field by its position, so another order of the fields needs a new version of the index."""
    assert index_schema.VERSION - tokenizer.VERSION == 7
    assert index_schema.TEXT_FIELDS == ("title", "authors", "organization", "venue", "abstract")
    assert set(get_args(get_args(index_schema.IndexText)[1])) == {"text"}
    assert get_args(index_schema.SortField) == ("newest", "listed", "upvotes", "comments", "score", "title", "id")
    assert get_args(index_schema.Label) == ("category", "family")
