"""Keys while a filter is typed: letters change the filter, arrows move in the list, escape and enter end the typing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual import events

from store.library.library import Library
from tests.tui.screens.parts import Papers, Worker
from tui.screens.filter_typing import FilterTyping
from tui.screens.key_queue import KeyQueue
from tui.screens.list_search import ListSearch
from tui.settings.session import Session


class Notes:
    """A status line that records the notes it has to show."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def show_note(self, text: str) -> None:
        self.notes.append(text)


class MovingPapers(Papers):
    """A list that records the moves of its cursor."""

    page = 10

    def __init__(self) -> None:
        super().__init__()
        self.moves: list[tuple[int, int]] = []

    def move(self, to: int, step: int = 1) -> None:
        self.moves.append((to, step))


class Typing:
    """The filter of a list with the papers 1, 2 and 3. The filter has the focus."""

    def __init__(self, library: Library) -> None:
        self.worker, self.papers, self.status = Worker(), MovingPapers(), Notes()
        self.input = SimpleNamespace(value="", put=self._put)
        self.search = ListSearch(
            library,
            self.worker,  # type: ignore[arg-type]
            self.papers,  # type: ignore[arg-type]
            Session(),
            empty_text=str,
            on_request=lambda: None,
        )
        self.search.start(Session())
        self.search.accept(self.worker.answer(1, 2, 3))
        self.is_list_focused = False
        self.bound: list[str] = []
        self.done: list[str] = []
        self.typing = FilterTyping(
            SimpleNamespace(input=self.input),  # type: ignore[arg-type]
            self.papers,  # type: ignore[arg-type]
            self.search,
            KeyQueue(lambda: True, lambda: self.papers.paper),
            self.status,  # type: ignore[arg-type]
            focus_list=self._focus_list,
            run_binding=self._run_binding,
            do_key=self._do_key,
        )

    def _put(self, letter: str) -> bool:
        self.input.value += letter
        return True

    def _focus_list(self) -> None:
        self.is_list_focused = True

    async def _run_binding(self, key: str) -> bool:
        self.bound.append(key)
        if key == "backspace":
            self.input.value = self.input.value[:-1]
        return key == "backspace"

    def _do_key(self, key: str) -> bool:
        self.done.append(key)
        return key == "ctrl+p"

    async def press(self, *keys: str) -> list[bool]:
        """Press keys. Returns for each whether it was handled."""
        return [await self.typing.take(events.Key(key, key if len(key) == 1 else None)) for key in keys]


@pytest.fixture
def typing(tmp_path: Path) -> Iterator[Typing]:
    with Library.open(tmp_path / "library.db") as library:
        yield Typing(library)


async def test_every_letter_requests_the_list_again(typing: Typing) -> None:
    assert await typing.press("q", "j") == [True, True]
    assert [request.query.text for request in typing.worker.requests] == ["", "q", "qj"]
    assert not typing.is_list_focused


async def test_arrows_and_page_keys_move_the_list(typing: Typing) -> None:
    await typing.press("down", "up", "pagedown", "pageup")
    assert typing.papers.moves == [(1, 1), (-1, -1), (10, 1), (-10, -1)]


async def test_enter_and_tab_keep_the_filter_and_choose_the_paper_under_the_cursor(typing: Typing) -> None:
    await typing.press("a", "enter")
    assert typing.is_list_focused
    assert typing.search.query.text == "a"
    assert typing.papers.chosen is not None and typing.papers.chosen.paper == 1


async def test_escape_removes_the_filter(typing: Typing) -> None:
    await typing.press("a", "escape")
    assert typing.is_list_focused
    assert (typing.input.value, typing.search.query.text) == ("", "")


async def test_editing_keys_are_for_the_field_and_other_keys_for_the_registry(typing: Typing) -> None:
    assert await typing.press("a", "backspace", "ctrl+p", "f5") == [True, True, True, False]
    assert typing.bound == ["backspace"]
    assert typing.done == ["ctrl+p", "f5"]
    assert typing.search.query.text == ""


async def test_the_note_goes_when_the_filter_is_understood_again(typing: Typing) -> None:
    await typing.press(*"date:soon")
    notes = len(typing.status.notes)
    assert typing.search.query.misread
    await typing.press("escape")
    assert typing.status.notes[notes:] == [""]
