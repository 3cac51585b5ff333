"""Writes long sequences to the terminal in pieces, so that drawing the screen never waits for more than one piece."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from tui.terminal import picture_output
from tui.terminal.driver import TerminalDriver

# The length of a piece (characters). A slow connection of one megabit per second transmits it in a quarter of a second.
_PIECE = 32_000


class PacedOutput:
    """Writes escape sequences to the terminal in pieces and in their order.

    A piece consists of complete sequences, because other output may be written between two pieces.
    """

    def __init__(self, driver: TerminalDriver, *, through_tmux: bool) -> None:
        self._driver = driver
        self._through_tmux = through_tmux
        self._waiting: deque[str | Callable[[], object]] = deque()
        self._is_writing = False

    def write(self, sequences: Iterable[str], then: Callable[[], object]) -> None:
        """Write `sequences` after those that are still waiting. Call `then` when they are written."""
        self._waiting.extend(sequences)
        self._waiting.append(then)
        if not self._is_writing:
            self._write_next()

    def write_at_once(self, sequences: Iterable[str]) -> None:
        """Drop the sequences that are still waiting, and write `sequences` at once."""
        self._waiting.clear()
        self._driver.write("".join(map(self._as_sent, sequences)))

    def _write_next(self) -> None:
        piece: list[str] = []
        length = 0
        while self._waiting and length < _PIECE:
            following = self._waiting.popleft()
            if isinstance(following, str):
                piece.append(self._as_sent(following))
                length += len(piece[-1])
            else:
                self._driver.write("".join(piece))
                piece.clear()
                following()
        self._is_writing = bool(piece)
        if piece:
            self._driver.write("".join(piece))
            self._driver.when_written(lambda: self._driver.call_on_loop(self._write_next))

    def _as_sent(self, sequence: str) -> str:
        return picture_output.through_tmux(sequence) if self._through_tmux else sequence
