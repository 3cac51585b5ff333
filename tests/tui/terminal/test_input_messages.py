"""Keys that wait for the application are passed on together, and stay in order with other events."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.app import App
from textual.events import Key, Paste
from textual.message import Message

from tui.terminal.driver import TerminalDriver
from tui.terminal.input_messages import TypedKeys


@pytest.fixture
async def driver() -> Iterator[TerminalDriver]:
    made = TerminalDriver(App())
    yield made
    made.close()


def key(name: str) -> Key:
    return Key(name, name)


def names(message: Message) -> list[str]:
    assert isinstance(message, TypedKeys)
    return [each.key for each in message.take()]


async def test_keys_are_passed_on_together_until_the_application_takes_them(
    driver: TerminalDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed: list[Message] = []
    monkeypatch.setattr(driver, "process_message", passed.append)
    driver._pass_on(key("a"))
    driver._pass_on(key("b"))
    assert names(passed[0]) == ["a", "b"]
    driver._pass_on(key("c"))
    assert [names(each) for each in passed] == [[], ["c"]]


async def test_a_key_does_not_overtake_what_came_before_it(
    driver: TerminalDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed: list[Message] = []
    monkeypatch.setattr(driver, "process_message", passed.append)
    for event in (key("a"), Paste("text"), key("b"), key("c")):
        driver._pass_on(event)
    first, paste, last = passed
    assert (names(first), isinstance(paste, Paste), names(last)) == (["a"], True, ["b", "c"])
