"""The dialog that asks for a file or folder. Tab completes the path, and errors are shown inside the dialog."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from textual import events
from textual.widget import Widget

from tui.render import styled
from tui.render.pieces import Line, Piece, fit
from tui.screens import path_completion
from tui.screens.dialogs import TypingLine
from tui.screens.path_completion import PathError
from tui.widgets.choice_list import ChoiceList
from tui.widgets.line_list import LineList

_T = TypeVar("_T")
# How long to wait for an answer of the file system (s). A folder on a network that was disconnected never answers.
_ANSWER_SECONDS = 2.0
# The largest number of names that are shown at once.
_MOST_SHOWN = 8


class AskPath(TypingLine[Path]):
    """Asks for the path of an existing file or folder."""

    def __init__(self, question: str, hint: str, example: str = "~/Downloads/listing.txt", value: str = "") -> None:
        super().__init__(question, hint, value, placeholder=example)
        self._list = ChoiceList(id="paths")
        # The names that tab has found, their folder, and the index of the name that is in the field now.
        self._names: tuple[str, ...] = ()
        self._folder = ""
        self._chosen: int | None = None
        self._checked_text = ""

    def body(self) -> Iterable[Widget]:
        yield from super().body()
        self._list.display = False
        yield self._list

    def checked(self, text: str) -> Path:
        """The path that the user has typed. Raises PathError if it is not a valid answer.

        This is called in a thread, because it may have to wait for the file system.
        """
        return path_completion.existing(text)

    async def take(self, event: events.Key) -> bool:
        if event.key == "enter":
            await self._answer()
        elif event.key in ("tab", "down") and len(self._names) > 1 and self._is_at_choice:
            self._choose(0 if self._chosen is None else self._chosen + 1)
        elif event.key in ("shift+tab", "up") and len(self._names) > 1 and self._is_at_choice:
            self._choose(-1 if self._chosen is None else self._chosen - 1)
        elif event.key == "tab":
            await self._complete()
        else:
            return await super().take(event)
        return True

    def changed(self) -> None:
        if self.text != self._checked_text:
            self._show(())

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        self._choose(message.index)

    @property
    def _is_at_choice(self) -> bool:
        """Whether the field still contains the text that tab has put into it."""
        return self.text == self._checked_text

    async def _answer(self) -> None:
        text = self.text
        try:
            path = await _in_thread(lambda: self.checked(text))
        except PathError as error:
            # The error replaces only the first line of the hint: the error may refer to the other lines, and the dialog
            # does not change its height.
            self.say("\n".join([str(error), *self._hint.split("\n")[1:]]), error=True)
        else:
            self.dismiss(path)

    async def _complete(self) -> None:
        text = self.text
        try:
            found = await _in_thread(lambda: path_completion.complete(text))
        except PathError as error:
            self.say(str(error), error=True)
            return
        self._write(found.text)
        self._folder = found.text[: found.text.rfind("/") + 1]
        if not found.names and found.text.rstrip("/") == text.strip().rstrip("/") and not found.text.endswith("/"):
            self._show(())
            self.say("no name begins like this", error=True)
        else:
            self._show(found.names if len(found.names) > 1 else ())

    def _choose(self, index: int) -> None:
        """Put the name with this index into the field. The index after the last one means the first name."""
        self._chosen = index % len(self._names)
        self._list.move(self._chosen)
        self._write(f"{self._folder}{self._names[self._chosen]}")

    def _write(self, text: str) -> None:
        self.line.value = self._checked_text = text
        self.line.cursor_position = len(text)

    def _show(self, names: tuple[str, ...]) -> None:
        """Show names from which the user can choose. Without names, hide the list."""
        self.say()
        self._names, self._chosen, self._checked_text = names, None, self.text
        self._list.display = bool(names)
        if names:
            self._list.styles.height = min(_MOST_SHOWN, len(names))
            self._list.show(len(names), self._line_of)

    def _line_of(self, index: int, width: int) -> Line:
        name = self._names[index]
        return fit((Piece(f" {styled.safe(name)}", "heading" if name.endswith("/") else "title"),), width)


async def _in_thread(job: Callable[[], _T]) -> _T:
    """Call `job`, which accesses the file system, in a thread, and return its result.

    Raises PathError when the result takes too long. The thread is a daemon thread, so that the application can end even
    if the file system never answers.
    """
    loop = asyncio.get_running_loop()
    result: asyncio.Future[_T] = loop.create_future()

    def settle(value: _T | None, error: Exception | None) -> None:
        if result.done():
            return
        if error is not None:
            result.set_exception(error)
        else:
            result.set_result(value)  # type: ignore[arg-type]

    def carry_out() -> None:
        value, error = None, None
        try:
            value = job()
        except Exception as raised:
            error = raised
        # Ignore the error if the event loop has ended meanwhile.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, value, error)

    threading.Thread(target=carry_out, name="paths", daemon=True).start()
    try:
        return await asyncio.wait_for(result, _ANSWER_SECONDS)
    except TimeoutError:
        raise PathError("the folder does not answer") from None
