"""The colour themes: recto's dark and light theme, and default colours for the themes of Textual."""

from __future__ import annotations

import os
from typing import Any

from textual.app import App
from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
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
LIGHT = Theme(
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
OWN = {theme.name: theme for theme in (DARK, LIGHT)}
# Built once, because Textual looks the themes up about a hundred times during a start.
ALL = {**BUILTIN_THEMES, **OWN}
# Default values of the colours that recto uses and that the themes of Textual do not define.
DEFAULTS = {
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


def are_disabled() -> bool:
    """Whether the environment variable NO_COLOR is set, so that the reader uses the terminal's own colours."""
    return bool(os.environ.get("NO_COLOR"))


def chosen(app: App[Any]) -> str | None:
    """The name of the theme to save for the next start; None when themes are disabled."""
    return None if are_disabled() else app.theme


def switch(app: App[Any]) -> None:
    """Switch to recto's light theme if the current theme is dark, and to recto's dark theme otherwise."""
    app.theme = LIGHT.name if app.current_theme.dark else DARK.name


def is_known(name: str) -> bool:
    """Whether there is a theme called `name`."""
    return name in ALL
