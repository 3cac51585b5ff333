"""Runs programs under strace, which kills them at a system call or makes the call fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

needs_strace = pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not installed, which kills a program at a system call"
)
# Write no compiled modules: if they were written, the first run would make more system calls than later ones.
_ENVIRONMENT = {"PYTHONDONTWRITEBYTECODE": "1"}


def killed_at(calls: str, when: int, *program: str | Path) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments, and kill it at the system call with the number `when`, from 1.

    Only the system calls `calls` are counted (names, separated by commas). The exit code is 0 if the program ended
    before that call.
    """
    return _run(["-e", f"trace={calls}", "-e", f"inject={calls}:signal=SIGKILL:when={when}", "-o", os.devnull], program)


def traced(calls: str, log: Path, *program: str | Path) -> list[str]:
    """Run Python with these arguments. Returns a line for each of these system calls. Raises if the program fails."""
    ended = _run(["-e", f"trace={calls}", "-o", str(log)], program)
    assert ended.returncode == 0, ended.stderr
    names = [f"{call}(" for call in calls.split(",")]
    return [line for line in log.read_text(errors="replace").splitlines() if any(name in line for name in names)]


def _run(options: Sequence[str], program: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    command = ["strace", "-f", "-qq", *options, sys.executable, "-P", *map(str, program)]
    return subprocess.run(command, env={**os.environ, **_ENVIRONMENT}, check=False, capture_output=True, text=True)
