"""Writes do not run in the event loop. They run in their order, and each reports how it ended."""

from __future__ import annotations

import queue
import threading
from pathlib import Path

from textual.message import Message

from store.library.library import Library
from store.model.errors import LibraryError
from tests.waiting import PATIENCE
from tui.workers.messages import WorkFailed
from tui.workers.write_worker import WriteDone, WriteWorker, changes_of_others


class Receiver:
    """Collects the messages of a worker, as a screen would receive them."""

    def __init__(self) -> None:
        self.messages: queue.Queue[Message] = queue.Queue()

    def post_message(self, message: Message) -> None:
        self.messages.put(message)

    def next_result(self) -> object:
        """The result of the next write that ends."""
        message = self.messages.get(timeout=PATIENCE)
        assert isinstance(message, WriteDone), message
        return message.result


def refuse() -> None:
    raise LibraryError("the disk is full")


def crash() -> None:
    raise ValueError("broken")


def nothing(result: object) -> None:
    pass


def test_writes_are_done_in_the_order_of_the_keys(library: Library) -> None:
    receiver = Receiver()
    worker = WriteWorker(receiver, library)  # type: ignore[arg-type]
    for number in range(20):
        worker.write(lambda number=number: number, nothing)
    assert worker.stop() == []
    assert [receiver.next_result() for _ in range(20)] == list(range(20))


def test_a_write_that_fails_says_why_and_the_next_one_is_done(library: Library) -> None:
    receiver = Receiver()
    worker = WriteWorker(receiver, library)  # type: ignore[arg-type]
    worker.write(refuse, nothing, on_failure=crash)
    worker.write(crash, nothing)
    worker.write(lambda: "saved", nothing)
    refused, crashed = (receiver.messages.get(timeout=PATIENCE) for _ in range(2))
    assert isinstance(refused, WorkFailed) and (refused.text, refused.then) == ("the disk is full", crash)
    assert isinstance(crashed, WorkFailed) and (crashed.text, crashed.then) == ("not saved: broken", None)
    assert receiver.next_result() == "saved"
    worker.stop()


def test_a_quiet_write_fails_silently(library: Library) -> None:
    receiver = Receiver()
    worker = WriteWorker(receiver, library)  # type: ignore[arg-type]
    worker.write(refuse, nothing, quiet=True)
    assert worker.stop() == []
    assert receiver.messages.empty()


def test_writes_that_fail_while_the_reader_ends_are_returned(library: Library) -> None:
    receiver = Receiver()
    worker = WriteWorker(receiver, library)  # type: ignore[arg-type]
    may_go_on = threading.Event()
    worker.write(lambda: may_go_on.wait(PATIENCE), nothing)
    worker.write(refuse, nothing)
    worker.write(crash, nothing, quiet=True)
    unsaved: list[list[str]] = []
    stopping = threading.Thread(target=lambda: unsaved.append(worker.stop()))
    stopping.start()
    while not worker._is_ending:
        pass
    may_go_on.set()
    stopping.join(PATIENCE)
    assert unsaved == [["the disk is full"]]


def test_only_the_commits_of_other_processes_change_the_number(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library, Library.open(path) as other:
        before = changes_of_others(library)
        with library.writing() as connection:
            connection.execute("INSERT INTO setting (key, value) VALUES ('a', '1')")
        assert changes_of_others(library) == before
        with other.writing() as connection:
            connection.execute("INSERT INTO setting (key, value) VALUES ('b', '1')")
        assert changes_of_others(library) not in (None, before)
