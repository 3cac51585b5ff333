"""Imports beside the reader: they stand back for its keys, and the index follows them in whole parts."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual.message import Message

from tests.tui.processes import PATIENCE, ran
from tui.workers import import_process
from tui.workers.messages import WorkFailed


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
    assert not [message for message in receiver.messages if isinstance(message, WorkFailed)]
