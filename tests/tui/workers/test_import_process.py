"""Imports beside the reader: they stand back for its keys, and the index follows them in whole parts."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual.message import Message

from store.importing import folders
from store.library.library import Library
from store.search import index_sync
from tests.tui.processes import PATIENCE, ran, wait_for
from tui.cli import index as following
from tui.workers import import_process
from tui.workers.jobs import Failed


class Receiver:
    """Takes the messages of an import."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def post_message(self, message: Message) -> bool:
        self.messages.append(message)
        return True


async def test_an_import_that_the_reader_starts_goes_behind_its_keys(
    tmp_path: Path, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[int] = []
    session: list[str] = []
    start = asyncio.create_subprocess_exec

    async def slowly(*words: str, **more: Any) -> asyncio.subprocess.Process:
        process = await start(*words, **more)

        def look() -> None:
            found.append(os.getpriority(os.PRIO_PROCESS, process.pid))
            weighed = Path(f"/proc/{process.pid}/autogroup")
            session.extend([weighed.read_text("ascii").split()[-1]] if weighed.exists() else [])

        asyncio.get_running_loop().call_soon(look)
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", slowly)
    receiver = Receiver()
    importer = import_process.Importer(tmp_path / "library.db", receiver)  # type: ignore[arg-type]
    importer.put([page])
    ends = time.monotonic() + PATIENCE
    while not any(isinstance(message, import_process.ImportsEnded) for message in receiver.messages):
        assert time.monotonic() < ends
        await asyncio.sleep(0.02)
    assert [message.report.added for message in receiver.messages if isinstance(message, import_process.Imported)] == [
        2
    ]
    assert found == [min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)]
    # Where sessions are not weighed there is nothing to read.
    assert session in (["19"], [])


def test_an_import_by_hand_is_as_important_as_any_command(
    tmp_path: Path, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    (tmp_path / "sitecustomize.py").write_text(
        f"import atexit, os, pathlib\natexit.register(lambda: pathlib.Path({str(said)!r}).write_text(str(os.nice(0))))"
    )
    environment = {"PYTHONPATH": str(tmp_path)}
    assert ran("import", page, "--library", tmp_path / "library.db", env=environment)[0] == 0
    assert int(said.read_text()) == os.nice(0)


def test_the_index_follows_an_import_in_whole_parts_and_takes_the_rest_at_its_end(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = index_sync.papers(library.reader())
    part = there // 2 - 1
    assert part > 2
    monkeypatch.setattr(index_sync, "PART", part)
    monkeypatch.setattr(following, "_LOOK_SECONDS", 0.01)
    with library.writing() as connection:
        connection.execute("UPDATE indexed SET generation = '', done = 0, claimed = 0")
        connection.execute("DELETE FROM unindexed")

    def done() -> int:
        found: int = library.reader().execute("SELECT done FROM indexed").fetchone()[0]
        return found

    with following.Following(library, lambda progress: None, lambda: False):
        wait_for(lambda: done() == 2 * part, "two parts are in the index")
        time.sleep(0.1)
        assert done() == 2 * part < there
    assert done() == there


async def test_an_import_that_does_not_end_when_asked_is_gone_when_the_reader_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaf = tmp_path / "deaf"
    deaf.write_text("#!/bin/sh\ntrap '' TERM\necho '{\"step\": null}'\nexec sleep 1000\n")
    deaf.chmod(0o700)
    monkeypatch.setattr(import_process, "sys", SimpleNamespace(executable=str(deaf)))
    monkeypatch.setattr(import_process, "_END_SECONDS", 0.1)
    monkeypatch.setattr(import_process, "_GONE_SECONDS", PATIENCE)
    monkeypatch.setattr(import_process, "_event", lambda line: heard.set() or import_process.ImportsEnded())
    heard = asyncio.Event()
    receiver = Receiver()
    importer = import_process.Importer(tmp_path / "library.db", receiver)  # type: ignore[arg-type]
    importer.index()
    await asyncio.wait_for(heard.wait(), PATIENCE)
    await importer.stop()
    # Nothing is left that would be closed, and said, after the loop it was heard in.
    assert not importer.busy
    assert importer._process is not None and importer._process.returncode == -signal.SIGKILL
    assert not [message for message in receiver.messages if isinstance(message, Failed)]


async def test_a_scan_of_a_whole_disk_does_not_keep_the_reader_from_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended, enough = threading.Event(), threading.Event(), threading.Event()

    def endless(folder: Path, library: Path) -> Iterator[tuple[Path, folders.Seen]]:
        try:
            for number in itertools.count():
                begun.set()
                if enough.is_set():
                    return
                yield folder / str(number % 10), folders.Seen(1, 1, 1)
        finally:
            ended.set()

    monkeypatch.setattr(folders, "files", endless)
    with Library.open(tmp_path / "library.db") as library:
        watch = folders.Watch(library, tmp_path / "inbox")
        following = asyncio.create_task(
            import_process.follow(watch, lambda paths: None, lambda: False, Receiver())  # type: ignore[arg-type]
        )
        assert await asyncio.to_thread(begun.wait, PATIENCE)
        following.cancel()
        with pytest.raises(asyncio.CancelledError):
            await following
        try:
            assert await asyncio.to_thread(ended.wait, PATIENCE)
        finally:
            enough.set()
