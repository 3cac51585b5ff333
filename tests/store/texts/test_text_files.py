"""The files of full texts are copied safely: links are not followed, and pipes and huge files are not read."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.library.library import Library
from store.texts import text_files, text_store
from tests.store.texts import pages


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library with the full text of one paper."""
    with Library.open(tmp_path / "library" / "library.db") as library, pages.read_in_this_process():
        text_store.attach(library, 1, io.BytesIO(pages.MARKDOWN.encode()), "a.md")
        yield library


def put(kind: str, path: Path, outside: Path) -> None:
    """Create an object at `path` that recto did not create, such as a link, a pipe or a huge file."""
    path.unlink(missing_ok=True)
    if kind == "link":
        path.symlink_to(outside)
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        with path.open("wb") as file:
            file.truncate(2**40)


@pytest.mark.parametrize("kind", ["link", "pipe", "holes"])
def test_a_link_in_the_place_of_a_copy_is_replaced_and_not_followed(
    library: Library, tmp_path: Path, kind: str
) -> None:
    outside, target = tmp_path / "outside", tmp_path / "copy.texts"
    outside.write_text("mine")
    target.mkdir()
    names = [path.name for path in text_store.folder(library).iterdir()]
    for name in names:
        for place in (name, f"{name}.part"):
            put(kind, target / place, outside)
    assert text_files.copy_to(library, target) == 2
    assert outside.read_text() == "mine"
    for name in names:
        assert (target / name).read_bytes() == (text_store.folder(library) / name).read_bytes()


@pytest.mark.parametrize("kind", ["link", "pipe", "holes"])
def test_entries_that_are_no_regular_files_are_not_restored(library: Library, tmp_path: Path, kind: str) -> None:
    outside, copies = tmp_path / "outside", tmp_path / "copies"
    outside.write_text(pages.MARKDOWN)
    text_files.copy_to(library, copies)
    (source,) = copies.glob("*.markdown")
    put(kind, source, outside)
    other = tmp_path / "other" / "library.db"
    assert text_files.restore_from(copies, other) == 0
    assert list((other.parent / text_store.FOLDER).iterdir()) == []


def test_a_library_that_is_named_by_a_link_has_its_texts_beside_the_file(library: Library, tmp_path: Path) -> None:
    link = tmp_path / "links" / "library.db"
    link.parent.mkdir()
    link.symlink_to(library.file)
    with Library.open(link) as linked:
        (stored,) = text_store.of_paper(linked.reader(), 1)
        assert text_store.load_blocks(linked, stored) is not None
    copies = tmp_path / "copies"
    text_files.copy_to(library, copies)
    text_files.restore_from(copies, link)
    assert not (link.parent / text_store.FOLDER).exists()
