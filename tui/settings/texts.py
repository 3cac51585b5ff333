"""The setting that limits the total size of all full texts."""

from __future__ import annotations

from store.library.config_and_library_paths import places
from store.library.library import Library
from tui.settings import config
from tui.settings.settings_table import TEXTS_MEGABYTES

_MEGABYTE = 2**20


def limit(library: Library) -> int:
    """The configured limit on the total size of the full texts of a library (bytes)."""
    return config.load(places(library.path).config)[TEXTS_MEGABYTES] * _MEGABYTE
