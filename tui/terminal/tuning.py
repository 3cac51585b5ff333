"""Settings of the interpreter and of Textual that make the start, the keys and the end faster.

Measured with Python 3.11 and Textual 8.2 on two cores; times are processor time where nothing else is said.
"""

from __future__ import annotations

import gc
import os
import sys

# Frames per second. At Textual's default of 60, drawing the effect of a key could wait 16 ms for the next frame.
_FRAMES = "240"
# How long a thread that searches may keep the interpreter while a key waits (s). Python's own is 5 ms.
_SWITCH_SECONDS = 0.001
# The thresholds of Python's garbage collector: it runs after 5,000 more allocations than deallocations of container
# objects, every fifth time also over the second generation, and every 200th of those over all objects. With Python's
# own thresholds it would interrupt the reader at every key.
_GARBAGE = (5_000, 5, 200)


def before_imports() -> None:
    """Prepare the process to import and start the reader. Call it before Textual, which reads its settings once."""
    os.environ.setdefault("TEXTUAL_FPS", _FRAMES)
    # Nothing that is imported is garbage: looking for it takes 8 of the 243 ms of the imports.
    gc.disable()
    gc.set_threshold(*_GARBAGE)
    sys.setswitchinterval(_SWITCH_SECONDS)


def collect_garbage() -> None:
    """Turn on the garbage collector. Further calls do nothing."""
    if not gc.isenabled():
        # The objects of the start stay. To look through them would stop the reader for 36 ms at every full collection.
        gc.freeze()
        gc.enable()


def before_exit() -> None:
    """Prepare the process to end. The interpreter then skips its last search for garbage, which takes 40 ms."""
    gc.freeze()
