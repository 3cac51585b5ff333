"""Followed files: exported files that recto writes again after each change of their papers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from store.exporting import followed
from store.exporting.followed import Followed
from store.library.library import Library
from store.marks import collections, journal, marking, tags
from store.model.errors import LibraryError
from store.model.paper import Author, Paper
from tests.store.exporting.samples import add


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "refs.bib"


@pytest.fixture
def library(library: Library, file: Path) -> Library:
    """A library of three papers, with an exported file that is updated when the queue changes."""
    add(library, *(Paper(title=f"Of {name}", authors=(Author(f"Ada {name}"),)) for name in ("Rain", "Cranes", "Bees")))
    marking.queue(library, [1])
    assert followed.follow(library, Followed(str(file), "bibtex", "queue")) == 1
    return library


def keys(file: Path) -> list[str]:
    return [line.partition("{")[2].rstrip(",") for line in file.read_text().splitlines() if line.startswith("@")]


def test_a_file_is_written_again_when_its_papers_or_their_values_change(library: Library, file: Path) -> None:
    assert keys(file) == ["rainrain"]
    marking.queue(library, [3])
    assert followed.update(library) == [] and keys(file) == ["rainrain", "beesbees"]
    marking.tag(library, [3], ["toread"])
    assert followed.update(library) == [] and "keywords = {toread}" in file.read_text()
    journal.undo(library)
    journal.undo(library)
    assert followed.update(library) == [] and keys(file) == ["rainrain"]


def test_a_file_whose_content_would_be_the_same_is_not_touched(library: Library, file: Path) -> None:
    before = file.stat()
    marking.queue(library, [2])
    journal.undo(library)
    marking.bookmark(library, [2])
    assert followed.update(library) == []
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_file_that_another_program_changed_is_not_overwritten(library: Library, file: Path) -> None:
    file.write_text(file.read_text() + "@misc{mine,}\n")
    changed = file.read_text()
    marking.queue(library, [2])
    (problem,) = followed.update(library)
    assert problem.startswith(f"{file} was changed by another program") and file.read_text() == changed
    followed.follow(library, Followed(str(file), "bibtex", "queue"))
    assert followed.update(library) == [] and keys(file) == ["rainrain", "cranescranes"]


def test_a_file_that_was_deleted_is_made_again_but_no_folder_is(library: Library, file: Path, tmp_path: Path) -> None:
    file.unlink()
    assert followed.update(library) == [] and keys(file) == ["rainrain"]
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    followed.follow(library, Followed(str(moved / "refs.ris"), "ris"))
    (moved / "refs.ris").unlink()
    moved.rmdir()
    assert followed.update(library) == [] and not moved.exists()


def test_a_file_of_which_only_the_hash_was_stored_when_recto_was_killed_still_follows(
    library: Library, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    marking.queue(library, [2])
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(followed.target_file, "replace", killed)
        followed.update(library)
    assert keys(file) == ["rainrain"]
    assert followed.update(library) == [] and keys(file) == ["rainrain", "cranescranes"]


def test_a_file_that_is_not_followed_any_more_stays(library: Library, file: Path) -> None:
    assert followed.unfollow(library, str(file)) and not followed.unfollow(library, str(file))
    marking.queue(library, [2])
    assert followed.update(library) == [] and keys(file) == ["rainrain"]
    assert followed.read(library.reader()) == ()


def test_a_followed_path_that_is_not_a_regular_file_is_neither_read_nor_replaced(library: Library, file: Path) -> None:
    file.unlink()
    os.mkfifo(file)
    (problem,) = followed.update(library)
    assert str(file) in problem and file.is_fifo()
    with pytest.raises(LibraryError):
        followed.follow(library, Followed(str(file), "bibtex"))


def test_a_file_follows_a_collection_and_a_tag_that_are_renamed(library: Library, file: Path, tmp_path: Path) -> None:
    collections.add(library, [2], "Thesis")
    marking.tag(library, [3], ["nlp"])
    tagged = tmp_path / "tagged.bib"
    followed.follow(library, Followed(str(file), "bibtex", "collection:Thesis"))
    followed.follow(library, Followed(str(tagged), "bibtex", "all", "tag:nlp"))
    collections.rename(library, "Thesis", "Book")
    tags.rename(library, ["nlp"], "ml")
    collections.add(library, [1], "Book")
    marking.tag(library, [1], ["ml"])
    assert followed.update(library) == []
    assert keys(file) == ["cranescranes", "rainrain"]
    assert sorted(keys(tagged)) == ["beesbees", "rainrain"]
