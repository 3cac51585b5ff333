"""The program: imports, the log, help, themes, the end."""

from __future__ import annotations

from pathlib import Path

from tui.render import styled
from tui.screens.library_screen import MainScreen


class Running:
    """The program: imports, the log, help, themes, the end."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen

    def import_file(self) -> None:
        # Imported here, as everywhere in this package: a dialog is wanted long after the start.
        from tui.screens.dialogs import Ask

        screen = self._screen

        def answered(text: str | None) -> None:
            if not (text and text.strip()):
                return
            try:
                path = Path(text.strip().strip("'\"")).expanduser()
            except RuntimeError:
                # A user of this machine that there is not.
                screen.say_wrong(f"there is no home folder {styled.safe(text.strip(), 200)}")
            else:
                screen.importer.put([path])

        inbox = styled.safe(str(screen.inbox), 500)
        hint = f"enter imports · esc cancels\nfiles that are put in {inbox} come in by themselves"
        screen.app.push_screen(Ask("Import a file or folder", hint=hint), answered)

    def fetch(self) -> None:
        from tui.workers.fetch_process import FetchError, fetch_today

        screen = self._screen

        async def fetch_it() -> None:
            screen.status.show_progress("fetch", "fetching today's Daily Papers …")
            try:
                said = await fetch_today(screen.library.path)
            except (FetchError, OSError) as error:
                screen.status.show_progress("fetch", "")
                screen.say_wrong(styled.safe(str(error), 300))
            else:
                screen.status.show_progress("fetch", "")
                # The file is in the inbox now, and comes in like any other.
                screen.status.show_news(styled.safe(said.splitlines()[-1] if said else "fetched", 300))

        # Exclusive: a second press starts over instead of asking the server twice.
        screen.run_worker(fetch_it(), group="fetch", exclusive=True, description="fetch", exit_on_error=False)

    def log(self) -> None:
        from store.importing import log as report
        from tui.screens import help_text
        from tui.screens.dialogs import Page

        entries = report.read(self._screen.library.reader())
        self._screen.app.push_screen(Page("Import log", help_text.log_text(entries)))

    def theme(self) -> None:
        screen = self._screen
        if screen.app.theme_left is None:
            screen.status.show_news("the colours are the terminal's own, for NO_COLOR is set")
        else:
            screen.app.turn_theme()

    def help(self) -> None:
        from tui.screens import help_text
        from tui.screens.dialogs import Page

        self._screen.app.push_screen(Page("Help", help_text.help_text(self._screen.app.keys)))

    def palette(self) -> None:
        self._screen.app.action_command_palette()

    def quit(self) -> None:
        self._screen.app.exit()
