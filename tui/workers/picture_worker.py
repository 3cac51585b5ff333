"""The thread that draws the pictures of one document, so that the event loop never waits for a picture."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, NamedTuple, TypeVar

from textual.message import Message
from textual.message_pump import MessagePump

from store.model.errors import ListingError
from store.pictures.picture import Pixels, Size, Source
from store.pictures.renderer import Renderer

_T = TypeVar("_T")


class PictureLocated(Message):
    """A picture was found. The message contains the picture's position (`source`) and size (points or pixels)."""

    def __init__(self, key: Hashable, source: Source, size: Size) -> None:
        super().__init__()
        self.key = key
        self.source = source
        self.size = size


class PictureDrawn(Message, Generic[_T]):
    """A picture was drawn. `picture` is the result of the function `make` of the task (see `Drawing`)."""

    def __init__(self, key: Hashable, picture: _T) -> None:
        super().__init__()
        self.key = key
        self.picture = picture


class PictureRefused(Message):
    """A picture cannot be shown, for this reason."""

    def __init__(self, key: Hashable, reason: str) -> None:
        super().__init__()
        self.key = key
        self.reason = reason


class Locating(NamedTuple):
    """The task to find the position and size of a picture. `file` is the content of its file, if it was fetched."""

    key: Hashable
    source: Source
    file: bytes = b""


class Drawing(NamedTuple):
    """The task to draw a picture whose position is known, as large as fits into `width` by `height` pixels.

    `make` turns the pixels into the form in which they are shown, such as escape sequences. It is called in the thread.
    """

    key: Hashable
    source: Source
    width: int
    height: int
    make: Callable[[Pixels], object]
    file: bytes = b""


class PictureWorker:
    """Carries out in a thread the tasks of the last call of `want`. Older tasks that have not begun are dropped."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._changed = threading.Condition()
        self._tasks: list[Locating | Drawing] = []
        # The type and the key of the task that the thread is carrying out.
        self._current: tuple[type, Hashable] | None = None
        self._receiver: MessagePump | None = None
        self._is_ending = False
        self._thread: threading.Thread | None = None

    def want(self, receiver: MessagePump, tasks: Sequence[Locating | Drawing]) -> None:
        """Carry out these tasks in place of those that are still waiting.

        `receiver` gets a message for each of these tasks.

        The messages are PictureLocated, PictureDrawn and PictureRefused. The task that the thread is carrying out
        continues. If that task is among `tasks`, it is not carried out a second time.
        """
        with self._changed:
            if self._is_ending:
                return
            self._receiver = receiver
            self._tasks = [task for task in tasks if (type(task), task.key) != self._current]
            self._changed.notify()
            if self._tasks and self._thread is None:
                # A daemon thread, because a process that crashes must not wait for this thread.
                self._thread = threading.Thread(target=self._run, name="pictures", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Drop all tasks, and end the thread and the child process."""
        with self._changed:
            self._is_ending = True
            self._tasks = []
            self._changed.notify()
        self._renderer.abort()

    def _run(self) -> None:
        try:
            while (task := self._next()) is not None:
                message = self._carried_out(task)
                with self._changed:
                    self._current = None
                    if self._receiver is not None and not self._is_ending:
                        self._receiver.post_message(message)
        finally:
            self._renderer.close()

    def _next(self) -> Locating | Drawing | None:
        """Wait for the next task and return it; None when the thread must end."""
        with self._changed:
            self._changed.wait_for(lambda: self._tasks or self._is_ending)
            if self._is_ending:
                return None
            task = self._tasks.pop(0)
            self._current = type(task), task.key
            return task

    def _carried_out(self, task: Locating | Drawing) -> Message:
        try:
            if isinstance(task, Locating):
                return PictureLocated(task.key, *self._renderer.locate(task.source, task.file))
            pixels = self._renderer.draw(task.source, task.width, task.height, task.file)
            return PictureDrawn(task.key, task.make(pixels))
        except ListingError as error:
            return PictureRefused(task.key, str(error))
