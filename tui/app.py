"""The Textual application: it creates the library screen, passes keys to screens, and ends on signals and errors."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
import time
from collections import deque
from collections.abc import Sequence
from datetime import date
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

from store.library.config_and_library_paths import Places
from store.library.library import Library
from store.model.errors import explanation
from tui.actions import dispatch
from tui.actions.actions_and_keys import BY_ID, keys_of, shown
from tui.screens.direct_keys import DirectKeys
from tui.screens.library_screen import LibraryScreen
from tui.settings import themes
from tui.settings.config import Config
from tui.settings.session import Session
from tui.settings.settings_table import ASCII, LATER_EACH_DAY, SEEN_AFTER, THEME
from tui.settings.theme_choice import ThemeChoice
from tui.terminal import signals, textual_internals, tuning
from tui.terminal.background import BackgroundKnown
from tui.terminal.driver import TakenTerminal, TerminalDriver
from tui.terminal.input_messages import TypedKeys
from tui.terminal.textual_internals import CrashReporter
from tui.terminal.textual_names import MISSING
from tui.widgets.detail import Body
from tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from rich.console import RenderableType

# After a key has closed a dialog, the next keys wait until the result of the dialog was used, but at most for this time
# (s). Usually they wait much shorter.
_RESULT_SECONDS = 0.5
# The user counts as idle after this time without a key (s). The application checks once in this time whether the user
# is idle.
_IDLE_SECONDS = 2.0
# The exit code after a signal is this number plus the number of the signal, as shells expect.
_SIGNALLED = 128


class Recto(CrashReporter, inherit_bindings=False):
    """The application, with the library screen as its main screen.

    `unsaid` are the error messages of writes to the library that failed while the application ended, when no screen
    could show them any more. The caller must print them afterwards.
    """

    TITLE = "recto"
    # The path is absolute, because Textual looks for a relative path in the folder of the module of the class, which
    # differs for a subclass in another module.
    CSS_PATH = Path(__file__).with_name("app.tcss")
    # Textual's command palette is turned off, because recto has its own.
    ENABLE_COMMAND_PALETTE = False
    # The binding has priority, because input fields and dialogs would otherwise use ctrl+c to copy text.
    BINDINGS = [Binding("ctrl+c", "interrupt", show=False, priority=True)]

    def __init__(self, library: Library, places: Places, config: Config, left: Session, first: Sequence[Path]) -> None:
        plain = themes.are_disabled()
        self._ascii = config[ASCII]
        self.theme_choice = ThemeChoice(config[THEME], left)
        # Set the theme before everything else: after a later change, Textual would parse all CSS and draw everything
        # again.
        self.set_reactive(App.theme, self.theme_choice.shown)
        super().__init__(driver_class=None if MISSING else self.driver(), ansi_color=True if plain else None)
        self.theme_choice.apply = lambda name: setattr(self, "theme", name)
        self.keys = config.keys
        # The keys of the action "back", which cancel dialogs as escape does. Letters are left out, because a letter may
        # be meant for a text field.
        self._cancel_keys = {key for key in keys_of(BY_ID["back"], config.keys) if len(shown(key)) > 1}
        self.unsaid: list[str] = []
        self._problems = config.problems
        self._taken = tuple(taken.text for taken in config.taken)
        self._has_failed = False
        self._excepthook_before = threading.excepthook
        self._mounted = False
        self._signal: int | None = None
        # The time of the last key, on the clock of `time.monotonic` (s).
        self._active_at = 0.0
        # The keys and pastes that have not been handled yet, in the order in which they arrived.
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
            lambda: _begin_day(library, config),
        )
        self._main.marks.seen_after = config[SEEN_AFTER]
        self._main.key_queue.on_release = lambda are_dropped: self.call_later(self._go_on_with_input, are_dropped)

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Textual's themes and recto's own. Textual looks themes up here, so recto need not register each of them."""
        return themes.ALL

    def driver(self, splash: TakenTerminal | None = None) -> type[Driver]:
        """A function that makes the driver, for use as `driver_class`.

        `splash` is the terminal on which a copy of the last screen was printed at the start, or None when no copy was
        printed.
        """
        asks = self.theme_choice.follows_terminal
        return cast(type[Driver], partial(TerminalDriver, splash=splash, asks_for_background=asks, ascii=self._ascii))

    def on_background_known(self, message: BackgroundKnown) -> None:
        self.theme_choice.background_known(message.is_dark, is_late=message.is_late)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.DEFAULTS

    @property
    def main_screen(self) -> LibraryScreen:
        """The library screen, also while another screen covers it."""
        return self._main

    def on_load(self) -> None:
        # Install the signal handlers before the modes of the terminal are changed: after that change, a signal must not
        # end the process without restoring the terminal.
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._loop_failed)
        self._catch_in_threads(loop)
        signals.handle(loop, self._signalled)

    def get_default_screen(self) -> Screen[None]:
        """The library screen. Otherwise Textual would make, style and lay out a default screen that nobody sees."""
        return self._main

    async def on_mount(self) -> None:
        # Wait until the screen exists, because keys that the user typed during the start are meant for that screen.
        await AwaitMount(self._main, [self._main])
        self._mounted = True
        if self._problems:
            self._main.notices.show_error(_first_of(self._problems))
        self._say_taken_keys()
        if self._signal is not None:
            self._signalled(self._signal)
        self.set_interval(_IDLE_SECONDS, self._collect_garbage)

    def _collect_garbage(self) -> None:
        if time.monotonic() - self._active_at >= _IDLE_SECONDS:
            tuning.collect_all_garbage()

    def _say_taken_keys(self) -> None:
        """Show which actions lost their default keys, because the configuration gives these keys to other actions.

        Nothing is shown if the last start has shown the same message.
        """
        session, text = self._main.session, "\n".join(self._taken)
        if text and text != session.taken_keys:
            self._main.notices.toast(_first_of(self._taken))
        session.taken_keys = text

    def on_body_clicked(self, message: Body.Clicked) -> None:
        """Handle a click in the detail pane: open the clicked link, or filter the list by the clicked keyword."""
        # Imported here, because most users never click.
        from tui.actions import opening

        self._main.notices.attempt(lambda: opening.choose(self._main, message.choice))

    def on_line_list_dragged(self, message: LineList.Dragged) -> None:
        """Move a paper that was dragged in the queue or in a collection."""
        # Imported here, because most users never drag.
        from tui.actions import ordering

        if message.lines is self._main.list:
            self._main.notices.attempt(lambda: ordering.drag(self._main, message.start, message.end))

    def _signalled(self, number: int) -> None:
        # Before the first screen is complete, Textual would crash if it were told to exit. So only record the signal;
        # `on_mount` calls this method again.
        self._signal = number
        if self._mounted and self.return_code is None:
            self.exit(return_code=_SIGNALLED + number)

    @on(Driver.SignalResume)
    def draw_again(self) -> None:
        """Draw everything again after a suspension, because another program may have drawn on the terminal."""
        self.refresh(layout=True)

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """End the application. First save the text that the user is typing in a dialog, if the dialog can save it."""
        for screen in self.screen_stack:
            if isinstance(screen, DirectKeys):
                screen.reader_ends()
        super().exit(result, return_code, message)

    async def on_unmount(self) -> None:
        self.unsaid = await self._main.shut()
        signals.ignore(asyncio.get_running_loop())
        threading.excepthook = self._excepthook_before

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        else:
            await self._add_input([event])

    async def on_typed_keys(self, message: TypedKeys) -> None:
        await self._add_input(message.take())

    async def _add_input(self, added: Sequence[events.Key | events.Paste]) -> None:
        """Put keys and pastes at the end of the queue of input, and handle the queue as far as possible."""
        self._active_at = time.monotonic()
        self._main.follower.note_activity()
        for event in added:
            if isinstance(event, events.Key) and event.key == "ctrl+c":
                # Handle the keys typed before ctrl+c first: whether ctrl+c ends the application may depend on them.
                await self._take_input()
                if self._interrupts():
                    self.action_interrupt()
                    continue
            self._input.append(event)
        await self._take_input()

    async def _go_on_with_input(self, are_dropped: bool) -> None:
        """Handle the keys that have waited until an earlier action was carried out or dropped.

        If that action was dropped, drop the keys too: they may have been meant for what the action would have opened.
        """
        if are_dropped:
            self._input.clear()
        await self._take_input()

    async def _take_input(self) -> None:
        """Handle keys and pastes in the order in which they arrived, until one must wait or the application ends."""
        # Thousands of keys that were typed in advance would delay the end by a minute.
        while self._input and self.return_code is None:
            if self.screen is self._main and self._main.key_queue.holds_keys:
                break
            screen = self.screen
            if isinstance(screen, DirectKeys) and screen.takes_text and (letters := self._take_letters()):
                self.app_focus = True
                screen.paste(letters)
                continue
            event = self._input.popleft()
            handled = self._paste(event) if isinstance(event, events.Paste) else await self._take_key(event)
            if not handled:
                await super().on_event(event)
            if self.screen is not screen:
                await self._result_taken()

    def _take_letters(self) -> str:
        """Remove the printable characters at the beginning of the queue of input, and return them.

        They end before the first paste or other key.
        """
        letters = ""
        while self._input:
            event = self._input[0]
            if not (isinstance(event, events.Key) and event.is_printable) or event.key in self._cancel_keys:
                break
            letters += event.character or ""
            self._input.popleft()
        return letters

    async def _result_taken(self) -> None:
        """Wait until the library screen has received the result of a dialog that was closed.

        The screen may then open another dialog. Keys that the user has typed in advance are meant for that dialog.
        """
        is_taken = asyncio.Event()
        # Textual also uses `call_next` to pass the result of the dialog to the screen. Calls are made in the order of
        # `call_next`, so `set` is called after the result was passed.
        self._main.call_next(is_taken.set)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(is_taken.wait(), _RESULT_SECONDS)

    def _paste(self, event: events.Paste) -> bool:
        """Let the screen insert a pasted text. Returns False if the screen leaves this to Textual."""
        from store.text.clean import clean

        screen = self.screen
        # Remove control characters, because Textual's own input fields would send them to the terminal.
        event.text = clean(event.text)
        if isinstance(screen, DirectKeys):
            screen.paste(event.text)
        return isinstance(screen, DirectKeys)

    async def _take_key(self, event: events.Key) -> bool:
        """Let the screen handle a key at once. Returns False if the screen leaves the key to Textual."""
        screen = self.screen
        if not isinstance(screen, DirectKeys):
            return False
        self.app_focus = True
        if event.key in self._cancel_keys and screen.escape_cancels and not screen.is_in_sequence:
            event = events.Key("escape", None)
        return await screen.take(event)

    def action_interrupt(self) -> None:
        """End the application from any screen, with the exit code 130 of a program that was interrupted by SIGINT."""
        self.exit(return_code=_SIGNALLED + signal.SIGINT)

    def _interrupts(self) -> bool:
        """Whether ctrl+c ends the application now.

        The result is False if the configuration gives ctrl+c to another action, or if ctrl+c continues a key sequence.
        """
        screen = self.screen
        is_in_sequence = isinstance(screen, DirectKeys) and screen.is_in_sequence
        return not is_in_sequence and self.check_action("interrupt", ())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether Textual may run an action. It may run "interrupt" (ctrl+c) only if ctrl+c has no other action.

        The configuration may bind ctrl+c to another action than "quit".
        """
        first_keys = ((name, key.split(" ")[0]) for name, keys in self.keys.items() for key in keys.split(","))
        bound = (name for name, key in first_keys if key == "ctrl+c")
        return action != "interrupt" or all(name == "quit" for name in bound)

    @property
    def exit_code(self) -> int:
        """The exit code of the process. It is not 0 if an error ended the application or if something was not saved."""
        return (self.return_code or 0) or int(self._has_failed or bool(self.unsaid))

    def panic(self, *renderables: RenderableType) -> None:
        self._has_failed = True
        super().panic(*renderables)

    def _loop_failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """End the application after an error in a callback or a task of the event loop. asyncio would only print it."""
        error = context.get("exception")
        if isinstance(error, Exception):
            textual_internals.crash(self, error)
        else:
            loop.default_exception_handler(context)

    def _catch_in_threads(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let an uncaught error in any thread end the application.

        Otherwise only that thread would end, without a message.
        """

        def failed(thread: threading.ExceptHookArgs) -> None:
            if isinstance(thread.exc_value, Exception):
                # Ignore the error if the event loop has ended already.
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(textual_internals.crash, self, thread.exc_value)

        threading.excepthook = failed

    def crashed(self, error: Exception) -> None:
        self._has_failed = True

    def crash_report(self, error: BaseException | None) -> str:
        import traceback

        from store.doctor.unexpected_errors import explained
        from store.text.clean import clean

        reason = (explanation(error) or explained(self._main.library, error)) if isinstance(error, Exception) else None
        if reason is None:
            # Textual's own report of an error would contain the values of variables. Leave them out, because they may
            # contain text from listings and from the user's notes.
            reason = "this is a mistake in recto\n" + "".join(traceback.format_exception(error))
        return f"recto stopped: {clean(reason).rstrip()}\nWhat it said was saved is saved."

    def holds_back(self, screen: LibraryScreen) -> bool:
        """Whether `screen` must not be drawn yet, because the terminal still shows the page from tui/startup/splash.py.

        A subclass may override this.
        """
        return False


def _begin_day(library: Library, config: Config) -> None:
    """End the postponement of papers that are due. Called when a new day has begun while the application is open."""
    # Imported here, because the application is seldom open at midnight.
    from store.marks import returning

    returning.begin_day(library, date.today(), config[LATER_EACH_DAY])


def _first_of(remarks: Sequence[str]) -> str:
    """The first of the remarks on the configuration, followed by the number of further remarks."""
    first, *others = remarks
    return f"{first} ({len(others)} more: recto config check lists them)" if others else first
