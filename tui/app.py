"""The application: theme, keymap, signals, and the screen they serve."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from textual import events, on
from textual.app import App
from textual.binding import Binding
from textual.command import Provider
from textual.content import Content
from textual.driver import Driver
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.theme import Theme
from textual.widget import AwaitMount

from store.library.library import Library
from store.library.paths import Places
from store.model.errors import explanation
from tui.actions import dispatch
from tui.screens.library_screen import MainScreen
from tui.settings import themes
from tui.settings.config import Config
from tui.settings.session import Session
from tui.terminal import textual_internals
from tui.terminal.driver import TerminalDriver
from tui.terminal.textual_internals import CrashReporter

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tui.screens.dialogs import Typing

# A signal ends the program with this and its number, as a shell expects.
_SIGNALLED = 128
_TOAST_SECONDS = 8.0


def _commands() -> type[Provider]:
    from tui.actions.palette import ActionCommands

    return ActionCommands


class Recto(CrashReporter, inherit_bindings=False):
    """The reader. `unsaid` is what could not be saved at the end, when no screen could say so any more."""

    TITLE = "recto"
    # Absolute: Textual looks for a relative path beside the module of a subclass.
    CSS_PATH = Path(__file__).with_name("app.tcss")
    COMMANDS = {_commands}
    # Textual would bind ctrl+p for good; the key of the palette is the registry's.
    ENABLE_COMMAND_PALETTE = False
    # Before every other meaning it has: an input and a dialog would copy.
    BINDINGS = [Binding("ctrl+c", "interrupt", show=False, priority=True)]

    def __init__(self, library: Library, places: Places, config: Config, left: Session, first: Sequence[Path]) -> None:
        plain = bool(os.environ.get("NO_COLOR"))
        wanted = left.theme or config.theme or ""
        # Before all others: what Textual is told later it draws, and reads all CSS, once more for.
        self.set_reactive(App.theme, "ansi-dark" if plain else wanted if themes.is_known(wanted) else themes.DARK.name)
        super().__init__(driver_class=None if textual_internals.MISSING else TerminalDriver, ansi_color=plain)
        self.use_command_palette = True
        self.keys = config.keys
        self.unsaid: list[str] = []
        self._has_failed = False
        self._excepthook_before = threading.excepthook
        self._mounted = False
        self._signal: int | None = None
        self._main = MainScreen(library, places.inbox, left, first)
        self._inbox = places.inbox
        self._plain = plain

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Textual's and the reader's own, which are there from the first moment on."""
        return themes.ALL

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.DEFAULTS

    @property
    def theme_left(self) -> str | None:
        """The theme to come back to; None when the terminal chose."""
        return None if self._plain else self.theme

    @property
    def main_screen(self) -> MainScreen:
        """The reader's own screen, whatever lies over it."""
        return self._main

    def on_load(self) -> None:
        # Before the terminal is changed: from then on a signal must change it back.
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._loop_failed)
        self._catch_in_threads(loop)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, self._signalled, number)

    def get_default_screen(self) -> Screen[None]:
        """The reader's own from the start: another below it would be made, styled and laid out for nothing."""
        return self._main

    async def on_mount(self) -> None:
        self.set_keymap(self.keys)
        # No key is looked at before there is a screen that it is for.
        await AwaitMount(self._main, [self._main])
        self._mounted = True
        if self._signal is not None:
            self._signalled(self._signal)

    def _signalled(self, number: int) -> None:
        # Textual falls over when it is to end while its first screen is made.
        self._signal = number
        if self._mounted:
            self.exit(return_code=_SIGNALLED + number)

    @on(Driver.SignalResume)
    def draw_again(self) -> None:
        """Draw everything: what is on the terminal that was given back for a while is not known."""
        self.refresh(layout=True)

    async def on_unmount(self) -> None:
        self.unsaid = await self._main.shut()
        threading.excepthook = self._excepthook_before

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded and await self._take(event):
            return
        await super().on_event(event)

    async def _take(self, event: events.Key) -> bool:
        """Whether a key was done with at once, without the long way that Textual has for it."""
        screen = self.screen
        if not hasattr(screen, "take"):
            return False
        self.app_focus = True
        taking = cast("MainScreen | Typing", screen)
        return await textual_internals.run_binding(self, event.key, priority=True) or await taking.take(event)

    def action_interrupt(self) -> None:
        """Leave, wherever the reader is, as a program does that is interrupted."""
        self.exit(return_code=_SIGNALLED + signal.SIGINT)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Ctrl+c interrupts unless a configuration gave it to another action."""
        given = (name for name, keys in self.keys.items() if "ctrl+c" in keys.split(","))
        return action != "interrupt" or all(name == "quit" for name in given)

    @property
    def exit_code(self) -> int:
        """The exit code of the program: never 0 when an error ended the reader, or when something was not saved."""
        return (self.return_code or 0) or int(self._has_failed or bool(self.unsaid))

    def panic(self, *renderables: RenderableType) -> None:
        self._has_failed = True
        super().panic(*renderables)

    def _loop_failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """End the reader when a callback or a task of the event loop raises; asyncio would only print it."""
        error = context.get("exception")
        if isinstance(error, Exception):
            textual_internals.crash(self, error)
        else:
            loop.default_exception_handler(context)

    def _catch_in_threads(self, loop: asyncio.AbstractEventLoop) -> None:
        """End the reader when a thread raises: its work would not be done any more, and nothing would say so."""

        def failed(thread: threading.ExceptHookArgs) -> None:
            if isinstance(thread.exc_value, Exception):
                # The loop may have ended before the thread.
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(textual_internals.crash, self, thread.exc_value)

        threading.excepthook = failed

    def crashed(self, error: Exception) -> None:
        self._has_failed = True

    def crash_report(self, error: BaseException | None) -> str:
        import traceback

        from store.text.clean import clean

        reason = explanation(error) if isinstance(error, Exception) else None
        if reason is None:
            # Unlike Textual's, without the values of variables: they hold what listings say.
            reason = "this is a mistake in recto\n" + "".join(traceback.format_exception(error))
        return f"recto stopped: {clean(reason).rstrip()}\nWhat it said was saved is saved."

    def holds_back(self, screen: MainScreen) -> bool:
        """Whether `screen` is not to be drawn yet, because something else is on the terminal. For a subclass."""
        return False

    def doing(self, screen: MainScreen, action: str) -> None:
        """Do one of the actions of the registry."""
        dispatch.do(screen, action)

    def welcome(self) -> Content:
        """What an empty library says."""
        from tui.screens import help_text

        return help_text.welcome_text(self._inbox, self.keys)

    def import_samples(self, screen: MainScreen) -> None:
        """Bring in the sample listings."""
        screen.importer.put([samples()])

    def toast(self, text: str, severity: SeverityLevel = "information") -> None:
        """Say something over the screen for a while. `text` is never read as markup."""
        self.notify(text, severity=severity, markup=False, timeout=_TOAST_SECONDS)

    def turn_theme(self) -> None:
        """From dark to light and back."""
        if not self._plain:
            self.theme = themes.LIGHT.name if self.current_theme.dark else themes.DARK.name


def samples() -> Path:
    """The folder of the sample listings: in the wheel beside this module, in a checkout under assets."""
    from importlib import resources

    inside = Path(str(resources.files("tui"))) / "samples"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "assets" / "listings"
