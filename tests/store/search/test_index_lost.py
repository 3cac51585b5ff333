"""An index that is gone, damaged or of another state of the library is known for that, and is made anew."""

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
from store.papers import rows
from store.papers.views import View
from store.search import documents, index_schema, index_sync, search
from store.search.answer import Answer
from store.search.parser import parse
from store.search.search import Search
from tests.store.search.test_index_anew import assert_right
from tests.store.search.test_index_sync import TITLES, TODAY, Crash, put, retitle


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


@pytest.fixture
def library(path: Path) -> Iterator[Library]:
    with Library.open(path) as opened:
        put(opened, *TITLES)
        assert index_sync.catch_up(opened)
        yield opened


def ask(searching: Search, text: str) -> Answer:
    return searching.answer(View("all"), parse(text, TODAY))


def generation(library: Library) -> Path:
    """The folder of the one index there is."""
    (found,) = index_sync.index_folder(library).iterdir()
    return found


# -- nothing has come or changed since, so nothing is behind


@pytest.mark.parametrize("opened", [True, False], ids=["while a search is open", "before"])
@pytest.mark.parametrize("name", ["", "meta.json", "token"])
def test_a_search_makes_a_small_index_again_that_was_deleted(library: Library, name: str, opened: bool) -> None:
    searching = Search(library)
    if opened:
        assert len(ask(searching, "sing").ids) == 1
    lost = generation(library) / name if name else index_sync.index_folder(library)
    shutil.rmtree(lost) if lost.is_dir() else lost.unlink()
    # One that was open is found out by the first question.
    found = [list(ask(searching, "sing").ids) for _ in range(2)]
    assert found[-1] == [3]
    assert opened or found[0] == [3]


def test_a_search_that_cannot_make_a_lost_index_again_says_that_all_papers_are_missing(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_MAX_AWAITED", 2)
    shutil.rmtree(index_sync.index_folder(library))
    answer = ask(Search(library), "sing")
    assert (list(answer.ids), answer.unindexed) == ([], len(TITLES))
    assert len(ask(Search(library), "").ids) == len(TITLES)


@pytest.mark.parametrize("name", ["", "meta.json", "token", "segment"])
def test_the_command_makes_an_index_again_that_was_lost(library: Library, name: str, tmp_path: Path) -> None:
    if name == "segment":
        next(generation(library).glob("*.idx")).unlink()
    elif name:
        (generation(library) / name).write_text("")
    else:
        shutil.rmtree(index_sync.index_folder(library))
    assert index_sync.catch_up(library)
    assert_right(library, tmp_path)


def test_a_library_that_is_put_back_is_not_searched_by_the_index_of_the_newer_one(path: Path, tmp_path: Path) -> None:
    with Library.open(path) as library:
        put(library, *TITLES[:2])
        assert index_sync.catch_up(library)
    shutil.copy(path, tmp_path / "kept.db")
    with Library.open(path) as library:
        retitle(library, 1, "Since changed")
        put(library, "Since come")
        assert index_sync.catch_up(library)
    shutil.copy(tmp_path / "kept.db", path)
    with Library.open(path) as library:
        for text, found in (("since", []), ("glaciers", [1]), ("-changed", [2, 1])):
            assert list(ask(Search(library), text).ids) == found
        assert_right(library, tmp_path)


def test_an_index_of_an_earlier_version_is_made_again(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = generation(library)
    monkeypatch.setattr(index_schema, "VERSION", index_schema.VERSION + 1)
    assert index_sync.catch_up(library)
    assert generation(library) != before
    assert_right(library, tmp_path)


@pytest.mark.parametrize("ending", ["term", "fast"])
def test_an_index_whose_bytes_are_damaged_is_said_and_made_again_when_it_is_deleted(
    library: Library, ending: str, tmp_path: Path
) -> None:
    for file in generation(library).glob(f"*.{ending}"):
        damaged = bytearray(file.read_bytes())
        # The end, which is read first, is as it was.
        for at in range(0, max(1, len(damaged) - 200), 7):
            damaged[at] ^= 0x5A
        file.write_bytes(damaged)
    with pytest.raises(LibraryError, match=r"damaged; delete the folder"):
        ask(Search(library, max_whole=0), "sing")
    shutil.rmtree(index_sync.index_folder(library))
    assert list(ask(Search(library), "sing").ids) == [3]
    assert_right(library, tmp_path)


def test_an_empty_library_needs_no_index(path: Path) -> None:
    with Library.open(path) as library:
        assert index_sync.catch_up(library)
        assert not index_sync.index_folder(library).exists()
        assert list(ask(Search(library), "sing").ids) == []


# -- the process ends, or the current does


class Ending:
    """An IndexWriter that ends the process behind its first commit."""

    def __init__(self, writer: tantivy.IndexWriter) -> None:
        self._writer = writer

    def __getattr__(self, name: str) -> object:
        return getattr(self._writer, name)

    def commit(self) -> None:
        self._writer.commit()
        raise Crash


def end_behind_the_commit(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = index_sync._Writer
    with monkeypatch.context() as patch:
        patch.setattr(index_sync, "_Writer", lambda place, opened: writer(place, Ending(opened)))
        with pytest.raises(Crash):
            index_sync.catch_up(library)


def backup(library: Library, to: Path) -> None:
    with closing(sqlite3.connect(to)) as copy:
        library.reader().backup(copy)


def test_an_index_that_outlived_a_power_cut_which_the_library_did_not_is_not_taken_for_its_own(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.open(path) as library:
        put(library, *TITLES)
        assert index_sync.catch_up(library)
        backup(library, tmp_path / "cut.db")
        retitle(library, 2, "Never on the disk")
        end_behind_the_commit(library, monkeypatch)
    shutil.copy(tmp_path / "cut.db", path)
    with Library.open(path) as library:
        put(library, "Afterwards")
        assert_right(library, tmp_path)
        assert list(ask(Search(library), "title:never").ids) == []


def test_an_index_that_is_cut_short_again_and_again_goes_on_where_it_was(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put(library, "One more")
    kept = generation(library)
    for _ in range(3):
        end_behind_the_commit(library, monkeypatch)
        # And once more before anything is put in.
        with monkeypatch.context() as patch, pytest.raises(Crash):
            patch.setattr(index_sync, "_write_part", crash)
            index_sync.catch_up(library)
    assert_right(library, tmp_path)
    assert generation(library) == kept


def crash(*_: object) -> None:
    raise Crash


def test_who_wrote_in_a_folder_that_was_taken_away_does_not_speak_for_the_new_one(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Ousted(Ending):
        """Behind its commit the folder goes, and another process begins a new index."""

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
        patch.setattr(index_sync, "_Writer", lambda place, opened: writer(place, Ousted(opened)))
        assert not index_sync.catch_up(library)
    assert index_sync.unindexed_count(library.reader()) == len(TITLES) + 1
    assert_right(library, tmp_path)


# -- papers that have gone, more than are put in at once


def test_papers_that_have_gone_are_not_found_however_many_they_are(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
        searching = Search(library)
        assert len(ask(searching, "bees").ids) == 8_000
        with library.writing(durable=False) as connection:
            for number in range(1, 7_000):
                rows.delete(connection, number)
        assert sorted(ask(searching, "bees").ids) == list(range(7_000, 8_001))
        with library.writing(durable=False) as connection:
            rows.delete(connection, 8_000)
        assert sorted(ask(searching, "bees").ids) == list(range(7_000, 8_000))
        assert index_sync.catch_up(library)
        assert sorted(ask(searching, "bees").ids) == list(range(7_000, 8_000))


def test_a_folder_whose_name_no_text_can_hold_is_said_and_lists_are_shown(tmp_path: Path) -> None:
    folder = tmp_path / "odd\udcff"
    try:
        folder.mkdir()
    except (OSError, UnicodeError):
        pytest.skip("this system has no such names")
    with Library.open(folder / "library.db") as library:
        put(library, *TITLES)
        with pytest.raises(LibraryError, match="cannot be written"):
            index_sync.catch_up(library)
        assert len(ask(Search(library), "").ids) == len(TITLES)
        assert ask(Search(library), "sing").unindexed == len(TITLES)


@pytest.mark.parametrize("name", ["a b", "%20", "a#b?c", "'\"`$(x)", "-rf", "名前", "é" * 60])
def test_a_library_may_have_any_name(tmp_path: Path, name: str) -> None:
    with Library.open(tmp_path / name / f"{name}.db") as library:
        put(library, *TITLES)
        assert list(ask(Search(library), "sing").ids) == [3]


# -- the library goes, or is damaged, while it is gone through


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (sqlite3.OperationalError("interrupted"), LibraryError),
        (sqlite3.DatabaseError("database disk image is malformed"), LibraryError),
        # A mistake of the program stays one.
        (sqlite3.ProgrammingError("Incorrect number of bindings supplied"), sqlite3.ProgrammingError),
    ],
)
def test_what_cannot_be_read_for_the_index_is_said_in_words(
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
