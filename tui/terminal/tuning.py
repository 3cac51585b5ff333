"""Settings of the interpreter and of Textual that make the start and the keys faster."""

from __future__ import annotations

import gc
import os
import sys

# Frames per second. At Textual's default of 60, drawing the effect of a key could wait 16 ms for the next frame.
_FRAMES = "240"
_SWITCH_SECONDS = 0.001
# Garbage is looked for when so many more things have been made than given up, among them; every so many times among
# what was left over, and then among everything. So often as Python does it would stop the reader at every key.
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
