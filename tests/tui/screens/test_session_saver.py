"""The session is saved when nothing has moved for a while, and only if it has changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from store.library.library import Library
from tests.tui.screens.parts import Timers, Writer
from tui.screens.session_saver import SessionSaver
from tui.settings import session
from tui.settings.session import Session


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as library:
        yield library


def test_the_session_is_saved_once_after_several_moves(library: Library) -> None:
    timers, writer, paper = Timers(), Writer(), 1

    def current(saved: Session) -> Session:
        return msgspec.structs.replace(saved, paper=paper)

    saver = SessionSaver(library, writer, Session(), current, timers.set_timer)  # type: ignore[arg-type]
    saver.save_soon()
    paper = 2
    saver.save_soon()
    assert writer.jobs == []
    timers.run_out()
    writer.finish()
    assert session.load(library.reader()).paper == 2
    # Nothing has changed since the session was saved.
    saver.save()
    assert writer.jobs == []
    paper = 3
    saver.save()
    writer.finish()
    assert session.load(library.reader()).paper == 3
