"""An expected error is one line in the status line. A mistake in the program ends recto."""

from __future__ import annotations

import sqlite3

import pytest

from store.model.errors import LibraryError
from tests.tui.screens.parts import Status
from tui.screens.notices import Notices


class Screen:
    """Notices, with their status line and their bar."""

    def __init__(self) -> None:
        self.status = Status()
        self.toasts: list[tuple[str, str]] = []
        self.notices = Notices(self.status, lambda: self)  # type: ignore[arg-type]

    def add(self, text: str, severity: str) -> None:
        self.toasts.append((text, severity))


@pytest.mark.parametrize(
    "error", [LibraryError("there is no paper 4"), OSError(28, "No space left"), sqlite3.Error("x")]
)
def test_an_error_of_the_library_or_the_system_becomes_one_line(error: Exception) -> None:
    screen = Screen()

    def step() -> None:
        raise error

    assert not screen.notices.attempt(step)
    (line,) = screen.status.news
    assert line and "\n" not in line
    assert screen.toasts == []


def test_an_error_in_the_program_is_raised() -> None:
    screen = Screen()
    with pytest.raises(ZeroDivisionError):
        screen.notices.attempt(lambda: 1 // 0)
    assert screen.status.news == []


def test_an_attempt_without_an_error_succeeds() -> None:
    screen, done = Screen(), []
    assert screen.notices.attempt(lambda: done.append(1))
    assert (done, screen.status.news) == ([1], [])


def test_an_error_is_shown_in_the_status_line_and_in_the_bar() -> None:
    screen = Screen()
    screen.notices.show_error("[b]not saved[/b]\x1b[31m")
    assert screen.status.news == [screen.toasts[0][0]]
    assert screen.toasts[0][1] == "error"
    assert "\x1b" not in screen.status.news[0] and "[b]not saved[/b]" in screen.status.news[0]
