"""The pattern of new citation keys that the user has configured, for example "{author}{year}"."""

from __future__ import annotations

from store.library.places import places
from tui.settings import config
from tui.settings.settings_table import CITATION_KEY


def key_pattern() -> str:
    """The configured pattern, in the form that `citation_keys.give` takes. Each call reads the configuration file."""
    return config.load(places().config)[CITATION_KEY]
