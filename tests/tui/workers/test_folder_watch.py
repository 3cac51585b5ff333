"""Followed folders (whose files are imported automatically) while recto runs."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest
from textual.message import Message

from store.importing import folders
from store.library.file_states import FileState
from store.library.library import Library
from store.model.errors import LibraryError
from tests.tui.processes import PATIENCE
from tui.workers import folder_watch
from tui.workers.messages import WorkFailed


class Receiver:
    """Collects the messages of a worker, as a screen would receive them."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def post_message(self, message: Message) -> bool:
        self.messages.append(message)
        return True


async def test_the_reader_can_end_while_a_scan_goes_through_a_whole_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_begun, has_ended, give_up = threading.Event(), threading.Event(), threading.Event()

    def endless_files(folder: Path, library: Path) -> Iterator[tuple[Path, FileState]]:
        try:
            for number in itertools.count():
                has_begun.set()
                if give_up.is_set():
                    return
                yield folder / str(number % 10), FileState(1, 1, 1)
        finally:
            has_ended.set()

    monkeypatch.setattr(folders, "files", endless_files)
    with Library.open(tmp_path / "library.db") as library:
        watch = folders.Watch(library, tmp_path / "inbox")
        following = asyncio.create_task(
            folder_watch.follow(watch, lambda paths: None, lambda: False, Receiver())  # type: ignore[arg-type]
        )
        assert await asyncio.to_thread(has_begun.wait, PATIENCE)
        following.cancel()
        with pytest.raises(asyncio.CancelledError):
            await following
        try:
            assert await asyncio.to_thread(has_ended.wait, PATIENCE)
        finally:
            give_up.set()


async def test_the_same_reason_for_a_failed_scan_is_reported_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scans: asyncio.Queue[None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def failing_scan(self: folders.Watch) -> list[Path]:
        loop.call_soon_threadsafe(scans.put_nowait, None)
        raise LibraryError("the disk is gone")

    monkeypatch.setattr(folders.Watch, "scan", failing_scan)
    monkeypatch.setattr(folder_watch, "_SCAN_SECONDS", 0.01)
    monkeypatch.setattr(folder_watch, "SETTLE_SECONDS", 0.01)
    receiver = Receiver()
    with Library.open(tmp_path / "library.db") as library:
        watch = folders.Watch(library, tmp_path / "inbox")
        following = asyncio.create_task(
            folder_watch.follow(watch, lambda paths: None, lambda: False, receiver)  # type: ignore[arg-type]
        )
        for _ in range(3):
            await asyncio.wait_for(scans.get(), PATIENCE)
        following.cancel()
        await asyncio.wait([following])
    assert [message.text for message in receiver.messages if isinstance(message, WorkFailed)] == [
        "the inbox cannot be read: the disk is gone"
    ]


def test_the_pause_before_an_unchanged_file_is_tried_again_doubles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause = folder_watch._SCAN_SECONDS
    times = [0.0, pause - 1, pause, 3 * pause - 1, 3 * pause, 7 * pause - 1, 7 * pause]
    clock = iter(times)
    monkeypatch.setattr(folder_watch.time, "monotonic", lambda: next(clock))
    path = tmp_path / "listing.txt"
    path.write_text("x")
    attempts = folder_watch._Attempts()
    assert [attempts.may_try(path) for _ in times] == [True, False, True, False, True, False, True]


def test_a_file_that_changed_is_tried_at_once(tmp_path: Path) -> None:
    path = tmp_path / "listing.txt"
    path.write_text("x")
    attempts = folder_watch._Attempts()
    assert attempts.may_try(path)
    assert not attempts.may_try(path)
    path.write_text("longer")
    assert attempts.may_try(path)


async def test_files_are_found_although_the_file_system_reports_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A queue of events overflows when many files change at once, and some file systems report no events at all."""

    async def silent(*_: object, **__: object) -> AsyncIterator[None]:
        await asyncio.Event().wait()
        yield

    scans: asyncio.Queue[None] = asyncio.Queue()
    found: asyncio.Queue[Path] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    scan = folders.Watch.scan

    def counted(self: folders.Watch) -> list[Path]:
        loop.call_soon_threadsafe(scans.put_nowait, None)
        return scan(self)

    def put(paths: Sequence[Path]) -> None:
        for path in paths:
            found.put_nowait(path)

    monkeypatch.setattr("watchfiles.awatch", silent)
    monkeypatch.setattr(folders.Watch, "scan", counted)
    monkeypatch.setattr(folder_watch, "_EVENTS_BEGIN_SECONDS", 0.0)
    monkeypatch.setattr(folder_watch, "_SCAN_SECONDS", 0.02)
    for module in (folder_watch, folders):
        monkeypatch.setattr(module, "SETTLE_SECONDS", 0.02)
    with Library.open(tmp_path / "library.db") as library:
        watch = folders.Watch(library, tmp_path / "inbox")
        following = asyncio.create_task(folder_watch.follow(watch, put, lambda: False, Receiver()))  # type: ignore[arg-type]
        try:
            # One scan follows when the subscription to events is active. After it there is none, unless scans are
            # regular.
            for _ in range(3):
                await asyncio.wait_for(scans.get(), PATIENCE)
            for number in range(3):
                (tmp_path / "inbox" / f"{number}.bib").write_text("a listing", "utf-8")
            arrived = {(await asyncio.wait_for(found.get(), PATIENCE)).name for _ in range(3)}
        finally:
            following.cancel()
            with pytest.raises(asyncio.CancelledError):
                await following
    assert arrived == {"0.bib", "1.bib", "2.bib"}
