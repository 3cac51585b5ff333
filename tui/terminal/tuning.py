"""Settings of the interpreter and of Textual that make the start and the keys faster."""

from __future__ import annotations

import gc
import os
import sys

# Frames per second. At Textual's default of 60, drawing the effect of a key could wait 16 ms for the next frame.
_FRAMES = "240"
_SWITCH_SECONDS = 0.001
# The thresholds of Python's garbage collector: it runs after 5,000 more allocations than deallocations of container
# objects, every fifth time also over the second generation, and every 200th of those over all objects. With Python's
# own thresholds it would interrupt the reader at every key.
_GARBAGE = (5_000, 5, 200)


def before_imports() -> None:
    """Prepare the process to import and start the reader. Textual reads its settings when it is imported."""
    os.environ.setdefault("TEXTUAL_FPS", _FRAMES)
    gc.disable()
    gc.set_threshold(*_GARBAGE)
    sys.setswitchinterval(_SWITCH_SECONDS)


def collect_garbage() -> None:
    """Turn on the garbage collector. Further calls do nothing."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def before_exit() -> None:
    """Prepare the process to end: the interpreter does not look through all objects once more."""
    gc.freeze()
