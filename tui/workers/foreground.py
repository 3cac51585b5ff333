"""Runs another program in the foreground of the application's terminal: a browser without windows, or an editor."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

_STANDARD_INPUT = 0


def run(command: Sequence[str]) -> str:
    """Run a command in the foreground of the terminal (that of standard input), and wait until it ends.

    Returns the reason why the command failed, or "". This function raises no error. Signals from the terminal, such as
    SIGINT for ctrl+c, reach only the command and not this process. The function must be called in the main thread, and
    nothing else may read from the terminal while it runs.
    """
    stops = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        process = subprocess.Popen(command, process_group=0)
        with contextlib.suppress(OSError):
            os.tcsetpgrp(_STANDARD_INPUT, process.pid)
            # If the command used the terminal before it was in the foreground, the system has stopped the command. So
            # continue it.
            os.killpg(process.pid, signal.SIGCONT)
        while os.WIFSTOPPED(status := os.waitpid(process.pid, os.WUNTRACED)[1]):
            # The user pressed ctrl+z. There is no shell from which to continue the command, so continue it here.
            os.killpg(process.pid, signal.SIGCONT)
        process.returncode = os.waitstatus_to_exitcode(status)
        return f"{Path(command[0]).name} ended with code {process.returncode}" if process.returncode else ""
    except OSError as error:
        return f"{Path(command[0]).name} did not start: {error.strerror}"
    finally:
        with contextlib.suppress(OSError):
            os.tcsetpgrp(_STANDARD_INPUT, os.getpgrp())
        signal.signal(signal.SIGTTOU, stops)
