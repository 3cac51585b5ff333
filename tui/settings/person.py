"""The name of the user in collections that are shared with other people."""

from __future__ import annotations

import getpass
from pathlib import Path

from store.library.config_and_library_paths import places
from tui.settings import config
from tui.settings.settings_table import PERSON


def name(library: Path) -> str:
    """The configured name of the user or, without one, the login name; "" if both are unknown.

    `library` is the library file to which the configuration belongs.
    """
    return config.load(places(library).config)[PERSON] or _login()


def _login() -> str:
    """The name with which the user has logged in, or "" if it is unknown."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
