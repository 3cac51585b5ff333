"""Ctrl+C is pressed once or twice: the program ends without a traceback, even if it was already ending."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# Programs that are interrupted while they end. Before that, each program runs its function `act`.
_INTERRUPTED_WHILE_IT_SAYS_SO = """
from tui.cli import output as plain
def complain(text):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(20)
plain.complain = complain
def act():
    raise KeyboardInterrupt
"""
_INTERRUPTED_WHILE_PYTHON_ENDS = """
import atexit
def late():
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(20)
atexit.register(late)
def act():
    return 0
"""
_INTERRUPTED_WHILE_A_THREAD_IS_WAITED_FOR = """
import threading
def late():
    time.sleep(0.2)
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(20)
threading.Thread(target=late).start()
def act():
    return 0
"""
_NOT_HEARD_AT_ALL = """
signal.signal(signal.SIGINT, signal.SIG_IGN)
def act():
    return 0
import atexit
atexit.register(os.kill, os.getpid(), signal.SIGINT)
"""


@pytest.mark.parametrize(
    ("code", "ends"),
    [
        (_INTERRUPTED_WHILE_IT_SAYS_SO, -signal.SIGINT),
        (_INTERRUPTED_WHILE_PYTHON_ENDS, -signal.SIGINT),
        (_INTERRUPTED_WHILE_A_THREAD_IS_WAITED_FOR, -signal.SIGINT),
        (_NOT_HEARD_AT_ALL, 0),
    ],
    ids=["while it says so", "while Python ends", "while a thread is waited for", "under nohup"],
)
def test_an_interrupt_while_the_program_ends_prints_nothing(code: str, ends: int) -> None:
    # Restore the default handling of SIGINT, because the tests may run in a shell that has set it to be ignored.
    code = f"import os, signal, sys, time\nsignal.signal(signal.SIGINT, signal.SIG_DFL)\n{code}"
    code += "from tui.cli.exit_codes import ended\nsys.exit(ended(act))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stdout, run.stderr) == (ends, "", "")
