"""The colour themes: recto's own, and those of Textual.

recto has three pairs of a dark and a light theme, and one more pair for terminals of 16 colours.
In recto's three pairs, every text has a contrast of at least 4.5 to 1 with its background, as WCAG 2 requires, and of
at least 7 to 1 in the themes of high contrast. A test measures the contrast.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from textual import constants
from textual.theme import BUILTIN_THEMES, Theme


class _Colors(NamedTuple):
    """The colours of a theme.

    The fields from `background` to `selected` are background colours; the other fields are text colours.
    """

    background: str
    surface: str
    panel: str
    cursor: str
    cursor_idle: str
    selected: str
    foreground: str
    title: str
    muted: str
    byline: str
    blue: str
    green: str
    yellow: str
    match: str
    red: str


def _theme(name: str, colors: _Colors, *, dark: bool) -> Theme:
    return Theme(
        name=name,
        primary=colors.blue,
        secondary=colors.green,
        accent=colors.yellow,
        warning=colors.yellow,
        error=colors.red,
        success=colors.green,
        foreground=colors.foreground,
        background=colors.background,
        surface=colors.surface,
        panel=colors.panel,
        dark=dark,
        variables={
            "muted": colors.muted,
            "match": colors.match,
            "title": colors.title,
            "byline": colors.byline,
            "heading": colors.blue,
            "key": colors.yellow,
            "note": colors.green,
            "star": colors.match,
            "tag": colors.green,
            "organization": colors.blue,
            "cursor": colors.cursor,
            "cursor-idle": colors.cursor_idle,
            "selected": colors.selected,
            "field": colors.panel,
            # Set these three colours, because those that Textual would compute have too little contrast for text.
            "text-error": colors.red,
            "text-warning": colors.yellow,
            "text-disabled": colors.muted,
        },
    )


DARK = _theme(
    "recto-dark",
    _Colors(
        background="#16181c",
        surface="#1b1e23",
        panel="#262a31",
        cursor="#2f3b4a",
        cursor_idle="#262a31",
        selected="#3a3524",
        foreground="#d5d3cc",
        title="#f2efe6",
        muted="#a1a7b2",
        byline="#a9b7c6",
        blue="#8fb3d9",
        green="#a3b18a",
        yellow="#e0af68",
        match="#f2c46d",
        red="#ee8f8f",
    ),
    dark=True,
)
LIGHT = _theme(
    "recto-light",
    _Colors(
        background="#fbfaf6",
        surface="#f4f2ec",
        panel="#e8e5dc",
        cursor="#d6e2ee",
        cursor_idle="#e8e5dc",
        selected="#f3e7c2",
        foreground="#2a2a2a",
        title="#111111",
        muted="#5f5d57",
        byline="#4b5a68",
        blue="#2b5f8a",
        green="#4a5b33",
        yellow="#7d4a00",
        match="#a03c00",
        red="#a82a2a",
    ),
    dark=False,
)
DUSK = _theme(
    "recto-dusk",
    _Colors(
        background="#24201c",
        surface="#2a2521",
        panel="#37312b",
        cursor="#4a3f33",
        cursor_idle="#37312b",
        selected="#34402f",
        foreground="#e3d5bf",
        title="#f6ead6",
        muted="#bdac95",
        byline="#cbbba2",
        blue="#9cc0c4",
        green="#b5bf85",
        yellow="#e6b673",
        match="#ffca7a",
        red="#f29e86",
    ),
    dark=True,
)
PAPER = _theme(
    "recto-paper",
    _Colors(
        background="#f4ecd8",
        surface="#eee4cd",
        panel="#e3d7bc",
        cursor="#d9cfae",
        cursor_idle="#e3d7bc",
        selected="#d5dcc0",
        foreground="#3b3226",
        title="#241d14",
        muted="#63563f",
        byline="#5a4f3c",
        blue="#27576b",
        green="#44551f",
        yellow="#7a4200",
        match="#953200",
        red="#96261f",
    ),
    dark=False,
)
CONTRAST_DARK = _theme(
    "recto-contrast-dark",
    _Colors(
        background="#000000",
        surface="#000000",
        panel="#1c1c1c",
        cursor="#003a70",
        cursor_idle="#2a2a2a",
        selected="#4a3800",
        foreground="#ffffff",
        title="#ffffff",
        muted="#d0d0d0",
        byline="#e0e0e0",
        blue="#a8d8ff",
        green="#b8f0a0",
        yellow="#ffd866",
        match="#ffe94d",
        red="#ffc2c2",
    ),
    dark=True,
)
CONTRAST_LIGHT = _theme(
    "recto-contrast-light",
    _Colors(
        background="#ffffff",
        surface="#ffffff",
        panel="#ececec",
        cursor="#cfe4ff",
        cursor_idle="#e0e0e0",
        selected="#fff0b3",
        foreground="#000000",
        title="#000000",
        muted="#3a3a3a",
        byline="#2e2e2e",
        blue="#003a75",
        green="#1f4a00",
        yellow="#5c3300",
        match="#7a1f00",
        red="#800000",
    ),
    dark=False,
)
# Pairs of a dark theme and its light counterpart.
PAIRS = ((DARK, LIGHT), (DUSK, PAPER), (CONTRAST_DARK, CONTRAST_LIGHT))
OWN = {theme.name: theme for pair in PAIRS for theme in pair}


def _of_16_colors(name: str, *, dark: bool) -> Theme:
    """A theme of the 16 colours that every terminal has, on the terminal's own background.

    The terminal decides how each of the 16 colours looks. The colours are chosen by hand, bright ones for a dark
    background and dark ones for a light background. If the colours of another theme were replaced by the nearest of the
    16, nearly all of them would become white. In the line under the cursor, all text has one colour, which is readable
    on the background colour of the cursor.
    """
    bright = "bright_" if dark else ""
    blue, green, red = f"ansi_{bright}cyan" if dark else "ansi_blue", f"ansi_{bright}green", f"ansi_{bright}red"
    yellow, match = ("ansi_yellow", "ansi_bright_yellow") if dark else ("ansi_magenta", "ansi_red")
    return Theme(
        name=name,
        primary="ansi_cyan" if dark else "ansi_blue",
        secondary=green,
        accent=yellow,
        warning=yellow,
        error=red,
        success=green,
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        dark=dark,
        ansi=True,
        variables={
            "ansi-background": "ansi_black" if dark else "ansi_white",
            "ansi-foreground": "ansi_white" if dark else "ansi_black",
            "muted": "ansi_white" if dark else "ansi_bright_black",
            "match": match,
            "title": "ansi_bright_white" if dark else "ansi_default",
            "byline": "ansi_default",
            "heading": blue,
            "key": yellow,
            "note": green,
            "star": match,
            "tag": green,
            "organization": "ansi_cyan" if dark else "ansi_blue",
            "cursor": "ansi_blue",
            "cursor-text": "ansi_bright_white",
            "cursor-idle": "ansi_white",
            "cursor-idle-text": "ansi_black",
            "selected": "ansi_cyan" if dark else "ansi_yellow",
            "selected-text": "ansi_black",
            "field": "ansi_bright_black" if dark else "ansi_white",
            "field-text": "ansi_bright_white" if dark else "ansi_black",
            "scrollbar": "ansi_blue",
            "scrollbar-background": "ansi_default",
            "input-selection-background": "ansi_blue",
            "input-selection-foreground": "ansi_bright_white",
            "border": "ansi_cyan" if dark else "ansi_blue",
            "text-disabled": "ansi_white" if dark else "ansi_bright_black",
        },
    )


DARK_16 = _of_16_colors("recto-16-dark", dark=True)
LIGHT_16 = _of_16_colors("recto-16-light", dark=False)
# The theme that is used when NO_COLOR is set. Textual then removes the colours of this theme.
PLAIN = BUILTIN_THEMES["ansi-dark"]
# Maps names to themes. The table is built only once, because Textual looks themes up about 100 times during a start.
ALL = {**BUILTIN_THEMES, **OWN, DARK_16.name: DARK_16, LIGHT_16.name: LIGHT_16}
# Default values for the colours that recto uses but the themes of Textual do not define.
DEFAULTS = {
    name: "ansi_default"
    for name in (
        *("muted", "match", "title", "byline", "heading", "key", "note", "star", "tag", "organization"),
        *(
            "cursor",
            "cursor-text",
            "cursor-idle",
            "cursor-idle-text",
            "selected",
            "selected-text",
            "field",
            "field-text",
        ),
    )
}
# With this value of `theme` in the configuration, the theme is dark if the background of the terminal is dark, and
# light if it is light.
AUTO = "auto"


def are_disabled() -> bool:
    """Whether the environment variable NO_COLOR is set, so that the application uses the terminal's own colours."""
    return bool(os.environ.get("NO_COLOR"))


def has_16_colors() -> bool:
    """Whether the terminal has at most 16 colours, according to environment variables such as TERM and COLORTERM."""
    system = constants.COLOR_SYSTEM
    if system == "auto":
        from rich.console import Console

        system = Console(force_terminal=True).color_system or ""
    return system in ("standard", "windows")


def is_known(name: str) -> bool:
    """Whether `name` is a valid name of a theme in the configuration."""
    return name in ALL or name == AUTO


def names() -> tuple[str, ...]:
    """The valid names of a theme in the configuration. recto's own themes are the first."""
    return (*OWN, AUTO, *(name for name in ALL if name not in OWN))


def counterpart(name: str) -> str:
    """The light theme that belongs to a dark theme `name`, or the dark theme that belongs to a light theme `name`."""
    for dark, light in PAIRS:
        if name in (dark.name, light.name):
            return light.name if name == dark.name else dark.name
    return (LIGHT if ALL[name].dark else DARK).name
