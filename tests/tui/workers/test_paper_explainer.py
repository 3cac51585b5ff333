"""The thread that explains papers trains the model of the user's taste only while the user does nothing."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from textual.message import Message
from textual.message_pump import MessagePump

from store.library.library import Library
from store.search.answer import Stopped
from store.search.search import Search
from tests.waiting import PATIENCE
from tui.render.explanation import Explanation
from tui.workers import freed_memory, paper_explainer
from tui.workers.messages import WorkFailed
from tui.workers.paper_explainer import PaperExplained, PaperExplainer


class Receiver:
    """Stores the messages of the thread in their order."""

    def __init__(self) -> None:
        self.messages: queue.Queue[Message] = queue.Queue()

    def post_message(self, message: Message) -> None:
        self.messages.put(message)

    def next_explained(self) -> int:
        message = self.messages.get(timeout=PATIENCE)
        assert isinstance(message, PaperExplained)
        return message.paper_id


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def explainer(tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Iterator[PaperExplainer]:
    monkeypatch.setattr(paper_explainer, "explain", lambda *_: Explanation())
    with Library.open(tmp_path / "library.db") as library:
        thread = PaperExplainer(library, cast("MessagePump", receiver))
        yield thread
        thread.stop()


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> queue.Queue[str]:
    """A list: "begun" is appended when a training begins, and "stopped" when a training ends because it should stop."""
    happened: queue.Queue[str] = queue.Queue()

    def train(self: Search, should_stop: Callable[[], bool]) -> bool:
        happened.put("begun")
        while not should_stop():
            pass
        happened.put("stopped")
        raise Stopped

    monkeypatch.setattr(Search, "train", train)
    return happened


def test_nothing_is_trained_while_keys_are_pressed(
    explainer: PaperExplainer, receiver: Receiver, trainings: queue.Queue[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_explainer, "_IDLE_SECONDS", 3_600.0)
    for paper_id in (1, 2, 3):
        explainer.note_activity()
        explainer.explain(paper_id, None)
        assert receiver.next_explained() == paper_id
    explainer.stop()
    assert trainings.empty()


def test_training_gives_way_to_a_request_and_begins_again(
    explainer: PaperExplainer, receiver: Receiver, trainings: queue.Queue[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_explainer, "_IDLE_SECONDS", 0.0)
    explainer.explain(1, None)
    assert receiver.next_explained() == 1
    assert trainings.get(timeout=PATIENCE) == "begun"
    explainer.explain(2, None)
    assert trainings.get(timeout=PATIENCE) == "stopped"
    assert receiver.next_explained() == 2
    assert trainings.get(timeout=PATIENCE) == "begun"
    explainer.note_activity()
    assert trainings.get(timeout=PATIENCE) == "stopped"
    assert trainings.get(timeout=PATIENCE) == "begun"
    explainer.stop()
    assert receiver.messages.empty()


def test_papers_are_explained_after_a_training_that_failed(
    explainer: PaperExplainer, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_explainer, "_IDLE_SECONDS", 0.0)

    def train(*_: object) -> bool:
        raise ValueError("no words")

    monkeypatch.setattr(Search, "train", train)
    explainer.explain(1, None)
    assert receiver.next_explained() == 1
    failed = receiver.messages.get(timeout=PATIENCE)
    assert isinstance(failed, WorkFailed)
    explainer.explain(2, None)
    assert receiver.next_explained() == 2


def test_freed_memory_is_given_back_after_work(
    explainer: PaperExplainer, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: queue.Queue[bool] = queue.Queue()
    monkeypatch.setattr(freed_memory, "give_back", lambda: given.put(True))
    explainer.explain(1, None)
    assert given.get(timeout=PATIENCE)
