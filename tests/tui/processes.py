"""Runs `recto` as a separate process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.waiting import PATIENCE


def started(*words: str | Path, **more: Any) -> subprocess.Popen[bytes]:
    """Start `recto` with these arguments as a separate process."""
    env = {**os.environ, **more.pop("env", {})}
    return subprocess.Popen([sys.executable, "-P", "-m", "tui", *map(str, words)], env=env, **more)


def ran(*words: str | Path, **more: Any) -> tuple[int, bytes, bytes]:
    """Run `recto` with these arguments. Returns its exit code, its standard output and its standard error."""
    more.setdefault("stdin", subprocess.DEVNULL)
    feed = more.pop("input", None)
    with started(*words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more) as process:
        out, err = process.communicate(feed, timeout=PATIENCE)
    return process.returncode, out, err


def wait_for(condition: Callable[[], object], said: str) -> None:
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends, f"not within {PATIENCE:g} s: {said}"
        time.sleep(0.01)
