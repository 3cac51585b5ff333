"""Settings of the Python interpreter and of Textual that make recto faster: at the start, after a key, and at the end.

The times in this module were measured with Python 3.11 and Textual 8.2 on two processor cores. They are processor time,
except where the text says something else.
"""

from __future__ import annotations

import gc
import os
import sys

# The number of frames that Textual draws per second. With Textual's default of 60, the effect of a key could be drawn
# up to 16 ms late.
_FRAMES = "240"
# How long one thread, such as a search, may hold the interpreter lock (GIL) while another waits for it (s). Python's
# default is 5 ms.
_SWITCH_SECONDS = 0.001
# The thresholds of Python's garbage collector. It runs when 5,000 more container objects were allocated than freed.
# After 5 runs, the next one also covers the second generation. After 40 runs that covered the second generation, the
# next one covers all objects. With Python's default thresholds the collector would interrupt the application at every
# key.
_GARBAGE = (5_000, 5, 40)
# While the user is idle, all objects are searched for garbage after this many runs that covered the second generation.
# Those runs do not free closed dialogs and old lists, which would take half of the memory after an hour.
_GARBAGE_WHILE_IDLE = 5


def before_imports() -> None:
    """Set up the interpreter for the imports and the start of the application.

    This must be called before Textual is imported, because Textual reads its settings only at its import.
    """
    os.environ.setdefault("TEXTUAL_FPS", _FRAMES)
    # Turn the garbage collector off during the imports. They leave no garbage, and searching for it would take 8 of the
    # 243 ms of the imports.
    gc.disable()
    gc.set_threshold(*_GARBAGE)
    sys.setswitchinterval(_SWITCH_SECONDS)


def collect_garbage() -> None:
    """Turn on the garbage collector, which `before_imports` has turned off. A second call does nothing."""
    if not gc.isenabled():
        # Exclude the objects that exist now from later collections. They exist until the end, and searching them would
        # stop the application for 36 ms at every full collection.
        gc.freeze()
        gc.enable()


def collect_all_garbage() -> None:
    """Search all objects for garbage if there may be much of it.

    This takes up to 30 ms, so call it while no key is pressed.

    Does nothing until `collect_garbage` was called.
    """
    if gc.isenabled() and gc.get_count()[2] >= _GARBAGE_WHILE_IDLE:
        gc.collect()


def before_exit() -> None:
    """Make the end of the process fast: the interpreter finds no objects in its last garbage collection.

    Without this call, that last collection takes 40 ms.
    """
    gc.freeze()
