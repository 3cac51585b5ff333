"""The list of followed folders: folders with several names, links, and folders that no longer exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.importing import folders
from store.library.library import Library
from store.model.errors import LibraryError


def test_a_folder_is_stored_under_one_name(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in (".", "../a", str(folder), f"{folder}/", "~/a", f"{tmp_path}/./b/../a"):
        assert folders.add(library, Path(name)) == folder
    assert folders.folders(library.reader()) == [folder]
    assert folders.remove(library, Path("../a/.")) == folder
    assert folders.folders(library.reader()) == []


@pytest.mark.parametrize("name", ["with space", "ümlaut", "decomposed u\u0308", "no\u00a0break", "[b]", "日本語"])
def test_a_folder_of_any_language_is_followed_by_its_exact_name(library: Library, tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    folders.add(library, tmp_path / name)
    assert folders.folders(library.reader()) == [tmp_path / name]


@pytest.mark.parametrize("name", ["missing", "file", "bell\x07", "line\nbreak", "flip\u202e", "raw\udcff"])
def test_a_file_or_a_folder_with_control_characters_in_its_name_is_not_followed(
    library: Library, tmp_path: Path, name: str
) -> None:
    if name == "file":
        (tmp_path / name).write_text("x")
    elif name != "missing":
        (tmp_path / name).mkdir()
    with pytest.raises(LibraryError) as error:
        folders.add(library, tmp_path / name)
    assert str(error.value).isprintable()
    assert folders.folders(library.reader()) == []


def test_a_deleted_folder_can_be_removed_from_the_list(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    folders.add(library, folder)
    folder.rmdir()
    folders.remove(library, folder)
    with pytest.raises(LibraryError, match="not watched"):
        folders.remove(library, folder)
