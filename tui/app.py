"""The app: it owns the screen, hands it the dispatcher of actions, and ends it on signals and errors."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections import deque
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from textual import events, on
from textual.app import App
from textual.binding import Binding
from textual.driver import Driver
from textual.screen import Screen
from textual.theme import Theme
from textual.widget import AwaitMount

from store.library.library import Library
from store.library.places import Places
from store.model.errors import explanation
from tui.actions import dispatch
from tui.screens.direct_keys import DirectKeys
from tui.screens.library_screen import LibraryScreen
from tui.settings import themes
from tui.settings.config import Config
from tui.settings.session import Session
from tui.settings.theme_choice import ThemeChoice
from tui.terminal import textual_internals
from tui.terminal.background import BackgroundKnown
from tui.terminal.driver import TakenTerminal, TerminalDriver
from tui.terminal.textual_internals import CrashReporter
from tui.widgets.detail import Body

if TYPE_CHECKING:
    from rich.console import RenderableType

# The exit code after a signal is this plus the number of the signal, as shells expect.
_SIGNALLED = 128


class Recto(CrashReporter, inherit_bindings=False):
    """The reader. `unsaid` holds why something could not be saved at the end, when no screen could show it any more."""

    TITLE = "recto"
    # Absolute: Textual would look for a relative path beside the module of a subclass.
    CSS_PATH = Path(__file__).with_name("app.tcss")
    # recto has a palette of its own.
    ENABLE_COMMAND_PALETTE = False
    # With priority, because inputs and dialogs would otherwise copy.
    BINDINGS = [Binding("ctrl+c", "interrupt", show=False, priority=True)]

    def __init__(self, library: Library, places: Places, config: Config, left: Session, first: Sequence[Path]) -> None:
        plain = themes.are_disabled()
        self._ascii = config.ascii
        self.theme_choice = ThemeChoice(config.theme, left)
        # Set before everything else: a later change would make Textual read all CSS and draw a second time.
        self.set_reactive(App.theme, self.theme_choice.shown)
        super().__init__(
            driver_class=None if textual_internals.MISSING else self.driver(), ansi_color=True if plain else None
        )
        self.theme_choice.apply = lambda name: setattr(self, "theme", name)
        self.keys = config.keys
        self.unsaid: list[str] = []
        self._problems = config.problems
        self._has_failed = False
        self._excepthook_before = threading.excepthook
        self._mounted = False
        self._signal: int | None = None
        # Keys and pastes that have not been handled yet, in the order in which they came.
        self._input: deque[events.Key | events.Paste] = deque()
        self._main = LibraryScreen(
            library,
            places.inbox,
            config.keys,
            left,
            first,
            dispatch.run,
            self.theme_choice,
            lambda: self.holds_back(self._main),
        )
        self._main.key_queue.on_release = lambda are_dropped: self.call_later(self._go_on_with_input, are_dropped)

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Textual's themes and recto's own, which exist from the first moment on."""
        return themes.ALL

    def driver(self, splash: TakenTerminal | None = None) -> type[Driver]:
        """The driver's class. `splash` has the terminal when it shows the first page."""
        asks = self.theme_choice.follows_terminal
        return cast(type[Driver], partial(TerminalDriver, splash=splash, asks_for_background=asks, ascii=self._ascii))

    def on_background_known(self, message: BackgroundKnown) -> None:
        self.theme_choice.background_known(message.is_dark, is_late=message.is_late)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.DEFAULTS

    @property
    def main_screen(self) -> LibraryScreen:
        """The library screen, whatever covers it."""
        return self._main

    def on_load(self) -> None:
        # Before the terminal's modes are changed: from then on a signal must restore them.
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._loop_failed)
        self._catch_in_threads(loop)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, self._signalled, number)

    def get_default_screen(self) -> Screen[None]:
        """The library screen. Textual's default screen would be made, styled and laid out for nothing."""
        return self._main

    async def on_mount(self) -> None:
        self.set_keymap(self.keys)
        # Handle no key before the screen exists that it is meant for.
        await AwaitMount(self._main, [self._main])
        self._mounted = True
        if self._problems:
            self._main.notices.show_error("; ".join(self._problems))
        if self._signal is not None:
            self._signalled(self._signal)

    def on_body_clicked(self, message: Body.Clicked) -> None:
        """Open a link that was clicked on the page of a paper, or filter by a keyword of it."""
        # Imported here: most papers are read with keys.
        from tui.actions import opening

        self._main.notices.attempt(lambda: opening.choose(self._main, message.choice))

    def _signalled(self, number: int) -> None:
        # Textual crashes when it is asked to exit while its first screen is being made.
        self._signal = number
        if self._mounted:
            self.exit(return_code=_SIGNALLED + number)

    @on(Driver.SignalResume)
    def draw_again(self) -> None:
        """Draw everything: another program may have drawn on the terminal meanwhile."""
        self.refresh(layout=True)

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """End the reader. What is being written in a dialog is kept."""
        for screen in self.screen_stack:
            if isinstance(screen, DirectKeys):
                screen.reader_ends()
        super().exit(result, return_code, message)

    async def on_unmount(self) -> None:
        self.unsaid = await self._main.shut()
        threading.excepthook = self._excepthook_before

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif isinstance(event, events.Key) and event.key == "ctrl+c" and self.check_action("interrupt", ()):
            self.action_interrupt()
        else:
            self._input.append(event)
            await self._take_input()

    async def _go_on_with_input(self, are_dropped: bool) -> None:
        """Handle the keys that were held; drop them if the action that they waited for was dropped."""
        if are_dropped:
            self._input.clear()
        await self._take_input()

    async def _take_input(self) -> None:
        """Handle keys and pastes in the order in which they came, until one must wait for an earlier one."""
        while self._input and not (self.screen is self._main and self._main.key_queue.holds_keys):
            event = self._input.popleft()
            handled = self._paste(event) if isinstance(event, events.Paste) else await self._take_key(event)
            if not handled:
                await super().on_event(event)

    def _paste(self, event: events.Paste) -> bool:
        """Let the screen insert what was pasted; False where Textual must do so."""
        from store.text.clean import clean

        screen = self.screen
        # Textual's own fields would send control characters to the terminal.
        event.text = clean(event.text)
        if isinstance(screen, DirectKeys):
            screen.paste(event.text)
        return isinstance(screen, DirectKeys)

    async def _take_key(self, event: events.Key) -> bool:
        """Let the screen handle a key at once; False for a key that Textual must handle."""
        screen = self.screen
        if not isinstance(screen, DirectKeys):
            return False
        self.app_focus = True
        return await screen.take(event)

    def action_interrupt(self) -> None:
        """End the reader from any screen, with the exit code of an interrupted program."""
        self.exit(return_code=_SIGNALLED + signal.SIGINT)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Ctrl+c interrupts unless the configuration binds it to another action than "quit"."""
        bound = (name for name, keys in self.keys.items() if "ctrl+c" in keys.split(","))
        return action != "interrupt" or all(name == "quit" for name in bound)

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
                # The event loop may have ended before the thread.
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

    def holds_back(self, screen: LibraryScreen) -> bool:
        """Whether `screen` must not be drawn yet, because something else is on the terminal. For a subclass."""
        return False
