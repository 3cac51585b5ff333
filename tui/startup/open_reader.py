"""Opens the reader: the library, the configuration, the terminal; and leaves them as they were."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from store.library.library import Library
from store.library.paths import Places
from tui.startup.splash import Door

# Textual draws at most so often a second. At its own 60 a key waits for the next frame longer than for its answer.
_FRAMES = "240"
_SWITCH_SECONDS = 0.001
# Garbage is looked for when so many more things have been made than given up, among them; every so many times among
# what was left over, and then among everything. So often as Python does it would stop the reader at every key.
_GARBAGE = (5_000, 5, 200)


def read(places: Places, first: Sequence[Path] = (), door: Door | None = None) -> int:
    """Run the reader until it is left; its exit code. Raises LibraryError when the library cannot be opened.

    `door` has the terminal, if a first page is shown on it.
    """
    os.environ.setdefault("TEXTUAL_FPS", _FRAMES)
    if not os.environ.get("NO_COLOR"):
        # Set and empty it means colours, but not to Textual.
        os.environ.pop("NO_COLOR", None)
    # What is imported and made at the start is no garbage; looking whether it is takes a twentieth of a start. The
    # reader collects from its first list on.
    gc.disable()
    gc.set_threshold(*_GARBAGE)
    # Imported here: Textual reads its settings when it is imported, and takes most of a start.
    from tui.startup import lean

    with lean.imports():
        from tui.settings import config, session
        from tui.startup.handover import Reader

    # A search that is at work in its thread gives way to a key after a millisecond, not after five.
    sys.setswitchinterval(_SWITCH_SECONDS)
    settings = config.load(places.config)
    with Library.open(places.library) as library:
        app = Reader(library, places, settings, session.load(library.reader()), first, door)
        app.run()
    if app.unsaid:
        from tui.cli.output import complain

        for text in app.unsaid:
            complain(text)
    # The interpreter would look at everything once more before it goes; the shell's prompt waits for that.
    gc.freeze()
    return app.exit_code
