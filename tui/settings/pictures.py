"""The setting that says how pictures are shown."""

from __future__ import annotations

from store.library.config_and_library_paths import places
from store.library.library import Library
from tui.settings import config
from tui.settings.settings_table import PICTURES


def setting(library: Library) -> str:
    """The configured way to show pictures: "auto", "kitty", "sixel", "blocks" or "off"."""
    return config.load(places(library.path).config)[PICTURES]
