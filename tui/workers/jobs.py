"""What runs off the event loop, and the messages it posts back.

Searching and writing have threads of their own: an answer that is no longer wanted is given up, and writes happen in
the order of the keys. Nothing here touches a widget; it only posts messages. Imports are in imports.py.
"""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec
from textual.message import Message
from textual.message_pump import MessagePump

from store.library.library import Library
from store.model.errors import LibraryError, ListingError
from store.papers import views
from store.papers.views import Shelves, Sort, View

if TYPE_CHECKING:
    from store.search.query import Query
    from store.search.search import Answer, Search

_T = TypeVar("_T")
# Counting looks for a wish after so many steps of SQLite's machine: a few hundred microseconds.
_STEPS = 20_000
# The rest of an answer waits for its first part to be shown, but not longer (s). Python does one of both at a time, and
# who reads the first part does not miss the rest yet.
_SHOWING_SECONDS = 0.02


class Wish(msgspec.Struct, frozen=True):
    """What the list should show. `generation` grows with every wish: an answer to an older one is dropped.

    The cursor is going to `paper` if it is found, or to stay about the place `near`; so far around both is in `sight`.
    """

    generation: int
    view: View
    query: Query
    sort: Sort
    paper: int | None = None
    near: int = 0
    sight: int = 0


class Found(Message):
    """The answer to a wish, or its first part."""

    def __init__(self, wish: Wish, answer: Answer) -> None:
        super().__init__()
        self.wish = wish
        self.answer = answer

    def can_replace(self, message: Message) -> bool:
        """Whether `message`, which is the next one, makes this one needless."""
        return isinstance(message, Found) and message.wish.generation >= self.wish.generation


class Counted(Message):
    """The views and how many papers each has."""

    def __init__(self, shelves: Shelves) -> None:
        super().__init__()
        self.shelves = shelves

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Counted)


class Failed(Message):
    """Something could not be done; the text says what and why, `then` is what else is to be done about it."""

    def __init__(self, text: str, then: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.text = text
        self.then = then


class Unanswered(Failed):
    """A wish could not be answered."""

    def __init__(self, wish: Wish, text: str) -> None:
        super().__init__(text)
        self.wish = wish


class Done(Message, Generic[_T]):
    """A write is on the disk (or a read came back), and what is to be done with its result."""

    def __init__(self, result: _T, then: Callable[[_T], None]) -> None:
        super().__init__()
        self.result = result
        self.then = then


class Searcher:
    """From its start on answers the newest wish, and counts the views when nothing is wished for.

    A question to the index cannot be broken off. While one that nobody waits for any more goes on, the next wish is
    answered in a second thread.
    """

    def __init__(self, library: Library, receiver: MessagePump) -> None:
        self._library = library
        self._receiver = receiver
        # The wish that nobody answers yet, the generation of the newest, and how many are being answered.
        self._wish: Wish | None = None
        self._newest = 0
        self._answering = 0
        self._count = False
        self._over = False
        self._changed = threading.Condition()
        self._shown = threading.Event()
        self._threads = tuple(
            threading.Thread(target=self._run, args=(is_second,), name="searcher", daemon=True)
            for is_second in (False, True)
        )

    def start(self) -> None:
        """Begin with what is wished for by now."""
        for thread in self._threads:
            thread.start()

    def wish(self, wish: Wish) -> None:
        """Answer this, and nothing older."""
        with self._changed:
            self._wish, self._newest = wish, wish.generation
            self._changed.notify_all()
        self._shown.set()

    def go_on(self) -> None:
        """The first part of an answer is on the screen, or is not to be: the rest may follow."""
        self._shown.set()

    def count(self) -> None:
        """Count the views, soon."""
        with self._changed:
            self._count = True
            self._changed.notify_all()

    def stop(self) -> None:
        """End the threads."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
        self._shown.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(timeout=5)

    def _run(self, is_second: bool) -> None:
        search: Search | None = None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._over or self._is_next(is_second))
                if self._over:
                    return
                wish, self._wish = self._wish, None
                if wish is None:
                    self._count = False
                else:
                    self._answering += 1
            try:
                if wish is None:
                    self._counted()
                    continue
                if search is None:
                    # Imported here: what searches is as large as all that the first screen needs, and can come after.
                    from store.search.search import Search

                    search = Search(self._library)
                self._answer(search, wish)
            except Exception as error:  # a thread that dies would leave a list that never answers
                if wish is not None:
                    self._receiver.post_message(Unanswered(wish, f"the search failed: {error}"))
                elif not self._over:
                    self._receiver.post_message(Failed(f"the views could not be counted: {error}"))
            finally:
                if wish is not None:
                    with self._changed:
                        self._answering -= 1
                        self._changed.notify_all()

    def _is_next(self, is_second: bool) -> bool:
        """Whether there is something to do for the first thread, or for the second, which helps when that is busy."""
        if is_second:
            return self._wish is not None and self._answering > 0
        return self._wish is not None or (self._count and not self._answering)

    def _counted(self) -> None:
        """Count the views; when a wish comes in between they are counted after it."""
        connection = self._library.reader()
        connection.set_progress_handler(lambda: int(self._over or self._wish is not None), _STEPS)
        try:
            self._receiver.post_message(Counted(views.shelves(connection)))
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_INTERRUPT:
                raise
            self._count = True
        finally:
            connection.set_progress_handler(None, 0)

    def _answer(self, search: Search, wish: Wish) -> None:
        """Answer a wish, unless another comes in between."""
        from store.search.search import Stopped
        from store.search.window import Window

        def unwanted() -> bool:
            return self._over or self._newest != wish.generation

        def give(first: Answer) -> None:
            """Let the first part of the answer be shown before the rest is looked for."""
            self._shown.clear()
            self._receiver.post_message(Found(wish, first))
            if not unwanted():
                self._shown.wait(_SHOWING_SECONDS)

        with contextlib.suppress(Stopped):
            answer = search.answer(wish.view, wish.query, wish.sort, unwanted, give)
            window = answer.ids if isinstance(answer.ids, Window) else None
            if window:
                # What is about to be drawn is read here, not where the keys wait for it.
                window.read_around(wish.near, wish.sight, wish.paper)
            self._receiver.post_message(Found(wish, answer))
            if window and not unwanted():
                # One key away.
                window.read_around(len(window), wish.sight)


class Writer:
    """Carries writes out one after another, in the order they were asked for."""

    def __init__(self, receiver: MessagePump) -> None:
        self._receiver = receiver
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._ending = False
        self._unsaid: list[str] = []
        # A program that falls over before `stop` must not wait for this thread.
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def write(
        self,
        job: Callable[[], _T],
        then: Callable[[_T], None],
        failed: Callable[[], None] | None = None,
        *,
        quiet: bool = False,
    ) -> None:
        """Do `job` off the loop; `then` gets its result on the loop, once it is on the disk.

        When it cannot be done, Failed says so and brings `failed` along, unless it is `quiet`.
        """

        def carry_out() -> None:
            try:
                result = job()
            except (LibraryError, ListingError) as error:
                text = str(error)
            except Exception as error:  # as above: the next mark must still be saved
                text = f"not saved: {error}"
            else:
                self._receiver.post_message(Done(result, then))
                return
            if self._ending and not quiet:
                self._unsaid.append(text)
            elif not quiet:
                self._receiver.post_message(Failed(text, failed))

        self._jobs.put(carry_out)

    def stop(self) -> list[str]:
        """Finish what was asked for and end the thread; what could not be done, and no screen can say any more."""
        self._ending = True
        self._jobs.put(None)
        self._thread.join()
        return self._unsaid

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


def changes_of_others(library: Library) -> int | None:
    """A number that changes when another process has committed, and not when this one has.

    May wait for the library; for the writer's thread. None when the library stays busy.
    """
    try:
        with library.writing(durable=False) as connection:
            return int(connection.execute("PRAGMA data_version").fetchone()[0])
    except LibraryError:
        return None
