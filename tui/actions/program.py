"""Actions for the program as a whole: importing, fetching, the import log, the theme, help, and quitting."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tui.actions.actions_and_keys import SCOPES, first_key
from tui.render import styled
from tui.screens.direct_keys import ActionKeys
from tui.screens.help_text import theme_text
from tui.screens.library_screen import LibraryScreen

# The name under which `StatusLine.show_progress` shows the progress of a fetch.
_FETCH = "fetch"
# When recto asks whether to remove the sample listings, the keys of these actions mean yes.
_ACCEPTING = ("read", "remove_samples")


class Program:
    """The actions for the program as a whole: those with the scope "program" in the table of actions."""

    def __init__(self, screen: LibraryScreen) -> None:
        self._screen = screen

    def import_file(self) -> None:
        # Imported here, not at the top: the application must start fast, and shows no dialog at its start.
        from tui.screens.path_dialog import AskPath

        screen = self._screen

        def answered(path: Path | None) -> None:
            if path is not None:
                screen.imports.put([path])

        inbox = styled.safe(str(screen.imports.inbox), 500)
        hint = f"tab completes · enter imports · esc cancels\nfiles put into {inbox} are imported automatically"
        screen.app.push_screen(AskPath("Import a file or folder", hint), answered)

    def suspend(self) -> None:
        # If this process is a session leader, the terminal started it without a shell. Such a process must not be
        # suspended, because no shell could resume it.
        if os.getsid(0) == os.getpid():
            self._screen.status.show_news("recto was not started from a shell, so there is none to go to")
        else:
            self._screen.app.action_suspend_process()

    def remove_samples(self) -> None:
        from store.papers import samples
        from tui.render import wording

        screen = self._screen
        connection = screen.library.reader()
        log_ids = samples.log_ids(connection)
        if not log_ids:
            screen.status.show_news("there are no samples")
            return
        listings = wording.count(len(log_ids), "sample listing")

        def take_back() -> None:
            if not screen.imports.take_back(log_ids, lambda _: None, of=listings):
                screen.status.show_news("another import is being taken back")

        removed = wording.count(samples.count_unmarked(connection), "paper")
        keys = " or ".join(dict.fromkeys(key for name in _ACCEPTING if (key := first_key(name, screen.keymap))))
        screen.notices.offer(
            f"Remove {listings} with {removed}? Papers that you marked stay. {keys} removes them, other keys do not.",
            take_back,
            _ACCEPTING,
        )

    def fetch(self) -> None:
        from tui.workers.fetch_process import FetchError, fetch_today

        screen = self._screen

        async def fetch_papers() -> None:
            screen.status.show_progress(_FETCH, "fetching today's Daily Papers …")
            try:
                output = await fetch_today(screen.library.path)
            except (FetchError, OSError) as error:
                screen.status.show_progress(_FETCH, "")
                screen.notices.show_error(str(error))
            else:
                screen.status.show_progress(_FETCH, "")
                # The fetched file is in the inbox now. It is imported from there like any other file.
                screen.status.show_news(styled.safe(output.splitlines()[-1] if output else "fetched", 300))

        # `exclusive` means: if the user presses the key again, the running fetch is cancelled before a new one starts.
        # So two requests are never sent to the server at the same time.
        screen.run_worker(fetch_papers(), group="fetch", exclusive=True, description="fetch", exit_on_error=False)

    def statistics(self) -> None:
        from tui.screens.statistics_dialog import StatisticsDialog

        self._screen.app.push_screen(StatisticsDialog(self._screen.library, self._screen.keymap))

    def log(self) -> None:
        from tui.screens.log_dialog import Log

        screen = self._screen

        def take_back(log_id: int, then: Callable[[str], None]) -> bool:
            def ended(result: str) -> None:
                screen.refresh_all()
                then(result)

            return screen.imports.take_back([log_id], ended)

        screen.app.push_screen(
            Log(
                screen.library,
                screen.keymap,
                take_back=take_back,
                retry=lambda path: screen.imports.put([path]),
                activity=lambda: screen.status.activity,
            )
        )

    def theme(self) -> None:
        self._screen.theme.switch()
        self._screen.status.show_news(theme_text(self._screen.theme))

    def help(self) -> None:
        from tui.screens.help_dialog import Help

        # If another screen is open, such as the screen for triage, show the keys of that screen first.
        shown = self._screen.app.screen
        query = SCOPES[shown.help_scope].lower() if isinstance(shown, ActionKeys) else ""
        self._screen.app.push_screen(Help(self._screen.keymap, query))

    def palette(self) -> None:
        from tui.actions import palette
        from tui.screens.palette_dialog import Command, Palette

        screen = self._screen

        def chosen(command: Command | None) -> None:
            if command is not None:
                screen.notices.attempt(command.run)

        screen.app.push_screen(Palette(palette.commands(screen)), chosen)

    def quit(self) -> None:
        self._screen.app.exit()
