"""The measured memory of a process includes that of its children, and the peak includes memory that was freed."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from tests.bench.resident import Peak, descendants, most, now, own

_MEGABYTES = 60
# Starts a child process that allocates memory and prints a line, frees the memory after a line of input, and ends after
# another line.
_PROGRAM = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", '''
held = b"x" * ({_MEGABYTES} << 20)
print("held", flush=True)
input()
del held
print("let go", flush=True)
input()
'''])
child.wait()
"""


def test_children_are_found_and_the_most_they_held_is_known_after_they_let_go() -> None:
    with subprocess.Popen([sys.executable, "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdout.readline()
        (child,) = descendants(process.pid)
        assert now(child) > _MEGABYTES > now(process.pid)
        with Peak(child) as peak, Peak(process.pid) as both:
            held = own(child)
            time.sleep(0.1)
            process.stdin.write(b"\n")
            process.stdin.flush()
            process.stdout.readline()
            time.sleep(0.1)
        # Linux updates its counts of pages with a delay, so two measurements of the same memory may differ by a few
        # pages.
        assert now(child) < _MEGABYTES < most(child) == pytest.approx(peak.megabytes, abs=1)
        assert own(child) < _MEGABYTES < held <= peak.own < peak.megabytes
        assert both.megabytes == pytest.approx(most(child) + most(process.pid), abs=1)
        process.stdin.write(b"\n")
        process.stdin.close()
        process.wait(10)
    assert (now(child), most(child), descendants(child)) == (0.0, 0.0, [])
