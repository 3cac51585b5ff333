"""Editing a text in the external editor that the user has configured."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.model.errors import LibraryError
from tui.workers import editor


def script(folder: Path, commands: str) -> str:
    """The path of a program that runs shell commands; "$1" is the file to edit."""
    path = folder / "my editor"
    path.write_text(f"#!/bin/sh\n{commands}\n")
    path.chmod(0o700)
    return str(path)


def test_visual_comes_before_editor_and_may_have_arguments_and_quotes() -> None:
    environment = {"VISUAL": "'my editor' --wait", "EDITOR": "nano"}
    assert editor.command(environment) == ["my editor", "--wait"]
    assert editor.command({"VISUAL": " ", "EDITOR": "nano"}) == ["nano"]
    assert editor.command({"VISUAL": "'broken", "EDITOR": "nano"}) == ["nano"]


def test_without_an_editor_the_error_names_the_variable_to_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LibraryError, match="set EDITOR"):
        editor.command({})


def test_the_editor_gets_the_text_in_a_private_file_and_its_text_is_returned(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    program = script(tmp_path, 'ls -ld "$(dirname "$1")" > modes; echo "and more" >> "$1"')
    monkeypatch.chdir(tmp_path)
    assert editor.edit([program], "a thought") == ("a thought\nand more", "")
    assert (tmp_path / "modes").read_text().startswith("drwx------")
    assert not [*tmp_path.glob("recto-*")]


def test_an_editor_that_fails_is_named_and_what_it_wrote_is_returned(tmp_path: Path) -> None:
    program = script(tmp_path, 'printf half > "$1"; exit 3')
    assert editor.edit([program], "") == ("half", "my editor ended with code 3")


def test_a_text_that_cannot_be_read_stays_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(editor, "_LARGEST", 4)
    text, problem = editor.edit([script(tmp_path, 'printf "too long" > "$1"')], "")
    assert text is None
    (kept,) = tmp_path.glob("recto-*/note.md")
    assert str(kept) in problem
    assert kept.read_text() == "too long"
