"""If any code raises an exception, recto prints one explanation, restores the terminal, and exits with an error."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.scenarios.conftest import OpenTerminal
from tests.scenarios.test_leaving import is_as_it_was
from tests.thorough import some

ROOT = Path(__file__).parents[2]
# Code that runs when the key "y" is pressed, instead of the key's action. `fail` raises an exception.
PLACES = {
    "an action": "fail()",
    "a message handler": "screen.call_later(fail)",
    "two message handlers": "screen.call_later(fail); screen.list.call_later(fail)",
    "a message handler before an exit": "screen.list.call_later(fail); app.exit()",
    "a callback after drawing": "screen.call_after_refresh(fail)",
    "a worker": "screen.run_worker(coroutine())",
    "a timer": "screen.set_timer(0.01, fail)",
    "a render": "screen.status.render_line = fail; screen.status.refresh()",
    "a line of the list": "screen.list.item_line = fail; screen.list.forget()",
    "the event loop": "loop.call_soon(fail)",
    "a task": "loop.create_task(coroutine())",
    "a thread": "threading.Thread(target=fail).start()",
    "the thread that reads keys": "InputParser.feed = fail; screen.status.show_news('keys are broken')",
}


def broken(folder: Path, code: str) -> dict[str, str]:
    """The environment variables that make the program run `code` when the key "y" is pressed."""
    (folder / "sitecustomize.py").write_text(
        "import asyncio, threading\n"
        "from tui.actions.exporting import Exporting\n"
        "from tui.terminal.input_parser import InputParser\n"
        "def fail(*_, **__):\n"
        "    raise RuntimeError('deliberate')\n"
        "async def coroutine():\n"
        "    fail()\n"
        "def cite(self):\n"
        "    screen, app, loop = self._screen, self._screen.app, asyncio.get_running_loop()\n"
        f"    {code}\n"
        "Exporting.cite = cite\n"
    )
    return {"PYTHONPATH": f"{folder}:{ROOT}"}


@pytest.mark.thorough
@pytest.mark.parametrize("place", some(5, list(PLACES)))
def test_a_mistake_anywhere_ends_the_reader_with_one_explanation_and_exit_code_1(
    terminal: OpenTerminal, tmp_path: Path, place: str
) -> None:
    screen = terminal(env=broken(tmp_path, PLACES[place]))
    screen.shows("24 papers", "Persimmon")
    before = len(screen.output)
    screen.press("y")
    if place == "the thread that reads keys":
        screen.shows("keys are broken")
        screen.press("j")
    assert screen.ends() == 1
    assert is_as_it_was(screen)
    printed = screen.output[screen.output.rindex(b"\x1b[?1049l", before) :]
    assert printed.count(b"recto stopped: this is a mistake in recto") == 1
    assert printed.count(b"RuntimeError: deliberate") == 1
    assert printed.count(b"What it said was saved is saved.") == 1
    for unreadable in (b"Exception in", b"never retrieved", b"textual run", b"NOTE:"):
        assert unreadable not in screen.output


def test_an_error_of_the_system_outside_of_any_action_is_explained_in_one_line(
    terminal: OpenTerminal, tmp_path: Path
) -> None:
    code = "import errno, sqlite3; fail = sqlite3.DatabaseError('database disk image is malformed')"
    screen = terminal(
        env=broken(tmp_path, f"{code}; screen.call_later((lambda error: (_ for _ in ()).throw(error)), fail)")
    )
    screen.shows("24 papers", "Persimmon")
    screen.press("y")
    assert screen.ends() == 1
    assert is_as_it_was(screen)
    assert b"recto stopped: the library cannot be read: database disk image is malformed" in screen.output
    assert b"Traceback" not in screen.output


@pytest.mark.parametrize(
    ("statement", "keys"),
    [
        ("UPDATE paper SET title = x'ff00'", ""),
        ("UPDATE body SET links = '{'", "j"),
        ("UPDATE body SET links = '{'", "y"),
    ],
)
def test_the_reader_names_a_value_that_another_program_stored(
    terminal: OpenTerminal, library: Path, statement: str, keys: str
) -> None:
    with closing(sqlite3.connect(library, isolation_level=None)) as connection:
        connection.execute(statement)
    screen = terminal()
    screen.press(*keys)
    screen.until(lambda: b"another program has changed" in screen.output, "the message")
    screen.press("q")
    screen.ends()
    assert is_as_it_was(screen)
    assert b"Traceback" not in screen.output
