"""Opens the library and the configuration, runs the reader, and closes them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from store.library.library import Library
from store.library.places import Places
from tui.startup.splash import Splash
from tui.terminal import tuning


def read(places: Places, first: Sequence[Path] = (), splash: Splash | None = None) -> int:
    """Run the reader until it is left; its exit code. Raises LibraryError when the library cannot be opened.

    `first` are listings to import. `splash` has the terminal when it shows the first page.
    """
    if not os.environ.get("NO_COLOR"):
        # An empty value means colours, but Textual takes it for none.
        os.environ.pop("NO_COLOR", None)
    tuning.before_imports()
    # Imported here because Textual reads its settings when it is imported.
    from tui.settings import config, session
    from tui.startup.handover import Reader
    from tui.terminal import textual_internals

    if textual_internals.MISSING and splash is not None:
        # Textual's own driver needs a terminal in the state in which the shell left it.
        splash.close()
        splash = None
    settings = config.load(places.config)
    with Library.open(places.library) as library:
        app = Reader(library, places, settings, session.load(library.reader()), first, splash)
        app.run()
        app.store_page()
    if app.unsaid:
        from tui.cli.output import complain

        for text in app.unsaid:
            complain(text)
    tuning.before_exit()
    return app.exit_code
