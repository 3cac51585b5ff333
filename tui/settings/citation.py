"""The configured pattern from which new citation keys are made, for example "{author}{year}"."""

from __future__ import annotations

from store.library.config_and_library_paths import places
from tui.settings import config
from tui.settings.settings_table import CITATION_KEY


def key_pattern() -> str:
    """The configured pattern, as an argument for `citation_keys.give`. This function reads the configuration file."""
    return config.load(places().config)[CITATION_KEY]
