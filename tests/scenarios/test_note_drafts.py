"""Text of a note that was typed but not saved is shown again when the note is reopened."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from textual.widgets import TextArea

from store.importing import undo
from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.marks import drafts, marking, stored_marks
from store.model.errors import LibraryError
from store.text.clean import UNSAFE
from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader, OpenTerminal
from tests.scenarios.reader import Reader


def written(screen: Reader) -> str:
    """The text in the open dialog of a note."""
    return screen.app.screen.query_one(TextArea).text


def note(library: Path, paper: int = 1) -> tuple[str | None, str | None]:
    """The saved note of a paper, and its unsaved draft."""
    with Library.open(library) as opened:
        connection = opened.reader()
        return stored_marks.read(connection, paper).note, drafts.read(connection, paper)


async def test_escape_keeps_a_draft_that_is_there_again_also_after_a_restart(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("n")
        await screen.type("half a thought")
        await screen.press("escape")
        assert "the note is not saved: n opens the draft again" in screen.status
        await screen.press("j", "n")
        assert written(screen) == ""
        await screen.press("escape", "k", "n")
        assert written(screen) == "half a thought"
        await screen.press("escape")
    assert note(library) == (None, "half a thought")
    async with reader() as screen:
        await screen.press("n", *" more", "ctrl+s")
        assert "saved the note of" in screen.status
    assert note(library) == ("half a thought more", None)


async def test_a_note_that_was_not_changed_leaves_no_draft(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("n", *"abc", "ctrl+s", "n", "escape", "n", "x", "backspace", "escape")
        assert "not saved" not in screen.status
    assert note(library) == ("abc", None)


async def test_ctrl_g_goes_back_to_the_stored_note(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("n", *"abc", "ctrl+s", "n", *"def", "escape", "n")
        assert written(screen) == "abcdef"
        await screen.sees("ctrl+r drops it")
        await screen.press("ctrl+r")
        assert written(screen) == "abc"
        await screen.sees("this is the stored note again")
        await screen.press("escape", "n")
        assert written(screen) == "abc"
        await screen.press("escape")
    assert note(library) == ("abc", None)


@pytest.mark.parametrize("end", ["ctrl+c", "SIGTERM", "SIGHUP"])
def test_a_draft_survives_every_way_to_end_the_reader(terminal: OpenTerminal, library: Path, end: str) -> None:
    screen = terminal()
    screen.shows("24 papers", "Persimmon")
    screen.press("n")
    screen.shows("Your note")
    screen.press(*"unfinished")
    screen.shows("unfinished")
    if end == "ctrl+c":
        screen.press(end)
    else:
        screen.send(getattr(signal, end))
    assert screen.ends() > 128
    assert note(library) == (None, "unfinished")


def test_a_draft_survives_a_killed_reader_once_nothing_was_typed_for_a_moment(
    terminal: OpenTerminal, library: Path
) -> None:
    screen = terminal()
    screen.shows("24 papers", "Persimmon")
    screen.press("n")
    screen.shows("Your note")
    screen.press(*"unfinished")

    def is_kept() -> bool:
        with closing(sqlite3.connect(library)) as connection:
            return ("unfinished",) in connection.execute("SELECT value FROM setting").fetchall()

    screen.until(is_kept, "the draft is in the library")
    screen.kill()
    assert note(library) == (None, "unfinished")


async def test_a_note_that_cannot_be_saved_is_still_there(
    reader: OpenReader, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise LibraryError("the disk is full")

    async with reader() as screen:
        monkeypatch.setattr(marking, "note", fails)
        monkeypatch.setattr(drafts, "keep", fails)
        await screen.press("n", *"precious", "ctrl+s")
        assert "the disk is full" in screen.status
        await screen.press("n")
        assert written(screen) == "precious"
        monkeypatch.undo()
        await screen.press("ctrl+s")
    assert note(library) == ("precious", None)


def test_the_draft_of_a_paper_that_was_joined_to_another_is_found(library: Path) -> None:
    with Library.open(library) as opened:
        drafts.keep(opened, 2, "of the joined paper", durable=True)
        with opened.writing() as connection:
            connection.execute("INSERT INTO joined (gone, kept, at) VALUES (2, 1, '')")
        assert drafts.read(opened.reader(), 1) == "of the joined paper"
        drafts.keep(opened, 1, "its own", durable=True)
        assert drafts.read(opened.reader(), 1) == "its own"
        drafts.remove(opened, 1)
        assert drafts.read(opened.reader(), 1) is None


def test_a_paper_with_a_draft_stays_when_its_import_is_taken_back(library: Path, tmp_path: Path) -> None:
    winter = papers.write(tmp_path / "more", papers.WINTER, papers.WINTER_DAY)
    with Library.open(library) as opened:
        list(take_in(opened, [winter], Options(today=date(2026, 1, 1))))
        drafts.keep(opened, 25, "about a winter paper", durable=True)
        assert undo.withdraw(opened, 2).kept == 1


def test_E_gives_the_terminal_to_the_editor_and_saves_what_it_wrote(
    terminal: OpenTerminal, library: Path, tmp_path: Path
) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "editing $1"\nread -r line\necho "**$line**" >> "$1"\n')
    editor.chmod(0o700)
    screen = terminal(size=(100, 30), env={"VISUAL": str(editor)})
    screen.shows(" papers", "Filter")
    screen.press("E")
    screen.shows("editing ", "note.md")
    # These keys are typed into the external editor, not into recto.
    screen.press("q", "x", "enter")
    screen.shows("saved the note of", "Your note", "qx")
    screen.press("q")
    assert screen.ends() == 0
    assert note(library) == ("**qx**", None)


def test_text_from_an_editor_that_failed_becomes_a_draft(terminal: OpenTerminal, library: Path, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho half > "$1"\nexit 2\n')
    editor.chmod(0o700)
    screen = terminal(size=(100, 30), env={"VISUAL": str(editor)})
    screen.shows(" papers", "Filter")
    screen.press("E")
    screen.shows("editor ended with code 2")
    screen.press("q")
    assert screen.ends() == 0
    assert note(library) == (None, "half")


async def test_words_of_notes_are_found_and_highlighted(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "n", *"the Next step", "ctrl+s", "j", "n", *"step by step", "ctrl+s")
        await screen.press("/")
        await screen.type('note:"next st')
        assert len(screen.listed) == 1
        assert "the Next step" in screen.detail
        await screen.press("escape", "/")
        await screen.type("note:step")
        assert len(screen.listed) == 2
        await screen.press("escape", "/")
        await screen.type("note:tep")
        assert screen.listed == []


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO mark (paper_id, status, note) SELECT id, 'new', ? FROM paper",
        "INSERT INTO setting (key, value) SELECT 'draft:' || id, ? FROM paper",
    ],
)
async def test_a_note_that_another_program_stored_reaches_the_editor_without_control_characters(
    reader: OpenReader, library: Path, statement: str
) -> None:
    hostile = "before\x1b]52;c;aGk=\x07\x9b31m\u202eafter\x7f"
    with closing(sqlite3.connect(library)) as connection, connection:
        connection.execute(statement, (hostile,))
    async with reader() as screen:
        await screen.press("2", "n")
        assert not UNSAFE.search(written(screen))
        assert written(screen).startswith("before") and "after" in written(screen)
