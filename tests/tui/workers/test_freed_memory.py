"""Memory that was freed is returned to the system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

# Fills memory with small blocks of the C library, and frees all but a few, so that no large piece is free. Prints the
# resident memory (MB) before and after freed memory is returned to the system.
_PROGRAM = """
import ctypes
from tests.bench import resident
import os
from tui.workers import freed_memory

library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
library.free.argtypes = [ctypes.c_void_p]
blocks = [library.malloc(ctypes.c_size_t(2_000)) for _ in range(40_000)]
for block in blocks: ctypes.memset(block, 1, 2_000)
for number, block in enumerate(blocks):
    if number % 100: library.free(block)
print(resident.own(os.getpid()))
freed_memory.give_back()
print(resident.own(os.getpid()))
"""


@pytest.mark.skipif(not hasattr(__import__("ctypes").CDLL(None), "malloc_trim"), reason="not with glibc")
def test_memory_between_used_blocks_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    before, after = map(float, done.stdout.split())
    assert after < before - 40
