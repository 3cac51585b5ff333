"""The search index follows the library: it is right or behind, whatever happens, and never wrong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import tantivy
from sqlite_utils import Database

from store.importing import entries
from store.importing.entries import ListingKey
from store.importing.importer import Options, import_file
from store.library import schema
from store.library.library import Library
from store.model.entry import Entry
from store.model.errors import LibraryError
from store.model.paper import Paper
from store.papers import rows
from store.papers.views import View
from store.search import index_sync
from store.search.parser import parse
from store.search.search import Search

TODAY = date(2026, 7, 15)
TITLES = ["Glaciers remember", "Slow bees", "Bees that sing", "Ünder the sea", "Notes on notes"]


class Crash(BaseException):
    """The process ends here."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


@pytest.fixture
def library(path: Path) -> Iterator[Library]:
    with Library.open(path) as opened:
        put(opened, *TITLES)
        yield opened


def put(library: Library, *titles: str) -> list[int]:
    numbers = []
    with library.writing() as connection:
        for title in titles:
            listing = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM listing").fetchone()[0]
            connection.execute(
                "INSERT INTO listing (id, content, path, size, format, family, state, stored, entries, first_read)"
                " VALUES (?1, ?1, ?1, 0, 'x', 'x', 'read', 1, 1, '')",
                (listing,),
            )
            key = ListingKey(listing, str(listing), "x", None, None)
            paper = Paper(title=title, arxiv_id=f"2510.{listing:05}")
            numbers.append(entries.place(connection, key, 1, Entry(paper=paper), TODAY).paper_id)
    return numbers


def retitle(library: Library, number: int, title: str) -> None:
    with library.writing() as connection:
        connection.execute("UPDATE paper SET title = ? WHERE id = ?", (title, number))


def searcher(library: Library) -> tantivy.Searcher:
    found = index_sync.Snapshots(library).newest(library.reader())
    assert found is not None
    return found


def titles(library: Library, text: str = "") -> list[str]:
    """What a search finds once the index has caught up, and that every paper is in the index once."""
    assert index_sync.catch_up(library)
    connection = library.reader()
    assert index_sync.unindexed_count(connection) == 0
    assert searcher(library).num_docs == connection.execute("SELECT count(*) FROM paper").fetchone()[0]
    answer = Search(library, max_whole=0).answer(View("all"), parse(text, TODAY), "added")
    return [connection.execute("SELECT title FROM paper WHERE id = ?", (each,)).fetchone()[0] for each in answer.ids]


def test_papers_that_come_are_behind_until_the_index_has_caught_up(library: Library) -> None:
    assert index_sync.unindexed_count(library.reader()) == len(TITLES)
    assert titles(library) == TITLES[::-1]
    put(library, "One more")
    assert index_sync.unindexed_count(library.reader()) == 1
    assert titles(library, "more") == ["One more"]


def test_a_paper_that_changes_is_found_by_its_new_words_and_not_by_its_old(library: Library) -> None:
    assert index_sync.catch_up(library)
    retitle(library, 2, "Swift wasps")
    assert index_sync.unindexed_count(library.reader()) == 1
    assert titles(library, "wasps") == ["Swift wasps"]
    assert titles(library, "title:slow") == []


def test_a_paper_that_goes_is_found_no_more(library: Library) -> None:
    assert index_sync.catch_up(library)
    with library.writing() as connection:
        rows.delete(connection, 1)
        connection.execute("DELETE FROM entry WHERE paper_id = 1")
    # Even before the index has heard of it.
    assert list(Search(library).answer(View("all"), parse("glaciers", TODAY)).ids) == []
    assert titles(library) == TITLES[:0:-1]


def test_a_number_that_is_given_up_and_taken_again_is_of_the_new_paper(library: Library) -> None:
    assert index_sync.catch_up(library)
    with library.writing() as connection:
        rows.delete(connection, 3)
        connection.execute(
            "INSERT INTO paper (id, title, title_key, families, has_abstract, has_code, has_pdf)"
            " VALUES (3, 'Another', 0, 'x', 0, 0, 0)"
        )
        connection.execute("INSERT INTO body (paper_id) VALUES (3)")
    assert titles(library, "another") == ["Another"]
    assert titles(library, "sing") == []


def test_the_listing_days_of_a_paper_are_known_as_they_change(library: Library) -> None:
    assert index_sync.catch_up(library)
    with library.writing() as connection:
        connection.execute("UPDATE entry SET listed_on = '2026-07-02' WHERE paper_id = 4")
    assert titles(library, "listed:2026-07-02") == [TITLES[3]]
    with library.writing() as connection:
        connection.execute("UPDATE entry SET listed_on = '2026-07-03' WHERE paper_id = 4")
    assert titles(library, "listed:2026-07-02") == []


@pytest.mark.parametrize("part", [1, 2, 100])
def test_the_index_is_filled_part_by_part(library: Library, monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    monkeypatch.setattr(index_sync, "PART", part)
    steps: list[index_sync.Progress] = []
    assert index_sync.catch_up(library, on_step=steps.append)
    assert [step.done for step in steps] == [min(done, 5) for done in range(part, 5 + part, part)]
    assert {step.of for step in steps} == {5}
    assert titles(library) == TITLES[::-1]


def test_it_stops_between_two_parts_and_goes_on_where_it_was(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_sync, "PART", 2)
    steps: list[index_sync.Progress] = []
    assert not index_sync.catch_up(library, on_step=steps.append, should_stop=lambda: bool(steps))
    assert index_sync.unindexed_count(library.reader()) == 3
    assert searcher(library).num_docs == 2
    assert titles(library) == TITLES[::-1]


# -- a process that ends in the middle

MOMENTS = ["documents_between", "commit", "_write_token", "noted"]


@pytest.mark.parametrize("changed", [False, True], ids=["new papers", "a changed paper too"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_crash_leaves_an_index_that_the_next_run_puts_right(
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
    # What changes between a crash and the next run is not lost either.
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
    elif moment == "_write_token":
        patch.setattr(index_sync, moment, crash)
    elif moment == "commit":
        put_in = index_sync._write_part

        def put_in_and_crash(*arguments: object) -> None:
            put_in(*arguments)  # type: ignore[arg-type]
            raise Crash

        patch.setattr(index_sync, "_write_part", put_in_and_crash)
    else:
        write = index_sync._write_token

        def write_and_crash(place: Path, token: str) -> None:
            write(place, token)
            raise Crash

        patch.setattr(index_sync, "_write_token", write_and_crash)


def test_what_changes_while_it_is_put_in_is_put_in_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    put_in = index_sync._write_part
    changes = iter(["Changed behind", "Changed again"])

    def put_in_and_change(*arguments: object) -> None:
        put_in(*arguments)  # type: ignore[arg-type]
        if title := next(changes, ""):
            retitle(library, 2, title)

    monkeypatch.setattr(index_sync, "_write_part", put_in_and_change)
    assert titles(library, "changed") == ["Changed again"]


def test_papers_that_would_be_in_it_twice_are_in_it_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    assert index_sync.catch_up(library)
    (before,) = index_sync.index_folder(library).iterdir()
    retitle(library, 2, "Swift wasps")
    with monkeypatch.context() as patch:
        # A deletion that is forgotten.
        patch.setattr(index_sync.terms, "papers", lambda papers: index_sync.terms.nothing())
        assert index_sync.catch_up(library)
    assert titles(library) == [*TITLES[:1:-1], "Swift wasps", TITLES[0]]
    assert list(index_sync.index_folder(library).iterdir()) != [before]


# -- an index of another library, or none


def test_a_library_from_before_there_was_an_index_gets_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, *_ = schema._MIGRATIONS

    def words_inside(db: Database) -> None:
        second(db)
        db.execute("CREATE VIEW head AS SELECT p.id, p.title FROM paper p")
        db.execute("CREATE VIRTUAL TABLE head_fts USING fts5(title, content='head', content_rowid='id')")
        db.execute("CREATE VIRTUAL TABLE abstract_fts USING fts5(abstract, content='body', content_rowid='paper_id')")
        db.execute("CREATE VIRTUAL TABLE head_words USING fts5vocab('head_fts', 'row')")

    with monkeypatch.context() as patch:
        patch.setattr(schema, "_MIGRATIONS", (first, words_inside))
        with Library.open(path) as library:
            put(library, *TITLES)
    with Library.open(path) as library:
        tables = {name for (name,) in library.reader().execute("SELECT name FROM sqlite_schema")}
        assert not {name for name in tables if name.startswith(("head", "abstract_fts"))}
        assert titles(library, "bees") == ["Bees that sing", "Slow bees"]


def test_an_index_that_is_deleted_is_made_again(library: Library) -> None:
    assert index_sync.catch_up(library)
    shutil.rmtree(index_sync.index_folder(library))
    put(library, "One more")
    assert titles(library) == ["One more", *TITLES[::-1]]


@pytest.mark.parametrize("name", ["meta.json", "token"])
@pytest.mark.parametrize("text", ["", "{}", "nonsense"])
def test_an_index_that_is_damaged_is_made_again(library: Library, name: str, text: str) -> None:
    assert index_sync.catch_up(library)
    (place,) = index_sync.index_folder(library).iterdir()
    (place / name).write_text(text)
    put(library, "One more")
    assert titles(library) == ["One more", *TITLES[::-1]]


def test_an_older_library_that_is_put_back_gets_an_index_of_its_own(path: Path, tmp_path: Path) -> None:
    with Library.open(path) as library:
        put(library, *TITLES[:2])
        assert index_sync.catch_up(library)
    kept = tmp_path / "kept.db"
    shutil.copy(path, kept)
    with Library.open(path) as library:
        retitle(library, 1, "Since changed")
        put(library, "Since come")
        assert index_sync.catch_up(library)
    shutil.copy(kept, path)
    with Library.open(path) as library:
        put(library, "Another that came")
        assert titles(library) == ["Another that came", *TITLES[1::-1]]


def test_two_processes_do_not_write_it_at_once(library: Library) -> None:
    with index_sync._writing(library, True) as writer:
        assert writer is not None
        assert index_sync.catch_up(library) is False
        with Library.open(library.path) as other:
            assert index_sync.catch_up(other) is False
    assert titles(library) == TITLES[::-1]


def test_an_index_that_cannot_be_written_is_said(library: Library) -> None:
    index_sync.index_folder(library).write_text("a file stands where the folder should be")
    with pytest.raises(LibraryError, match=r"the search index .* cannot be written"):
        index_sync.catch_up(library)
    # What needs no index is there all the same.
    assert len(Search(library).answer(View("all"), parse("", TODAY)).ids) == len(TITLES)


def test_a_search_finds_what_was_just_imported(path: Path, tmp_path: Path) -> None:
    listing = tmp_path / "new.bib"
    listing.write_text("@article{a, title={Penguins at noon}, author={A. Author}, year={2024}, doi={10.1000/1}}")
    with Library.open(path) as library:
        search = Search(library)
        assert len(search.answer(View("all"), parse("penguins", TODAY)).ids) == 0
        assert [report.added for report in import_file(library, listing, Options(today=TODAY))] == [1]
        assert len(search.answer(View("all"), parse("penguins", TODAY)).ids) == 1


def test_the_folder_is_for_its_owner_alone(library: Library) -> None:
    assert index_sync.catch_up(library)
    assert index_sync.index_folder(library).stat().st_mode & 0o777 == 0o700
