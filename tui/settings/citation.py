"""The form of new citation keys, as the user has configured it."""

from __future__ import annotations

from store.library.places import places
from tui.settings import config
from tui.settings.settings_table import CITATION_KEY


def key_pattern() -> str:
    """The pattern in the present configuration, for `citation_keys.give`."""
    return config.load(places().config)[CITATION_KEY]
