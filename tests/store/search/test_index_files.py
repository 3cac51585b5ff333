"""In the folder of the index, links are not followed, foreign files are not removed, and only one process writes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import tantivy
from tantivy import Query

from store.library.library import Library
from store.model.errors import LibraryError
from store.papers.views import View
from store.search import index, index_files, index_schema, index_state, index_sync, terms
from store.search.parser import parse
from store.search.search import Search
from tests.store.search.index_checks import TITLES, TODAY, assert_complete, put, retitle


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        put(opened, *TITLES)
        yield opened


def generation(library: Library) -> Path:
    """The folder in which the index that the library uses is."""
    return index_sync.index_folder(library) / index_state.read(library.reader()).generation


def new_index(library: Library) -> Path:
    """Make the current index invalid, so that a new one is built next to it. Returns the folder of the new index."""
    index_files.write_token(generation(library), "of another state")
    assert index_sync.catch_up(library)
    return generation(library)


def answer(library: Library, text: str) -> list[int]:
    return list(Search(library).answer(View("all"), parse(text, TODAY)).ids)


# -- links and files that recto did not create


def test_a_link_in_the_place_of_the_folder_is_not_followed(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    for name in ("2024", "3-0123456789abcdef"):
        (folder / name).mkdir(parents=True)
        (folder / name / "token").write_text("a")
    link = index_sync.index_folder(library)
    link.symlink_to(folder)
    with pytest.raises(LibraryError) as error:
        index_sync.catch_up(library)
    assert str(error.value) == f"the search index {link} cannot be written: it is a link; move it away"
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*")) == [
        "2024",
        "2024/token",
        "3-0123456789abcdef",
        "3-0123456789abcdef/token",
    ]
    # Views that need no index still work, and the result of a search contains the number of papers missing in the
    # index.
    assert len(answer(library, "")) == len(TITLES)
    assert Search(library).answer(View("all"), parse("sing", TODAY)).unindexed == len(TITLES)


def test_an_index_behind_a_link_is_not_read(library: Library, tmp_path: Path) -> None:
    assert index_sync.catch_up(library)
    folder = index_sync.index_folder(library)
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert not index_sync.fits(library)
    assert index_sync.Snapshots(library).newest(library.reader()) is None


def test_only_older_indexes_are_removed(library: Library, tmp_path: Path) -> None:
    assert index_sync.catch_up(library)
    old = generation(library)
    folder = old.parent
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "token").write_text("a")
    (folder / "notes.txt").write_text("mine")
    (folder / "backup").mkdir()
    (folder / "backup" / "token").write_text("a")
    (folder / "3-0000000000000001").symlink_to(elsewhere)
    (folder / "3-0000000000000002").write_text("a file with the name of an index")
    (folder / "3-0000000000000003").mkdir()
    (folder / "3-0000000000000003" / "letters").write_text("nothing that recto puts there")
    (folder / "2-0000000000000004").mkdir()
    (folder / "2-0000000000000005").mkdir()
    (folder / "2-0000000000000005" / "meta.json").write_text("{}")
    new = new_index(library)
    assert {each.name for each in folder.iterdir()} == {
        new.name,
        "notes.txt",
        "backup",
        "3-0000000000000001",
        "3-0000000000000002",
        "3-0000000000000003",
    }
    assert (elsewhere / "token").exists()


def test_a_folder_of_another_user_is_refused(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_files, "is_own", lambda status, beside: False)
    with pytest.raises(LibraryError, match="it belongs to another user; move it away"):
        index_sync.catch_up(library)


@pytest.mark.parametrize("name", ["{}-/../../elsewhere", "../elsewhere", "{}-0123", "/tmp", "{}-0123456789abcdef/.."])
def test_a_library_cannot_name_a_folder_elsewhere(name: str, library: Library, tmp_path: Path) -> None:
    assert index_sync.catch_up(library)
    elsewhere = tmp_path / "elsewhere"
    generation(library).rename(elsewhere)
    name = name.format(index_schema.VERSION)
    with library.writing() as connection:
        connection.execute("UPDATE indexed SET generation = ?", (name,))
    assert not index_sync.fits(library)
    assert index_sync.Snapshots(library).newest(library.reader()) is None
    assert_complete(library, tmp_path)
    assert (elsewhere / "meta.json").exists()


@pytest.mark.parametrize("name", ["token", "token.new", "recto.lock"])
def test_a_pipe_or_a_link_in_an_index_does_not_block(name: str, library: Library, tmp_path: Path) -> None:
    assert index_sync.catch_up(library)
    target = tmp_path / "diary"
    target.write_text("Dear diary")
    for make in (os.mkfifo, lambda path: path.symlink_to(target)):
        side = generation(library) / name
        side.unlink(missing_ok=True)
        make(side)
        put(library, "One more")
        if name == "token":
            # The random token in the folder is not the token that this library stores, so a new index is built.
            assert index_sync.catch_up(library)
        else:
            with pytest.raises(LibraryError, match="cannot be written"):
                index_sync.catch_up(library)
    assert target.read_text() == "Dear diary"


def test_a_library_that_is_a_link_has_one_index_under_both_names(library: Library, tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    link = tmp_path / "below" / "link.db"
    link.symlink_to(library.file)
    assert index_sync.catch_up(library)
    with Library.open(link) as again:
        assert index_sync.fits(again)
        put(again, "One more")
        assert index_sync.catch_up(again)
    assert answer(library, "more")
    assert [each.name for each in link.parent.iterdir()] == ["link.db"]


# -- one process writes


def test_an_index_that_another_process_writes_is_left_to_it(library: Library) -> None:
    assert index_sync.catch_up(library)
    put(library, "One more")
    with (generation(library) / "recto.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert index_sync.catch_up(library) is False
    assert index_sync.catch_up(library)


# -- errors of tantivy, with any message


class Failing:
    """An IndexWriter whose first commits raise the given errors."""

    def __init__(self, writer: tantivy.IndexWriter, failures: list[Exception]) -> None:
        self._writer = writer
        self._failures = failures

    def __getattr__(self, name: str) -> object:
        return getattr(self._writer, name)

    def commit(self) -> None:
        if self._failures:
            raise self._failures.pop()
        self._writer.commit()


Fail = Callable[..., None]


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Fail:
    """Let the next commits fail with these errors."""
    writer = index_sync._Writer

    def patch(*failures: Exception) -> None:
        left = list(failures)
        monkeypatch.setattr(index_sync, "_Writer", lambda folder, opened: writer(folder, Failing(opened, left)))

    return patch


def test_an_index_that_cannot_be_written_where_there_is_room_is_built_anew(
    library: Library, fail: Fail, tmp_path: Path
) -> None:
    assert index_sync.catch_up(library)
    before = generation(library)
    retitle(library, 2, "Swift wasps")
    fail(ValueError("any words"))
    assert index_sync.catch_up(library)
    assert generation(library) != before
    assert_complete(library, tmp_path)


def test_an_index_that_cannot_be_written_for_want_of_room_is_kept(
    library: Library, fail: Fail, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert index_sync.catch_up(library)
    before = generation(library)
    retitle(library, 2, "Swift wasps")
    fail(*[ValueError("any words")] * 9)
    monkeypatch.setattr(index_files, "has_room", lambda generation: False)
    with pytest.raises(LibraryError, match="cannot be written: any words"):
        index_sync.catch_up(library)
    assert generation(library) == before
    assert answer(library, "glaciers") == [1]


def test_an_error_that_does_not_come_from_tantivy_does_not_remove_the_index(library: Library, fail: Fail) -> None:
    assert index_sync.catch_up(library)
    before = generation(library)
    retitle(library, 2, "Swift wasps")
    fail(*[UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed")] * 9)
    with pytest.raises(LibraryError, match="cannot be written"):
        index_sync.catch_up(library)
    assert generation(library) == before


def test_there_is_room_if_the_disk_has_space_for_another_index(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert index_sync.catch_up(library)
    folder = generation(library)
    assert index_files.has_room(folder)
    size = sum(file.stat().st_size for file in folder.iterdir())
    disk = os.statvfs(folder)
    for free, enough in ((2 * size + 2**20, False), (2 * size + 2**20 + 1, True)):
        full = os.statvfs_result([*disk[:1], 1, disk[2], disk[3], free, *disk[5:]])
        monkeypatch.setattr(index_files.os, "statvfs", lambda path, full=full: full)
        assert index_files.has_room(folder) is enough


def test_a_file_that_goes_while_its_size_is_asked_for_is_no_error(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """tantivy removes the files of merged segments in its own threads, so a file can disappear at any time."""
    assert index_sync.catch_up(library)
    folder = generation(library)
    scandir = os.scandir

    @contextmanager
    def scan_and_remove(path: Path) -> Iterator[list[os.DirEntry[str]]]:
        with scandir(path) as entries:
            found = list(entries)
        (folder / "recto.lock").unlink()
        yield found

    monkeypatch.setattr(index_files.os, "scandir", scan_and_remove)
    assert index_files.has_room(folder)


class Refusing:
    """A Searcher that raises the exception class of tantivy with an invented message."""

    def search(self, *_: object, **__: object) -> None:
        raise ValueError("any words")

    def doc_freq(self, *_: object) -> None:
        raise ValueError("any words")


def test_an_error_of_tantivy_with_any_message_counts_as_damage_if_the_query_is_valid() -> None:
    query = terms.word("title", "bees")
    with pytest.raises(LibraryError, match="damaged; delete the folder"):
        index.run(Refusing(), query)  # type: ignore[arg-type]
    with pytest.raises(LibraryError, match="damaged; delete the folder"):
        index.document_frequency(Refusing(), "title", "bees")  # type: ignore[arg-type]


def test_a_query_that_is_wrong_is_a_mistake_of_the_program(library: Library) -> None:
    assert index_sync.catch_up(library)
    searcher = index_sync.Snapshots(library).newest(library.reader())
    assert searcher is not None
    # The index stores a category as a single term, without word positions.
    wrong = Query.phrase_query(index_schema.schema(), "category", ["cs", "LG"])
    assert not index.accepts(searcher, wrong)
    with pytest.raises(ValueError, match="positions"):
        index.run(searcher, wrong)
