"""The function that opens the library and the configuration, runs the application, and closes the library again."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from store.library import settings
from store.library.config_and_library_paths import Places
from store.library.library import Library
from tui.startup.splash import Splash
from tui.terminal import tuning


def read(places: Places, first: Sequence[Path] = (), splash: Splash | None = None) -> int:
    """Run the application until the user leaves it, and return the exit code of the process.

    The application imports the listings `first` at its start. `splash` is the terminal on which a copy of the last
    screen was printed, or None when none was printed. Raises LibraryError when the library or the configuration cannot
    be used.
    """
    if not os.environ.get("NO_COLOR"):
        # By the convention for NO_COLOR, an empty value leaves colours on. Textual would turn them off, so remove an
        # empty value.
        os.environ.pop("NO_COLOR", None)
    tuning.before_imports()
    # Imported here, because these modules import Textual, which reads its settings from the environment at its import.
    from store.marks import returning
    from store.model.errors import LibraryError
    from tui.settings import config, session
    from tui.settings.settings_table import LATER_EACH_DAY
    from tui.startup.handover import Reader
    from tui.terminal.textual_names import MISSING

    if MISSING and splash is not None:
        # Textual's own driver will be used. It must find the terminal as the shell left it, so restore the terminal.
        splash.close()
        splash = None
    configured = config.load(places.config)
    with Library.open(places.library) as library:
        # Ignore the error that the library is read-only. All postponed papers then come back on their day, without the
        # limit LATER_EACH_DAY.
        with contextlib.suppress(LibraryError):
            returning.begin_day(library, date.today(), configured[LATER_EACH_DAY])
        app = Reader(library, places, configured, session.load(library.reader()), first, splash)
        app.run()
        app.store_page()
        unsaid = [*app.unsaid, *_follow(library)]
    if unsaid:
        from tui.cli.output import complain

        for text in unsaid:
            complain(text)
    tuning.before_exit()
    return app.exit_code


def _follow(library: Library) -> list[str]:
    """Rewrite the files of `recto export --follow` after the last changes. Returns a message for each problem."""
    if not library.has_written or settings.get(library.reader(), settings.FOLLOWED_FILES) is None:
        return []
    # Imported here, because most libraries have no such files.
    from store.exporting import followed

    return followed.update(library)
