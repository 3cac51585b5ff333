"""The screen notices commits of other processes, but not its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from store.library.library import Library
from tests.tui.screens.parts import Writer
from tui.screens.library_changes import LibraryChanges
from tui.settings import session
from tui.settings.session import Session


def commit(library: Library, key: str) -> None:
    with library.writing() as connection:
        connection.execute("INSERT INTO setting (key, value) VALUES (?, '')", (key,))


def test_only_commits_of_other_connections_are_changes(tmp_path: Path) -> None:
    path, changes = tmp_path / "library.db", []
    with Library.open(path) as library, Library.open(path) as other:
        writer = Writer()
        commits: list[str] = []
        watched = LibraryChanges(
            library,
            writer,  # type: ignore[arg-type]
            lambda: changes.append("changed"),
            lambda: commits.append("commit"),
        )
        commit(other, "before the start")
        watched.start()
        assert watched.shown is None
        watched.look()
        assert writer.jobs == []
        # The first check that finds a commit does not know the earlier number of commits.
        commit(other, "a")
        watched.look()
        writer.finish()
        assert changes == ["changed"] and watched.shown is not None
        commit(library, "b")
        watched.look()
        writer.finish()
        assert changes == ["changed"] and len(commits) == 2
        commit(other, "c")
        watched.look()
        writer.finish()
        assert changes == ["changed"] * 2
        watched.look()
        assert writer.jobs == []


def test_a_saved_session_is_no_change(tmp_path: Path) -> None:
    commits: list[str] = []
    with Library.open(tmp_path / "library.db") as library:
        writer = Writer()
        watched = LibraryChanges(
            library,
            writer,  # type: ignore[arg-type]
            list,
            lambda: commits.append("commit"),
        )
        watched.start()
        commit(library, "a")
        watched.look()
        writer.finish()
        assert commits == ["commit"]
        session.save(library, Session(filter="a"))
        watched.look()
        assert writer.jobs != []
        writer.finish()
        assert commits == ["commit"]
        commit(library, "b")
        session.save(library, Session(filter="b"))
        watched.look()
        writer.finish()
        assert commits == ["commit"] * 2


def test_a_new_day_is_noticed_once(tmp_path: Path) -> None:
    days, noticed = [date(2026, 2, 28), date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 1)], []
    with Library.open(tmp_path / "library.db") as library:
        watched = LibraryChanges(
            library,
            Writer(),  # type: ignore[arg-type]
            list,
            on_new_day=lambda: noticed.append("new day"),
            today=lambda: days.pop(0),
        )
        watched.start()
        for expected in ([], ["new day"], ["new day"]):
            watched.look()
            assert noticed == expected
