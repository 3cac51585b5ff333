"""If the index is missing, damaged, or belongs to another state of the library, recto notices it and replaces it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import tantivy

from store.library.library import Library
from store.model.errors import LibraryError
from store.papers import stored_papers
from store.papers.views import View
from store.search import documents, index_schema, index_sync, search
from store.search.answer import Answer
from store.search.parser import parse
from store.search.search import Search
from tests.store.search.index_checks import TITLES, TODAY, Crash, assert_complete, put, retitle
from tests.thorough import some


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


@pytest.fixture
def library(path: Path) -> Iterator[Library]:
    with Library.open(path) as opened:
        put(opened, *TITLES)
        assert index_sync.catch_up(opened)
        yield opened


def answer_of(search: Search, text: str) -> Answer:
    return search.answer(View("all"), parse(text, TODAY))


def generation(library: Library) -> Path:
    """The folder of the index. Fails if there are several."""
    (folder,) = index_sync.index_folder(library).iterdir()
    return folder


# -- the index is lost, and no paper has changed since it was complete


@pytest.mark.parametrize("opened", [True, False], ids=["while a search is open", "before"])
@pytest.mark.parametrize("name", ["", "meta.json", "token"])
def test_a_search_builds_a_small_index_again_that_was_deleted(library: Library, name: str, opened: bool) -> None:
    search_open = Search(library)
    if opened:
        assert len(answer_of(search_open, "sing").ids) == 1
    lost = generation(library) / name if name else index_sync.index_folder(library)
    shutil.rmtree(lost) if lost.is_dir() else lost.unlink()
    # A search that already had the index open notices the loss when it is used next.
    answers = [list(answer_of(search_open, "sing").ids) for _ in range(2)]
    assert answers[-1] == [3]
    assert opened or answers[0] == [3]


def test_a_search_without_an_index_counts_all_papers_as_unindexed(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_MAX_AWAITED", 2)
    shutil.rmtree(index_sync.index_folder(library))
    answer = answer_of(Search(library), "sing")
    assert ([TITLES[number - 1] for number in answer.ids], answer.unindexed) == (["Bees that sing"], len(TITLES))
    assert len(answer_of(Search(library), "").ids) == len(TITLES)


@pytest.mark.parametrize("name", ["", "meta.json", "token", "segment"])
def test_catching_up_builds_a_lost_index_again(library: Library, name: str, tmp_path: Path) -> None:
    if name == "segment":
        next(generation(library).glob("*.idx")).unlink()
    elif name:
        (generation(library) / name).write_text("")
    else:
        shutil.rmtree(index_sync.index_folder(library))
    assert index_sync.catch_up(library)
    assert_complete(library, tmp_path)


def test_a_restored_backup_is_not_searched_with_the_newer_index(path: Path, tmp_path: Path) -> None:
    with Library.open(path) as library:
        put(library, *TITLES[:2])
        assert index_sync.catch_up(library)
    shutil.copy(path, tmp_path / "backup.db")
    with Library.open(path) as library:
        retitle(library, 1, "Since changed")
        put(library, "Since come")
        assert index_sync.catch_up(library)
    shutil.copy(tmp_path / "backup.db", path)
    with Library.open(path) as library:
        for text, matching in (("since", []), ("glaciers", [1]), ("-changed", [2, 1])):
            assert list(answer_of(Search(library), text).ids) == matching
        assert_complete(library, tmp_path)


def test_an_index_of_an_earlier_version_is_built_again(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = generation(library)
    monkeypatch.setattr(index_schema, "VERSION", index_schema.VERSION + 1)
    assert index_sync.catch_up(library)
    assert generation(library) != before
    assert_complete(library, tmp_path)


@pytest.mark.parametrize("ending", ["term", "fast"])
def test_damaged_bytes_give_an_error_and_deleting_the_folder_repairs_it(
    library: Library, ending: str, tmp_path: Path
) -> None:
    for file in generation(library).glob(f"*.{ending}"):
        damaged = bytearray(file.read_bytes())
        # The end of the file is left undamaged, because tantivy reads it first and would notice the damage at once.
        for at in range(0, max(1, len(damaged) - 200), 7):
            damaged[at] ^= 0x5A
        file.write_bytes(damaged)
    with pytest.raises(LibraryError, match=r"damaged; delete the folder"):
        answer_of(Search(library, max_whole=0), "sing")
    shutil.rmtree(index_sync.index_folder(library))
    assert list(answer_of(Search(library), "sing").ids) == [3]
    assert_complete(library, tmp_path)


def test_an_empty_library_needs_no_index(path: Path) -> None:
    with Library.open(path) as library:
        assert index_sync.catch_up(library)
        assert not index_sync.index_folder(library).exists()
        assert list(answer_of(Search(library), "sing").ids) == []


# -- the process is killed, or the power fails


class CrashingWriter:
    """An IndexWriter that raises Crash after its first commit, as if the process had ended."""

    def __init__(self, writer: tantivy.IndexWriter) -> None:
        self._writer = writer

    def __getattr__(self, name: str) -> object:
        return getattr(self._writer, name)

    def commit(self) -> None:
        self._writer.commit()
        raise Crash


def crash_after_commit(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = index_sync._Writer
    with monkeypatch.context() as patch:
        patch.setattr(index_sync, "_Writer", lambda folder, opened: writer(folder, CrashingWriter(opened)))
        with pytest.raises(Crash):
            index_sync.catch_up(library)


def backup(library: Library, to: Path) -> None:
    with closing(sqlite3.connect(to)) as copy:
        library.reader().backup(copy)


def test_an_index_is_not_used_if_a_power_cut_lost_the_last_changes_of_its_library(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.open(path) as library:
        put(library, *TITLES)
        assert index_sync.catch_up(library)
        backup(library, tmp_path / "cut.db")
        retitle(library, 2, "Never on the disk")
        crash_after_commit(library, monkeypatch)
    shutil.copy(tmp_path / "cut.db", path)
    with Library.open(path) as library:
        put(library, "Afterwards")
        assert_complete(library, tmp_path)
        assert list(answer_of(Search(library), "title:never").ids) == []


def test_repeated_crashes_do_not_lose_the_index(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put(library, "One more")
    before = generation(library)
    for _ in range(3):
        crash_after_commit(library, monkeypatch)
        # The next process crashes too, before it writes anything.
        with monkeypatch.context() as patch, pytest.raises(Crash):
            patch.setattr(index_sync, "_write_part", crash)
            index_sync.catch_up(library)
    assert_complete(library, tmp_path)
    assert generation(library) == before


def crash(*_: object) -> None:
    raise Crash


def test_a_writer_whose_folder_was_deleted_does_not_record_its_part_for_the_new_index(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class OvertakenWriter(CrashingWriter):
        """An IndexWriter with which, after its commit, the folder is deleted and another process begins a new index."""

        def commit(self) -> None:
            self._writer.commit()
            shutil.rmtree(index_sync.index_folder(library))
            with Library.open(library.path) as other:
                index_sync._open_or_create(other, True)
                with other.writing() as connection:
                    index_sync._claim_part(connection)

    put(library, "One more")
    writer = index_sync._Writer
    with monkeypatch.context() as patch:
        patch.setattr(index_sync, "_Writer", lambda folder, opened: writer(folder, OvertakenWriter(opened)))
        assert not index_sync.catch_up(library)
    assert index_sync.unindexed_count(library.reader()) == len(TITLES) + 1
    assert_complete(library, tmp_path)


# -- many removed papers


def test_removed_papers_are_not_found_however_many_they_are(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_MAX_AWAITED", 0)
    with Library.open(path) as library:
        with library.writing(durable=False) as connection:
            connection.executemany(
                "INSERT INTO paper (id, title, title_key, families, has_abstract, has_code, has_pdf)"
                " VALUES (?1, 'Bees', 0, 'x', 0, 0, 0)",
                [(number,) for number in range(1, 8_001)],
            )
            connection.execute("INSERT INTO body (paper_id) SELECT id FROM paper")
        assert index_sync.catch_up(library)
        search_open = Search(library)
        assert len(answer_of(search_open, "bees").ids) == 8_000
        with library.writing(durable=False) as connection:
            for number in range(1, 7_000):
                stored_papers.delete(connection, number)
        assert sorted(answer_of(search_open, "bees").ids) == list(range(7_000, 8_001))
        with library.writing(durable=False) as connection:
            stored_papers.delete(connection, 8_000)
        assert sorted(answer_of(search_open, "bees").ids) == list(range(7_000, 8_000))
        assert index_sync.catch_up(library)
        assert sorted(answer_of(search_open, "bees").ids) == list(range(7_000, 8_000))


def test_a_folder_name_that_is_not_unicode_gives_an_error_and_lists_are_shown(tmp_path: Path) -> None:
    folder = tmp_path / "odd\udcff"
    try:
        folder.mkdir()
    except (OSError, UnicodeError):
        pytest.skip("this system refuses such names")
    with Library.open(folder / "library.db") as library:
        put(library, *TITLES)
        with pytest.raises(LibraryError, match="cannot be written"):
            index_sync.catch_up(library)
        assert len(answer_of(Search(library), "").ids) == len(TITLES)
        assert answer_of(Search(library), "sing").unindexed == len(TITLES)


@pytest.mark.thorough
@pytest.mark.parametrize("name", some(3, ["a b", "%20", "a#b?c", "'\"`$(x)", "-rf", "名前", "é" * 60]))
def test_a_library_may_have_any_name(tmp_path: Path, name: str) -> None:
    with Library.open(tmp_path / name / f"{name}.db") as library:
        put(library, *TITLES)
        assert list(answer_of(Search(library), "sing").ids) == [3]


# -- the library is closed or damaged while it is indexed


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (sqlite3.OperationalError("interrupted"), LibraryError),
        (sqlite3.DatabaseError("database disk image is malformed"), LibraryError),
        # A programming error (here an unexpected exception) must be raised, not ignored.
        (sqlite3.ProgrammingError("Incorrect number of bindings supplied"), sqlite3.ProgrammingError),
    ],
)
def test_a_library_that_cannot_be_read_gives_an_error(
    library: Library, monkeypatch: pytest.MonkeyPatch, error: sqlite3.Error, raised: type[Exception]
) -> None:
    def fail(*_: object) -> Iterator[tantivy.Document]:
        raise error

    put(library, "One more that is to go into it")
    with monkeypatch.context() as patch:
        patch.setattr(documents, "documents_between", fail)
        with pytest.raises(raised, match=str(error)):
            index_sync.catch_up(library)
    assert index_sync.catch_up(library)
