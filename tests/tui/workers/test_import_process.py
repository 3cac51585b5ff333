"""Imports in a separate process: the priority of the process, and that it ends with recto."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest
from textual.message import Message

from tests.tui.processes import PATIENCE, ran
from tui.workers import import_process
from tui.workers.messages import WorkFailed


class Receiver:
    """Collects the messages of a worker, as a screen would receive them."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def post_message(self, message: Message) -> bool:
        self.messages.append(message)
        return True


@pytest.mark.parametrize("is_long", [True, False])
async def test_a_long_import_that_the_reader_starts_gets_a_lower_priority(
    tmp_path: Path, page: Path, monkeypatch: pytest.MonkeyPatch, is_long: bool
) -> None:
    priorities: list[int] = []
    sessions: list[str] = []
    lower = import_process._lower_priority

    def lower_and_look(process: int) -> None:
        lower(process)
        priorities.append(os.getpriority(os.PRIO_PROCESS, process))
        session_file = Path(f"/proc/{process}/autogroup")
        sessions.extend([session_file.read_text("ascii").split()[-1]] if session_file.exists() else [])

    monkeypatch.setattr(import_process, "_lower_priority", lower_and_look)
    monkeypatch.setattr(import_process, "_SHORT_SECONDS", -1.0 if is_long else PATIENCE)
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
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert priorities == ([min(19, own + import_process._NICER)] if is_long else [])
    # Only Linux with autogroups (scheduling groups) has this file.
    assert sessions in ([], [str(import_process._NICE_SESSION)])


async def test_a_file_that_kills_its_process_keeps_no_other_file_out(
    tmp_path: Path, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killer = tmp_path / "killer.txt"
    killer.write_text(page.read_text("utf-8").replace("2026", "2025"), "utf-8")
    # The system kills a process in this way if it takes too much memory.
    (tmp_path / "sitecustomize.py").write_text(
        f"import os, sys\nif {str(killer)!r} in sys.orig_argv:\n    os.kill(os.getpid(), 9)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    receiver = Receiver()
    importer = import_process.Importer(tmp_path / "library.db", receiver)  # type: ignore[arg-type]
    importer.put([killer, page])
    ends = time.monotonic() + PATIENCE
    while importer.busy:
        assert time.monotonic() < ends
        await asyncio.sleep(0.02)
    reports = [message.report for message in receiver.messages if isinstance(message, import_process.Imported)]
    assert [(Path(report.path), report.added) for report in reports] == [(page, 2)]
    # One message is about the batch of both files, and one about the killing file alone.
    assert len([message for message in receiver.messages if isinstance(message, WorkFailed)]) == 2


def test_an_import_by_hand_has_the_priority_of_any_command(
    tmp_path: Path, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nice_file = tmp_path / "nice"
    (tmp_path / "sitecustomize.py").write_text(
        "import atexit, os, pathlib\n"
        f"atexit.register(lambda: pathlib.Path({str(nice_file)!r}).write_text(str(os.nice(0))))"
    )
    environment = {"PYTHONPATH": str(tmp_path)}
    assert ran("import", page, "--library", tmp_path / "library.db", env=environment)[0] == 0
    assert int(nice_file.read_text()) == os.nice(0)


async def test_an_import_that_ignores_sigterm_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = tmp_path / "deaf"
    deaf.write_text("#!/bin/sh\ntrap '' TERM\necho '{\"step\": null}'\nexec sleep 1000\n")
    deaf.chmod(0o700)
    monkeypatch.setattr(import_process, "command_of", lambda *words: (str(deaf), *words))
    monkeypatch.setattr(import_process, "_END_SECONDS", 0.1)
    monkeypatch.setattr(import_process, "_GONE_SECONDS", PATIENCE)
    monkeypatch.setattr(import_process, "_event", lambda line: has_begun.set() or import_process.ImportsEnded())
    has_begun = asyncio.Event()
    receiver = Receiver()
    importer = import_process.Importer(tmp_path / "library.db", receiver)  # type: ignore[arg-type]
    importer.index()
    await asyncio.wait_for(has_begun.wait(), PATIENCE)
    await importer.stop()
    # No pipe is left open. At its end, the event loop would report an open pipe.
    assert not importer.busy
    assert importer._process is not None and importer._process.returncode == -signal.SIGKILL
    assert not [message for message in receiver.messages if isinstance(message, WorkFailed)]
