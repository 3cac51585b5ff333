"""Completion of paths, in the forms in which users type and paste them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given

from tests.thorough import examples
from tests.tui.hostile import texts
from tui.screens.path_completion import Completion, PathError, complete, existing


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    path = tmp_path / "my papers (new)" / "day 1.txt"
    path.parent.mkdir()
    path.write_text("x")
    return path


@pytest.mark.parametrize(
    "write",
    [
        str,
        lambda path: f"  {path} ",
        lambda path: f"'{path}'",
        lambda path: f'"{path}"',
        lambda path: str(path).replace(" ", "\\ ").replace("(", "\\(").replace(")", "\\)"),
        lambda path: path.as_uri(),
    ],
)
def test_a_path_may_be_quoted_escaped_or_an_address(listing: Path, write: object) -> None:
    assert callable(write)
    assert existing(write(listing)) == listing
    assert existing(write(listing.parent)) == listing.parent


def test_a_file_whose_name_has_a_backslash_is_found(tmp_path: Path) -> None:
    odd = tmp_path / "a\\ b"
    odd.write_text("x")
    assert existing(str(odd)) == odd


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "my papers (new)/day 2.txt",
            "there is no file or folder “day 2.txt” in {folder}/my papers (new); the nearest name is day 1.txt",
        ),
        ("my paper/day 1.txt", "there is no folder “my paper” in {folder}; the nearest name is my papers (new)/"),
        ("zebra", "there is no file or folder “zebra” in {folder}"),
        ("pipe", "pipe is neither a file nor a folder"),
        ("x" * 300, "File name too long"),
        ("a\0b", "there is no file or folder “a"),
    ],
)
def test_a_path_that_does_not_exist_is_refused_with_the_nearest_name(listing: Path, name: str, message: str) -> None:
    folder = listing.parent.parent
    os.mkfifo(folder / "pipe")
    with pytest.raises(PathError) as error:
        existing(f"{folder}/{name}")
    assert message.format(folder=folder) in str(error.value)


def test_a_path_is_completed_as_far_as_there_is_one_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "listings").mkdir()
    for name in ("one.txt", "only.txt", ".secret", "bad\nname", "\x1b[31mred"):
        (tmp_path / "listings" / name).write_text("x")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert complete("li") == Completion("listings/", ("listings/",))
    assert complete("listings/") == Completion("listings/on", ("one.txt", "only.txt"))
    assert complete("listings/onl") == Completion("listings/only.txt", ("only.txt",))
    assert complete("listings/ON") == Completion("listings/on", ("one.txt", "only.txt"))
    assert complete("listings/.") == Completion("listings/.secret", (".secret",))
    assert complete("listings/x") == Completion("listings/x", ())
    assert complete("~") == Completion("~/", ())
    assert complete("~/li") == Completion("~/listings/", ("listings/",))
    assert complete(f"'{tmp_path}/li'") == Completion(f"{tmp_path}/listings/", ("listings/",))


@examples(50, 1_000)
@given(texts)
def test_no_text_raises_another_error(text: str) -> None:
    for ask in (existing, complete):
        try:
            ask("/nowhere/" + text)
        except PathError as error:
            assert str(error)
