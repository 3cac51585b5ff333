"""The application: themes, keymap, signals, and the screen they serve."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from textual.app import App
from textual.content import Content
from textual.theme import Theme

from store.library import Library
from store.places import Places
from tui import doing
from tui.config import Config
from tui.palette import ActionCommands
from tui.screens import pages
from tui.screens.main import MainScreen
from tui.session import Session

# A signal ends the program with this and its number, as a shell expects.
_SIGNALLED = 128

_DARK = Theme(
    name="recto-dark",
    primary="#7aa2c8",
    secondary="#a3b18a",
    accent="#e0af68",
    warning="#e0af68",
    error="#e27878",
    success="#9ec07c",
    foreground="#d5d3cc",
    background="#16181c",
    surface="#1b1e23",
    panel="#262a31",
    dark=True,
    variables={
        "muted": "#8b919c",
        "match": "#f2c46d",
        "title": "#f2efe6",
        "byline": "#a9b7c6",
        "heading": "#7aa2c8",
        "key": "#e0af68",
        "note": "#a3b18a",
        "star": "#f2c46d",
        "tag": "#a3b18a",
        "organization": "#8fb3d9",
        "cursor": "#2f3b4a",
        "cursor-idle": "#262a31",
        "selected": "#3a3524",
    },
)
_LIGHT = Theme(
    name="recto-light",
    primary="#2b5f8a",
    secondary="#56683c",
    accent="#9a5b00",
    warning="#9a5b00",
    error="#a82a2a",
    success="#3f6b2a",
    foreground="#2a2a2a",
    background="#fbfaf6",
    surface="#f4f2ec",
    panel="#e8e5dc",
    dark=False,
    variables={
        "muted": "#6f6d66",
        "match": "#b34700",
        "title": "#111111",
        "byline": "#4b5a68",
        "heading": "#2b5f8a",
        "key": "#9a5b00",
        "note": "#56683c",
        "star": "#b37400",
        "tag": "#56683c",
        "organization": "#2b5f8a",
        "cursor": "#d6e2ee",
        "cursor-idle": "#e8e5dc",
        "selected": "#f3e7c2",
    },
)
# What the themes' own names fall back to under a theme that has none of them.
_DEFAULTS = {
    "muted": "ansi_default",
    "match": "ansi_yellow",
    "title": "ansi_default",
    "byline": "ansi_default",
    "heading": "ansi_default",
    "key": "ansi_default",
    "note": "ansi_default",
    "star": "ansi_default",
    "tag": "ansi_default",
    "organization": "ansi_default",
    "cursor": "ansi_default",
    "cursor-idle": "ansi_default",
    "selected": "ansi_default",
}


class Recto(App[None]):
    """The reader."""

    TITLE = "recto"
    CSS_PATH = "app.tcss"
    COMMANDS = {ActionCommands}

    def __init__(self, library: Library, places: Places, config: Config, left: Session, first: Sequence[Path]) -> None:
        plain = bool(os.environ.get("NO_COLOR"))
        super().__init__(ansi_color=plain)
        self.keys = config.keys
        self._main = MainScreen(library, places.inbox, left, first)
        self._inbox = places.inbox
        self._plain = plain
        self.register_theme(_DARK)
        self.register_theme(_LIGHT)
        wanted = left.theme or config.theme or _DARK.name
        self.theme = "ansi-dark" if plain else wanted if wanted in self.available_themes else _DARK.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return _DEFAULTS

    @property
    def theme_left(self) -> str | None:
        """The theme to come back to; None when the terminal chose."""
        return None if self._plain else self.theme

    @property
    def main_screen(self) -> MainScreen:
        """The reader's own screen, whatever lies over it."""
        return self._main

    async def on_mount(self) -> None:
        self.set_keymap(self.keys)
        await self.push_screen(self._main)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, self.exit, None, _SIGNALLED + number)

    async def on_unmount(self) -> None:
        await self._main.shut()

    def doing(self, screen: MainScreen, action: str) -> None:
        """Do one of the actions of the registry."""
        doing.do(screen, action)

    def welcome(self) -> Content:
        """What an empty library says."""
        return pages.welcome_text(self._inbox)

    def import_samples(self, screen: MainScreen) -> None:
        """Bring in the sample listings."""
        screen.importer.put([samples()])

    def turn_theme(self) -> None:
        """From dark to light and back."""
        if not self._plain:
            self.theme = _LIGHT.name if self.current_theme.dark else _DARK.name


def samples() -> Path:
    """The folder of the sample listings: in the wheel beside this module, in a checkout under assets."""
    inside = Path(str(resources.files("tui"))) / "samples"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "assets" / "listings"
