"""What runs off the event loop, and the messages it posts back.

Searching and writing have a thread each: an answer that is no longer wanted is given up, and writes happen in the
order of the keys. Nothing here touches a widget; it only posts messages. Imports are in imports.py.
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

from store import views
from store.library import Library
from store.paper import LibraryError, ListingError
from store.views import Shelves, Sort, View

if TYPE_CHECKING:
    from store.query import Query
    from store.search import Answer, Search

_T = TypeVar("_T")
# Counting looks for a wish after so many steps of SQLite's machine: a few hundred microseconds.
_STEPS = 20_000
# The rest of an answer waits for its first part to be shown, but not longer (s). Python does one of both at a time, and
# who reads the first part does not miss the rest yet.
_SHOWING_SECONDS = 0.02


class Wish(msgspec.Struct, frozen=True):
    """What the list should show. `generation` grows with every wish: an answer to an older one is dropped."""

    generation: int
    view: View
    query: Query
    sort: Sort


class Found(Message):
    """The answer to a wish, or its first part."""

    def __init__(self, wish: Wish, answer: Answer) -> None:
        super().__init__()
        self.wish = wish
        self.answer = answer

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Found)


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
    """From its start on answers the newest wish, and counts the views when nothing is wished for."""

    def __init__(self, library: Library, receiver: MessagePump) -> None:
        self._library = library
        self._receiver = receiver
        self._wish: Wish | None = None
        self._count = False
        self._over = False
        self._search: Search | None = None
        self._changed = threading.Condition()
        self._shown = threading.Event()
        self._thread = threading.Thread(target=self._run, name="searcher", daemon=True)

    def start(self) -> None:
        """Begin with what is wished for by now."""
        self._thread.start()

    def wish(self, wish: Wish) -> None:
        """Answer this, and nothing older."""
        with self._changed:
            self._wish = wish
            self._changed.notify()
        self._shown.set()

    def go_on(self) -> None:
        """The first part of an answer is on the screen, or is not to be: the rest may follow."""
        self._shown.set()

    def count(self) -> None:
        """Count the views, soon."""
        with self._changed:
            self._count = True
            self._changed.notify()

    def stop(self) -> None:
        """End the thread."""
        with self._changed:
            self._over = True
            self._changed.notify()
        self._shown.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._over or self._wish or self._count)
                if self._over:
                    return
                wish, self._wish = self._wish, None
                if wish is None:
                    self._count = False
            try:
                if wish is not None:
                    self._answer(wish)
                else:
                    self._counted()
            except Exception as error:  # a thread that dies would leave a list that never answers
                if wish is not None:
                    self._receiver.post_message(Unanswered(wish, f"the search failed: {error}"))
                elif not self._over:
                    self._receiver.post_message(Failed(f"the views could not be counted: {error}"))

    def _counted(self) -> None:
        """Count the views; when a wish comes in between they are counted after it."""
        connection = self._library.reader()
        connection.set_progress_handler(lambda: int(self._unwanted()), _STEPS)
        try:
            self._receiver.post_message(Counted(views.shelves(connection)))
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_INTERRUPT:
                raise
            self._count = True
        finally:
            connection.set_progress_handler(None, 0)

    def _answer(self, wish: Wish) -> None:
        """Answer a wish, unless another comes in between."""
        # Imported here: what searches is as large as all that the first screen needs, and can come after it.
        from store.search import Search, Stopped

        if self._search is None:
            self._search = Search(self._library)
        with contextlib.suppress(Stopped):
            answer = self._search.answer(
                wish.view,
                wish.query,
                wish.sort,
                self._unwanted,
                lambda first: self._give(Found(wish, first)),
            )
            self._receiver.post_message(Found(wish, answer))

    def _give(self, first: Found) -> None:
        """Give away the first part of an answer, and let it be shown before the rest is looked for."""
        self._shown.clear()
        self._receiver.post_message(first)
        if not self._unwanted():
            self._shown.wait(_SHOWING_SECONDS)

    def _unwanted(self) -> bool:
        """Whether there is something else to do than what is being done."""
        return self._over or self._wish is not None


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
