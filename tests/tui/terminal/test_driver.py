"""What is written to the terminal, and when it is there."""

from __future__ import annotations

import io

from textual.drivers._writer_thread import WriterThread

from tui.terminal.driver import _Mark, _Output


class Gone(io.StringIO):
    """A terminal that went away."""

    def write(self, text: str) -> int:
        raise OSError

    def flush(self) -> None:
        raise OSError


class Slow(io.StringIO):
    """A terminal that has what was written when it is flushed."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = ""

    def flush(self) -> None:
        self.shown = self.getvalue()


def test_a_mark_is_reached_when_all_before_it_is_on_the_terminal() -> None:
    terminal = Slow()
    reached: list[str] = []
    writer = WriterThread(_Output(terminal))  # type: ignore[arg-type]
    writer.write("one ")
    writer.write(_Mark(lambda: reached.append(terminal.shown)))
    writer.start()
    writer.write("two ")
    writer.write(_Mark(lambda: reached.append(terminal.shown)))
    writer.stop()
    assert [shown.startswith(said) for shown, said in zip(reached, ("one ", "one two "), strict=True)] == [True, True]
    assert terminal.getvalue() == "one two "


def test_a_mark_is_reached_though_the_terminal_is_gone() -> None:
    reached: list[bool] = []
    screen = _Output(Gone())
    screen.write("text")
    screen.write(_Mark(lambda: reached.append(True)))
    screen.flush()
    screen.flush()
    assert reached == [True]


def test_a_character_that_the_encoding_does_not_have_is_replaced_and_the_rest_is_written() -> None:
    file = io.BytesIO()
    screen = _Output(io.TextIOWrapper(file, "ascii"))
    screen.write("\x1b[1m★ a paper")
    screen.flush()
    assert file.getvalue() == b"\x1b[1m? a paper"
