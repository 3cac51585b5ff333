"""The function that opens the library and the configuration, runs the application, and closes the library."""

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
from tui.terminal import signals, tuning


def read(places: Places, first: Sequence[Path] = (), splash: Splash | None = None) -> int:
    """Run the application until the user leaves it, and return the exit code of the process.

    The application imports the listings `first` at its start. `splash` is the terminal on which a copy of the last
    screen was printed, or None when none was printed. Raises LibraryError when the library or the configuration cannot
    be used.
    """
    if not os.environ.get("NO_COLOR"):
        # By the convention for NO_COLOR, colours stay on if its value is empty. Textual would turn them off, so remove
        # the variable.
        os.environ.pop("NO_COLOR", None)
    tuning.before_imports()
    # Imported here, after the changes to the environment: these modules import Textual, which reads its settings from
    # the environment when it is imported.
    from store.marks import returning
    from store.model.errors import LibraryError
    from tui.settings import config, session
    from tui.settings.settings_table import LATER_EACH_DAY
    from tui.startup.handover import Reader
    from tui.terminal.textual_names import MISSING

    if MISSING and splash is not None:
        # This version of Textual lacks names that recto's own terminal driver needs, so Textual's driver will be used.
        # It expects the terminal in the state in which the shell left it.
        splash.close()
        splash = None
    configured = config.load(places.config)
    with Library.open(places.library) as library:
        try:
            # Ignore the error of a library that cannot be written. In that case the limit LATER_EACH_DAY has no effect:
            # all postponed papers come back on their day.
            with contextlib.suppress(LibraryError):
                returning.begin_day(library, date.today(), configured[LATER_EACH_DAY])
            app = Reader(library, places, configured, session.load(library.reader()), first, splash)
        except Exception as error:
            # Imported here, because a start rarely fails.
            from store.doctor import unexpected_errors

            unexpected_errors.explain(library, error)
            raise
        app.run()
        signals.end_process()
        app.store_page()
        unsaid = [*app.unsaid, *_follow(library)]
    if unsaid:
        from tui.cli.output import complain

        for text in unsaid:
            complain(text)
    tuning.before_exit()
    return app.exit_code


def _follow(library: Library) -> list[str]:
    """Write the files of `recto export --follow` again if their papers have changed.

    Returns a message for each problem.
    """
    if not library.has_written or settings.get(library.reader(), settings.FOLLOWED_FILES) is None:
        return []
    # Imported here, because most libraries have no such files.
    from store.exporting import followed

    return followed.update(library)
