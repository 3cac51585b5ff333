"""Writing to the terminal.

The tests cover marks in the output, a terminal that is gone, characters that an encoding lacks, and changes of the
size.
"""

from __future__ import annotations

import asyncio
import io
import signal

import pytest
from textual.app import App
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver

from tui.terminal.driver import TerminalDriver, _Mark, _Output
from tui.terminal.textual_internals import OpenDriver


class Gone(io.StringIO):
    """Simulates a terminal that is gone: every write fails."""

    def write(self, text: str) -> int:
        raise OSError

    def flush(self) -> None:
        raise OSError


class Slow(io.StringIO):
    """Simulates a terminal that receives the written text only when it is flushed."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = ""

    def flush(self) -> None:
        self.shown = self.getvalue()


def test_a_mark_is_called_when_the_terminal_has_received_everything_before_it() -> None:
    terminal = Slow()
    reached: list[str] = []
    writer = WriterThread(_Output(terminal))  # type: ignore[arg-type]
    writer.write("one ")
    writer.write(_Mark(lambda: reached.append(terminal.shown)))
    writer.start()
    writer.write("two ")
    writer.write(_Mark(lambda: reached.append(terminal.shown)))
    writer.stop()
    assert len(reached) == 2
    assert reached[0].startswith("one ") and reached[1].startswith("one two ")
    assert terminal.getvalue() == "one two "


def test_a_mark_is_called_even_when_the_terminal_is_gone() -> None:
    reached: list[bool] = []
    output = _Output(Gone())
    output.write("text")
    output.write(_Mark(lambda: reached.append(True)))
    output.flush()
    output.flush()
    assert reached == [True]


def test_a_character_that_the_encoding_lacks_is_replaced_and_the_rest_is_written() -> None:
    file = io.BytesIO()
    output = _Output(io.TextIOWrapper(file, "ascii"))
    output.write("\x1b[1m★ a paper")
    output.flush()
    assert file.getvalue() == b"\x1b[1m* a paper"


async def test_the_later_of_two_sizes_counts_when_its_signal_interrupts_the_handler_of_the_earlier() -> None:
    terminal = [(5, 2)]
    posted: list[tuple[int, int]] = []

    def send_size(*_: object) -> None:
        size = terminal[-1]
        if size == (5, 2):
            terminal.append((80, 24))
            signal.raise_signal(signal.SIGWINCH)
        posted.append(size)

    driver = object.__new__(TerminalDriver)
    before = signal.signal(signal.SIGWINCH, send_size)
    try:
        driver._handle_sizes_in_order()
        signal.raise_signal(signal.SIGWINCH)
        while len(posted) < 2:
            await asyncio.sleep(0)
    finally:
        signal.signal(signal.SIGWINCH, before)
    assert posted == [(5, 2), (80, 24)]


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGCONT])
async def test_a_signal_that_interrupts_a_write_to_the_terminal_is_handled_after_the_write(
    monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    handled: list[bool] = []
    writer = WriterThread(io.StringIO())
    owner, name = (OpenDriver, "_stop") if number == signal.SIGTSTP else (LinuxDriver, "_sigcont_application")
    # The real signal handlers wait for ever if the lock is held, so this one only records whether it is held.
    monkeypatch.setattr(owner, name, lambda *_: handled.append(writer._queue.mutex.locked()))
    before = {each: signal.getsignal(each) for each in (signal.SIGTSTP, signal.SIGCONT)}
    try:
        driver = TerminalDriver(App())
        monkeypatch.setattr(driver, "may_continue", lambda: True)
        with writer._queue.mutex:
            signal.raise_signal(number)
        while not handled:
            await asyncio.sleep(0)
        driver.close()
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    assert handled == [False]
